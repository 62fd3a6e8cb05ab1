//! `rubric.toml`: what is graded, for how many points, and where the bar lies.

use super::criteria::Check;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rubric.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// The points needed to pass.
    pub pass: f64,
    /// The criteria, in the order of the score sheet.
    #[serde(rename = "criterion")]
    pub criteria: Vec<Criterion>,
}

/// A criterion.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its id, such as `T1b`.
    pub id: String,
    /// What is asked, in a line.
    pub title: String,
    /// What it is worth.
    pub points: f64,
    /// Which check decides.
    pub check: Check,
    /// The check's bar.
    pub bar: f64,
    /// The command that shows the evidence by itself.
    pub reproduce: String,
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
            if !(criterion.points.is_finite() && criterion.points >= 0.0) {
                return Err(format!("criterion {}: points must be 0 or more", criterion.id));
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const RUBRIC: &str = include_str!("../../../../rubric.toml");

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
            assert!(rubric.criteria.iter().any(|criterion| criterion.id.starts_with(question)), "{question}");
        }
    }

    #[rstest]
    #[case::an_unknown_check(r#"check = "derivations""#, r#"check = "magic""#, "magic")]
    #[case::negative_points("points = 8", "points = -8", "T1a")]
    #[case::a_doubled_id(r#"id = "T1b""#, r#"id = "T1a""#, "T1a stands twice")]
    #[case::a_pass_mark_beyond_reach("pass = 100", "pass = 1000", "cannot be reached")]
    #[case::an_unknown_field("pass = 100", "pass = 100\ncurve = 5", "curve")]
    fn a_broken_rubric_is_refused(#[case] from: &str, #[case] to: &str, #[case] message: &str) {
        let error = Rubric::parse(&RUBRIC.replacen(from, to, 1)).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
}
