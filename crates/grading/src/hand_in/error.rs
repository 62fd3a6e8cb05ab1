//! Why a hand-in cannot be judged.

use data::DataError;
use std::path::PathBuf;

/// Why a hand-in cannot be judged.
#[derive(Debug, thiserror::Error)]
pub enum HandInError {
    /// It is a link, a folder, or too large.
    #[error(
        "{file} is no file of at most {largest_kib} KiB; save it anew from a page of the book",
        file = file.display()
    )]
    NotRead {
        file: PathBuf,
        /// The most that is read.
        largest_kib: u64,
    },
    /// It is not what a page writes.
    #[error("{file} is not what a page of the book saves: {source}; save it anew", file = file.display())]
    Form {
        file: PathBuf,
        /// Where, and what is expected there.
        source: serde_json::Error,
    },
    /// It holds more widgets than there are.
    #[error(
        "{file} holds {found} widgets, and the book has {most}; save it anew from a page of the book",
        file = file.display()
    )]
    TooMany { file: PathBuf, found: usize, most: usize },
    /// A file cannot be read.
    #[error("cannot read {file}: {source}; save it anew from a page of the book", file = file.display())]
    Read {
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The network that the pages carry cannot be used.
    #[error("{file}: {source}", file = file.display())]
    Network { file: PathBuf, source: reader::ReadError },
    /// The data of a widget cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A widget works on a file that nobody hands on.
    #[error("grading has no file {name} for the widgets; add it to crates/grading/src/hand_in.rs")]
    NotCarried { name: String },
}
