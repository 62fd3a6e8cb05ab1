//! The book: every listing, number, claim, figure and formula of a page is resolved and checked, then mdBook renders
//! it.
//!
//! mdBook prints an empty block for an anchor that is not there, leaves a raw directive where a file is missing, and
//! skips a preprocessor that does not answer; it reports success for all three. Here a page is refused, with its file
//! and line, before anything is rendered; after rendering, every page must hold the stamp of what was resolved and
//! every listing.
//!
//! | module | holds |
//! |---|---|
//! | [`scan`] | a page cut into text, code, directives and formulas |
//! | [`directives`] | what a directive may call: listings, numbers, claims, derivations, figures, tables |
//! | [`listing`], [`number`], [`formula`], [`html`] | how each of them is made |
//! | `unbroken` | numbers and their units, formulas and their punctuation, each on one line |
//! | [`card`] | what a quoted number opens to: its place in the record, and what it takes to compute it again |
//! | [`lint`] | measured numbers that were typed |
//! | [`page`] | tests that prose names as proof |
//! | [`project`] | what a book may quote: `results/`, `book/given.toml`, `rubric.toml`, the sources |
//! | [`resolve`], [`ledger`] | all pages, every fault of them, and the count of what was resolved |
//! | [`preprocess`], [`build`] | the preprocessor that mdBook calls, and mdBook called as a library |
//! | [`mdbook`] | what mdBook's own command hands over, and which mdBook it has to be |
//! | [`serve`] | `make serve`: the last good book for a browser, built again at every change |
//! | [`compute`] | the program of the widgets, compiled for the pages |
//! | [`carried`] | the files that widgets work on, for the pages |
//! | [`recorded`] | the hashes of what the records hold, for the receipts of the pages |
//! | [`refusal`] | why a page is refused |
//!
//! Of the workspace this crate knows the records' types and the data alone: **the book can quote a number but cannot
//! compute one.**

#![forbid(unsafe_code)]

pub mod build;
pub mod card;
pub mod carried;
pub mod compute;
mod derivation;
pub mod directives;
pub mod exercise;
pub mod formula;
mod functions;
pub mod html;
pub mod ledger;
pub mod lint;
pub mod listing;
pub mod mdbook;
pub mod number;
pub mod page;
pub mod preprocess;
pub mod project;
pub mod recorded;
pub mod refusal;
pub mod resolve;
pub mod scan;
pub mod serve;
mod shared;
mod unbroken;
