//! Every experiment, every check and every test as a process of its own, with limits.
//!
//! ```text
//! experiment   PROGRAM recompute REQUEST            its parts, ID.PART.part.json, see `experiments::request`
//! part         PROGRAM recompute REQUEST            one part of an experiment that fails as a whole
//! comparison   coursework recompute REQUEST         its files from those parts, and ID.outcome.json
//! check        coursework check ID --from FOLDER    a verdict, from those files, or from a hand-in
//! answers      PROGRAM recompute QUESTION           TOPIC.answers.json, on drawn inputs, see `drawn`
//! test         the program that cargo built         see proofs
//! ```
//!
//! So a panic, an endless loop or an allocation without end costs what rests on it, and the rest goes on. Checks are
//! always made by the grader's own program.

use crate::check_process::verdict;
use crate::limits::{Call, Limits, run};
use crate::proofs::{self, BuiltTests, TestName};
use crate::rubric::{Criterion, Rubric};
use crate::{Ran, ScoreSheet, Scored};
use experiments::registry::Experiment;
use experiments::request::{COMMAND, RecomputeOutcome, Request, Scope, Task, Work, outcome_file, part_file};
use experiments::verify::{Coverage, Difference, LEFT_OUT};
use records::store;
use serde_json::Value;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

/// How many times shorter a part's limit is than its experiment's.
const PARTS_IN_AN_EXPERIMENT: f64 = 10.0;

/// Why an experiment is not computed as a whole whose planned parts are not as submitted.
const LOST: &str = "its planned parts are not as submitted, and the others were not computed, because every \
                        criterion that judges it is lost by answers on drawn inputs";

/// What grading found: the score sheet, and where records differ.
#[derive(Clone, Debug)]
pub struct Graded {
    /// The score sheet.
    pub sheet: ScoreSheet,
    /// The differences, in the order of the registry.
    pub differences: Vec<Difference>,
    /// What was computed again, in that order.
    pub coverage: Vec<Coverage>,
    /// The criteria that are lost by the crates' answers on drawn inputs.
    pub lost: BTreeSet<String>,
}

impl Grader {
    /// Recomputes what the rubric's criteria rest on, builds their tests, and scores each criterion by itself. `say`
    /// hears what is done next.
    pub fn grade(&self, rubric: &Rubric, say: &dyn Fn(&str)) -> Graded {
        // Walls have a door only to a folder that is there; what cannot be written is told when it is not.
        let _ = std::fs::create_dir_all(&self.folder);
        self.ask_all(rubric, say);
        let (ran, differences, coverage) = self.recompute_all(rubric, say);
        let tests: Vec<&TestName> = rubric.criteria.iter().flat_map(|criterion| &criterion.tests).collect();
        say("building tests");
        let built = proofs::build(&self.cargo, &tests, rubric.limits(rubric.build_limit_s));
        let row = |criterion: &Criterion| {
            say(&format!("checking {}", criterion.id));
            self.criterion(rubric, criterion, &built)
        };
        let rows: Vec<Scored> = rubric.criteria.iter().map(row).collect();
        let not_met = rows.iter().filter(|row| !row.met()).map(|row| &row.criterion);
        let lost = not_met.filter(|it| self.is_lost(it)).map(|it| it.id.clone()).collect();
        let sheet = ScoreSheet {
            rows,
            pass: rubric.pass,
            ran,
            build_seconds: built.seconds,
            notes: self.notes(rubric),
        };
        Graded { sheet, differences, coverage, lost }
    }

