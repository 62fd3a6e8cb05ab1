//! `rubric.toml`: what is graded, for how many points, on which evidence, within which limits.

use super::criteria::{self, Check, HAND_IN, REPRODUCED};
use super::hand_in;
use super::limits::Limits;
use super::proofs::TestName;
use super::submission::CRATES;
use experiments::answers;
use experiments::registry::{EXPERIMENTS, Experiment};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

mod error;

pub use error::{CriterionFault, RubricError, RubricFault};

/// The rubric.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// The points needed to pass.
    pub pass: f64,
    /// The seconds that an experiment may take.
    pub experiment_limit_s: f64,
    /// The same where long studies are computed in full.
    pub full_experiment_limit_s: f64,
    /// The seconds that building the tests may take.
    pub build_limit_s: f64,
    /// The seconds that the whole grading may take, but for building and `--full`.
    pub total_limit_s: f64,
    /// The seconds that the answers to one topic may take.
    pub answers_limit_s: f64,
    /// The address space that any process may take, in GiB.
    pub memory_limit_gib: f64,
    /// The criteria, in the order of the score sheet.
    #[serde(rename = "criterion")]
    pub criteria: Vec<Criterion>,
}

/// A criterion.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its id, such as `P1.1-relu`.
    pub id: String,
    /// The question that it belongs to, such as `P1.1`.
    pub question: String,
    /// What is asked, in a line.
    pub title: String,
    /// What it is worth.
    pub points: f64,
    /// The files of `results/` that decide, recomputed; `*` for every file; [`hand_in::FILE`] for what was done in the
    /// pages.
    pub evidence: Vec<String>,
    /// The crates of a submission that its points rest on, of [`CRATES`]; none where only a hand-in decides.
    pub crates: Vec<String>,
    /// Which check of them decides.
    #[serde(deserialize_with = "criteria::named")]
    pub check: &'static Check,
    /// The check's bar.
    pub bar: f64,
    /// Tests that have to pass as well, such as `crates/theory/tests/graph.rs::adjoints_add_up_over_all_paths`.
    #[serde(default)]
    pub tests: Vec<TestName>,
    /// Topics on which the crates are asked, on inputs that are drawn for each grading, and have to answer as the
    /// assignment does; see [`experiments::answers`].
    #[serde(default)]
    pub answers: Vec<String>,
    /// Topics of which one may be left out, or be wrong.
    #[serde(default)]
    pub answers_but_one: Vec<String>,
    /// What a partly right answer earns.
    pub partial: PartialCredit,
    /// The seconds that the check and each test may take.
    pub time_limit_s: f64,
    /// Who sees the result on Gradescope.
    pub visibility: Visibility,
    /// The command that shows the evidence by itself.
    pub reproduce: String,
}

/// What a partly right answer earns. The parts of a criterion are its check and each of its tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartialCredit {
    /// Nothing: every part has to hold.
    AllOrNothing,
    /// Its share: each part is worth the same.
    PerPart,
}

/// Who sees a result, in Gradescope's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody, always.
    Visible,
    /// The student never.
    Hidden,
    /// The student after the due date.
    AfterDueDate,
    /// The student after the grades are published.
    AfterPublished,
}

/// The evidence that is every file.
const EVERY_FILE: &str = "*";

impl Criterion {
    /// All topics on which the crates are asked.
    pub fn topics(&self) -> impl Iterator<Item = &String> {
        self.answers.iter().chain(&self.answers_but_one)
    }

    /// Whether the evidence is a file of this experiment.
    pub fn rests_on(&self, experiment: &Experiment) -> bool {
        self.evidence.iter().any(|file| file == EVERY_FILE || experiment.files.contains(&file.as_str()))
    }

    /// Whether the evidence is what was done in the pages.
    pub fn rests_on_hand_in(&self) -> bool {
        self.evidence.iter().any(|file| file == hand_in::FILE)
    }

