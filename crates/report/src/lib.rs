//! The book: every listing it includes is checked, then mdBook renders it.
//!
//! mdBook prints an empty block for an anchor that is not there, leaves the raw directive for a file that is not there, and
//! reports success for both. Here such a page is refused, with its file and line, before anything is rendered; after
//! rendering, every listing must be found in the HTML.
//!
//! | module | holds |
//! |---|---|
//! | [`page`] | what a page refers to: directives and named tests |
//! | [`listing`] | the lines between two anchors of a source file |
//! | [`check`] | [`check::check`]: every reference of every page, or every [`check::Refusal`] |
//! | [`build`] | [`build::build`]: check, render, look for the listings in the HTML |
//!
//! This crate depends on no other crate of the workspace: **the book can quote the code but cannot run it.**

#![forbid(unsafe_code)]

pub mod build;
pub mod check;
pub mod listing;
pub mod page;
