//! Where an answer is missing.

use super::cut::Blank;

/// A place of the starter where an answer is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlankPlace {
    /// The file, from the root.
    pub file: String,
    /// What is missing there.
    pub blank: Blank,
}
