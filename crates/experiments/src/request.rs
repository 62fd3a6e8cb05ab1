//! One process that computes one experiment again: what `grade` begins for each, so that a panic, an endless loop or an
//! allocation without end costs what rests on that experiment, and the rest goes on.
//!
//! ```text
//! PROGRAM recompute REQUEST      the experiment's files, EXPERIMENT.PART.part.json of each part that was computed, and
//!                                EXPERIMENT.outcome.json; or the file of one part alone
//! ```

use crate::context::Context;
use crate::registry::Experiment;
use crate::study::ExperimentError;
use crate::study::draw::Plan;
use crate::verify::{Coverage, Difference, recompute};
use cnn::kernels::Isa;
use records::store;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The word before the request.
pub const COMMAND: &str = "recompute";

/// What is to be computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub experiment: String,
    /// The folder for its files.
    pub into: PathBuf,
    /// How much of it.
    pub scope: Scope,
    /// The folder of the data sets.
    pub data: PathBuf,
    /// The folder of the submitted records.
    pub results: PathBuf,
    /// What is graded.
    pub rubric: PathBuf,
    /// Threads.
    pub threads: usize,
    /// The instruction set of the kernels, by its name.
    pub isa: String,
}

/// How much of an experiment is to be computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// All of it, compared with the submitted files.
    All,
    /// These parts of a long study, and what follows from the submitted parts, compared.
    Drawn(Vec<String>),
    /// One part alone, compared with nothing.
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
    /// What was computed again.
    pub coverage: Option<Coverage>,
    /// The options that repeat the draw of the parts that were computed, if there was one.
    pub draw: Option<String>,
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
            Experiment::select(all, ids)?.into_iter().try_for_each(|experiment| match &self.scope {
                Scope::All => self.recompute(&context, experiment, &Plan::full()),
                Scope::Drawn(parts) => {
                    self.recompute(&context, experiment, &Plan::of_parts(experiment.id, parts.clone()))
                }
                Scope::Part(part) => self.part(&context, experiment, part),
            })
        })
    }

    /// Computes one part, and writes its value.
    fn part(&self, context: &Context, experiment: &Experiment, id: &str) -> Result<(), ExperimentError> {
        let unknown = || ExperimentError::Parts(format!("{} has no part `{id}`", experiment.id));
        let (_, study) = experiment.study().ok_or_else(unknown)?;
        let part = (study.parts)().into_iter().find(|part| part.id == id).ok_or_else(unknown)?;
        let value = (study.compute)(context, &part, &|_| ())?;
        Ok(store::write_json(part_file(&self.into, experiment.id, id), &value)?)
    }

    /// Recomputes the experiment, and writes its files, its parts and its outcome.
    fn recompute(
        &self,
        context: &Context,
        experiment: &Experiment,
        plan: &Plan,
    ) -> Result<(), ExperimentError> {
        let recomputed = recompute(context, &self.results, &[experiment], plan);
        for artifact in &recomputed.artifacts {
            store::write_atomically(self.into.join(&artifact.name), &artifact.bytes)?;
        }
        for ((_, part), value) in &recomputed.parts {
            store::write_json(part_file(&self.into, experiment.id, part), value)?;
        }
        let failure = recomputed.failures.into_values().next();
        let (compared, differences) = (recomputed.compared, recomputed.differences);
        let coverage = recomputed.coverage.into_iter().next();
        let outcome =
            RecomputeOutcome { failure, compared, differences, coverage, ..RecomputeOutcome::default() };
        Ok(store::write_json(outcome_file(&self.into, experiment.id), &outcome)?)
    }
}