    /// Recomputes what the criteria rest on: how long each took, where records differ, and what was computed.
    fn recompute_all(
        &self,
        rubric: &Rubric,
        say: &dyn Fn(&str),
    ) -> (Vec<Ran>, Vec<Difference>, Vec<Coverage>) {
        let mut ran = Vec::new();
        let (mut differences, mut coverage) = (Vec::new(), Vec::new());
        let mut failed: Option<String> = None;
        for experiment in self.experiments.iter().filter(|it| rubric.rests_on(it)) {
            let began = Instant::now();
            let outcome = match &failed {
                // That not every record is reproduced is known by now.
                Some(first) if rubric.only_reproduces(experiment) => {
                    self.note(experiment, failed_by(format!("{LEFT_OUT}, because {first} failed")))
                }
                _ => {
                    say(&format!("recomputing {}", experiment.id));
                    self.experiment(rubric, experiment)
                }
            };
            if outcome.failure.is_some() {
                failed.get_or_insert_with(|| experiment.id.to_owned());
            }
            ran.push(Ran { experiment: experiment.id.to_owned(), seconds: began.elapsed().as_secs_f64() });
            differences.extend(outcome.differences);
            coverage.extend(outcome.coverage);
        }
        (ran, differences, coverage)
    }

    /// These seconds, or what is left of the whole grading, and the memory of the rubric.
    fn limits(&self, rubric: &Rubric, seconds: f64) -> Limits {
        let left = self.until.map(|until| until.saturating_duration_since(Instant::now()).as_secs_f64());
        rubric.limits(left.map_or(seconds, |left| left.round().min(seconds)))
    }

    /// What drew the inputs, if the crates were asked on any.
    fn notes(&self, rubric: &Rubric) -> Vec<String> {
        let asks = rubric.criteria.iter().any(|criterion| criterion.topics().next().is_some());
        let inputs = self.inputs;
        let note = || format!("the inputs on which the crates were asked are those of --spot-check {inputs}");
        asks.then(note).into_iter().collect()
    }

    /// Recomputes an experiment as planned. **Where a criterion judges it, what was submitted is judged only where the
    /// planned parts are as submitted**: otherwise every part is computed, unless no criterion can be met by that. What
    /// becomes of it is in its outcome, which is there in every case.
    fn experiment(&self, rubric: &Rubric, experiment: &Experiment) -> RecomputeOutcome {
        let decides = LazyCell::new(|| self.can_be_met(rubric, experiment));
        let drawn = self.plan.parts(experiment.id);
        let planned = self.as_a_whole(rubric, experiment, drawn);
        let mut outcome = match (planned, drawn) {
            (Ok(planned), Some(drawn)) if planned.holds() || rubric.only_reproduces(experiment) => {
                let not_asked = experiment.part_ids().into_iter().filter(|part| !drawn.contains(part));
                RecomputeOutcome { not_asked: not_asked.collect(), ..planned }
            }
            (Ok(_), Some(_)) if *decides => {
                self.as_a_whole(rubric, experiment, None).unwrap_or_else(failed_by)
            }
            (Ok(planned), Some(_)) => RecomputeOutcome { failure: Some(LOST.to_owned()), ..planned },
            (planned, _) => planned.unwrap_or_else(failed_by),
        };
        if outcome.failure.is_some() && experiment.part_ids().len() > 1 && *decides {
            outcome.parts = self.part_by_part(rubric, experiment);
        }
        outcome.draw.clone_from(&self.draw);
        self.note(experiment, outcome)
    }

    /// Computes each part of an experiment by itself: why those are not there that are not.
    fn part_by_part(&self, rubric: &Rubric, experiment: &Experiment) -> BTreeMap<String, String> {
        let seconds = self.seconds(rubric, experiment, self.plan.parts(experiment.id));
        let limits = self.limits(rubric, seconds / PARTS_IN_AN_EXPERIMENT);
        let missing = |part: String| {
            let request = self.request(experiment, Task::Compute, Scope::Part(part.clone()));
            let there = self.call(&self.program, &Work::Experiment(request), limits).and_then(|()| {
                let file = part_file(&self.folder, experiment.id, &part);
                store::read_json::<Value>(file).map_err(|error| error.to_string())
            });
            there.err().map(|why| (part, why))
        };
        experiment.part_ids().into_iter().filter_map(missing).collect()
    }

