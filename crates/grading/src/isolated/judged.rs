//! In the process of a check: what was written down, read and judged.

use crate::criteria::{REPRODUCED, Verdict, counted, put};
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
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// In the process of a check: what it finds in `folder`, in the submitted records where a part was not computed again,
/// and in what was handed in.
///
/// # Errors
/// [`StoreError`] when an outcome is not there.
pub fn check_from(
    (folder, submitted): (&Path, &Path),
    all: &[Experiment],
    criterion: &Criterion,
    hand_in: &HandInSource,
    inputs: &DrawnInputs,
) -> Result<Verdict, StoreError> {
    let mut recomputed = recomputed_in((folder, submitted), all, criterion)?;
    if criterion.check.name != REPRODUCED {
        evaluate_digits(&mut recomputed, &hand_in.data, inputs.isa);
    }
    if criterion.rests_on_hand_in()
        && let Some(opened) = hand_in.open().map_err(|error| error.to_string()).transpose()
    {
        put(&mut recomputed, opened);
    }
    Ok(inputs.hold(criterion, judge(criterion, &recomputed), folder))
}

/// Counts the test digits of the network that was trained, or else submitted, and puts the count beside the run.
fn evaluate_digits(recomputed: &mut Recomputed, data: &Path, isa: Isa) {
    let Ok(run) = recomputed.part_or_submitted::<RunWithTensors>("mnist", REGISTERED) else { return };
    counted(recomputed, digits::counted(&run, data, isa).map_err(|error| error.to_string()));
}

/// What was recomputed into a folder, as far as a criterion rests on it; beside it what was submitted of the parts that
/// were not asked for.
fn recomputed_in(
    (folder, submitted): (&Path, &Path),
    all: &[Experiment],
    criterion: &Criterion,
) -> Result<Recomputed, StoreError> {
    let mut recomputed = Recomputed::default();
    for experiment in all.iter().filter(|it| criterion.rests_on(it)) {
        let outcome: RecomputeOutcome = store::read_json(outcome_file(folder, experiment.id))?;
        recomputed.files += experiment.files.len();
        recomputed.compared += outcome.compared;
        recomputed.differences.extend(outcome.differences);
        recomputed.coverage.extend(outcome.coverage);
        recomputed.draw = recomputed.draw.or(outcome.draw);
        // What was not asked for is not read, even if a student's program wrote such a file.
        let asked = |part: &String| !outcome.not_asked.contains(part);
        for part in experiment.part_ids().into_iter().filter(asked) {
            let file = part_file(folder, experiment.id, &part);
            if file.exists() || outcome.failure.is_none() {
                recomputed.parts.insert((experiment.id.to_owned(), part), store::read_json(file)?);
            }
        }
        let of_submitted = submitted_parts(experiment, submitted, &outcome.not_asked);
        recomputed.submitted.extend(of_submitted);
        let named = |(part, why)| (format!("{}/{part}", experiment.id), why);
        recomputed.failures.extend(outcome.parts.into_iter().map(named));
        recomputed.failures.extend(outcome.failure.map(|why| (experiment.id.to_owned(), why)));
    }
    Ok(recomputed)
}

/// These parts as they were submitted; none where the records are not there or are something else, which the criterion
/// then says.
fn submitted_parts(
    experiment: &Experiment,
    submitted: &Path,
    wanted: &[String],
) -> BTreeMap<(String, String), Value> {
    if wanted.is_empty() {
        return BTreeMap::new();
    }
    let parts = experiment.parts_in_folder(submitted).unwrap_or_default().into_iter();
    let wanted = parts.filter(|(part, _)| wanted.contains(part));
    wanted.map(|(part, value)| ((experiment.id.to_owned(), part), value)).collect()
}
