//! A program to run, and what it may use.

use crate::walls::Walls;
use std::path::{Path, PathBuf};

/// What a program may use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Wall-clock time, in seconds.
    pub seconds: f64,
    /// Address space of each process, in GiB.
    pub memory_gib: f64,
}

/// A program to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    pub program: PathBuf,
    pub arguments: Vec<String>,
    /// Where it runs; here if there is none.
    pub folder: Option<PathBuf>,
    /// What is added to its environment.
    pub environment: Vec<(String, String)>,
    /// The walls around it, if there are any.
    pub walls: Option<Walls>,
    /// The seconds for which each of its processes may compute, if that is limited.
    pub compute_s: Option<u32>,
}

impl Call {
    /// A program with these arguments, run here.
    pub fn new(program: &Path, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Self { program: program.to_owned(), arguments, ..Self::default() }
    }
}
