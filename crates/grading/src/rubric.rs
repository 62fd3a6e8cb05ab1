//! `rubric.toml`: what is graded, for how many points, on which evidence, within which limits.

use super::criteria::Check;
use super::limits::Limits;
use super::proofs::TestName;
use super::submission::CRATES;
use experiments::registry::{EXPERIMENTS, Experiment};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

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
    /// The files of `results/` that decide, recomputed; `*` for every file.
    pub evidence: Vec<String>,
    /// The crates of a submission that its points rest on, of [`CRATES`].
    pub crates: Vec<String>,
    /// Which check of them decides.
    pub check: Check,
    /// The check's bar.
    pub bar: f64,
    /// Tests that have to pass as well, such as `crates/theory/tests/graph.rs::adjoints_add_up_over_all_roads`.
    #[serde(default)]
    pub tests: Vec<TestName>,
    /// What a partly right answer earns.
    pub partial: Partial,
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
pub enum Partial {
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

/// Why a rubric cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RubricError {
    /// The file cannot be read.
    #[error("{path}: {source}; run in the project's folder, or name the file with --rubric", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is no rubric.
    #[error("{path} is no rubric: {message}", path = path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line, column and reason.
        message: String,
    },
}

/// The evidence that is every file.
const EVERY_FILE: &str = "*";

impl Criterion {
    /// Whether the evidence is a file of this experiment.
    pub fn rests_on(&self, experiment: &Experiment) -> bool {
        self.evidence.iter().any(|file| file == EVERY_FILE || experiment.files.contains(&file.as_str()))
    }

    /// Why it cannot be used, if it cannot.
    fn fault(&self) -> Option<String> {
        let positive = |x: f64| x.is_finite() && x > 0.0;
        if !(self.points.is_finite() && self.points >= 0.0) {
            return Some("points must be 0 or more".to_owned());
        }
        if !positive(self.time_limit_s) {
            return Some("time_limit_s must be above 0".to_owned());
        }
        if self.evidence.is_empty() {
            return Some("evidence names no file".to_owned());
        }
        if let Some(unknown) = self.crates.iter().find(|name| !CRATES.contains(&name.as_str())) {
            return Some(format!("no submission holds the crate {unknown}: there are {}", CRATES.join(", ")));
        }
        if self.crates.is_empty() {
            return Some("crates names none".to_owned());
        }
        let known = |file: &&String| {
            [EVERY_FILE, records::findings::FILE].contains(&file.as_str())
                || EXPERIMENTS.iter().any(|it| it.files.contains(&file.as_str()))
        };
        let unknown = self.evidence.iter().find(|file| !known(file))?;
        Some(format!("no experiment leaves the file {unknown}"))
    }
}

