//! What the report says of P1.2 on many seeds: tables and figures.

mod figures;
mod read;
mod tables;

pub use figures::figures;
pub(crate) use read::{candidates, original_runs, recipe, sizes, sprints, wrong};
pub use tables::tables;
