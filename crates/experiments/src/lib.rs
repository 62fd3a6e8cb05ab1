//! Runs and studies: **the only crate that trains for a record.**
//!
//! | module | holds |
//! |---|---|
//! | [`mod@iris`], [`mod@mnist`] | the runs: settings in, outcome out; and the studies of many runs |
//! | [`worked`] | T1 and T2 |
//! | [`one_batch`] | the batch of T1 through the network by hand |
//! | [`study`] | experiments of independent parts, and which of those a verification draws |
//! | [`registry`] | the experiments, as data |
//! | [`shard`] | the parts of a study on many machines, joined into the file of a single run |
//! | [`unfinished`] | the finished parts of a run that is not finished, from which it goes on |
//! | [`verify`] | experiments run again, and held against the files in `results/` |
//! | [`request`] | one process that computes one experiment again: the program `recompute` |
//! | [`answers`] | what the crates compute on inputs that are drawn for one grading |
//! | [`bisect`] | where a run differs from its record, or two paths of this machine differ: epoch, step, tensor |
//! | [`context`] | where data and records lie, the instruction set, progress bars |

#![forbid(unsafe_code)]

pub mod answers;
pub mod bisect;
pub mod context;
pub mod iris;
pub mod mnist;
pub mod one_batch;
pub mod registry;
pub mod request;
pub mod shard;
pub mod study;
pub mod unfinished;
pub mod verify;
pub mod worked;

/// The seed of every registered run: the first one, chosen before anything was run.
pub const REGISTERED_SEED: u64 = 1;
