//! P1.1, P2.1 and P2.2: three-layer networks on iris.
//!
//! One [`Settings`] describes one run completely; [`run`] makes it. The two networks are [`cnn`]'s layers in single
//! precision and [`mlp_scratch`] in double precision, which know nothing of each other.

mod agreement;
mod framework;
mod observer;
mod prepared;
mod reached;
mod scratch;
mod seeds;
mod settings;
mod squared_error;
pub mod studies;
mod trace;

pub use agreement::{Agreement, Divergence, gradients, trajectories};
pub(crate) use framework::Training;
pub use framework::{GradientNorms, optimiser_rule};
pub use observer::Keep;
pub use prepared::{Preparation, Prepared, Rows};
pub use reached::{epoch_quantile, is_at_95_percent, reached_by};
pub use seeds::{SeedError, over_seeds, run_seeds};
pub use settings::{Activation, Division, Features, HIDDEN, Implementation, Loss, Optimiser, Settings};
pub use trace::{Follow, Trace, follow};

use crate::data::DataError;
use crate::data::standardise::StandardiseError;
use cnn::kernels::Isa;
use observer::Observer;
use serde::{Deserialize, Serialize};
use settings::check;

/// A count out of a total: an accuracy as it should be written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many were right.
    pub correct: usize,
    /// Of how many.
    pub total: usize,
}

impl Count {
    /// The share that was wrong.
    pub fn error_rate(self) -> f64 {
        (self.total - self.correct) as f64 / self.total as f64
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.correct, self.total)
    }
}

/// The state after an epoch, measured on both parts with the weights of that moment. Epochs count from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// The epoch.
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
    /// Never for what [`run`] returns, which has at least one epoch.
    pub fn last(&self) -> &Epoch {
        self.history.last().expect("a run has at least one epoch")
    }
}

/// Why a run was not made or not finished.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The data cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The features cannot be whitened, or a discriminant fitted: both need the covariance within the species.
    #[error("iris: {0}")]
    Lda(#[from] crate::lda::LdaError),
    /// The features cannot be standardised.
    #[error("iris: {0}")]
    Standardise(#[from] StandardiseError),
    /// The framework's network stopped.
    #[error("epoch {epoch}: {source}")]
    Framework {
        /// The epoch, from 1.
        epoch: usize,
        /// Why.
        source: cnn::train::TrainError,
    },
    /// The network of `mlp-scratch` stopped.
    #[error(transparent)]
    Scratch(#[from] mlp_scratch::Error),
    /// The reference layers refuse the batch.
    #[error("cnn's reference layers: {0}")]
    Reference(#[from] cnn::reference::ReferenceError),
    /// The flowers were prepared for another run.
    #[error(
        "the flowers were prepared with {prepared}, and the settings ask for {asked}: prepare them with `Prepared::new` and \
         the settings of the run"
    )]
    OtherSettings {
        /// What they were prepared with.
        prepared: Preparation,
        /// What the settings ask for.
        asked: Preparation,
    },
    /// A setting that this implementation does not have, or a value that makes no sense.
    #[error("{0}")]
    Setting(String),
}

/// Trains and tests.
///
/// # Errors
/// [`RunError`]: settings that do not go together or that the flowers were not prepared with, or a run that diverged.
pub fn run(isa: Isa, prepared: &Prepared, settings: &Settings, keep: Keep) -> Result<Outcome, RunError> {
    observed(isa, prepared, settings, Observer::new(settings.epochs, keep, None))
}

/// [`run`], calling `watch` after every epoch.
///
/// # Errors
/// Those of [`run`].
pub fn run_watched(
    isa: Isa,
    prepared: &Prepared,
    settings: &Settings,
    keep: Keep,
    mut watch: impl FnMut(&Epoch),
) -> Result<Outcome, RunError> {
    observed(isa, prepared, settings, Observer::new(settings.epochs, keep, Some(&mut watch)))
}

fn observed(
    isa: Isa,
    prepared: &Prepared,
    settings: &Settings,
    mut observer: Observer,
) -> Result<Outcome, RunError> {
    check(settings)?;
    prepared.check(settings)?;
    let weights_sha256 = match settings.implementation {
        Implementation::Framework => framework::train(isa, prepared, settings, &mut observer)?,
        Implementation::Scratch => scratch::train(prepared, settings, &mut observer)?,
    };
    Ok(observer.outcome(settings.clone(), weights_sha256))
}
