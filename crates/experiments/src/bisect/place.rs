//! The place of a step in a run.

use std::fmt;

/// The place of a step in a run. Everything counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepPlace {
    pub epoch: usize,
    /// The batch of the epoch.
    pub batch: usize,
    /// The step of the run.
    pub step: usize,
}

impl fmt::Display for StepPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {} (epoch {}, batch {})", self.step, self.epoch, self.batch)
    }
}
