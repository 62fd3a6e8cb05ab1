//! R: every submitted record recomputed.

use super::check::Check;
use super::unjudged::Unjudged;
use super::verdict::Verdict;
use experiments::verify::{Difference, LEFT_OUT, Recomputed, Reference, coverage};

/// The name of the check that every submitted record is recomputed.
pub const REPRODUCED: &str = "reproduced";

pub(super) const CHECKS: &[Check] = &[Check {
    name: REPRODUCED,
    judge: reproduced,
    controls: &[
        |of, bar| of.differences.extend((0..=bar as usize).map(|_| difference())),
        |of, _| of.compared -= 1,
        |of, _| drop(of.coverage.pop()),
    ],
}];

/// An edited digit.
fn difference() -> Difference {
    let [experiment, file, key] = ["theory", "theory.json", "std_dev[0].value"].map(str::to_owned);
    let reference = Reference::Recomputed("2".to_owned());
    Difference { experiment, file, key, part: None, epoch: None, submitted: "3".to_owned(), reference }
}

fn reproduced(recomputed: &Recomputed, bar: f64) -> Result<Verdict, Unjudged> {
    let found = recomputed.differences.len();
    if let Some(first) = recomputed.differences.first() {
        let text = format!("{found} values differ from the submitted ones, the first: {first}");
        return Ok(Verdict::when(
            recomputed.compared == recomputed.files && found as f64 <= bar,
            found as f64,
            text,
        ));
    }
    // The first that failed by itself says more than those that were left out because of it.
    let by_itself = recomputed.failures.iter().find(|(_, why)| !why.starts_with(LEFT_OUT));
    if let Some((experiment, why)) = by_itself.or_else(|| recomputed.failures.iter().next()) {
        return Err(Unjudged::NoResult { experiment: experiment.clone(), why: why.clone() });
    }
    let summary = coverage::summary(&recomputed.coverage, recomputed.draw.as_deref());
    let text =
        std::iter::once(summary).chain(coverage::gaps(&recomputed.coverage)).collect::<Vec<_>>().join("; ");
    let covered = recomputed.coverage.iter().map(|of| of.files).sum::<usize>() == recomputed.files;
    Ok(Verdict::when(covered && recomputed.compared == recomputed.files, 0.0, text))
}
