//! Grading somebody else's copy: their crates and records in the assignment's tree.
//!
//! Of a submission only its *parts* are graded: `crates/theory/src`, `crates/mlp-scratch/src`, `crates/cnn/src`,
//! `results/`, and `hand-in.json`, if it is there. Everything else is the assignment's: manifests, lock file, tests,
//! rubric, data, experiments and grading. So a test that was deleted or made to pass changes nothing, and what was
//! changed there is named.
//!
//! A crate that is missing or does not compile costs the criteria that rest on it (`crates` in `rubric.toml`); the
//! assignment's own takes its place for the others. A criterion that is not met with all crates of the submission is
//! judged once more with those alone that it rests on: a fault in one crate does not cost the points of another.
//!
//! **The submission's code runs as you**, after its sources were looked at (`scan.rs`), and within the walls that this
//! machine has (`crate::walls`): without Landlock there are limits of time, memory and processes and no more.

mod error;
mod grade;
mod handed_in;
mod parts;
mod scan;
mod tree;

pub use error::SubmissionError;
pub use grade::grade;
pub use handed_in::Submission;
pub(crate) use handed_in::sources;
pub use parts::CRATES;
pub(crate) use parts::crate_of;
pub(crate) use scan::tokens_of;
pub use scan::{Forbidden, forbidden};
pub use tree::{Tree, free};

#[cfg(all(test, unix))]
mod tests;