    /// The seconds that these parts of an experiment may take.
    fn seconds(&self, rubric: &Rubric, experiment: &Experiment, drawn: Option<&[String]>) -> f64 {
        // `--full` leaves the long studies without a draw.
        match (drawn, experiment.is_sampled()) {
            (Some(_), _) => rubric.experiment_limit_s + self.draw_limit_s,
            (None, true) => rubric.full_experiment_limit_s,
            (None, false) => rubric.experiment_limit_s,
        }
    }

    /// Has these parts of an experiment, or all of them, computed by one process and compared by another.
    fn as_a_whole(
        &self,
        rubric: &Rubric,
        experiment: &Experiment,
        drawn: Option<&[String]>,
    ) -> Result<RecomputeOutcome, String> {
        let seconds = self.seconds(rubric, experiment, drawn);
        let scope = drawn.map_or(Scope::All, |parts| Scope::Drawn(parts.to_vec()));
        if experiment.study().is_some() && scope != Scope::Drawn(Vec::new()) {
            let request = self.request(experiment, Task::Compute, scope.clone());
            self.call(&self.program, &Work::Experiment(request), self.limits(rubric, seconds))?;
        }
        let compare = self.request(experiment, Task::Compare(self.results.clone()), scope);
        self.call(&self.checker, &Work::Experiment(compare), rubric.limits(seconds))?;
        let file = outcome_file(&self.folder, experiment.id);
        store::read_json(file).map_err(|error| error.to_string())
    }

    fn request(&self, experiment: &Experiment, task: Task, scope: Scope) -> Request {
        Request {
            experiment: experiment.id.to_owned(),
            task,
            into: self.folder.clone(),
            scope,
            data: self.data.clone(),
            rubric: self.rubric.clone(),
            threads: self.threads,
            isa: self.isa.name().to_owned(),
        }
    }

    /// Has a program do a piece of work.
    fn call(&self, program: &Path, work: &Work, limits: Limits) -> Result<(), String> {
        let request = serde_json::to_string(work).map_err(|error| error.to_string())?;
        let walls = self.walls.clone().filter(|_| program == self.program);
        let ended = run(&Call { walls, ..Call::new(program, &[COMMAND, &request]) }, limits);
        if ended.well() { Ok(()) } else { Err(ended.why(limits)) }
    }

    /// Writes an outcome down. If that fails, the check says that it is not there.
    fn note(&self, experiment: &Experiment, outcome: RecomputeOutcome) -> RecomputeOutcome {
        let _ = store::write_json(outcome_file(&self.folder, experiment.id), &outcome);
        outcome
    }

    fn criterion(&self, rubric: &Rubric, criterion: &Criterion, built: &BuiltTests) -> Scored {
        let began = Instant::now();
        let path = |path: &Path| path.display().to_string();
        let of_pages = [("--hand-in", path(&self.hand_in.file)), ("--results", path(&self.hand_in.results))];
        let mut options = vec![
            ("--from", path(&self.folder)),
            ("--submitted", path(&self.results)),
            ("--rubric", path(&self.rubric)),
            ("--inputs", self.inputs.to_string()),
            ("--isa", self.isa.name().to_owned()),
            ("--data", path(&self.hand_in.data)),
        ];
        options.extend(of_pages.into_iter().filter(|_| criterion.rests_on_hand_in()));
        // The check is the grader's own: it has its time whatever was left.
        let limits = rubric.limits(criterion.time_limit_s);
        let verdict = verdict(&self.checker, &criterion.id, &options, limits);
        let of_tests = self.limits(rubric, criterion.time_limit_s);
        let proofs = criterion.tests.iter().map(|test| built.prove(test, of_tests)).collect();
        Scored { criterion: criterion.clone(), verdict, proofs, seconds: began.elapsed().as_secs_f64() }
    }
}

/// An experiment without files.
fn failed_by(why: String) -> RecomputeOutcome {
    RecomputeOutcome { failure: Some(why), ..RecomputeOutcome::default() }
}

mod asked;
mod grader;
mod judged;

pub use grader::Grader;
pub use judged::check_from;

#[cfg(all(test, unix))]
mod for_tests;
#[cfg(all(test, unix))]
mod tests;
