//! Why a check has nothing to judge.

use experiments::study::ExperimentError;
use theory::std_dev::StdDevError;

/// Why a check has nothing to judge. The score sheet shows beside it the command that computes it by itself.
#[derive(Debug, thiserror::Error)]
pub enum Unjudged {
    /// A part of an experiment is not there, or is something else.
    #[error("{0}")]
    NoPart(String),
    /// A part is there and lacks something.
    #[error("the part {part} of {experiment} does not hold {lacking}")]
    Incomplete {
        experiment: &'static str,
        part: &'static str,
        /// What it should hold.
        lacking: String,
    },
    /// An experiment failed as a whole, or was not run.
    #[error("the experiment {experiment} gave no result: {why}")]
    NoResult { experiment: String, why: String },
    /// The reference of T2 cannot be computed.
    #[error(transparent)]
    Reference(#[from] StdDevError),
    /// A statistic of several runs cannot be computed.
    #[error(transparent)]
    Statistic(#[from] ExperimentError),
}
