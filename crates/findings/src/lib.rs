//! `report.json` and `figures/`: what the written report may say of the other records.
//!
//! The crate that builds the book depends on no model crate and computes nothing. So everything that takes a
//! computation is made here, recorded, and recomputed by `verify` like any other record: claims with their verdict,
//! tables with their cells, figures as SVG. The record names the SHA-256 of each record it was made of; the book
//! refuses one that is older than they are.
//!
//! | module | holds |
//! |---|---|
//! | [`sections`] | what is said, a file for each experiment or part of a chapter: its claims, tables and figures |
//! | [`Section`], [`ClaimRow`], [`TableRow`], [`FigureRow`] | what a section is made of |
//! | [`Sources`] | the records, which all the others read |
//! | `predicates`, `alter` | what decides claims; what their controls do to the records |
//! | `iris_runs`, `mnist_runs` | what the sections on the same runs share |
//! | [`cells`] | how numbers stand in tables |
//! | [`chart`], [`dots`], [`stacks`] | curves and bars by kuva; dots, and marks in stacks, by hand |
//! | `regions` | a plane in the colours of what is answered where, by hand |
//! | [`drawing`] | images of cells and pixels, by hand |
//! | `convolution` | a filter of the first convolution over an image, and what a layer sees of it |
//! | [`png`] | a grey image as PNG |
//! | [`derive()`], [`experiment()`] | the report out of all of them, as something that can be run and verified |

#![forbid(unsafe_code)]

mod alter;
pub mod cells;
pub mod chart;
mod claim;
mod convolution;
mod derive;
pub mod dots;
pub mod drawing;
mod error;
mod experiment;
mod figure;
mod iris_runs;
mod mnist_runs;
pub mod png;
mod predicates;
mod regions;
mod section;
pub mod sections;
mod sources;
pub mod stacks;
mod table;

pub use claim::{ClaimRow, Control};
pub use derive::{Verdicts, complete, derive};
pub use error::ReportError;
pub use experiment::{Derive, experiment, files};
pub use figure::{Drawing, FigureRow, Material};
pub use section::Section;
pub use sources::Sources;
pub use table::{Caption, TableRow};

#[cfg(test)]
mod tests;
