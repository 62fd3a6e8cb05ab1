//! The checks: each takes what was recomputed and the rubric's bar, and gives a number, a sentence and a verdict.

mod check;
mod networks;
mod reproduced;
mod theory;
mod verdict;

pub use check::{Check, CheckFunction};
pub use verdict::{Evidence, Verdict};
