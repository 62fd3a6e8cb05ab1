//! Iris, divided and scaled as the settings of a run say.

use super::preparation::{Preparation, Rows};
use super::scaling::Scaling;
use super::{Features, IrisRunError, Settings};
use data::iris::Iris;
use ndarray::{Array2, ArrayView2};

/// Training and test part, scaled by the training part alone.
///
/// **It carries what it was made with**, and a run refuses it when its settings ask for something else: so what is
/// recorded is what was trained on.
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
    made_with: Preparation,
    scaling: Scaling,
}

impl Prepared {
    /// Divides the flowers and scales them, or not, as the settings say.
    ///
    /// # Errors
    /// When a training column is constant, or follows from others and is to be whitened.
    pub fn new(iris: &Iris, settings: &Settings) -> Result<Self, IrisRunError> {
        let split = settings.division.split(iris.labels.len(), settings.seed);
        Self::made(iris, &split.train, &split.test, Preparation::asked(settings))
    }

    /// Uses the given rows and scales them as asked. **A run takes them with any division and seed.**
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn of_rows(
        iris: &Iris,
        train: &[usize],
        test: &[usize],
        features: Features,
    ) -> Result<Self, IrisRunError> {
        Self::made(iris, train, test, Preparation { rows: Rows::Given, features })
    }

    fn made(
        iris: &Iris,
        train: &[usize],
        test: &[usize],
        made_with: Preparation,
    ) -> Result<Self, IrisRunError> {
        let (train, test) = (iris.subset(train), iris.subset(test));
        let scaling = Scaling::fit(&train, made_with.features)?;
        let (train_x, test_x) = (scaling.apply(train.features.view())?, scaling.apply(test.features.view())?);
        Ok(Self { train_x, test_x, train_y: train.labels, test_y: test.labels, made_with, scaling })
    }

    /// Features of other flowers, `(N, 4)`, as a network is given them.
    ///
    /// # Errors
    /// When there are not four of each.
    pub fn scale(&self, features: ArrayView2<f64>) -> Result<Array2<f64>, IrisRunError> {
        self.scaling.apply(features)
    }

    /// Refuses settings of a run that these flowers were not prepared with.
    pub(super) fn check(&self, settings: &Settings) -> Result<(), IrisRunError> {
        let (prepared, asked) = (self.made_with, Preparation::asked(settings));
        let same_rows = prepared.rows == Rows::Given || prepared.rows == asked.rows;
        if same_rows && prepared.features == asked.features {
            return Ok(());
        }
        Err(IrisRunError::OtherSettings { prepared, asked })
    }
}

#[cfg(test)]
mod tests;