    /// Refuses what cannot be used.
    fn check_itself(&self) -> Result<(), CriterionFault> {
        if !(self.points.is_finite() && self.points >= 0.0) {
            return Err(CriterionFault::Points);
        }
        if !is_positive(self.time_limit_s) {
            return Err(CriterionFault::TimeLimit);
        }
        if self.evidence.is_empty() {
            return Err(CriterionFault::NoEvidence);
        }
        if self.rests_on_hand_in() != (self.check.name == HAND_IN) {
            return Err(CriterionFault::HandIn);
        }
        if self.crates.is_empty() && !self.rests_on_hand_in() {
            return Err(CriterionFault::NoCrate);
        }
        if let Some(name) = self.crates.iter().find(|name| !CRATES.contains(&name.as_str())) {
            return Err(CriterionFault::UnknownCrate { name: name.clone() });
        }
        if let Some(topic) = self.topics().find(|topic| answers::topic(topic).is_none()) {
            return Err(CriterionFault::UnknownTopic { topic: topic.clone() });
        }
        let is_known = |file: &str| {
            [EVERY_FILE, records::findings::FILE, hand_in::FILE].contains(&file)
                || EXPERIMENTS.iter().any(|it| it.files.contains(&file))
        };
        match self.evidence.iter().find(|file| !is_known(file)) {
            Some(file) => Err(CriterionFault::UnknownFile { file: file.clone() }),
            None => Ok(()),
        }
    }
}

/// Whether something is left: false for a NaN.
fn is_positive(x: f64) -> bool {
    x.is_finite() && x > 0.0
}

impl Rubric {
    /// Reads a rubric.
    ///
    /// # Errors
    /// [`RubricError`], with the line or the criterion at fault.
    pub fn load(path: &Path) -> Result<Self, RubricError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| RubricError::Read { path: path.to_owned(), source })?;
        Self::parse(&text).map_err(|source| RubricError::Parse { path: path.to_owned(), source })
    }

    /// Reads a rubric from its text.
    ///
    /// # Errors
    /// [`RubricFault`], with the line or the criterion at fault.
    pub fn parse(text: &str) -> Result<Self, RubricFault> {
        let rubric: Self = toml::from_str(text).map_err(|error| RubricFault::toml(text, &error))?;
        let mut seen = BTreeSet::new();
        for criterion in &rubric.criteria {
            let id = criterion.id.clone();
            if !seen.insert(&criterion.id) {
                return Err(RubricFault::Twice { id });
            }
            criterion.check_itself().map_err(|source| RubricFault::Criterion { id, source })?;
        }
        for (name, limit) in [
            ("experiment_limit_s", rubric.experiment_limit_s),
            ("full_experiment_limit_s", rubric.full_experiment_limit_s),
            ("build_limit_s", rubric.build_limit_s),
            ("answers_limit_s", rubric.answers_limit_s),
            ("total_limit_s", rubric.total_limit_s),
            ("memory_limit_gib", rubric.memory_limit_gib),
        ] {
            if !is_positive(limit) {
                return Err(RubricFault::Limit { name });
            }
        }
        let (pass, possible) = (rubric.pass, rubric.possible());
        // Written so that a NaN is refused too.
        if !(pass >= 0.0 && pass <= possible) {
            return Err(RubricFault::Pass { pass, possible });
        }
        Ok(rubric)
    }

    /// The points that can be earned.
    pub fn possible(&self) -> f64 {
        sum_of_points(self.criteria.iter().map(|criterion| criterion.points))
    }

    /// These seconds, and the memory of the rubric.
    pub fn limits(&self, seconds: f64) -> Limits {
        Limits { seconds, memory_gib: self.memory_limit_gib }
    }

    /// Whether nothing rests on this experiment but that every record is reproduced.
    pub fn only_reproduces(&self, experiment: &Experiment) -> bool {
        let mut resting = self.criteria.iter().filter(|criterion| criterion.rests_on(experiment));
        resting.all(|criterion| criterion.check.name == REPRODUCED)
    }

    /// Whether any criterion rests on a file of this experiment.
    pub fn rests_on(&self, experiment: &Experiment) -> bool {
        self.criteria.iter().any(|criterion| criterion.rests_on(experiment))
    }
}

/// A sum of points, **to a millionth of a point**: ten times 0.1 is 1.
pub fn sum_of_points(points: impl Iterator<Item = f64>) -> f64 {
    // From 0: the sum of nothing is -0 otherwise.
    (points.fold(0.0, |sum, points| sum + points) * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests;
