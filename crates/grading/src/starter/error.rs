//! Why there is no starter.

use super::cut::CutError;
use crate::rubric::RubricError;
use crate::submission::CRATES;
use records::store::StoreError;
use std::path::PathBuf;

/// Where the questions stand.
pub const QUESTIONS: &str = "book/given.toml";

/// Why there is no starter. Nothing is overwritten.
#[derive(Debug, thiserror::Error)]
pub enum StarterError {
    /// There is something in the folder.
    #[error("{folder} is not empty; name another folder, or remove it first", folder = folder.display())]
    NotEmpty { folder: PathBuf },
    /// A file or folder cannot be read.
    #[error("cannot read {path}: {source}; run in the project's folder", path = path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The marks of a file are at fault.
    #[error("{file}: {source}")]
    Cut {
        file: String,
        /// What is at fault, and on which line.
        source: CutError,
    },
    /// A question of the assignment has no solution that could be cut out.
    #[error(
        "no solution of the question {question} is marked in the crates {}: mark it with `// SOLUTION: {question} ...`",
        CRATES.join(", ")
    )]
    NotMarked { question: String },
    /// A solution is marked as that of a question that the assignment does not have.
    #[error("{file}: a mark names the question {question}, which {} does not ask: correct its id", QUESTIONS)]
    UnknownQuestion { file: String, question: String },
    /// The rubric cannot be used.
    #[error(transparent)]
    Rubric(#[from] RubricError),
    /// The questions cannot be read.
    #[error("{} holds no questions: {message}", QUESTIONS)]
    Questions {
        /// Line, column and reason.
        message: String,
    },
    /// A file cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
