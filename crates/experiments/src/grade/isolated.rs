//! Every experiment, every check and every test as a process of its own, with limits.
//!
//! ```text
//! experiment   coursework recompute ID --into FOLDER    its files and ID.outcome.json
//! check        coursework check ID --from FOLDER        a verdict, from those files
//! piece        coursework recompute ID --piece NAME ..  one answer of an experiment that fails as a whole: NAME.piece.json
//! test         the program that cargo built             see proofs
//! ```
//!
//! So a panic, an endless loop or an allocation without end costs what rests on it, and the rest goes on. A check reads files and
//! computes no answer: it is always made by the grader's own program, also where a submission's recomputed.

use super::cargo::Cargo;
use super::criteria::{Evidence, Verdict};
use super::limits::{Call, Limits, run};
use super::pieces::Pieces;
use super::proofs::{self, Built, TestName};
use super::rubric::{Criterion, Rubric};
use super::{Ran, Recomputed, ScoreSheet, Scored, judge, recompute};
use crate::context::Context;
use crate::registry::{EXPERIMENTS, Experiment, ExperimentError};
use crate::store::{self, StoreError};
use crate::study::draw::Plan;
use crate::verify::{Coverage, Difference};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What recomputing one experiment gave, beside its files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Why there are no files.
    pub failure: Option<String>,
    /// How many files were compared.
    pub compared: usize,
    /// Where they differ.
    pub differences: Vec<Difference>,
    /// Why a piece is not there, where the experiment was recomputed piece by piece.
    pub pieces: BTreeMap<String, String>,
    /// What was computed again.
    pub coverage: Option<Coverage>,
    /// The options that repeat the draw of the parts that were computed, if there was one.
    pub draw: Option<String>,
}

/// How to grade.
#[derive(Clone, Debug)]
pub struct Grader {
    /// The command `coursework` that recomputes.
    pub program: PathBuf,
    /// The one that checks.
    pub checker: PathBuf,
    /// How the tests are built, and where.
    pub cargo: Cargo,
    /// Where what is recomputed goes.
    pub folder: PathBuf,
    /// The options that every call gets: where things lie, threads, instruction set.
    pub options: Vec<String>,
    /// What is recomputed of each experiment.
    pub plan: Plan,
    /// The options that repeat the draw of the plan, if there was one.
    pub draw: Option<String>,
    /// Seconds that the draw adds to an experiment's limit.
    pub draw_limit_s: f64,
}

/// What is said of an experiment that was not tried.
pub(super) const LEFT_OUT: &str = "it was not recomputed";

/// How many times shorter a piece's limit is than its experiment's.
const PIECES_IN_AN_EXPERIMENT: f64 = 10.0;

fn outcome_file(folder: &Path, experiment: &str) -> PathBuf {
    folder.join(format!("{experiment}.outcome.json"))
}

/// In the process of an experiment: recomputes it into `folder`. An experiment that is derived from others takes theirs there.
///
/// # Errors
/// [`StoreError`] when the folder cannot be written.
pub fn recompute_into(
    folder: &Path,
    context: &Context,
    results: &Path,
    experiment: &Experiment,
    plan: &Plan,
) -> Result<(), StoreError> {
    let context = Context { results_dir: folder.to_owned(), ..context.clone() };
    let recomputed = recompute(&context, results, &[experiment], plan);
    for artifact in &recomputed.artifacts {
        store::write_atomically(folder.join(&artifact.name), &artifact.bytes)?;
    }
    let failure = recomputed.failures.into_values().next();
    let (compared, differences) = (recomputed.compared, recomputed.differences);
    let coverage = recomputed.coverage.into_iter().next();
    let outcome = Outcome { failure, compared, differences, coverage, ..Outcome::default() };
    store::write_json(outcome_file(folder, experiment.id), &outcome)
}

