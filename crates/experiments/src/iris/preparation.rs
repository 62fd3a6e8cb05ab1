//! What flowers were prepared with, so that a run can refuse those of another.

use super::{Division, Features, Settings};

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
    Shuffled { seed: u64 },
    /// As the file stands, whatever the seed.
    Sorted,
    /// By the caller, such as into the folds of a cross-validation: no setting speaks of it.
    Given,
}

impl Preparation {
    /// What the settings ask for.
    pub(super) fn asked(settings: &Settings) -> Self {
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
