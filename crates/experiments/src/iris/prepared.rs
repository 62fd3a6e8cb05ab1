//! Iris, divided and scaled as the settings of a run say.

use super::{Division, Features, RunError, Settings};
use crate::data::iris::{Iris, SPECIES};
use crate::data::split::Split;
use crate::data::standardise::Standardiser;
use crate::lda::Whitener;
use ndarray::Array2;

/// Training and test part, scaled by the training part alone.
///
/// **It carries what it was made with**, and a run refuses it when its settings ask for something else: so what is recorded is what
/// was trained on.
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
}

/// What the flowers were prepared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preparation {
    /// How they were divided.
    pub rows: Rows,
    /// How they were scaled.
    pub features: Features,
}

/// How the flowers were divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// By a seeded shuffle.
    Shuffled {
        /// The seed.
        seed: u64,
    },
    /// As the file stands, whatever the seed.
    Sorted,
    /// By the caller, such as into the folds of a cross-validation: no setting speaks of it.
    Given,
}

impl Preparation {
    /// What the settings ask for.
    fn asked(settings: &Settings) -> Self {
        let rows = match settings.division {
            Division::Shuffled => Rows::Shuffled { seed: settings.seed },
            Division::Sorted => Rows::Sorted,
        };
        Self { rows, features: settings.features }
    }
}

impl std::fmt::Display for Preparation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let features = match self.features {
            Features::Standardised => "standardised",
            Features::Raw => "raw",
            Features::Whitened => "whitened",
        };
        match self.rows {
            Rows::Shuffled { seed } => write!(f, "{features} features, shuffled with seed {seed}"),
            Rows::Sorted => write!(f, "{features} features, sorted"),
            Rows::Given => write!(f, "{features} features, rows chosen by the caller"),
        }
    }
}

impl Prepared {
    /// Divides the flowers and scales them, or not, as the settings say.
    ///
    /// # Errors
    /// When a training column is constant, or follows from others and is to be whitened.
    pub fn new(iris: &Iris, settings: &Settings) -> Result<Self, RunError> {
        let split = match settings.division {
            Division::Shuffled => Split::shuffled(iris.labels.len(), settings.seed),
            Division::Sorted => Split::sorted(iris.labels.len()),
        };
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
    ) -> Result<Self, RunError> {
        Self::made(iris, train, test, Preparation { rows: Rows::Given, features })
    }

    fn made(iris: &Iris, train: &[usize], test: &[usize], made_with: Preparation) -> Result<Self, RunError> {
        let (train, test) = (iris.subset(train), iris.subset(test));
        let (train_x, test_x) = match made_with.features {
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
        Ok(Self { train_x, test_x, train_y: train.labels, test_y: test.labels, made_with })
    }

    /// Refuses settings of a run that these flowers were not prepared with.
    pub(super) fn check(&self, settings: &Settings) -> Result<(), RunError> {
        let (prepared, asked) = (self.made_with, Preparation::asked(settings));
        let same_rows = prepared.rows == Rows::Given || prepared.rows == asked.rows;
        if same_rows && prepared.features == asked.features {
            return Ok(());
        }
        Err(RunError::OtherSettings { prepared, asked })
    }
}

#[cfg(test)]
mod tests;
