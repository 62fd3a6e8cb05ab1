//! One process that computes one experiment again: what `grade` begins for each, so that a panic, an endless loop or an allocation
//! without end costs what rests on that experiment, and the rest goes on.
//!
//! ```text
//! PROGRAM recompute REQUEST      the experiment's files and ID.outcome.json, or one piece: NAME.piece.json
//! ```

use crate::context::Context;
use crate::pieces::Pieces;
use crate::registry::Experiment;
use crate::study::ExperimentError;
use crate::study::draw::Plan;
use crate::verify::{Coverage, Difference, recompute};
use cnn::kernels::Isa;
use records::store::{self, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The word before the request.
pub const COMMAND: &str = "recompute";

/// What is to be computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The experiment.
    pub experiment: String,
    /// The folder for its files.
    pub into: PathBuf,
    /// The parts of a long study that are computed; all of it if not given.
    pub parts: Option<Vec<String>>,
    /// One piece of the experiment, in place of all of it.
    pub piece: Option<String>,
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

/// The file of an experiment's outcome.
pub fn outcome_file(folder: &Path, experiment: &str) -> PathBuf {
    folder.join(format!("{experiment}.outcome.json"))
}

/// The file of a piece.
pub fn piece_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.piece.json"))
}

impl Request {
    /// Does what is asked for, where these are all experiments.
    ///
    /// # Errors
    /// When the experiment is unknown, a piece cannot be computed, or the folder cannot be written. **An experiment that fails is no
    /// error:** its outcome says why.
    pub fn run(&self, all: &[Experiment]) -> Result<(), ExperimentError> {
        let isa: Isa = self.isa.parse().map_err(ExperimentError::failed)?;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads).build();
        let pool = pool.map_err(ExperimentError::failed)?;
        let context = Context {
            data_dir: self.data.clone(),
            // An experiment that is derived from others takes theirs from there.
            results_dir: self.into.clone(),
            rubric: self.rubric.clone(),
            isa,
            show_progress: false,
            loaded: Arc::default(),
        };
        pool.install(|| match &self.piece {
            Some(name) => {
                let piece = Pieces::compute(name, &context)?;
                Ok(store::write_json(piece_file(&self.into, name), &piece)?)
            }
            None => {
                let ids = std::slice::from_ref(&self.experiment);
                Experiment::select(all, ids)?.into_iter().try_for_each(|it| Ok(self.recompute(&context, it)?))
            }
        })
    }

    /// Recomputes the experiment, and writes its files and its outcome.
    fn recompute(&self, context: &Context, experiment: &Experiment) -> Result<(), StoreError> {
        let parts = self.parts.clone();
        let plan = parts.map_or_else(Plan::full, |parts| Plan::of_parts(experiment.id, parts));
        let recomputed = recompute(context, &self.results, &[experiment], &plan);
        for artifact in &recomputed.artifacts {
            store::write_atomically(self.into.join(&artifact.name), &artifact.bytes)?;
        }
        let failure = recomputed.failures.into_values().next();
        let (compared, differences) = (recomputed.compared, recomputed.differences);
        let coverage = recomputed.coverage.into_iter().next();
        let outcome = Outcome { failure, compared, differences, coverage, ..Outcome::default() };
        store::write_json(outcome_file(&self.into, experiment.id), &outcome)
    }
}
