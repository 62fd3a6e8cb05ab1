//! R: every submitted record recomputed.

use super::verdict::{Verdict, no_result};
use experiments::verify::{LEFT_OUT, Recomputed, coverage};

pub(super) fn reproduced(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
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
        return Err(no_result(experiment, Some(why)));
    }
    let summary = coverage::summary(&recomputed.coverage, recomputed.draw.as_deref());
    let text =
        std::iter::once(summary).chain(coverage::gaps(&recomputed.coverage)).collect::<Vec<_>>().join("; ");
    let covered = recomputed.coverage.iter().map(|of| of.files).sum::<usize>() == recomputed.files;
    Ok(Verdict::when(covered && recomputed.compared == recomputed.files, 0.0, text))
}
