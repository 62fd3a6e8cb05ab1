//! Where a run on this machine differs from its record, or from the same run on another path of this machine: the
//! first epoch, the first step, and the first tensor of that step.
//!
//! ```text
//! record:  the run on path 1 ── what the record keeps of each epoch ──> the first epoch that differs
//! paths:   one step on path 1, one on path 2 ── every tensor of it ──> the first step and tensor that differ
//! ```
//!
//! Where the record differs, both paths begin that epoch **with the state that path 1 had before it**, which has
//! the record's hashes. Otherwise they begin at the first step. Tensors are compared as bits, in the order in which
//! a step computes them.
//!
//! | module | holds |
//! |---|---|
//! | [`path`] | a way to compute: instruction set and threads |
//! | [`record`] | the first epoch that differs from the record |
//! | [`lock_step`] | the first step and tensor in which two paths differ |
//! | [`tensors`] | the tensors of a step, and the first that differs |
//! | [`subject`] | which runs there are, by experiment and part |

mod iris;
mod listing;
pub mod lock_step;
mod mnist;
pub mod path;
pub mod record;
pub mod subject;
pub mod tensors;
pub mod tiny;

pub use lock_step::Parting;
pub use path::Path;
pub use record::{Mark, RecordDifference};
pub use subject::{BISECTABLE, Bisectable, Subject};

use crate::context::Context;
use crate::study::ExperimentError;
use cnn::kernels::Isa;
use indicatif::ProgressBar;
use path::OnPath;
use records::store::StoreError;
use std::fmt;
use std::path::PathBuf;
use tensors::Tensor;

/// The place of a step in a run. Everything counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The epoch.
    pub epoch: usize,
    /// The batch of the epoch.
    pub batch: usize,
    /// The step of the run.
    pub step: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {} (epoch {}, batch {})", self.step, self.epoch, self.batch)
    }
}

/// A training run that goes on step by step. A copy of it goes on in the same way.
pub trait Stepwise: Clone + Send {
    /// Computes with this instruction set from now on.
    fn go_on_with(&mut self, isa: Isa);

    /// The epochs of the run, and the batches of an epoch.
    fn extent(&self) -> (usize, usize);

    /// Epoch and batch of the next step, from 1; `None` after the last step.
    fn next_batch(&self) -> Option<(usize, usize)>;

    /// Makes the next step.
    ///
    /// # Errors
    /// When the run diverges.
    fn step(&mut self) -> Result<(), ExperimentError>;

    /// Every tensor of the last step, in the order in which they were computed. To be called before
    /// [`marks`](Self::marks).
    fn tensors(&self) -> Vec<Tensor<'_>>;

    /// What a record keeps of the state after the last step: nothing after most steps.
    ///
    /// # Errors
    /// When it cannot be measured.
    fn marks(&mut self) -> Result<Vec<Mark>, ExperimentError>;

    /// The place of the next step; `None` after the last step.
    fn next_place(&self) -> Option<Place> {
        let (_, batches) = self.extent();
        self.next_batch().map(|(epoch, batch)| Place { epoch, batch, step: (epoch - 1) * batches + batch })
    }
}

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum BisectError {
    /// There is no such experiment.
    #[error("there is no experiment `{name}`; what can be bisected: {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// An experiment without a history of its runs.
    #[error(
        "the record of {experiment} keeps nothing of the epochs of a run, so it cannot be bisected; \
         what can be: {known}"
    )]
    NoHistory {
        /// The experiment.
        experiment: String,
        /// What there is.
        known: String,
    },
    /// An experiment has many runs, and none or another one was named.
    #[error("name one run of {experiment} as {experiment}/PART{unknown}; its parts are {parts}")]
    Part {
        /// The experiment.
        experiment: String,
        /// ", there is no part `x`", if one was named.
        unknown: String,
        /// What there is.
        parts: String,
    },
    /// A part of an experiment that is one run.
    #[error("{experiment} is a single run and has no part `{part}`: ask for {experiment}")]
    SingleRun {
        /// The experiment.
        experiment: String,
        /// What was asked for.
        part: String,
    },
    /// The record has no such part.
    #[error(
        "{file} has no part `{part}`; restore it (`git checkout -- {file}`) or write it again",
        file = file.display()
    )]
    NotInRecord {
        /// The record.
        file: PathBuf,
        /// The part.
        part: String,
    },
    /// The record cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The run cannot be made.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// The threads of a path cannot be started.
    #[error("the threads of a path cannot be started: {0}; ask for fewer")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Epochs that were compared with the record; the last of them is the one in which two paths were compared, if
    /// only one.
    pub epochs: usize,
    /// Where path 1 and the record differ first, if anywhere.
    pub record: Option<RecordDifference>,
    /// What the two paths gave.
    pub paths: Paths,
}

