//! `report.json` and `figures/`: what the written report may say of the other records.
//!
//! The crate that builds the book depends on no model crate and computes nothing. So everything that takes a computation is
//! made here, recorded, and recomputed by `verify` like any other record: claims with their verdict, tables with their
//! cells, figures as SVG. The record names the SHA-256 of each record it was made of; the book refuses one that is older
//! than they are.
//!
//! | module | holds |
//! |---|---|
//! | [`claims`] | named sentences, each with its predicate and with what would turn its verdict |
//! | [`Sources`] | the records, which all the others read |
//! | [`tables`], [`cells`], [`figures`] | what is shown |
//! | [`mnist_studies`] | tables and figures of P1.2 on many seeds |
//! | [`chart`], [`dots`], [`drawing`] | curves and bars by kuva; dots, and pictures of cells and pixels, by hand |
//! | [`png`] | a grey picture as PNG |

#![forbid(unsafe_code)]

pub mod cells;
pub mod chart;
pub mod claims;
mod derive;
pub mod dots;
pub mod drawing;
mod error;
mod experiment;
mod figure;
mod figure_speed;
pub mod figures;
mod figures_mnist;
mod figures_studies;
pub mod mnist_studies;
pub mod png;
mod predicates;
mod sources;
pub mod tables;
mod tables_iris;
mod tables_lda;
mod tables_mnist;
mod tables_recompute;
mod tables_studies;
mod tables_theory;

pub use derive::{Verdicts, complete, derive};
pub use error::ReportError;
pub use experiment::{Derive, FILES, experiment};
pub use figure::Figure;
pub use sources::Sources;

#[cfg(test)]
mod tests;
