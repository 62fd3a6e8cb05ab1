//! A named recipe on some seeds.

use crate::mnist::{Recipe, Settings};
use cnn::tensor::Shape;
use data::images::{Normalisation, SIDE};
use std::ops::RangeInclusive;

/// Multiply-adds of a forward pass that are trained a second, forward and back, on two cores with AVX-512.
const TRAINED_A_SECOND: f64 = 5e10;

/// Seconds that an image takes besides, there: it is read, distorted and normalised, and every layer is entered.
const SECONDS_AN_IMAGE: f64 = 6e-5;

/// A named recipe and the seeds it is run on.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    pub id: &'static str,
    /// How it is trained.
    pub recipe: Recipe,
    pub seeds: RangeInclusive<u64>,
}

impl Arm {
    /// About how many seconds a run takes on two cores; see [`TRAINED_A_SECOND`] and [`SECONDS_AN_IMAGE`].
    pub(super) fn seconds(&self, count: usize) -> f64 {
        let network = self.recipe.network.network(*self.seeds.start());
        let table = network.table(Shape::maps(1, SIDE, SIDE, 1));
        let rows = table.into_iter().flatten();
        let multiply_adds: usize = rows.map(|layer| layer.multiply_adds).sum();
        let images = (self.recipe.epochs * count) as f64;
        images * (SECONDS_AN_IMAGE + multiply_adds as f64 / TRAINED_A_SECOND)
    }

    /// The settings of one of its runs, on images that are normalised so.
    pub(crate) fn settings(&self, seed: u64, normalisation: Normalisation) -> Settings {
        Settings { recipe: self.recipe.clone(), seed, limit: None, normalisation }
    }
}
