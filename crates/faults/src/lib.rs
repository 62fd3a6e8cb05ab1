//! The eight lines of back-propagation of P2.1, wrong formulas for each, and the gradient check that refuses them.
//!
//! The widget of P2.1's page and the command `coursework backward` both compute here, so that they cannot differ.
//!
//! | module | holds |
//! |---|---|
//! | [`lines`] | the eight lines, each with the formulas that could stand in it |
//! | [`puzzle`] | which formula stands in each line, and what a seed plants |
//! | [`way_back`] | what the lines work on |
//! | [`trial`] | a small batch, and the check of what the lines claim of it |
//! | [`record`] | what was checked, as JSON |
//!
//! ```
//! use faults::{puzzle::Puzzle, trial::SmallBatch};
//! let checked = SmallBatch::fixed()?.check(Puzzle::of_seed(0).planted())?;
//! assert!(checked.iter().any(|parameter| parameter.verdict.is_err()));
//! # Ok::<(), mlp_scratch::Error>(())
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod lines;
pub mod puzzle;
pub mod record;
pub mod trial;
pub mod way_back;
