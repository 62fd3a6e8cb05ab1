//! Why a submission cannot be graded.

use std::path::PathBuf;

/// Why a submission cannot be graded at all.
#[derive(Debug, thiserror::Error)]
pub enum SubmissionError {
    /// There is no folder with any part of a submission.
    #[error(
        "{folder} is no submission: it has none of crates/theory/src, crates/mlp-scratch/src, crates/cnn/src and \
         results; name the folder in which crates/ lies",
        folder = folder.display()
    )]
    Empty { folder: PathBuf },
    /// There is no such folder.
    #[error("there is no folder {folder}; name the one in which crates/ lies", folder = folder.display())]
    NoFolder { folder: PathBuf },
    /// The assignment itself does not build.
    #[error(
        "the assignment itself does not build: {0}; run `cargo build --locked` in its folder and mend what it says"
    )]
    Assignment(String),
    /// Another grading puts a submission together in the same folder.
    #[error(
        "another grading uses {folder}; wait until it has ended, or name another folder with --build",
        folder = folder.display()
    )]
    InUse { folder: PathBuf },
    /// The folder would be a part of what is copied into it.
    #[error(
        "{folder} lies in the assignment, which is copied into it; name a folder elsewhere, or in target, with --build",
        folder = folder.display()
    )]
    Inside { folder: PathBuf },
    /// A file cannot be read or written.
    #[error("cannot read or write {path}: {source}", path = path.display())]
    File {
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}
