//! Data sets, runs, records, statistics, grading, and the command `coursework`.

pub mod data;
pub mod iris;
pub mod mnist;
pub mod stats;
pub mod store;
pub mod tuning;

/// The seed of every registered run: the first one, chosen before anything was run.
pub const REGISTERED_SEED: u64 = 1;
