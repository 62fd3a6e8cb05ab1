//! In the process of a check: what was written down, read and judged.

use crate::criteria::{Verdict, counted, put};
use crate::digits;
use crate::drawn::DrawnInputs;
use crate::hand_in::HandInSource;
use crate::judge;
use crate::rubric::Criterion;
use cnn::kernels::Isa;
use experiments::mnist::studies::registered::{REGISTERED, RunWithTensors};
use experiments::registry::Experiment;
use experiments::request::{RecomputeOutcome, outcome_file, part_file};
use experiments::verify::Recomputed;
use records::store::{self, StoreError};
use std::path::Path;

/// In the process of a check: what it finds in `folder`, and in what was handed in.
///
/// # Errors
/// [`StoreError`] when an outcome is not there.
pub fn check_from(
    folder: &Path,
    all: &[Experiment],
    criterion: &Criterion,
    hand_in: &HandInSource,
    inputs: &DrawnInputs,
) -> Result<Verdict, StoreError> {
    let mut recomputed = recomputed_in(folder, all, criterion)?;
    evaluate_digits(&mut recomputed, &hand_in.data, inputs.isa);
    if criterion.rests_on_hand_in()
        && let Some(opened) = hand_in.open().map_err(|error| error.to_string()).transpose()
    {
        put(&mut recomputed, opened);
    }
    Ok(inputs.hold(criterion, judge(criterion, &recomputed), folder))
}

/// Counts the test digits of the network that was trained, if it was, and puts the count beside the run.
fn evaluate_digits(recomputed: &mut Recomputed, data: &Path, isa: Isa) {
    let Ok(run) = recomputed.part::<RunWithTensors>("mnist", REGISTERED) else { return };
    counted(recomputed, digits::counted(&run, data, isa).map_err(|error| error.to_string()));
}

/// What was recomputed into a folder, as far as a criterion rests on it.
fn recomputed_in(folder: &Path, all: &[Experiment], criterion: &Criterion) -> Result<Recomputed, StoreError> {
    let mut recomputed = Recomputed::default();
    for experiment in all.iter().filter(|it| criterion.rests_on(it)) {
        let outcome: RecomputeOutcome = store::read_json(outcome_file(folder, experiment.id))?;
        recomputed.files += experiment.files.len();
        recomputed.compared += outcome.compared;
        recomputed.differences.extend(outcome.differences);
        recomputed.coverage.extend(outcome.coverage);
        recomputed.draw = recomputed.draw.or(outcome.draw);
        // Of a draw, and of an experiment that failed, some parts are there.
        let may_be_missing = outcome.failure.is_some() || experiment.is_sampled();
        for part in experiment.part_ids() {
            let file = part_file(folder, experiment.id, &part);
            if file.exists() || !may_be_missing {
                recomputed.parts.insert((experiment.id.to_owned(), part), store::read_json(file)?);
            }
        }
        let named = |(part, why)| (format!("{}/{part}", experiment.id), why);
        recomputed.failures.extend(outcome.parts.into_iter().map(named));
        recomputed.failures.extend(outcome.failure.map(|why| (experiment.id.to_owned(), why)));
    }
    Ok(recomputed)
}
