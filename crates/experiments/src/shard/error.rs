//! Why shards could not be computed or merged.

use super::part::Shard;
use crate::study::ExperimentError;
use records::store::StoreError;
use std::path::PathBuf;

/// Why shards could not be computed or merged. Nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum ShardError {
    /// The experiment has no parts.
    #[error("{experiment} is derived from other records and has no shards; with parts there are: {known}")]
    Derived {
        experiment: String,
        /// Those that have parts.
        known: String,
    },
    /// There is nothing to merge.
    #[error(
        "no shard of {experiment} lies in {folder}; `coursework run {experiment} --shard I/N` writes one",
        folder = folder.display()
    )]
    None {
        /// The experiment, or what was asked for.
        experiment: String,
        /// Where they were looked for.
        folder: PathBuf,
    },
    /// Some shards are not there.
    #[error(
        "{experiment}: missing {}; `coursework run {experiment} --shard {}` computes the first",
        list(missing),
        missing[0]
    )]
    Missing {
        experiment: String,
        /// The shards that are not there, at least one.
        missing: Vec<Shard>,
    },
    /// Two files hold the same shard.
    #[error(
        "shard {shard} stands in {first} and in {second}; remove one",
        first = first.display(),
        second = second.display()
    )]
    Doubled { shard: Shard, first: PathBuf, second: PathBuf },
    /// The files are shares of different divisions.
    #[error(
        "{first} is shard {of_first} and {second} is shard {of_second}; remove those of one division",
        first = first.display(),
        second = second.display()
    )]
    Divisions {
        first: PathBuf,
        /// What it holds.
        of_first: Shard,
        /// Another.
        second: PathBuf,
        /// What it holds.
        of_second: Shard,
    },
    /// The shard was computed from another configuration, other data or by another version.
    #[error("{path} is of another configuration of {experiment}; compute shard {shard} again", path = path.display())]
    Configuration { path: PathBuf, experiment: String, shard: Shard },
    /// The shard is not what was computed.
    #[error("{path} was altered: {what}; compute shard {shard} again", path = path.display())]
    Altered {
        path: PathBuf,
        /// What is wrong with it.
        what: String,
        shard: Shard,
    },
    /// A file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder cannot be read.
    #[error("cannot read the folder {folder}: {source}", folder = folder.display())]
    Folder {
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A part failed, or the parts give no conclusions.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// A value has no form in JSON.
    #[error("a shard has no form in JSON: {0}")]
    Json(#[from] serde_json::Error),
}

fn list(shards: &[Shard]) -> String {
    shards.iter().map(Shard::to_string).collect::<Vec<_>>().join(", ")
}
