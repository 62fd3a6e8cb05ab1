//! Acceptance tests of the whole workspace; the tests themselves stand beside this file.

pub mod golden;
