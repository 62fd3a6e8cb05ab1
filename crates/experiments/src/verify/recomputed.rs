//! What was recomputed of all experiments.

use super::{Coverage, Difference};
use records::Artifact;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What is said of an experiment that was not tried.
pub const LEFT_OUT: &str = "it was not recomputed";

/// Everything that was recomputed.
#[derive(Clone, Debug, Default)]
pub struct Recomputed {
    /// The values of the parts that could be computed, by experiment and part.
    pub parts: BTreeMap<(String, String), Value>,
    /// The values of the parts of which a check may read what was submitted, where they were not computed again.
    pub submitted: BTreeMap<(String, String), Value>,
    /// Why an experiment gave no files, by its id; why a part gave no value, by `EXPERIMENT/PART`.
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

impl Recomputed {
    /// The value of a part.
    ///
    /// # Errors
    /// Why there is none.
    pub fn part<T: for<'a> Deserialize<'a>>(&self, experiment: &str, part: &str) -> Result<T, String> {
        self.of(&self.parts, experiment, part)
    }

    /// The value of a part as it was computed, or where it was not, as it was submitted.
    ///
    /// # Errors
    /// Why there is neither.
    pub fn part_or_submitted<T: for<'a> Deserialize<'a>>(
        &self,
        experiment: &str,
        part: &str,
    ) -> Result<T, String> {
        let is_computed = self.is_computed(experiment, part);
        self.of(if is_computed { &self.parts } else { &self.submitted }, experiment, part)
    }

    /// Whether the value of a part was computed.
    pub fn is_computed(&self, experiment: &str, part: &str) -> bool {
        self.parts.contains_key(&(experiment.to_owned(), part.to_owned()))
    }

    fn of<T: for<'a> Deserialize<'a>>(
        &self,
        values: &BTreeMap<(String, String), Value>,
        experiment: &str,
        part: &str,
    ) -> Result<T, String> {
        let none = |why: &str| format!("{experiment} gave no part {part}: {why}");
        let failures = &self.failures;
        let Some(value) = values.get(&(experiment.to_owned(), part.to_owned())) else {
            let why = failures.get(&format!("{experiment}/{part}")).or_else(|| failures.get(experiment));
            return Err(none(why.map_or("it was not computed", String::as_str)));
        };
        T::deserialize(value).map_err(|error| none(&format!("its value is something else: {error}")))
    }
}
