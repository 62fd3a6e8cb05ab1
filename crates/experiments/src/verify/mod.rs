//! Recomputed files against the submitted ones, exactly; and what was recomputed and what was not.
//!
//! | module | holds |
//! |---|---|
//! | [`recompute()`] | experiments run again, in full or by a draw of their parts, and compared |
//! | [`mod@compare`] | two versions of a file, key by key |
//! | [`difference`] | a place at which they differ, or at which a file contradicts itself |
//! | [`coverage`] | what of an experiment's files was computed again, and what can be said of an edit in the rest |

pub mod compare;
pub mod coverage;
pub mod difference;
mod recompute;
mod recomputed;

pub use compare::compare;
pub use coverage::{Coverage, Extent};
pub use difference::{Difference, Reference};
pub use recompute::recompute;
pub(crate) use recompute::recompute_with;
pub use recomputed::{LEFT_OUT, Recomputed};
