//! Why the report could not be derived.

use cnn::weights::WeightsError;
use data::DataError;
use experiments::study::ExperimentError;
use records::store::StoreError;
use stats::StatsError;
use std::path::PathBuf;
use theory::derivation::DerivationError;
use theory::std_dev::StdDevError;

/// Why the report's record could not be derived.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A record that was not run cannot be read either.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The trained network cannot be read.
    #[error("{path} holds no network of P1.2: {source}; run `cargo coursework run mnist`", path = path.display())]
    Weights { path: PathBuf, source: WeightsError },
    /// The images cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A record has no configuration or comparison of this name.
    #[error("the records hold no `{0}`; run `cargo coursework run`")]
    Missing(String),
    /// Two configurations cannot be compared seed by seed.
    #[error(
        "iris.json: `{first}` and `{second}` were not run on the same seeds; run `cargo coursework run iris`"
    )]
    NotPaired { first: String, second: String },
    /// The graph of the standard deviation cannot be drawn.
    #[error("the graph of the standard deviation: {0}")]
    Graph(#[from] StdDevError),
    /// The network by hand cannot be made.
    #[error("the network by hand: {0}")]
    Network(#[from] mlp_scratch::Error),
    /// A test or a quantile of recorded numbers does not exist.
    #[error("a statistic of recorded numbers: {0}")]
    Stats(#[from] StatsError),
    /// An image in a drawing cannot be encoded.
    #[error("figure {figure}: an image of a digit cannot be encoded as PNG: {source}")]
    Image { figure: &'static str, source: std::io::Error },
    /// A derivation has a wrong step.
    #[error(transparent)]
    Derivation(#[from] DerivationError),
    /// The record of a study holds something else than its parts and conclusions.
    #[error("{experiment}.json is not what was expected: {source}; run `cargo coursework run {experiment}`")]
    Malformed {
        experiment: String,
        /// What the decoder said.
        source: serde_json::Error,
    },
    /// A record has no form in JSON.
    #[error("a record has no form in JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl ReportError {
    pub(crate) fn missing(name: impl Into<String>) -> Self {
        Self::Missing(name.into())
    }
}

impl From<ReportError> for ExperimentError {
    fn from(error: ReportError) -> Self {
        Self::failed(error)
    }
}
