//! The records: what an experiment leaves in `results/` and `grade` compares.
//!
//! A record holds the question, the configuration, the seeds, every value in full, the counts behind every rate, and
//! the SHA-256 of data and weights. **It holds no time and nothing of the machine**: whoever computes it again must
//! get the same bytes.

pub mod iris;
pub mod mnist;
mod stored;
pub mod theory;

use crate::data::checksum::KnownFile;
use crate::registry::Experiment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What every record begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The experiment's id, which is also the file's name.
    pub experiment: String,
    /// What it asks.
    pub question: String,
    /// The hypothesis that the runs are put to; they may refute it.
    pub hypothesis: String,
    /// What would refute it.
    pub refuted_by: String,
    /// On what every choice in its configuration was made.
    pub chosen_on: String,
    /// The SHA-256 of the content of every data file it reads.
    pub data_sha256: BTreeMap<String, String>,
    /// The versions of what computed it.
    pub versions: BTreeMap<String, String>,
}

impl Header {
    /// The header of an experiment.
    pub fn new(experiment: &Experiment) -> Self {
        Self {
            question: experiment.question.to_owned(),
            hypothesis: experiment.hypothesis.to_owned(),
            refuted_by: experiment.refuted_by.to_owned(),
            chosen_on: experiment.chosen_on.to_owned(),
            ..Self::of_one_run(experiment.id, experiment.data)
        }
    }

    /// The header of a run that belongs to no experiment.
    pub fn of_one_run(id: &str, data: &[KnownFile]) -> Self {
        let none = || "none".to_owned();
        let versions =
            [("worked-gradients", env!("CARGO_PKG_VERSION")), ("rust", env!("CARGO_PKG_RUST_VERSION"))];
        Self {
            experiment: id.to_owned(),
            question: "one run".to_owned(),
            hypothesis: none(),
            refuted_by: none(),
            chosen_on: none(),
            data_sha256: data.iter().map(|file| (file.path.to_owned(), file.sha256.to_owned())).collect(),
            versions: versions.map(|(name, version)| (name.to_owned(), version.to_owned())).into(),
        }
    }
}
