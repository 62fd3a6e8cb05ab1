//! Why an experiment gave nothing.

use cnn::weights::WeightsError;
use data::DataError;
use records::store::StoreError;
use stats::StatsError;
use std::error::Error;
use theory::render::worked::WorkedError;

/// Why an experiment gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// The parts are not those of the study.
    #[error("{0}")]
    Parts(String),
    /// There is no such experiment.
    #[error("there is no experiment `{name}`: the experiments are {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// Something in it failed: data, a run, a statistic, a file. **The rooms of an experiment say what**, by errors of
    /// their own.
    #[error("{0}")]
    Failed(Box<dyn Error + Send + Sync>),
}

impl ExperimentError {
    /// The error of a room.
    pub fn failed(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Failed(Box::new(error))
    }
}

impl From<DataError> for ExperimentError {
    fn from(error: DataError) -> Self {
        Self::failed(error)
    }
}

impl From<StatsError> for ExperimentError {
    fn from(error: StatsError) -> Self {
        Self::failed(error)
    }
}

impl From<StoreError> for ExperimentError {
    fn from(error: StoreError) -> Self {
        Self::failed(error)
    }
}

impl From<WeightsError> for ExperimentError {
    fn from(error: WeightsError) -> Self {
        Self::failed(error)
    }
}

impl From<WorkedError> for ExperimentError {
    fn from(error: WorkedError) -> Self {
        Self::failed(error)
    }
}

impl From<serde_json::Error> for ExperimentError {
    fn from(error: serde_json::Error) -> Self {
        Self::failed(Json(error))
    }
}

/// A record or a part holds something else than its type, or cannot be written as JSON.
#[derive(Debug, thiserror::Error)]
#[error("a record or a part is not what was expected: {0}")]
struct Json(serde_json::Error);
