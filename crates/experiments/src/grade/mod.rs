//! Grading: recompute, compare with the submitted records, score, and say why.
//!
//! | module | holds |
//! |---|---|
//! | [`rubric`] | what is graded for how many points: `rubric.toml` |
//! | [`criteria`] | the checks: records in, number and verdict out |
//! | [`sheet`] | the score sheet as a terminal table and as Markdown |
//! | [`export`] | Gradescope, GitHub Classroom, JUnit |
//!
//! One broken part does not sink another: an experiment that fails, or panics, costs the criteria that need it.

pub mod criteria;
pub mod export;
pub mod rubric;
pub mod sheet;

use crate::context::Context;
use crate::registry::{EXPERIMENTS, Experiment, ExperimentError, Kind, Records};
use crate::report::ReportError;
use crate::store;
use crate::study::{self, Depth, Study};
use crate::verify::{Difference, compare, compare_beginning};
use criteria::{Evidence, Verdict};
use rubric::{Criterion, Rubric};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Everything that was recomputed.
#[derive(Clone, Debug, Default)]
pub struct Recomputed {
    /// The records that could be computed.
    pub records: Records,
    /// Why an experiment gave none, by its id.
    pub failures: BTreeMap<String, String>,
    /// Where the submitted records are not what was recomputed.
    pub differences: Vec<Difference>,
    /// How many files were compared.
    pub compared: usize,
}

/// A criterion with what it earned.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The criterion.
    pub criterion: Criterion,
    /// What was found.
    pub verdict: Verdict,
}

impl Scored {
    /// The points earned: all or none.
    pub fn points(&self) -> f64 {
        if self.verdict.met { self.criterion.points } else { 0.0 }
    }
}

/// The score sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreSheet {
    /// Every criterion, in the rubric's order.
    pub rows: Vec<Scored>,
    /// The points needed.
    pub pass: f64,
}

impl ScoreSheet {
    /// The points earned.
    pub fn points(&self) -> f64 {
        self.rows.iter().map(Scored::points).sum()
    }

    /// The points that can be earned.
    pub fn possible(&self) -> f64 {
        self.rows.iter().map(|row| row.criterion.points).sum()
    }

    /// Whether every criterion is met.
    pub fn all_met(&self) -> bool {
        self.rows.iter().all(|row| row.verdict.met)
    }

    /// Whether the points reach what the rubric asks; strictly, whether every criterion is met.
    pub fn passes(&self, strict: bool) -> bool {
        if strict { self.all_met() } else { self.points() >= self.pass }
    }
}

/// Runs the given experiments again and compares their files with those in `results`.
pub fn recompute(context: &Context, results: &Path, experiments: &[&Experiment]) -> Recomputed {
    let mut recomputed = Recomputed::default();
    for experiment in experiments {
        let check = || check(context, results, experiment, &mut recomputed.records);
        match catch_unwind(AssertUnwindSafe(check)) {
            Ok(Ok(checked)) => {
                recomputed.compared += checked.files;
                recomputed.differences.extend(checked.differences);
            }
            Ok(Err(error)) => {
                recomputed.failures.insert(experiment.id.to_owned(), error.to_string());
            }
            Err(_) => {
                let why = "it panicked; this is a bug of ours, the message stands above".to_owned();
                recomputed.failures.insert(experiment.id.to_owned(), why);
            }
        }
    }
    recomputed
}

/// What the files of one experiment showed.
struct Checked {
    files: usize,
    differences: Vec<Difference>,
}

/// Runs an experiment again, at the context's depth, and compares.
fn check(
    context: &Context,
    results: &Path,
    experiment: &Experiment,
    records: &mut Records,
) -> Result<Checked, ExperimentError> {
    if let (Kind::Parts(study), Depth::Beginning) = (&experiment.kind, context.depth) {
        return check_beginnings(context, results, experiment, study, records);
    }
    let artifacts = experiment.run(context, records)?;
    let differences = artifacts.iter().flat_map(|artifact| compare(results, artifact)).collect();
    Ok(Checked { files: artifacts.len(), differences })
}

/// Computes the beginning of every part of a study, and the conclusions from the submitted parts.
fn check_beginnings(
    context: &Context,
    results: &Path,
    experiment: &Experiment,
    study: &Study,
    records: &mut Records,
) -> Result<Checked, ExperimentError> {
    let file = experiment.files[0];
    let submitted: study::Record = store::read_json(results.join(file)).map_err(ReportError::Store)?;
    let parts = (study.parts)(Depth::Beginning);
    let beginnings = study.compute_all(context, experiment.id, &parts, Depth::Beginning)?;
    let pairs = submitted.parts.iter().zip(&beginnings).enumerate();
    let mut differences: Vec<Difference> = pairs
        .flat_map(|(i, (submitted, beginning))| {
            compare_beginning(file, &format!("parts[{i}]"), submitted, beginning)
        })
        .collect();
    if submitted.parts.len() != parts.len() {
        differences.push(Difference {
            file: file.to_owned(),
            key: "parts".to_owned(),
            submitted: format!("{} of them", submitted.parts.len()),
            recomputed: format!("{} of them", parts.len()),
        });
    }
    let artifacts = experiment.conclude(study, submitted.parts, records)?;
    differences.extend(artifacts.iter().flat_map(|artifact| compare(results, artifact)));
    Ok(Checked { files: artifacts.len(), differences })
}

/// Recomputes every experiment and scores the rubric.
pub fn grade(context: &Context, results: &Path, rubric: &Rubric) -> (ScoreSheet, Recomputed) {
    let recomputed = recompute(context, results, &EXPERIMENTS.iter().collect::<Vec<_>>());
    (score(rubric, &recomputed), recomputed)
}

/// Scores what was recomputed.
pub fn score(rubric: &Rubric, recomputed: &Recomputed) -> ScoreSheet {
    let row = |criterion: &Criterion| {
        let check = || (criterion.check.function())(recomputed, criterion.bar);
        let verdict = match catch_unwind(AssertUnwindSafe(check)) {
            Ok(Ok(verdict)) => verdict,
            Ok(Err(why)) => Verdict::not_met(Evidence::without_number(why)),
            Err(_) => Verdict::not_met(Evidence::without_number("the check panicked; this is a bug of ours")),
        };
        Scored { criterion: criterion.clone(), verdict }
    };
    ScoreSheet { rows: rubric.criteria.iter().map(row).collect(), pass: rubric.pass }
}

#[cfg(test)]
mod tests;
