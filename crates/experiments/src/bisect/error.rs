//! Why nothing can be said.

use crate::study::ExperimentError;
use records::store::StoreError;
use std::path::PathBuf;

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum BisectError {
    /// There is no such experiment.
    #[error("there is no experiment `{name}`; what can be bisected: {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// An experiment without a history of its runs.
    #[error(
        "the record of {experiment} keeps nothing of the epochs of a run, so it cannot be bisected; \
         what can be: {known}"
    )]
    NoHistory {
        experiment: String,
        /// What there is.
        known: String,
    },
    /// An experiment has many runs, and none or another one was named.
    #[error("name one run of {experiment} as {experiment}/PART{unknown}; its parts are {parts}")]
    Part {
        experiment: String,
        /// ", there is no part `x`", if one was named.
        unknown: String,
        /// What there is.
        parts: String,
    },
    /// A part of an experiment that is one run.
    #[error("{experiment} is a single run and has no part `{part}`: ask for {experiment}")]
    SingleRun {
        experiment: String,
        /// What was asked for.
        part: String,
    },
    /// The record has no such part.
    #[error(
        "{file} has no part `{part}`; restore it (`git checkout -- {file}`) or write it again",
        file = file.display()
    )]
    NotInRecord { file: PathBuf, part: String },
    /// The record cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The run cannot be made.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// The threads of a path cannot be started.
    #[error("the threads of a path cannot be started: {0}; ask for fewer")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}