impl Rubric {
    /// Reads a rubric.
    ///
    /// # Errors
    /// [`RubricError`], with line and column where the file is at fault.
    pub fn load(path: &Path) -> Result<Self, RubricError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| RubricError::Read { path: path.to_owned(), source })?;
        Self::parse(&text).map_err(|message| RubricError::Parse { path: path.to_owned(), message })
    }

    /// Reads a rubric from its text.
    ///
    /// # Errors
    /// A message with line and column, or one that names the criterion.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rubric: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut seen = BTreeSet::new();
        for criterion in &rubric.criteria {
            if !seen.insert(&criterion.id) {
                return Err(format!("criterion {} stands twice", criterion.id));
            }
            if let Some(fault) = criterion.fault() {
                return Err(format!("criterion {}: {fault}", criterion.id));
            }
        }
        for (name, limit) in [
            ("experiment_limit_s", rubric.experiment_limit_s),
            ("full_experiment_limit_s", rubric.full_experiment_limit_s),
            ("build_limit_s", rubric.build_limit_s),
            ("memory_limit_gib", rubric.memory_limit_gib),
        ] {
            if !(limit.is_finite() && limit > 0.0) {
                return Err(format!("{name} must be above 0"));
            }
        }
        let possible: f64 = rubric.criteria.iter().map(|criterion| criterion.points).sum();
        // Written so that a NaN is refused too.
        if !(rubric.pass >= 0.0 && rubric.pass <= possible) {
            return Err(format!(
                "pass = {} cannot be reached: the criteria are worth {possible}",
                rubric.pass
            ));
        }
        Ok(rubric)
    }

    /// These seconds, and the memory of the rubric.
    pub fn limits(&self, seconds: f64) -> Limits {
        Limits { seconds, memory_gib: self.memory_limit_gib }
    }

    /// Whether nothing rests on this experiment but that every record is reproduced.
    pub fn only_reproduces(&self, experiment: &Experiment) -> bool {
        let mut resting = self.criteria.iter().filter(|criterion| criterion.rests_on(experiment));
        resting.all(|criterion| criterion.check == Check::Reproduced)
    }

    /// Whether any criterion rests on a file of this experiment.
    pub fn rests_on(&self, experiment: &Experiment) -> bool {
        self.criteria.iter().any(|criterion| criterion.rests_on(experiment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const RUBRIC: &str = include_str!("../../../rubric.toml");

    #[test]
    fn the_rubric_of_the_repository_is_worth_a_hundred_points() {
        let rubric = Rubric::parse(RUBRIC).unwrap();
        assert_eq!(rubric.criteria.iter().map(|criterion| criterion.points).sum::<f64>(), 100.0);
        assert_eq!(rubric.pass, 100.0);
    }

    #[test]
    fn every_question_of_the_assignment_has_a_criterion() {
        let rubric = Rubric::parse(RUBRIC).unwrap();
        for question in ["T1a", "T1b", "T2.1", "T2.2", "P1.1", "P1.2", "P2.1", "P2.2"] {
            assert!(rubric.criteria.iter().any(|criterion| criterion.question == question), "{question}");
        }
    }

    #[test]
    fn every_test_of_the_rubric_stands_where_it_says() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let tests: Vec<TestName> = Rubric::parse(RUBRIC)
            .unwrap()
            .criteria
            .into_iter()
            .flat_map(|criterion| criterion.tests)
            .collect();
        assert!(tests.len() >= 10);
        for test in tests {
            let source = std::fs::read_to_string(root.join(&test.file)).unwrap();
            assert!(source.contains(&format!("fn {}(", test.function())), "{test}");
        }
    }

    #[test]
    fn every_file_is_evidence_where_it_says_so() {
        let rubric = Rubric::parse(RUBRIC).unwrap();
        assert!(EXPERIMENTS.iter().all(|experiment| rubric.rests_on(experiment)));
        let of = |id: &str| EXPERIMENTS.iter().find(|experiment| experiment.id == id).unwrap();
        let criterion = rubric.criteria.iter().find(|criterion| criterion.id == "T1b").unwrap();
        assert!(criterion.rests_on(of("theory")) && !criterion.rests_on(of("iris")));
    }

    /// What is derived from the records is no experiment's, and may be evidence all the same.
    #[test]
    fn the_report_may_be_evidence() {
        let with = |file: &str| Rubric::parse(&RUBRIC.replacen("theory.json", file, 1));
        assert!(with(records::findings::FILE).is_ok());
        assert!(with("reports.json").unwrap_err().contains("reports.json"));
    }

    #[rstest]
    #[case::an_unknown_check(r#"check = "derivations""#, r#"check = "magic""#, "magic")]
    #[case::negative_points("points = 8", "points = -8", "T1a")]
    #[case::a_doubled_id(r#"id = "T1b""#, r#"id = "T1a""#, "T1a stands twice")]
    #[case::a_pass_mark_beyond_reach("pass = 100", "pass = 1000", "cannot be reached")]
    #[case::an_unknown_field("pass = 100", "pass = 100\ncurve = 5", "curve")]
    #[case::a_file_that_nothing_leaves(r#"["theory.json"]"#, r#"["theory.jsn"]"#, "theory.jsn")]
    #[case::no_evidence(r#"["theory.json"]"#, "[]", "no file")]
    #[case::a_crate_that_no_submission_holds(r#"crates = ["theory"]"#, r#"crates = ["thoery"]"#, "thoery")]
    #[case::no_crate(r#"crates = ["theory"]"#, "crates = []", "names none")]
    #[case::no_time("time_limit_s = 60", "time_limit_s = 0", "time_limit_s")]
    #[case::no_memory("memory_limit_gib = 8", "memory_limit_gib = 0", "memory_limit_gib")]
    #[case::an_unknown_partial_rule(r#"partial = "all-or-nothing""#, r#"partial = "some""#, "some")]
    #[case::an_unknown_visibility(r#"visibility = "visible""#, r#"visibility = "everybody""#, "everybody")]
    #[case::a_test_without_a_file("tests = [\"crates", "tests = [\"adjoints\", \"crates", "adjoints")]
    fn a_broken_rubric_is_refused(#[case] from: &str, #[case] to: &str, #[case] message: &str) {
        assert!(RUBRIC.contains(from));
        let error = Rubric::parse(&RUBRIC.replacen(from, to, 1)).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
}