/// What two paths gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Paths {
    /// They were not compared: the record is equal, and nobody asked.
    NotCompared,
    /// The run has one path only, and no tensors that can be compared.
    OnlyOne,
    /// Every tensor of so many steps is equal.
    Agree {
        /// The steps.
        steps: usize,
    },
    /// They differ.
    Part(Parting),
    /// Every tensor is equal, but **path 1 gave something else than in its first run**.
    NotRepeated {
        /// What it gave the second time.
        second: Mark,
    },
}

impl Finding {
    /// Whether nothing differs.
    pub fn is_equal(&self) -> bool {
        self.record.is_none() && !matches!(self.paths, Paths::Part(_))
    }
}

/// Compares a run that has not begun with its record, on the first path. Where they differ, or `compare_paths` asks
/// for it, compares the two paths.
///
/// # Errors
/// When the threads of a path cannot be started, or the run diverges alike on both.
pub fn bisect<R: Stepwise>(
    run: &R,
    paths: [Path; 2],
    recorded: &[Mark],
    compare_paths: bool,
    context: &Context,
) -> Result<Finding, BisectError> {
    let (epochs, batches) = run.extent();
    let bar = context.bar("path 1 and the record", (epochs * batches) as u64);
    let mut first = OnPath::new(paths[0], run.clone())?;
    let found = record::first_epoch(&mut first, recorded, &|| bar.inc(1))?;
    bar.finish_and_clear();
    let Some((difference, before)) = found else {
        let paths = if compare_paths { along(run, paths, None, context)? } else { Paths::NotCompared };
        return Ok(Finding { epochs, record: None, paths });
    };
    let paths = along(&before, paths, Some(&difference), context)?;
    Ok(Finding { epochs: difference.epoch.min(epochs), record: Some(difference), paths })
}

/// Compares two paths: to the end of the run, or of the epoch in which the record differs.
fn along<R: Stepwise>(
    run: &R,
    paths: [Path; 2],
    difference: Option<&RecordDifference>,
    context: &Context,
) -> Result<Paths, BisectError> {
    let (epochs, batches) = run.extent();
    let length = if difference.is_some() { batches } else { epochs * batches };
    let bar: ProgressBar = context.bar("path 1 and path 2", length as u64);
    let [mut first, mut second] = [OnPath::new(paths[0], run.clone())?, OnPath::new(paths[1], run.clone())?];
    let last = difference.map_or(epochs, |difference| difference.epoch);
    let compared = lock_step::first_parting(&mut first, &mut second, last, &|| bar.inc(1))?;
    bar.finish_and_clear();
    if let Some(parting) = compared.parting {
        return Ok(Paths::Part(parting));
    }
    let again = |mark: &&Mark| difference.is_some_and(|difference| difference.is_unlike(mark));
    Ok(match compared.marks.iter().find(again) {
        Some(second) => Paths::NotRepeated { second: second.clone() },
        None => Paths::Agree { steps: compared.steps },
    })
}

#[cfg(test)]
mod faults;
#[cfg(test)]
mod tests;
