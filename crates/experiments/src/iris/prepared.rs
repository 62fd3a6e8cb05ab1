//! Iris, divided and standardised.

use super::{Division, Features, RunError, Settings};
use crate::data::iris::{Iris, SPECIES};
use crate::data::split::Split;
use crate::data::standardise::Standardiser;
use crate::lda::Whitener;
use ndarray::Array2;

/// Training and test part, standardised by the training part's mean and deviation unless asked otherwise.
///
/// Shapes: features `(N, 4)`, labels `(N)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// Training features.
    pub train_x: Array2<f64>,
    /// Training labels, from 0.
    pub train_y: Vec<usize>,
    /// Test features.
    pub test_x: Array2<f64>,
    /// Test labels, from 0.
    pub test_y: Vec<usize>,
}

impl Prepared {
    /// Divides the flowers as asked.
    ///
    /// # Errors
    /// When a training column is constant.
    pub fn new(iris: &Iris, division: Division, seed: u64) -> Result<Self, RunError> {
        let split = Self::split(iris, division, seed);
        Self::from_indices(iris, &split.train, &split.test)
    }

    /// Divides the flowers and scales them, or not, as the settings say.
    ///
    /// # Errors
    /// When a training column is constant.
    pub fn for_settings(iris: &Iris, settings: &Settings) -> Result<Self, RunError> {
        let split = Self::split(iris, settings.division, settings.seed);
        Self::scaled(iris, &split.train, &split.test, settings.features)
    }

    fn split(iris: &Iris, division: Division, seed: u64) -> Split {
        match division {
            Division::Shuffled => Split::shuffled(iris.labels.len(), seed),
            Division::Sorted => Split::sorted(iris.labels.len()),
        }
    }

    /// Uses the given rows.
    ///
    /// # Errors
    /// When a training column is constant.
    pub fn from_indices(iris: &Iris, train: &[usize], test: &[usize]) -> Result<Self, RunError> {
        Self::scaled(iris, train, test, Features::Standardised)
    }

    /// Uses the given rows with these features.
    ///
    /// # Errors
    /// When a training column is constant, or follows from others and is to be whitened.
    pub fn scaled(
        iris: &Iris,
        train: &[usize],
        test: &[usize],
        features: Features,
    ) -> Result<Self, RunError> {
        let (train, test) = (iris.subset(train), iris.subset(test));
        let (train_x, test_x) = match features {
            Features::Raw => (train.features, test.features),
            Features::Standardised => {
                let standardiser = Standardiser::fit(train.features.view())?;
                (standardiser.apply(train.features.view())?, standardiser.apply(test.features.view())?)
            }
            Features::Whitened => {
                let whitener = Whitener::fit(train.features.view(), &train.labels, SPECIES.len())?;
                (whitener.apply(train.features.view()), whitener.apply(test.features.view()))
            }
        };
        Ok(Self { train_x, test_x, train_y: train.labels, test_y: test.labels })
    }
}
