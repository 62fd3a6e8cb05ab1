//! Where a run on this machine differs from its record, or from the same run on another path of this machine: the
//! first epoch, the first step, and the first tensor of that step.
//!
//! ```text
//! record:  the run on path 1 ── what the record keeps of each epoch ──> the first epoch that differs
//! paths:   one step on path 1, one on path 2 ── every tensor of it ──> the first step and tensor that differ
//! ```
//!
//! Where the record differs, both paths begin that epoch **with the state that path 1 had before it**, which has
//! the record's hashes. Otherwise they begin at the first step. Tensors are compared as bits, in the order in which
//! a step computes them.
//!
//! | module | holds |
//! |---|---|
//! | [`Stepwise`], [`StepPlace`], [`Mark`] | a run step by step, where it is, and what a record keeps of it |
//! | [`path`] | a way to compute: instruction set and threads |
//! | [`record`] | the first epoch that differs from the record |
//! | [`lock_step`] | the first step and tensor in which two paths differ |
//! | [`tensors`] | the tensors of a step, and the first that differs |
//! | [`bisect()`] | the search |
//! | [`subject`] | which runs there are, by experiment and part |

mod compare;
mod error;
mod iris;
mod listing;
pub mod lock_step;
mod mark;
mod mnist;
mod opened;
pub mod path;
mod place;
pub mod record;
mod stepwise;
pub mod subject;
pub mod tensors;
pub mod tiny;

pub use compare::{Finding, Paths, bisect};
pub use error::BisectError;
pub use lock_step::Parting;
pub use mark::Mark;
pub use opened::{Opened, Subject};
pub use path::Path;
pub use place::StepPlace;
pub use record::RecordDifference;
pub use stepwise::Stepwise;
pub use subject::{BISECTABLE, Bisectable};

#[cfg(test)]
mod faults;
#[cfg(test)]
mod tests;
