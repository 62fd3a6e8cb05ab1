//! What every record begins with.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What every record begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// What was written down of an experiment before it was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registration<'a> {
    /// What it asks.
    pub question: &'a str,
    /// The hypothesis that it is put to; it may refute it.
    pub hypothesis: &'a str,
    /// What would refute it.
    pub refuted_by: &'a str,
    /// On what every choice in its configuration was made. **Never on a test part.**
    pub chosen_on: &'a str,
}

impl Registration<'static> {
    /// That of a run that belongs to no experiment.
    pub const ONE_RUN: Self =
        Self { question: "one run", hypothesis: "none", refuted_by: "none", chosen_on: "none" };
}

impl Header {
    /// The header of a record, with the name and the SHA-256 of each data file that it rests on.
    pub fn new(
        experiment: &str,
        registration: Registration,
        data_sha256: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let versions =
            [("worked-gradients", env!("CARGO_PKG_VERSION")), ("rust", env!("CARGO_PKG_RUST_VERSION"))];
        Self {
            experiment: experiment.to_owned(),
            question: registration.question.to_owned(),
            hypothesis: registration.hypothesis.to_owned(),
            refuted_by: registration.refuted_by.to_owned(),
            chosen_on: registration.chosen_on.to_owned(),
            data_sha256: data_sha256.into_iter().collect(),
            versions: versions.map(|(name, version)| (name.to_owned(), version.to_owned())).into(),
        }
    }
}
