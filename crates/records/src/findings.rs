//! `report.json`: what the written report may say of the other records.
//!
//! The crate `findings` writes it, the crate `report` reads it, and these are the types of both. It is **the only
//! source of a book's claims, tables and figures**.

use crate::Header;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The file of the record, in `results/`.
pub const FILE: &str = "report.json";

/// The name of what is taken from the rubric, among the files that the record was derived from; see
/// [`judged`](crate::judged()).
pub const RUBRIC: &str = "../rubric.toml";

/// The record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// What it is.
    #[serde(flatten)]
    pub header: Header,
    /// The SHA-256 of each file it was derived from, by its path from `results/`.
    pub derived_from: BTreeMap<String, String>,
    /// The claims, decided.
    pub claims: Vec<DecidedClaim>,
    /// What each criterion of the rubric found.
    pub criteria: Vec<Headline>,
    /// The derivations of T1 and T2, verified step by step.
    pub derivations: Vec<VerifiedDerivation>,
    /// The tables.
    pub tables: Vec<Table>,
    /// The figures; their drawings are files of their own.
    pub figures: Vec<FigureEntry>,
}

/// A sentence about the records, and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedClaim {
    /// Its id.
    pub id: String,
    /// The sentence.
    pub says: String,
    /// The same within a sentence, where it is registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// The record it speaks of.
    pub record: String,
    /// Whether it holds, and on which numbers.
    #[serde(flatten)]
    pub decision: Decision,
}

/// What a claim's predicate decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Whether the claim holds.
    pub holds: bool,
    /// The numbers it was decided on.
    pub evidence: String,
}

/// What a criterion of the rubric found, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// The criterion's id.
    pub id: String,
    /// Whether it is met; nothing where only a recomputation can tell.
    pub met: Option<bool>,
    /// What was found.
    pub text: String,
}

/// A derivation: `lhs` equals each of its steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerifiedDerivation {
    /// Its id.
    pub id: String,
    /// What is derived.
    pub title: String,
    /// The left-hand side in TeX.
    pub lhs: String,
    /// The expressions.
    pub steps: Vec<DerivationStep>,
    /// On how many random inputs every step was computed.
    pub trials: usize,
    /// The largest relative difference of two neighbouring steps.
    pub worst_difference: f64,
}

/// A step of a derivation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivationStep {
    /// The expression in TeX.
    pub tex: String,
    /// Why it equals the one before.
    pub why: String,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its id.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// The record its numbers come from.
    pub record: String,
    /// Head and cells.
    #[serde(flatten)]
    pub cells: Cells,
}

/// Head and cells of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, as wide as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its head.
    pub name: String,
    /// Whether its cells are numbers, which stand on the right.
    pub numeric: bool,
}

/// A figure without its drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureEntry {
    /// Its id.
    pub id: String,
    /// The file of its drawing, an SVG, by its path from `results/`.
    pub file: String,
    /// The SHA-256 of that file.
    pub sha256: String,
    /// What it shows.
    pub caption: String,
    /// The record its numbers come from.
    pub record: String,
    /// Its numbers as a table.
    #[serde(rename = "data")]
    pub cells: Cells,
}

impl Decision {
    /// A decision on these numbers.
    pub fn new(holds: bool, evidence: impl Into<String>) -> Self {
        Self { holds, evidence: evidence.into() }
    }

    /// The same, with what the numbers are before them.
    #[must_use]
    pub fn labelled(self, label: &str) -> Self {
        Self { evidence: format!("{label}: {}", self.evidence), ..self }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new(self.holds && other.holds, format!("{}; {}", self.evidence, other.evidence))
    }
}

impl Table {
    /// A table of numbers from this record.
    pub fn new(id: &str, caption: &str, record: &str, cells: Cells) -> Self {
        Self { id: id.to_owned(), caption: caption.to_owned(), record: record.to_owned(), cells }
    }
}

impl Cells {
    /// A table with these heads. **The column of a head that begins with `#` holds numbers**; the sign itself is not
    /// shown.
    pub fn new(heads: &[&str], rows: Vec<Vec<String>>) -> Self {
        let column = |head: &&str| {
            let text = head.strip_prefix('#');
            Column { name: text.unwrap_or(head).to_owned(), numeric: text.is_some() }
        };
        Self { columns: heads.iter().map(column).collect(), rows }
    }
}
