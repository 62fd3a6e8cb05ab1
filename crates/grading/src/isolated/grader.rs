//! What a grading is made of.

use crate::cargo::Cargo;
use crate::hand_in::HandInSource;
use crate::walls::Walls;
use cnn::kernels::Isa;
use experiments::registry::Experiment;
use experiments::study::draw::Plan;
use std::path::PathBuf;
use std::time::Instant;

/// How to grade.
#[derive(Clone, Debug)]
pub struct Grader {
    /// The program that recomputes experiments.
    pub program: PathBuf,
    /// The walls around it, if there are any.
    pub walls: Option<Walls>,
    /// The command `coursework` of the grader: it checks, and derives what the report may say, whatever is graded.
    pub checker: PathBuf,
    /// How the tests are built, and where.
    pub cargo: Cargo,
    /// Where what is recomputed goes.
    pub folder: PathBuf,
    /// All experiments.
    pub experiments: Vec<Experiment>,
    /// The folder of the data sets.
    pub data: PathBuf,
    /// The folder of the submitted records.
    pub results: PathBuf,
    /// What was handed in of the pages.
    pub hand_in: HandInSource,
    /// The file of the rubric.
    pub rubric: PathBuf,
    /// Threads of a process.
    pub threads: usize,
    /// The instruction set.
    pub isa: Isa,
    /// What is recomputed of each experiment.
    pub plan: Plan,
    /// Draws the inputs on which the crates are asked.
    pub inputs: u64,
    /// The options that repeat the draw of the plan, if there was one.
    pub draw: Option<String>,
    /// Seconds that the draw adds to an experiment's limit.
    pub draw_limit_s: f64,
    /// When the whole grading has to have ended.
    pub until: Option<Instant>,
}
