//! The checks: each takes what was recomputed and the rubric's bar, and gives a number, a sentence and a verdict.
//!
//! A check is a row of `CHECKS` in the file of its questions, with the controls that show that it can fail.

mod alter;
mod check;
mod networks;
mod pages;
mod reproduced;
mod table;
mod theory;
mod unjudged;
mod verdict;

pub use check::Check;
pub(crate) use networks::counted;
pub use pages::HAND_IN;
pub(crate) use pages::put;
pub use reproduced::REPRODUCED;
pub use table::all;
pub(crate) use table::named;
pub use unjudged::Unjudged;
pub use verdict::{Evidence, Verdict};

#[cfg(test)]
mod tests;
