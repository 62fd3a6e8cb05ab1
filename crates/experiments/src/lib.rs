//! Data sets, runs, records, statistics, grading, and the command `coursework`.
//!
//! The only crate of the workspace that touches files, the number of threads and the terminal.
//!
//! | module | holds |
//! |---|---|
//! | [`data`] | iris and MNIST, their checksums, the split, standardising |
//! | [`mod@iris`], [`tuning`], [`mod@mnist`] | the runs: settings in, outcome out |
//! | [`lda`] | Fisher's linear discriminant, the baseline |
//! | [`stats`] | intervals and paired tests |
//! | [`records`], [`registry`], [`study`] | what is written down, by which experiment, in which independent parts |
//! | [`shard`] | the parts of a study on many machines, joined into the file of a single run |
//! | [`report`] | what the written report may say of the records: claims, tables, figures |
//! | [`bisect`] | where a run differs from its record, or two paths of this machine differ: epoch, step, tensor |
//! | [`verify`] | recomputed records against those in `results/` |
//! | [`grade`] | criteria, points, evidence, score files |
//! | [`starter`] | this workspace without its answers, to be handed out |
//! | [`store`], [`context`] | files that are whole or not there; progress bars |
//! | [`command`] | the command line |

#![forbid(unsafe_code)]

pub mod bisect;
pub mod command;
pub mod context;
pub mod data;
pub mod grade;
pub mod iris;
pub mod lda;
pub mod mnist;
pub mod records;
pub mod registry;
pub mod report;
pub mod shard;
pub mod starter;
pub mod stats;
pub mod store;
pub mod study;
pub mod tuning;
pub mod verify;

/// The seed of every registered run: the first one, chosen before anything was run.
pub const REGISTERED_SEED: u64 = 1;
