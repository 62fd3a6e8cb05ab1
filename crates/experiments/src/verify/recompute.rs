//! Experiments run again, and compared with what was submitted.

use super::compare::{compare, compare_part, short};
use super::{Coverage, Difference, Extent, Recomputed, Reference};
use crate::context::Context;
use crate::registry::{Computed, Experiment};
use crate::study::ExperimentError;
use crate::study::draw::Plan;
use crate::study::{Contradiction, FileLayout, Kept, Part, Study};
use records::{Artifact, Records};
use serde_json::Value;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Runs the given experiments again, as far as planned, and compares their files with those in `results`.
pub fn recompute(context: &Context, results: &Path, experiments: &[&Experiment], plan: &Plan) -> Recomputed {
    recompute_with((context, results), experiments, plan, None)
}

/// [`recompute`] with parts that another process computed.
pub(crate) fn recompute_with(
    at: (&Context, &Path),
    experiments: &[&Experiment],
    plan: &Plan,
    given: Option<&dyn Kept>,
) -> Recomputed {
    let mut recomputed = Recomputed::default();
    let mut records = Records::default();
    for experiment in experiments {
        recomputed.files += experiment.files.len();
        let check = || check(at, experiment, plan, given, &mut records);
        match catch_unwind(AssertUnwindSafe(check)) {
            Ok(Ok(checked)) => {
                recomputed.compared += checked.artifacts.len();
                let of_experiment = |(part, value)| ((experiment.id.to_owned(), part), value);
                recomputed.parts.extend(checked.parts.into_iter().map(of_experiment));
                recomputed.artifacts.extend(checked.artifacts);
                recomputed.differences.extend(checked.differences);
                let (experiment, files) = (experiment.id.to_owned(), experiment.files.len());
                recomputed.coverage.push(Coverage { experiment, files, extent: checked.extent });
            }
            Ok(Err(error)) => {
                recomputed.failures.insert(experiment.id.to_owned(), error.to_string());
            }
            Err(panic) => {
                recomputed.failures.insert(experiment.id.to_owned(), panicked(&*panic));
            }
        }
    }
    recomputed
}

/// A panic, which in a submission may be an answer that is not written yet, with its words.
fn panicked(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().copied();
    let words = words.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("it panicked: {}", words.unwrap_or("without a word"))
}

/// What the files of one experiment showed.
struct Checked {
    /// The parts that were computed.
    parts: Vec<(String, Value)>,
    artifacts: Vec<Artifact>,
    differences: Vec<Difference>,
    extent: Extent,
}

/// Runs an experiment again, as far as planned, and compares.
fn check(
    (context, results): (&Context, &Path),
    experiment: &Experiment,
    plan: &Plan,
    given: Option<&dyn Kept>,
    records: &mut Records,
) -> Result<Checked, ExperimentError> {
    let extent = match (&experiment.kind, plan.parts(experiment.id)) {
        (Computed::Parts(study), Some(drawn)) => {
            return check_drawn((context, results), (experiment, study), drawn, given, records);
        }
        (Computed::Derived(_), Some(_)) => {
            let why = format!("{} is derived as a whole: no part of it can be drawn", experiment.id);
            return Err(ExperimentError::Parts(why));
        }
        (Computed::Parts(_), None) => Extent::Full,
        (Computed::Derived(_), None) => Extent::Derived,
    };
    let artifacts = experiment.run_with(context, records, given)?;
    let parts = experiment.parts_in(records)?;
    let differences =
        artifacts.iter().flat_map(|it| compare(results, experiment.id, it, Reference::Recomputed)).collect();
    Ok(Checked { parts, artifacts, differences, extent })
}

/// Computes the drawn parts of a study in full, holds every submitted part to what it says of itself, and draws the
/// conclusions from the submitted parts.
fn check_drawn(
    (context, results): (&Context, &Path),
    (experiment, study): (&Experiment, &Study),
    drawn: &[String],
    given: Option<&dyn Kept>,
    records: &mut Records,
) -> Result<Checked, ExperimentError> {
    let (id, file) = (experiment.id, experiment.files[0]);
    let all = (study.parts)();
    let ids: Vec<String> = all.iter().map(|part| part.id.clone()).collect();
    known(id, drawn, &ids)?;
    let submitted = match submitted_parts(experiment, study, results) {
        Ok(submitted) => submitted,
        // Nothing can be compared with parts that are not there.
        Err(differences) => {
            let extent = Extent::Sampled { computed: Vec::new(), parts: ids, always: 0 };
            return Ok(Checked { parts: Vec::new(), artifacts: Vec::new(), differences, extent });
        }
    };
    let places: Vec<usize> = (0..all.len()).filter(|&place| drawn.contains(&ids[place])).collect();
    let parts: Vec<Part> = places.iter().map(|&place| all[place].clone()).collect();
    let values = study.compute_all(context, id, &parts, given)?;
    let of_part = |(&place, value)| compare_part((id, file), (place, &ids[place]), &submitted[place], value);
    let mut differences: Vec<Difference> = places.iter().zip(&values).flat_map(of_part).collect();
    let found = (study.contradictions)(context, &submitted)?;
    differences.extend(found.into_iter().map(|it| contradiction(id, file, &all, &submitted, it)));
    let artifacts = experiment.artifacts(study, submitted).unwrap_or_else(|why| {
        // Nothing has to follow from parts that contradict themselves.
        if differences.is_empty() {
            differences.push(not_of_the_study(experiment, &why));
        }
        Vec::new()
    });
    differences.extend(artifacts.iter().flat_map(|it| compare(results, id, it, Reference::Followed)));
    artifacts.iter().cloned().for_each(|artifact| records.insert(artifact));
    let extent = extent(study, &parts, ids);
    let parts = parts.into_iter().map(|part| part.id).zip(values).collect();
    Ok(Checked { parts, artifacts, differences, extent })
}

