//! A run as data: what determines it, what it scores, where it stands, and who may look on.

use super::recipe::Recipe;
use crate::study::ExperimentError;
use cnn::Standing;
use cnn::network::Network;
use cnn::train::TrainError;
use data::DataError;
use data::images::{MNIST, Normalisation};
use records::Count;
use serde::{Deserialize, Serialize};

/// Everything that determines a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// How it is trained.
    pub recipe: Recipe,
    /// The seed of the initial weights, of the order of the batches, and of the distortions.
    pub seed: u64,
    /// The first so many training images only, if given.
    pub limit: Option<usize>,
    /// What the network sees of a pixel. **There is one**, the images' own; a run with another is refused.
    pub normalisation: Normalisation,
}

impl Settings {
    /// The registered recipe on the registered seed.
    pub fn registered() -> Self {
        Self {
            recipe: Recipe::registered(),
            seed: crate::REGISTERED_SEED,
            limit: None,
            normalisation: MNIST.normalisation,
        }
    }

    /// The network before the first step.
    pub fn network(&self) -> Network {
        self.recipe.network.network(self.seed)
    }

    /// How many of so many images are trained on: the first ones, up to the limit.
    pub fn image_count(&self, available: usize) -> usize {
        self.limit.map_or(available, |limit| limit.min(available))
    }

    pub(super) fn steps(&self, available: usize) -> usize {
        self.recipe.epochs.saturating_mul(self.image_count(available).div_ceil(self.recipe.batch_size))
    }
}

/// What an epoch scored on its own batches. Epochs count from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainedEpoch {
    pub epoch: usize,
    /// Mean loss in nats of the training batches, each before its own step.
    pub train_loss: f64,
    /// Right answers in the training batches, each before its own step.
    pub train: Count,
    /// The SHA-256 of the weights in training after the epoch.
    pub weights_sha256: String,
}

/// Why a run was not made or not finished.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The data cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Training stopped.
    #[error("epoch {epoch}, batch {batch}: {source}")]
    Train {
        /// The epoch, from 1.
        epoch: usize,
        /// The batch, from 1.
        batch: usize,
        source: TrainError,
    },
    /// The caller ended the run before its time.
    #[error("ended in epoch {epoch}, before its time")]
    Ended {
        /// The epoch of the last step.
        epoch: usize,
    },
    /// Where the run stands cannot be kept, or it does not stand where it is said to.
    #[error("{0}")]
    Standing(String),
    /// A value that makes no sense.
    #[error("{0}")]
    Setting(String),
    /// A run has no form in JSON.
    #[error("a run has no form in JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl From<RunError> for ExperimentError {
    fn from(error: RunError) -> Self {
        Self::failed(error)
    }
}

/// What a caller of [`train()`](super::train) can watch.
pub trait Watch {
    /// A batch is done.
    fn batch(&mut self) {}
    /// An epoch is done; the network is what would be the result now.
    fn epoch(&mut self, _epoch: &TrainedEpoch, _network: &Network) {}
    /// Whether the run is to end after this step, before its time.
    fn ends(&mut self) -> bool {
        false
    }
    /// An epoch is done, or the run ends before its time: where it stands.
    ///
    /// # Errors
    /// What the caller cannot do with it; the run ends then.
    fn stands(&mut self, _run: &Underway) -> Result<(), RunError> {
        Ok(())
    }
}

/// A network that was trained.
#[derive(Debug)]
pub struct Run {
    /// The network: after the last step, or averaged if the recipe says so.
    pub network: Network,
    /// The SHA-256 of the weights in training after the [first](super::training::BEGINNING) steps, or after all if
    /// there are fewer.
    pub beginning_sha256: String,
    /// All epochs.
    pub history: Vec<TrainedEpoch>,
}

/// Where a run stands between two steps: all that is needed to go on with the same bits.
#[derive(Clone, Debug)]
pub struct Underway {
    /// The network in training.
    pub network: Network,
    /// The network of the averages, if the recipe has one.
    pub average: Option<Network>,
    pub standing: Standing,
    /// Where the stream of the distortions stands.
    pub distortions: u128,
    /// The SHA-256 of the weights in training after the [first](super::training::BEGINNING) steps; empty before.
    pub beginning_sha256: String,
    /// The epochs so far.
    pub history: Vec<TrainedEpoch>,
}
