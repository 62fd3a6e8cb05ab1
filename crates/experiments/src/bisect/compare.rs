//! A run held to its record, and two paths to each other.

use super::error::BisectError;
use super::lock_step::{self, Parting};
use super::mark::Mark;
use super::path::{OnPath, Path};
use super::record::{self, RecordDifference};
use super::stepwise::Stepwise;
use crate::context::Context;
use indicatif::ProgressBar;

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
    Agree { steps: usize },
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
