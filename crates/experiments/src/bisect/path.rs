//! A way to compute: instruction set and threads.

use super::{Mark, StepPlace, Stepwise};
use crate::study::ExperimentError;
use cnn::kernels::Isa;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use std::fmt;

/// An instruction set and a number of threads. All paths have to give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    /// The instruction set.
    pub isa: Isa,
    pub threads: usize,
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.threads == 1 { "" } else { "s" };
        write!(f, "{}, {} thread{plural}", self.isa, self.threads)
    }
}

/// A run on a path, with threads of its own.
#[derive(Debug)]
pub struct OnPath<R> {
    run: R,
    pool: ThreadPool,
}

impl<R: Stepwise> OnPath<R> {
    /// The run goes on on this path.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn new(path: Path, mut run: R) -> Result<Self, ThreadPoolBuildError> {
        run.go_on_with(path.isa);
        Ok(Self { run, pool: ThreadPoolBuilder::new().num_threads(path.threads).build()? })
    }

    /// The run as it is now.
    pub fn run(&self) -> &R {
        &self.run
    }

    /// [`Stepwise::next_place`].
    pub fn next_place(&self) -> Option<StepPlace> {
        self.run.next_place()
    }

    /// [`Stepwise::step`].
    ///
    /// # Errors
    /// Those of [`Stepwise::step`].
    pub fn step(&mut self) -> Result<(), ExperimentError> {
        let Self { run, pool } = self;
        pool.install(|| run.step())
    }

    /// [`Stepwise::marks`].
    ///
    /// # Errors
    /// Those of [`Stepwise::marks`].
    pub fn marks(&mut self) -> Result<Vec<Mark>, ExperimentError> {
        let Self { run, pool } = self;
        pool.install(|| run.marks())
    }
}