/// In the process of a piece: computes it into `folder`.
///
/// # Errors
/// When it cannot be computed, or the folder cannot be written.
pub fn piece_into(folder: &Path, context: &Context, name: &str) -> Result<(), ExperimentError> {
    let piece = Pieces::compute(name, context)?;
    Ok(store::write_json(piece_file(folder, name), &piece)?)
}

fn piece_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.piece.json"))
}

/// In the process of a check: what it finds in `folder`.
///
/// # Errors
/// [`StoreError`] when an outcome is not there.
pub fn check_from(folder: &Path, criterion: &Criterion) -> Result<Verdict, StoreError> {
    let mut recomputed = Recomputed::default();
    for experiment in EXPERIMENTS.iter().filter(|it| criterion.rests_on(it)) {
        let outcome: Outcome = store::read_json(outcome_file(folder, experiment.id))?;
        recomputed.files += experiment.files.len();
        recomputed.compared += outcome.compared;
        recomputed.differences.extend(outcome.differences);
        recomputed.coverage.extend(outcome.coverage);
        recomputed.draw = recomputed.draw.or(outcome.draw);
        let failure = match outcome.failure {
            None => recomputed.records.read(folder, experiment).err().map(|error| error.to_string()),
            why => why,
        };
        if failure.is_some() {
            for name in Pieces::of(experiment.id).iter().filter(|name| !outcome.pieces.contains_key(*name)) {
                recomputed.pieces.join(store::read_json(piece_file(folder, name))?);
            }
        }
        let named = |(name, why)| (format!("{}/{name}", experiment.id), why);
        recomputed.failures.extend(outcome.pieces.into_iter().map(named));
        recomputed.failures.extend(failure.map(|why| (experiment.id.to_owned(), why)));
    }
    Ok(judge(criterion, &recomputed))
}

/// What grading found: the score sheet, and where records differ.
#[derive(Clone, Debug)]
pub struct Graded {
    /// The score sheet.
    pub sheet: ScoreSheet,
    /// The differences, in the order of the registry.
    pub differences: Vec<Difference>,
    /// What was computed again, in that order.
    pub coverage: Vec<Coverage>,
}

impl Grader {
    /// Recomputes what the rubric's criteria rest on, builds their tests, and scores each criterion by itself. `say` hears
    /// what is done next.
    pub fn grade(&self, rubric: &Rubric, say: &dyn Fn(&str)) -> Graded {
        let mut ran = Vec::new();
        let (mut differences, mut coverage) = (Vec::new(), Vec::new());
        let mut failed: Option<String> = None;
        for experiment in EXPERIMENTS.iter().filter(|it| rubric.rests_on(it)) {
            let began = Instant::now();
            let outcome = match &failed {
                // That not every record is reproduced is known by now.
                Some(first) if rubric.only_reproduces(experiment) => {
                    let why = format!("{LEFT_OUT}, because {first} failed");
                    self.note(experiment, Outcome { failure: Some(why), ..Outcome::default() })
                }
                _ => {
                    say(&format!("recomputing {}", experiment.id));
                    self.experiment(rubric, experiment)
                }
            };
            if outcome.failure.is_some() {
                failed.get_or_insert_with(|| experiment.id.to_owned());
            }
            differences.extend(outcome.differences);
            coverage.extend(outcome.coverage);
            let seconds = began.elapsed().as_secs_f64();
            ran.push(Ran { experiment: experiment.id.to_owned(), seconds });
        }
        let tests: Vec<&TestName> = rubric.criteria.iter().flat_map(|criterion| &criterion.tests).collect();
        say("building tests");
        let built = proofs::build(&self.cargo, &tests, rubric.limits(rubric.build_limit_s));
        let row = |criterion: &Criterion| {
            say(&format!("checking {}", criterion.id));
            self.criterion(rubric, criterion, &built)
        };
        let rows = rubric.criteria.iter().map(row).collect();
        let sheet =
            ScoreSheet { rows, pass: rubric.pass, ran, build_seconds: built.seconds, notes: Vec::new() };
        Graded { sheet, differences, coverage }
    }

