//! Grading: have everything recomputed, score what was found, and say why. A submission's build links none of it.
//!
//! | module | holds |
//! |---|---|
//! | [`rubric`] | what is graded for how many points: `rubric.toml` |
//! | [`criteria`] | the checks: records in, number and verdict out |
//! | [`proofs`] | the tests that a criterion names |
//! | [`limits`] | a program with limits of time and memory |
//! | [`cargo`] | cargo with those limits |
//! | [`isolated`] | every experiment, check and test as a process of its own |
//! | [`digits`] | the test digits, counted by the grader from the weights that a run trained |
//! | [`drawn`] | a submission's answers on drawn inputs, held to the assignment's |
//! | [`hand_in`] | what was done in the book's pages, opened again |
//! | [`submission`] | somebody else's crates and records in the assignment's tree |
//! | [`walls`] | what a process with a student's code may read, write and reach |
//! | [`Scored`], [`ScoreSheet`] | a criterion with what it earned; all of them |
//! | [`score()`], [`judge`] | what the checks find |
//! | [`sheet`] | the score sheet as a terminal table and as Markdown |
//! | [`mod@starter`] | this workspace without its answers, to be handed out |
//! | [`course`] | many submissions, and what they make together |
//! | [`foreign`] | text that a student chose, made fit to be shown |
//! | [`export`], [`manifest`] | Gradescope, GitHub Classroom, JUnit, CSV; what was graded |
//!
//! One broken part does not sink another: an experiment that fails, panics, hangs or asks for too much memory costs the
//! criteria that rest on it.

#![forbid(unsafe_code)]

pub mod cargo;
mod check_process;
pub mod course;
pub mod criteria;
pub mod digits;
pub mod drawn;
pub mod export;
pub mod foreign;
pub mod hand_in;
pub mod isolated;
pub mod limits;
pub mod manifest;
pub mod proofs;
pub mod rubric;
mod score;
mod score_sheet;
mod scored;
pub mod sheet;
pub mod starter;
pub mod submission;
pub mod walls;

pub use score::{headlines, judge, score};
pub use score_sheet::{Ran, ScoreSheet};
pub use scored::Scored;

#[cfg(test)]
mod scored_tests;
#[cfg(test)]
mod tests;
