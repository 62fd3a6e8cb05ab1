//! What was recomputed of all experiments.

use super::{Coverage, Difference};
use crate::pieces::Pieces;
use crate::registry::Records;
use records::Artifact;
use std::collections::BTreeMap;

/// What is said of an experiment that was not tried.
pub const LEFT_OUT: &str = "it was not recomputed";

/// Everything that was recomputed.
#[derive(Clone, Debug, Default)]
pub struct Recomputed {
    /// The records that could be computed.
    pub records: Records,
    /// What could be computed of the others.
    pub pieces: Pieces,
    /// Why an experiment gave no record, or no piece, by its id.
    pub failures: BTreeMap<String, String>,
    /// Where the submitted records are not what was recomputed.
    pub differences: Vec<Difference>,
    /// How many files were compared.
    pub compared: usize,
    /// How many there are.
    pub files: usize,
    /// Those files, as they were recomputed.
    pub artifacts: Vec<Artifact>,
    /// What of each experiment was computed again.
    pub coverage: Vec<Coverage>,
    /// The options that repeat the draw of the parts that were computed, if there was one.
    pub draw: Option<String>,
}
