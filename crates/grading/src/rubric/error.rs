//! Why a rubric cannot be used.

use crate::criteria::HAND_IN;
use crate::hand_in;
use crate::submission::CRATES;
use experiments::answers;
use std::path::PathBuf;

/// Why a rubric cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RubricError {
    /// The file cannot be read.
    #[error(
        "cannot read {path}: {source}; run in the project's folder, or name the file with --rubric",
        path = path.display()
    )]
    Read {
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is no rubric.
    #[error("{path} cannot be used: {source}", path = path.display())]
    Parse {
        path: PathBuf,
        /// What is wrong in it.
        source: RubricFault,
    },
}

/// What is wrong in a rubric, and what to write instead.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RubricFault {
    /// It is no TOML, or a key is missing, unknown, or has a wrong value.
    #[error("line {line}: {message}; correct that line")]
    Toml {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Two criteria have one id.
    #[error("two criteria have the id {id}; rename one of them")]
    Twice { id: String },
    /// A criterion cannot be used.
    #[error("criterion {id}: {source}")]
    Criterion { id: String, source: CriterionFault },
    /// A limit leaves nothing.
    #[error("{name} must be above 0")]
    Limit { name: &'static str },
    /// Nobody can pass.
    #[error("pass = {pass} cannot be reached: all criteria together give {possible} points")]
    Pass {
        /// The points needed.
        pass: f64,
        /// The points that there are.
        possible: f64,
    },
}

/// What is wrong in a criterion.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CriterionFault {
    /// It takes points away.
    #[error("points must be 0 or more")]
    Points,
    /// It leaves no time.
    #[error("time_limit_s must be above 0")]
    TimeLimit,
    /// Nothing decides.
    #[error("evidence names no file; name at least one file of results/, or \"*\"")]
    NoEvidence,
    /// A hand-in is judged by its own check, and that check judges nothing else.
    #[error("the check {HAND_IN} and the evidence {file} belong together; name both, or neither", file = hand_in::FILE)]
    HandIn,
    /// A file that is not written.
    #[error("no experiment writes the file {file}; correct its name in evidence")]
    UnknownFile { file: String },
    /// It rests on no crate of a submission.
    #[error("crates names no crate; name at least one of {}", CRATES.join(", "))]
    NoCrate,
    /// A topic that there is not.
    #[error(
        "there is no topic {topic} in answers; the topics are {}",
        answers::TOPICS.iter().map(|topic| topic.id).collect::<Vec<_>>().join(", ")
    )]
    UnknownTopic { topic: String },
    /// A crate that is not part of a submission.
    #[error("a submission has no crate {name}; its crates are {}", CRATES.join(", "))]
    UnknownCrate { name: String },
}

impl RubricFault {
    /// What TOML refused, in one line with its place.
    pub(super) fn toml(text: &str, error: &toml::de::Error) -> Self {
        let before = error.span().map_or(0, |span| text[..span.start].matches('\n').count());
        Self::Toml { line: before + 1, message: error.message().trim().replace('\n', " ") }
    }
}