/// How much of a study with all these parts the computed ones are.
fn extent(study: &Study, computed: &[Part], parts: Vec<String>) -> Extent {
    if computed.len() == parts.len() {
        return Extent::Full;
    }
    let always = computed.iter().filter(|part| (study.of_a_submission.always)(part)).count();
    let computed = computed.iter().map(|part| part.id.clone()).collect();
    Extent::Sampled { computed, parts, always }
}

/// The values of the submitted parts, in the order of the record, or where they are not those of the study.
fn submitted_parts(
    experiment: &Experiment,
    study: &Study,
    results: &Path,
) -> Result<Vec<Value>, Vec<Difference>> {
    let parts =
        experiment.values_in_folder(results).map_err(|why| vec![not_of_the_study(experiment, &why)])?;
    let misplaced = misplaced(experiment, study, &parts);
    if misplaced.is_empty() { Ok(parts) } else { Err(misplaced) }
}

/// Says that what was submitted is no record of the study.
fn not_of_the_study(experiment: &Experiment, why: &ExperimentError) -> Difference {
    let submitted = ("parts".to_owned(), "something else".to_owned());
    unlike(experiment, submitted, format!("it is not what {} leaves: {why}", experiment.id))
}

/// Refuses a drawn part that the experiment does not have.
fn known(experiment: &str, drawn: &[String], ids: &[String]) -> Result<(), ExperimentError> {
    let unknown = drawn.iter().find(|part| !ids.contains(part));
    let refused = |part| Err(ExperimentError::Parts(format!("{experiment} has no part `{part}`")));
    unknown.map_or(Ok(()), refused)
}

/// Where the submitted parts are not those of the study: one that is missing, invented, or in another's place.
/// In a file of a layout of its own the places alone say which part is which.
fn misplaced(experiment: &Experiment, study: &Study, submitted: &[Value]) -> Vec<Difference> {
    let all = (study.parts)();
    if submitted.len() != all.len() {
        let (found, expected) =
            (format!("{} parts", submitted.len()), format!("the study has {}", all.len()));
        return vec![unlike(experiment, ("parts".to_owned(), found), expected)];
    }
    let other = |(place, (part, value)): (usize, (&Part, &Value))| {
        let found = value["id"].as_str();
        let why = format!("the study's part {} is {}", place + 1, part.id);
        let key = format!("parts[{place}].id");
        let says_it = matches!(study.layout, FileLayout::Parts(_));
        (says_it && found != Some(&part.id))
            .then(|| unlike(experiment, (key, found.unwrap_or("none").to_owned()), why))
    };
    all.iter().zip(submitted).enumerate().filter_map(other).collect()
}

/// A difference at a place at which no part of the study stands.
fn unlike(experiment: &Experiment, (key, submitted): (String, String), why: String) -> Difference {
    Difference {
        experiment: experiment.id.to_owned(),
        file: experiment.files[0].to_owned(),
        key,
        part: None,
        epoch: None,
        submitted,
        reference: Reference::Contradiction(why),
    }
}

/// A contradiction as a difference.
fn contradiction(
    experiment: &str,
    file: &str,
    all: &[Part],
    submitted: &[Value],
    it: Contradiction,
) -> Difference {
    let within = if it.key.is_empty() { String::new() } else { format!(".{}", it.key) };
    let pointer = format!("/{}", it.key.replace(['.', '['], "/").replace(']', ""));
    let value = if it.key.is_empty() { None } else { submitted[it.part].pointer(&pointer) };
    Difference {
        experiment: experiment.to_owned(),
        file: file.to_owned(),
        key: format!("parts[{}]{within}", it.part),
        part: Some(all[it.part].id.clone()),
        epoch: None,
        submitted: value.map_or("a part".to_owned(), |value| short(value.to_string())),
        reference: Reference::Contradiction(it.why),
    }
}

#[cfg(test)]
mod tests;
