//! P1.1, P2.1 and P2.2: three-layer networks on iris.
//!
//! One [`Settings`] describes one run completely; [`run`] makes it. The two networks are [`cnn`]'s layers in single
//! precision and [`mlp_scratch`] in double precision, which know nothing of each other.

mod agreement;
mod framework;
mod observer;
mod prepared;
mod scratch;
mod seeds;
mod squared_error;
pub mod studies;
mod trace;

pub use agreement::{Agreement, Divergence, gradients, trajectories};
pub use framework::{GradientNorms, optimiser_rule};
pub use observer::Keep;
pub use prepared::Prepared;
pub use seeds::{SeedError, over_seeds, run_seeds};
pub use trace::{Follow, Trace, follow};

use crate::data::DataError;
use crate::data::standardise::StandardiseError;
use clap::ValueEnum;
use cnn::kernels::Isa;
use observer::Observer;
use serde::{Deserialize, Serialize};

/// Units of the hidden layer, as in the original.
pub const HIDDEN: usize = 40;

/// Which of the two implementations is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Implementation {
    /// The layers of `cnn` (P1.1).
    Framework,
    /// `mlp-scratch` (P2.1): sigmoid and plain gradient descent only.
    Scratch,
}

/// The hidden layer's nonlinearity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// `max(x, 0)`.
    Relu,
    /// `1 / (1 + e^-x)`.
    Sigmoid,
    /// `tanh x`.
    Tanh,
    /// ReLU with a learned slope for negative inputs.
    Prelu,
    /// None at all, so that the network is linear: the control.
    Identity,
}

impl Activation {
    /// The four of P1.1, in the order of the report; [`Identity`](Self::Identity) is the control and none of them.
    pub const ALL: [Self; 4] = [Self::Relu, Self::Sigmoid, Self::Tanh, Self::Prelu];

    /// As the command line and the records write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Prelu => "prelu",
            Self::Identity => "identity",
        }
    }
}

/// The update rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Optimiser {
    /// Plain gradient descent.
    Sgd,
    /// Gradient descent with momentum 0.9.
    Momentum,
    /// Adam with the coefficients of its paper.
    Adam,
}

/// The loss that is minimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// Softmax cross-entropy, mean over the batch.
    CrossEntropy,
    /// Half the squared error, **summed** over the batch: the original's of P2.1.
    HalfSquaredErrorSum,
}

/// How the flowers are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Division {
    /// A seeded shuffle first, then 80 % and 20 %.
    Shuffled,
    /// 80 % and 20 % of the file as it stands, which is sorted by species.
    Sorted,
}

/// What the network is given of a flower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Features {
    /// Columns of mean 0 and deviation 1 over the training part.
    Standardised,
    /// Centimetres.
    Raw,
    /// The covariance within the species, over the training part, is the identity: a linear map that the first layer could make
    /// itself, see [`Whitener`](crate::lda::Whitener).
    Whitened,
}

/// Everything that determines a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Which implementation.
    pub implementation: Implementation,
    /// The hidden layer's nonlinearity.
    pub activation: Activation,
    /// The hidden layer's units.
    pub hidden: usize,
    /// What the initial weights and biases, uniform on `±1/sqrt(fan_in)`, are multiplied by.
    pub initial_scale: f64,
    /// What goes in.
    pub features: Features,
    /// The update rule.
    pub optimiser: Optimiser,
    /// What is minimised.
    pub loss: Loss,
    /// The constant learning rate.
    pub learning_rate: f64,
    /// The coefficient of the L2 term: of all parameters in the framework, of the weights alone in `mlp-scratch`.
    pub weight_decay: f64,
    /// Examples in a batch.
    pub batch_size: usize,
    /// Passes through the training part.
    pub epochs: usize,
    /// The seed of division, initial weights and order of the batches.
    pub seed: u64,
    /// How the flowers are divided.
    pub division: Division,
}

impl Settings {
    /// The registered settings of P1.1: Adam, 300 epochs as in the original.
    ///
    /// Rate and weight decay are those that the experiment `iris-tuning` finds by cross-validation inside the
    /// training part of the registered seed; the test part had no say.
    pub fn framework(activation: Activation) -> Self {
        Self {
            implementation: Implementation::Framework,
            activation,
            hidden: HIDDEN,
            initial_scale: 1.0,
            features: Features::Standardised,
            optimiser: Optimiser::Adam,
            loss: Loss::CrossEntropy,
            learning_rate: 0.01,
            weight_decay: crate::tuning::REGISTERED_WEIGHT_DECAY,
            batch_size: 16,
            epochs: 300,
            seed: crate::REGISTERED_SEED,
            division: Division::Shuffled,
        }
    }

    /// The registered settings of P2.1: plain gradient descent on cross-entropy, as many epochs as the original.
    pub fn scratch() -> Self {
        Self {
            implementation: Implementation::Scratch,
            activation: Activation::Sigmoid,
            hidden: HIDDEN,
            initial_scale: 1.0,
            features: Features::Standardised,
            optimiser: Optimiser::Sgd,
            loss: Loss::CrossEntropy,
            learning_rate: 0.1,
            weight_decay: 0.0,
            batch_size: 5,
            epochs: 800,
            seed: crate::REGISTERED_SEED,
            division: Division::Shuffled,
        }
    }

    /// P2.1 as the original ran it: half the sum of squared errors, rate 0.001.
    pub fn scratch_as_in_the_original() -> Self {
        Self { loss: Loss::HalfSquaredErrorSum, learning_rate: 0.001, ..Self::scratch() }
    }

    /// The same settings with another seed.
    pub fn with_seed(&self, seed: u64) -> Self {
        Self { seed, ..self.clone() }
    }
}

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
    /// The features cannot be whitened.
    #[error("iris: {0}")]
    Whiten(#[from] crate::lda::LdaError),
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
    /// A setting that this implementation does not have, or a value that makes no sense.
    #[error("{0}")]
    Setting(String),
}

/// Trains and tests.
///
/// # Errors
/// [`RunError`]: settings that do not go together, or a run that diverged.
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
    let weights_sha256 = match settings.implementation {
        Implementation::Framework => framework::train(isa, prepared, settings, &mut observer)?,
        Implementation::Scratch => scratch::train(prepared, settings, &mut observer)?,
    };
    Ok(observer.outcome(settings.clone(), weights_sha256))
}

/// Refuses settings that do not go together.
fn check(settings: &Settings) -> Result<(), RunError> {
    let refuse = |why: &str| Err(RunError::Setting(why.to_owned()));
    if settings.epochs == 0 || settings.batch_size == 0 || settings.hidden == 0 {
        return refuse("a run needs at least 1 epoch, 1 example in a batch and 1 hidden unit");
    }
    if !(settings.initial_scale.is_finite() && settings.initial_scale > 0.0) {
        return refuse("the initial weights' scale must be a finite number above 0");
    }
    if !(settings.learning_rate.is_finite() && settings.learning_rate > 0.0) {
        return refuse("the learning rate must be a finite number above 0");
    }
    match settings.implementation {
        Implementation::Scratch if settings.activation != Activation::Sigmoid => refuse(
            "mlp-scratch has sigmoid hidden units only: use --activation sigmoid or --network framework",
        ),
        Implementation::Scratch if settings.optimiser != Optimiser::Sgd => {
            refuse("mlp-scratch has plain gradient descent only: use --optimiser sgd or --network framework")
        }
        _ => Ok(()),
    }
}
