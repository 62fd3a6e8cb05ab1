//! Why a run was not made or not finished.

use super::lda::LdaError;
use super::preparation::Preparation;
use crate::study::ExperimentError;
use data::DataError;
use data::standardise::StandardiseError;

/// Why a run was not made or not finished.
#[derive(Debug, thiserror::Error)]
pub enum IrisRunError {
    /// The data cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The features cannot be whitened, or a discriminant fitted: both need the covariance within the species.
    #[error("iris: {0}")]
    Lda(#[from] LdaError),
    /// The features cannot be standardised.
    #[error("iris: {0}")]
    Standardise(#[from] StandardiseError),
    /// A step of the framework's network was not made.
    #[error(transparent)]
    Step(#[from] cnn::StepError),
    /// The framework's network could not be measured.
    #[error("epoch {epoch}: {source}")]
    Framework {
        /// The epoch, from 1.
        epoch: usize,
        source: cnn::train::TrainError,
    },
    /// The runs cannot be made side by side.
    #[error(transparent)]
    Lanes(#[from] cnn::LanesError),
    /// The network of `mlp-scratch` stopped.
    #[error(transparent)]
    Scratch(#[from] mlp_scratch::Error),
    /// The reference layers refuse the batch.
    #[error("cnn's reference layers: {0}")]
    Reference(#[from] cnn::reference::ReferenceError),
    /// The flowers were prepared for another run.
    #[error(
        "the flowers were prepared with {prepared}, and the settings ask for {asked}: prepare them with \
         `Prepared::new` and the settings of the run"
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

impl From<IrisRunError> for ExperimentError {
    fn from(error: IrisRunError) -> Self {
        Self::failed(error)
    }
}
