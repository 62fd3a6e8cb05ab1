//! Experiments of independent parts: a seed, or a block of seeds, of one configuration.
//!
//! ```text
//! parts:  id -> compute -> value          each by itself, on any machine, in any order
//! record: { header, parts: [value ..], conclusions: conclude(parts) }
//! ```
//!
//! What a part gives does not depend on the others, and the conclusions depend on nothing but the parts. So parts can
//! be computed on many machines and merged, and a record can be verified part by part. Values pass through JSON in
//! every case, so the bytes are the same on every path.
//!
//! A study that takes minutes is verified by a [`draw`] of its parts, each computed in full, and all of its parts are
//! held to what they say of themselves ([`Study::contradictions`]).

pub mod draw;
mod error;
mod part;
mod side_by_side;

pub use error::ExperimentError;
pub(crate) use part::first_file;
pub use part::{
    Contradiction, FileLayout, FilesOfParts, Kept, OfASubmission, Part, PartsOfFiles, Progress, Study, typed,
};
