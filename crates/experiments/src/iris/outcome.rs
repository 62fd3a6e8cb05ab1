//! What a run gave.

use super::Settings;
use records::Count;
use serde::{Deserialize, Serialize};

/// The state after an epoch, measured on both parts with the weights of that moment. Epochs count from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    pub epoch: usize,
    /// Mean cross-entropy (or the run's own loss) on the training part.
    pub train_loss: f64,
    /// Right answers on the training part.
    pub train: Count,
    /// The loss on the test part.
    pub test_loss: f64,
    /// Right answers on the test part.
    pub test: Count,
}

/// What a run gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// What was run.
    pub settings: Settings,
    /// Every epoch, or only the last one if the history was not asked for.
    pub history: Vec<Epoch>,
    /// The first epoch after which at least 95 % of the training part is right, if any.
    pub first_epoch_at_95_percent: Option<usize>,
    /// The SHA-256 of the trained weights.
    pub weights_sha256: String,
}

impl Outcome {
    /// The last epoch: the one that was fixed beforehand.
    ///
    /// # Panics
    /// Never for what [`run`](super::run()) returns, which has at least one epoch.
    pub fn last(&self) -> &Epoch {
        self.history.last().expect("a run has at least one epoch")
    }
}
