//! A place at which a submitted file is not what it should be.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A place at which a submitted file is not what it should be.
///
/// **As text it keeps the recomputed value to itself**, which somebody who edits a record could paste in;
/// [`with_values`](Self::with_values) tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The experiment.
    pub experiment: String,
    /// The file.
    pub file: String,
    /// Where in it, such as `variants[0].sorted.correct`; empty for a whole file.
    pub key: String,
    /// The part of a study to which that belongs, by its id.
    pub part: Option<String>,
    /// The epoch to which that belongs, counted from 1: what the innermost `epoch` around it says, or the place in a list
    /// with an entry for each epoch, whose name ends in `chain`, `epochs` or `by_epoch`.
    pub epoch: Option<u64>,
    /// What was submitted.
    pub submitted: String,
    /// What it was held to.
    pub reference: Reference,
}

/// What a submitted value was held to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reference {
    /// What was recomputed.
    Recomputed(String),
    /// The rest of the record, or the data, which it contradicts: how.
    Contradiction(String),
}

impl Difference {
    /// Experiment, file, key, part and epoch.
    fn place(&self) -> String {
        let Self { experiment, file, key, .. } = self;
        let at = if key.is_empty() { "" } else { ": " };
        let part = self.part.as_ref().map_or(String::new(), |part| format!(" (part {part})"));
        let epoch = self.epoch.map_or(String::new(), |epoch| format!(" (epoch {epoch})"));
        format!("{experiment}: {file}{at}{key}{part}{epoch}")
    }

    /// The difference with the value that was recomputed.
    pub fn with_values(&self) -> String {
        match &self.reference {
            Reference::Recomputed(value) => {
                format!("{}: submitted {}, recomputed {value}", self.place(), self.submitted)
            }
            Reference::Contradiction(_) => self.to_string(),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, submitted) = (self.place(), &self.submitted);
        match &self.reference {
            Reference::Recomputed(_) => {
                write!(f, "{place}: submitted {submitted}, which is not what was recomputed")
            }
            Reference::Contradiction(why) => write!(f, "{place}: submitted {submitted}: {why}"),
        }
    }
}
