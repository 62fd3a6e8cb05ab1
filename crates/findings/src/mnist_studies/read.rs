//! The records of the studies, typed.

use crate::{ReportError, Sources};
use experiments::mnist::studies::{SeedRun, Summary, final_recipe, original, selection, small, sprint};
use records::Record;

pub(crate) fn recipe(of: &Sources) -> Result<final_recipe::Conclusions, ReportError> {
    of.conclusions("mnist-recipe")
}

/// The runs of the recipe, and what follows from them.
pub(super) fn recipe_runs(of: &Sources) -> Result<Record<SeedRun, final_recipe::Conclusions>, ReportError> {
    of.study("mnist-recipe")
}

/// The runs of the original's recipe, and what follows from them.
pub(crate) fn original_runs(of: &Sources) -> Result<Record<SeedRun, original::Conclusions>, ReportError> {
    of.study("mnist-original")
}

pub(crate) fn candidates(of: &Sources) -> Result<selection::Conclusions, ReportError> {
    of.conclusions("mnist-selection")
}

pub(crate) fn sizes(of: &Sources) -> Result<Vec<Summary>, ReportError> {
    Ok(of.conclusions::<small::Conclusions>("mnist-small")?.sizes)
}

pub(crate) fn sprints(of: &Sources) -> Result<Vec<Summary>, ReportError> {
    Ok(of.conclusions::<sprint::Conclusions>("mnist-sprint")?.sprints)
}

/// Wrong answers of all runs together.
pub(crate) fn wrong(summary: &Summary) -> usize {
    summary.correct.iter().map(|correct| summary.total - correct).sum()
}

/// The hard digits' caption: how many there are, and of how many the label is a known error.
pub(super) fn hardest_caption(of: &Sources) -> Result<String, ReportError> {
    let hardest = recipe(of)?.hardest;
    let known = hardest.iter().filter(|hard| of.label_error(hard.index).is_some()).count();
    Ok(format!(
        "The {} test digits that at least half of the runs get wrong: label, and what the runs say. Framed: the {known} of them whose \
         label people found wrong.",
        hardest.len()
    ))
}