    /// Recomputes an experiment, piece by piece if it fails as a whole. What becomes of it is in its outcome, which is there in
    /// every case.
    fn experiment(&self, rubric: &Rubric, experiment: &Experiment) -> Outcome {
        let drawn = self.plan.parts(experiment.id);
        let drawn = drawn.map(|parts| parts.join(","));
        // `--full` leaves the long studies without a draw.
        let is_long = experiment.study().is_some_and(|(_, study)| study.sample.is_some());
        let seconds = match (&drawn, is_long) {
            (Some(_), _) => rubric.experiment_limit_s + self.draw_limit_s,
            (None, true) => rubric.full_experiment_limit_s,
            (None, false) => rubric.experiment_limit_s,
        };
        let limits = rubric.limits(seconds);
        let options: Vec<&str> = drawn.iter().flat_map(|parts| ["--parts", parts]).collect();
        let ended = self.recompute(experiment, &options, limits);
        let outcome: Result<Outcome, String> = match ended {
            Ok(()) => {
                store::read_json(outcome_file(&self.folder, experiment.id)).map_err(|error| error.to_string())
            }
            Err(why) => Err(why),
        };
        let mut outcome = outcome.unwrap_or_else(|why| Outcome { failure: Some(why), ..Outcome::default() });
        outcome.draw.clone_from(&self.draw);
        if outcome.failure.is_some() {
            for name in Pieces::of(experiment.id) {
                let limits = rubric.limits(seconds / PIECES_IN_AN_EXPERIMENT);
                let there = self.recompute(experiment, &["--piece", &name], limits).and_then(|()| {
                    let piece = store::read_json::<Pieces>(piece_file(&self.folder, &name));
                    piece.map(|_| ()).map_err(|error| error.to_string())
                });
                if let Err(why) = there {
                    outcome.pieces.insert(name, why);
                }
            }
        }
        self.note(experiment, outcome)
    }

    /// Has an experiment recomputed, with these options.
    fn recompute(&self, experiment: &Experiment, options: &[&str], limits: Limits) -> Result<(), String> {
        let folder = self.folder.display().to_string();
        let arguments = [&["recompute", experiment.id, "--into", &folder], options].concat();
        let ended = run(&self.call(&self.program, &arguments), limits);
        if ended.well() { Ok(()) } else { Err(ended.why(limits)) }
    }

    /// Writes an outcome down. If that fails, the check says that it is not there.
    fn note(&self, experiment: &Experiment, outcome: Outcome) -> Outcome {
        let _ = store::write_json(outcome_file(&self.folder, experiment.id), &outcome);
        outcome
    }

    fn criterion(&self, rubric: &Rubric, criterion: &Criterion, built: &Built) -> Scored {
        let began = Instant::now();
        let limits = rubric.limits(criterion.time_limit_s);
        let folder = self.folder.display().to_string();
        let ended = run(&self.call(&self.checker, &["check", &criterion.id, "--from", &folder]), limits);
        let verdict = if ended.well() {
            serde_json::from_str(&ended.stdout).map_err(|error| format!("its check gave no verdict: {error}"))
        } else {
            Err(format!("its check gave no verdict: {}", ended.why(limits)))
        };
        let verdict = verdict.unwrap_or_else(|why| Verdict::not_met(Evidence::without_number(why)));
        let proofs = criterion.tests.iter().map(|test| built.prove(test, limits)).collect();
        let seconds = began.elapsed().as_secs_f64();
        Scored { criterion: criterion.clone(), verdict, proofs, seconds }
    }

    fn call(&self, program: &Path, arguments: &[&str]) -> Call {
        let arguments = arguments.iter().map(|it| (*it).to_owned()).chain(self.options.iter().cloned());
        Call { program: program.to_owned(), arguments: arguments.collect(), ..Call::default() }
    }
}

#[cfg(all(test, unix))]
mod tests;
