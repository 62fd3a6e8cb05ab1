//! The starter of the assignment: this workspace without its answers.
//!
//! | module | holds |
//! |---|---|
//! | [`mod@cut`] | a source without the solutions between its marks |
//! | [`Starter`] | the files of the starter |
//! | [`sheet`] | the assignment's sheet, README.md of the starter |
//!
//! It compiles, its tests fail, and it is worth no point. Besides the solutions of the students' crates it lacks the
//! records, the book, and the snapshots of what the solutions print.

pub mod cut;
mod derive;
mod error;
mod place;
pub mod sheet;

pub use derive::Starter;
pub(crate) use derive::is_handed_out;
pub use error::StarterError;
pub use place::BlankPlace;
pub use sheet::{QuestionSheet, questions, questions_in};
