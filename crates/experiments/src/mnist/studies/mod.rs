//! P1.2 on many seeds: runs of named recipes, and what follows from their counts.
//!
//! | study | asks |
//! |---|---|
//! | [`selection`] | which recipe errs least on held-out training images, and what is each of its parts worth? |
//! | [`choice`] | and which further parts spare errors? |
//! | [`final_recipe`] | how many test digits does the chosen recipe get right, over many seeds? |
//! | [`original`] | and the recipe of the original, at its last epoch? |
//! | [`small`] | how does accuracy grow with the number of parameters? |
//! | [`sprint`] | how little training suffices for 99.0 % and 99.4 %? |
//!
//! [`registered`] is a single run: `mnist.json`.
//!
//! A part of each study is one run: a recipe on a seed ([`Runs`]).

mod arm;
mod beside;
pub mod choice;
mod contradictions;
pub mod final_recipe;
pub mod original;
mod record;
pub mod registered;
pub mod reliability;
mod runs;
mod seed_run;
pub mod selection;
pub mod small;
pub mod sprint;
mod tempered;
pub mod together;

pub use arm::Arm;
pub use beside::{AskedBeside, Temperature};
pub(crate) use runs::find_run;
pub use runs::{Runs, compute, study, summaries};
pub use seed_run::{ArmSummary, SeedRun};
pub use tempered::Tempered;

use crate::registry::Experiment;

/// The experiments of these studies, in the order of the registry.
pub(crate) const EXPERIMENTS: &[Experiment] = &[
    registered::EXPERIMENT,
    selection::EXPERIMENT,
    choice::EXPERIMENT,
    original::EXPERIMENT,
    final_recipe::EXPERIMENT,
    small::EXPERIMENT,
    sprint::EXPERIMENT,
];

#[cfg(test)]
mod tests;
#[cfg(test)]
use tests::recorded;
