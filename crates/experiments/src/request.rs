//! One process that computes one experiment again: what `grade` begins for each, so that a panic, an endless loop or an
//! allocation without end costs what rests on that experiment, and the rest goes on.
//!
//! ```text
//! PROGRAM recompute REQUEST      to compute: EXPERIMENT.PART.part.json of each part
//!                                to compare: the experiment's files, and EXPERIMENT.outcome.json
//! PROGRAM recompute QUESTION     the crates' answers on drawn inputs, see `answers`
//! ```

use crate::answers::AnswersRequest;
use crate::context::Context;
use crate::registry::Experiment;
use crate::study::draw::Plan;
use crate::study::{ExperimentError, Kept, Part};
use crate::verify::{Coverage, Difference, recompute_with};
use cnn::kernels::Isa;
use records::store;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The word before the request.
pub const COMMAND: &str = "recompute";

/// What a process is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Work {
    Answers(AnswersRequest),
    Experiment(Request),
}

impl Work {
    /// Does it, where these are all experiments.
    ///
    /// # Errors
    /// Those of [`AnswersRequest::run`] and [`Request::run`].
    pub fn run(&self, all: &[Experiment]) -> Result<(), ExperimentError> {
        match self {
            Self::Answers(request) => request.run(),
            Self::Experiment(request) => request.run(all),
        }
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub experiment: String,
    /// Whether parts are to be computed, or compared.
    pub task: Task,
    /// The folder for its files.
    pub into: PathBuf,
    /// How much of it.
    pub scope: Scope,
    /// The folder of the data sets.
    pub data: PathBuf,
    /// The rubric, for what is derived.
    pub rubric: PathBuf,
    /// Threads.
    pub threads: usize,
    /// The instruction set of the kernels, by its name.
    pub isa: String,
}

/// Whether parts are to be computed, or compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Parts are computed and written: **all that a process with a student's code does.** It is not told where the
    /// submitted records are.
    Compute,
    /// The parts that another process wrote are compared with the submitted records in this folder, by a program in
    /// which no line of a student's is. What is derived from other records is derived here.
    Compare(PathBuf),
}

/// How much of an experiment is to be computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// All of it, compared with the submitted files.
    All,
    /// These parts of a long study; what is compared is then also what follows from the submitted parts.
    Drawn(Vec<String>),
    /// One part alone, which is compared with nothing.
    Part(String),
}

/// What recomputing one experiment gave, beside its files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecomputeOutcome {
    /// Why there are no files.
    pub failure: Option<String>,
    /// How many files were compared.
    pub compared: usize,
    /// Where they differ.
    pub differences: Vec<Difference>,
    /// Why a part is not there, where the experiment was recomputed part by part.
    pub parts: BTreeMap<String, String>,
    /// The parts that were not asked for: a check may read them as they were submitted.
    #[serde(default)]
    pub not_asked: Vec<String>,
    /// What was computed again.
    pub coverage: Option<Coverage>,
    /// The options that repeat the draw of the parts that were computed, if there was one.
    pub draw: Option<String>,
}

impl RecomputeOutcome {
    /// Whether there are files, and all that was compared is as submitted.
    pub fn holds(&self) -> bool {
        self.failure.is_none() && self.differences.is_empty()
    }
}

/// The file of an experiment's outcome.
pub fn outcome_file(folder: &Path, experiment: &str) -> PathBuf {
    folder.join(format!("{experiment}.outcome.json"))
}

/// The file of a part's value.
pub fn part_file(folder: &Path, experiment: &str, part: &str) -> PathBuf {
    folder.join(format!("{experiment}.{part}.part.json"))
}

impl Request {
    /// Does what is asked for, where these are all experiments.
    ///
    /// # Errors
    /// When the experiment is unknown, a part alone cannot be computed, or the folder cannot be written. **An
    /// experiment that fails is no error:** its outcome says why.
    pub fn run(&self, all: &[Experiment]) -> Result<(), ExperimentError> {
        let isa: Isa = self.isa.parse().map_err(ExperimentError::failed)?;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads).build();
        let pool = pool.map_err(ExperimentError::failed)?;
        let context = Context {
            data_dir: self.data.clone(),
            // An experiment that is derived from others takes theirs from there.
            results_dir: self.into.clone(),
            unfinished: None,
            rubric: self.rubric.clone(),
            isa,
            show_progress: false,
            loaded: Arc::default(),
        };
        let ids = std::slice::from_ref(&self.experiment);
        pool.install(|| {
            Experiment::select(all, ids)?.into_iter().try_for_each(|experiment| match &self.task {
                Task::Compute => self.compute(&context, experiment),
                Task::Compare(results) => self.compare(&context, experiment, results),
            })
        })
    }

    /// Computes parts, and writes their values.
    fn compute(&self, context: &Context, experiment: &Experiment) -> Result<(), ExperimentError> {
        let id = experiment.id;
        let none = || ExperimentError::Parts(format!("{id} has no parts: it is derived from other records"));
        let (_, study) = experiment.study().ok_or_else(none)?;
        let all = (study.parts)();
        let chosen: Vec<&String> = match &self.scope {
            Scope::All => all.iter().map(|part| &part.id).collect(),
            Scope::Drawn(parts) => parts.iter().collect(),
            Scope::Part(part) => vec![part],
        };
        let part = |name: &&String| {
            let found = all.iter().find(|part| part.id == **name).cloned();
            found.ok_or_else(|| ExperimentError::Parts(format!("{id} has no part `{name}`")))
        };
        let parts: Vec<Part> = chosen.iter().map(part).collect::<Result<_, _>>()?;
        let written = PartFiles { folder: self.into.clone(), experiment: id, may_be_missing: true };
        study.compute_all(context, id, &parts, Some(&written)).map(drop)
    }

    /// Compares the experiment's parts, and writes its files and its outcome.
    fn compare(
        &self,
        context: &Context,
        experiment: &Experiment,
        results: &Path,
    ) -> Result<(), ExperimentError> {
        let plan = match &self.scope {
            Scope::Drawn(parts) => Plan::of_parts(experiment.id, parts.clone()),
            _ => Plan::full(),
        };
        let given = PartFiles { folder: self.into.clone(), experiment: experiment.id, may_be_missing: false };
        let recomputed = recompute_with((context, results), &[experiment], &plan, Some(&given));
        for artifact in &recomputed.artifacts {
            store::write_atomically(self.into.join(&artifact.name), &artifact.bytes)?;
        }
        let failure = recomputed.failures.into_values().next();
        let (compared, differences) = (recomputed.compared, recomputed.differences);
        let coverage = recomputed.coverage.into_iter().next();
        let outcome =
            RecomputeOutcome { failure, compared, differences, coverage, ..RecomputeOutcome::default() };
        Ok(store::write_json(outcome_file(&self.into, experiment.id), &outcome)?)
    }
}

/// The values of an experiment's parts as files of one folder: what one process computes and another compares.
struct PartFiles {
    folder: PathBuf,
    experiment: &'static str,
    /// Whether a part that is not there is to be computed.
    may_be_missing: bool,
}

impl Kept for PartFiles {
    fn value(&self, part: &Part) -> Result<Option<Value>, ExperimentError> {
        if self.may_be_missing {
            return Ok(None);
        }
        Ok(Some(store::read_json(part_file(&self.folder, self.experiment, &part.id))?))
    }

    fn keep(&self, part: &Part, value: &Value) -> Result<(), ExperimentError> {
        Ok(store::write_json(part_file(&self.folder, self.experiment, &part.id), value)?)
    }
}
