//! The records: what an experiment leaves in `results/` and `grade` compares.
//!
//! A record holds the question, the configuration, the seeds, every value in full, the counts behind every rate, and
//! the SHA-256 of data and weights. **It holds no time and nothing of the machine**: whoever computes it again must
//! get the same bytes.

pub mod iris;
pub mod mnist;
pub mod theory;

use crate::data::checksum::KnownFile;
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
    /// The SHA-256 of the content of every data file it reads.
    pub data_sha256: BTreeMap<String, String>,
    /// The versions of what computed it.
    pub versions: BTreeMap<String, String>,
}

impl Header {
    /// The header of an experiment that reads the given files.
    pub fn new(experiment: &str, question: &str, hypothesis: &str, data: &[KnownFile]) -> Self {
        let versions =
            [("worked-gradients", env!("CARGO_PKG_VERSION")), ("rust", env!("CARGO_PKG_RUST_VERSION"))];
        Self {
            experiment: experiment.to_owned(),
            question: question.to_owned(),
            hypothesis: hypothesis.to_owned(),
            data_sha256: data.iter().map(|file| (file.path.to_owned(), file.sha256.to_owned())).collect(),
            versions: versions.map(|(name, version)| (name.to_owned(), version.to_owned())).into(),
        }
    }
}
