//! A file of `results/` before it is written.

/// A file that belongs into `results/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its name there.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}
