//! What was checked, as `coursework backward --json` prints it.

use crate::lines::LINES;
use crate::puzzle::Chosen;
use crate::trial::{CheckedParameter, SmallBatch};
use mlp_scratch::Error;
use serde::Serialize;

/// The check of the fixed batch. Every number is as computed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckRecord {
    /// The eight lines as they were checked.
    pub lines: Vec<String>,
    /// What the check says of each parameter.
    pub parameters: Vec<ParameterRecord>,
}

/// What the check says of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ParameterRecord {
    /// The name of its derivative.
    pub name: &'static str,
    /// Whether the check refuses it.
    pub is_refused: bool,
    /// What the lines claim, entry by entry.
    pub claimed: Vec<f64>,
    /// The central differences.
    pub numeric: Vec<f64>,
}

impl CheckRecord {
    /// Checks some lines on [`SmallBatch::fixed`].
    ///
    /// # Errors
    /// None for its sizes.
    pub fn of(chosen: Chosen) -> Result<Self, Error> {
        Ok(Self::new(chosen, &SmallBatch::fixed()?.check(chosen)?))
    }

    /// The record of a check that was made.
    pub fn new(chosen: Chosen, checked: &[CheckedParameter]) -> Self {
        let lines = LINES.iter().zip(chosen.formulas());
        Self {
            lines: lines.map(|(line, formula)| format!("{} {}", line.left, formula.code)).collect(),
            parameters: checked.iter().map(ParameterRecord::from).collect(),
        }
    }
}

impl From<&CheckedParameter> for ParameterRecord {
    fn from(of: &CheckedParameter) -> Self {
        Self {
            name: of.name,
            is_refused: of.verdict.is_err(),
            claimed: of.claims.clone(),
            numeric: of.differences.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::puzzle::faults;
    use std::collections::BTreeSet;

    #[test]
    fn every_fault_has_a_record_of_its_own() {
        let mut records = BTreeSet::new();
        let all = faults().into_iter().map(|fault| Chosen::RIGHT.with(fault.line, fault.formula));
        for chosen in all.chain([Chosen::RIGHT]) {
            let record = CheckRecord::of(chosen).unwrap();
            // Without the words: what was computed differs, not only how it is written.
            records.insert(serde_json::to_string(&record.parameters).unwrap());
            let refused = record.parameters.iter().any(|parameter| parameter.is_refused);
            assert_eq!(refused, chosen != Chosen::RIGHT, "{:?}", record.lines);
        }
        assert_eq!(records.len(), faults().len() + 1);
    }

    #[test]
    fn a_record_holds_every_entry_and_every_line() {
        let record = CheckRecord::of(Chosen::RIGHT).unwrap();
        let sizes = record.parameters.iter().map(|it| [it.claimed.len(), it.numeric.len()]);
        assert_eq!(sizes.collect::<Vec<_>>(), [[12; 2], [3; 2], [9; 2], [3; 2]]); // (D, H), (H), (H, C), (C)
        assert_eq!(record.lines[4], "dz1 = da ⊙ (a ⊙ (1 − a))");
    }
}
