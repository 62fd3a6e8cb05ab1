//! Iris, divided and standardised.

use super::{Division, RunError};
use crate::data::iris::Iris;
use crate::data::split::Split;
use crate::data::standardise::Standardiser;
use ndarray::Array2;

/// Training and test part, standardised by the training part's mean and deviation.
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
        let n = iris.labels.len();
        let split = match division {
            Division::Shuffled => Split::shuffled(n, seed),
            Division::Sorted => Split::sorted(n),
        };
        Self::from_indices(iris, &split.train, &split.test)
    }

    /// Uses the given rows.
    ///
    /// # Errors
    /// When a training column is constant.
    pub fn from_indices(iris: &Iris, train: &[usize], test: &[usize]) -> Result<Self, RunError> {
        let (train, test) = (iris.subset(train), iris.subset(test));
        let standardiser = Standardiser::fit(train.features.view())?;
        Ok(Self {
            train_x: standardiser.apply(train.features.view())?,
            test_x: standardiser.apply(test.features.view())?,
            train_y: train.labels,
            test_y: test.labels,
        })
    }
}
