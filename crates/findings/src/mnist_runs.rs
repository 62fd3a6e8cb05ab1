//! What the sections on the runs of P1.2 share: the recipe's conclusions, and what can be said of runs on many seeds.

use crate::cells::{grouped, number, percent};
use crate::{ReportError, Sources};
use experiments::mnist::studies::together::Missed;
use experiments::mnist::studies::{ArmSummary, SeedRun, final_recipe};
use numerics::reduce;
use records::findings::Cells;
use stats::Interval;

/// Test accuracy of P1.2 that the original reported, of its best of 20 epochs on the test part.
pub(crate) const ORIGINAL_ACCURACY: f64 = 0.99399;

/// What follows from the runs of the recipe.
pub(crate) fn recipe(of: &Sources) -> Result<final_recipe::RecipeConclusions, ReportError> {
    of.conclusions("mnist-recipe")
}

/// Wrong answers of all runs together.
pub(crate) fn wrong(summary: &ArmSummary) -> usize {
    summary.correct.iter().map(|correct| summary.total - correct).sum()
}

/// The mean accuracy as evidence.
pub(crate) fn mean_text(summary: &ArmSummary) -> String {
    format!("mean of {} runs {}", summary.correct.len(), summary.accuracy.estimate)
}

/// The fewest right answers of a run.
pub(crate) fn least(summary: &ArmSummary) -> Result<usize, ReportError> {
    summary.correct.iter().min().copied().ok_or_else(|| no_runs(summary))
}

/// The most right answers of a run.
pub(crate) fn most(summary: &ArmSummary) -> Result<usize, ReportError> {
    summary.correct.iter().max().copied().ok_or_else(|| no_runs(summary))
}

/// The runs of this name.
pub(crate) fn named<'a>(summaries: &'a [ArmSummary], arm: &str) -> Result<&'a ArmSummary, ReportError> {
    let found = summaries.iter().find(|summary| summary.arm == arm);
    found.ok_or_else(|| ReportError::missing(format!("runs of {arm}")))
}

/// Counts, mean with interval, and deviation, a line each.
pub(crate) fn spread(summary: &ArmSummary) -> Vec<(&'static str, String)> {
    let mut rows = spread_of(&summary.correct, summary.accuracy);
    rows.push(("standard deviation, points", number(100.0 * summary.accuracy_sd, 3)));
    rows
}

/// Counts, and the mean with its interval, a line each.
pub(crate) fn spread_of(correct: &[usize], accuracy: Interval) -> Vec<(&'static str, String)> {
    let counts: Vec<String> = correct.iter().map(|correct| grouped(*correct)).collect();
    vec![
        ("right, by seed", counts.join("; ")),
        ("mean", percent(accuracy.estimate, 3)),
        (
            "95 % interval of the mean",
            format!("{} to {}", percent(accuracy.low, 3), percent(accuracy.high, 3)),
        ),
    ]
}

/// The mean of a number over runs.
pub(crate) fn mean_of(runs: &[SeedRun], value: impl Fn(&SeedRun) -> f64) -> f64 {
    reduce::mean(&runs.iter().map(value).collect::<Vec<_>>())
}

/// The mean loss of runs on the images that they did not learn from, in nats.
pub(crate) fn mean_loss(runs: &[SeedRun]) -> f64 {
    mean_of(runs, |run| run.held_out_loss)
}

/// Images that runs get wrong, a line each.
pub(crate) fn missed_cells(of: &Sources, images: &[Missed]) -> Cells {
    let row = |image: &Missed| {
        let answers: Vec<String> =
            image.answers.iter().map(|(answer, runs)| format!("{answer} ({runs})")).collect();
        let known = if of.label_error(image.index).is_some() { "wrong label" } else { "" };
        let (index, label, runs) = (image.index.to_string(), image.label.to_string(), image.runs.to_string());
        vec![index, label, runs, answers.join(", "), known.to_owned()]
    };
    let heads =
        ["#place in the test part, from 0", "#label", "#runs wrong", "#answers (runs)", "people found"];
    Cells::new(&heads, images.iter().map(row).collect())
}

fn no_runs(summary: &ArmSummary) -> ReportError {
    ReportError::missing(format!("runs of {}", summary.arm))
}
