//! The experiments, as data: what each asks, which hypothesis it tests, which files it leaves. `run`, `verify`, `grade` and
//! `--help` draw from here. The table is [`EXPERIMENTS`].

mod experiments;
mod whole;

pub use experiments::EXPERIMENTS;

use crate::context::Context;
use crate::data::DataError;
use crate::data::checksum::KnownFile;
use crate::records::{self, Header};
use crate::store::{self, StoreError};
use crate::study::{self, Study};
use crate::tuning;
use cnn::weights::WeightsError;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Everything the experiments computed, each present once it was run.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// T1 and T2.
    pub theory: Option<records::theory::Record>,
    /// The choice of the weight decay of P1.1.
    pub tuning: Option<tuning::Record>,
    /// P1.1, P2.1, P2.2.
    pub iris: Option<records::iris::Record>,
    /// P1.2.
    pub mnist: Option<records::mnist::Record>,
    /// The network that P1.2 trained, as a file.
    pub mnist_weights: Option<Vec<u8>>,
    /// The studies, by the experiment's id.
    pub studies: BTreeMap<&'static str, study::Record>,
}

impl Records {
    /// Whether the record of an experiment is here. **The report's never is:** it is derived from the others.
    pub fn has(&self, experiment: &Experiment) -> bool {
        match experiment.id {
            "theory" => self.theory.is_some(),
            "iris-tuning" => self.tuning.is_some(),
            "iris" => self.iris.is_some(),
            "mnist" => self.mnist.is_some() && self.mnist_weights.is_some(),
            id => self.studies.contains_key(id),
        }
    }

    /// Reads the record of an experiment from `folder`. The report's is passed over: it is derived from the others.
    ///
    /// # Errors
    /// [`StoreError`] when a file is not there or is of another experiment.
    pub fn read(&mut self, folder: &Path, experiment: &Experiment) -> Result<(), StoreError> {
        let path = folder.join(experiment.files[0]);
        match (experiment.id, &experiment.kind) {
            ("theory", _) => self.theory = Some(store::read_json(path)?),
            ("iris-tuning", _) => self.tuning = Some(store::read_json(path)?),
            ("iris", _) => self.iris = Some(store::read_json(path)?),
            ("mnist", _) => {
                self.mnist = Some(store::read_json(path)?);
                self.mnist_weights = Some(store::read(folder.join(experiment.files[1]))?);
            }
            (id, Kind::Parts(_)) => {
                self.studies.insert(id, store::read_json(path)?);
            }
            _ => {}
        }
        Ok(())
    }
}

/// A file that belongs into `results/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its name there.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// An experiment.
#[derive(Clone, Copy, Debug)]
pub struct Experiment {
    /// Its id.
    pub id: &'static str,
    /// What it asks.
    pub question: &'static str,
    /// The hypothesis that the runs are put to; they may refute it.
    pub hypothesis: &'static str,
    /// What would refute it.
    pub refuted_by: &'static str,
    /// On what every choice in its configuration was made. **Never on a test part.**
    pub chosen_on: &'static str,
    /// The data files it reads.
    pub data: &'static [KnownFile],
    /// The files it leaves.
    pub files: &'static [&'static str],
    /// How it is computed.
    pub kind: Kind,
}

/// How an experiment is computed.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// In one go.
    Whole(fn(&Experiment, &Context, &mut Records) -> Result<Vec<Artifact>, ExperimentError>),
    /// In independent parts.
    Parts(Study),
    /// In one go, out of the other experiments' files.
    Derived(fn(&Experiment, &Context, &mut Records) -> Result<Vec<Artifact>, ExperimentError>),
}

/// Why an experiment gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// The data cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A worked solution failed.
    #[error(transparent)]
    Theory(#[from] theory::render::worked::WorkedError),
    /// A run of the tuning failed.
    #[error(transparent)]
    Tuning(#[from] crate::iris::RunError),
    /// A run of P1.1 or P2 failed.
    #[error(transparent)]
    Iris(#[from] records::iris::RecordError),
    /// A run of a study failed.
    #[error(transparent)]
    Seed(#[from] crate::iris::SeedError),
    /// A statistic does not exist.
    #[error(transparent)]
    Stats(#[from] crate::stats::StatsError),
    /// The parts are not those of the study.
    #[error("{0}")]
    Parts(String),
    /// The run of P1.2 failed.
    #[error(transparent)]
    Mnist(#[from] crate::mnist::RunError),
    /// The trained network cannot be written.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// What the report says cannot be derived.
    #[error(transparent)]
    Report(#[from] crate::report::ReportError),
    /// A record cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record cannot be written as JSON.
    #[error("a record has no form in JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// There is no such experiment.
    #[error("there is no experiment `{name}`: the experiments are {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
}

impl Experiment {
    /// The experiments with these ids, in the registry's order; all of them for none.
    ///
    /// # Errors
    /// [`ExperimentError::Unknown`].
    pub fn select(ids: &[String]) -> Result<Vec<&'static Self>, ExperimentError> {
        Self::select_of(&EXPERIMENTS, ids)
    }

    /// Those of `all` with these ids, in its order; all of them for none.
    ///
    /// # Errors
    /// [`ExperimentError::Unknown`].
    pub fn select_of<'a>(all: &'a [Self], ids: &[String]) -> Result<Vec<&'a Self>, ExperimentError> {
        if let Some(name) = ids.iter().find(|id| !all.iter().any(|experiment| experiment.id == **id)) {
            let known = all.iter().map(|experiment| experiment.id).collect::<Vec<_>>().join(", ");
            return Err(ExperimentError::Unknown { name: name.clone(), known });
        }
        let wanted = |experiment: &&Self| ids.is_empty() || ids.iter().any(|id| *id == experiment.id);
        Ok(all.iter().filter(wanted).collect())
    }

    /// Computes the experiment: its record goes into `records`, its files are returned.
    ///
    /// # Errors
    /// [`ExperimentError`].
    pub fn run(&self, context: &Context, records: &mut Records) -> Result<Vec<Artifact>, ExperimentError> {
        match &self.kind {
            Kind::Whole(run) | Kind::Derived(run) => run(self, context, records),
            Kind::Parts(study) => {
                let parts = (study.parts)();
                let values = study.compute_all(context, self.id, &parts)?;
                self.conclude(study, values, records)
            }
        }
    }

    /// The record of a study from its parts.
    ///
    /// # Errors
    /// [`ExperimentError`] when the parts are not those of the study.
    pub fn conclude(
        &self,
        study: &Study,
        parts: Vec<Value>,
        records: &mut Records,
    ) -> Result<Vec<Artifact>, ExperimentError> {
        let record = study.record(self.header(), parts)?;
        let artifact = self.artifact(&record)?;
        records.studies.insert(self.id, record);
        Ok(vec![artifact])
    }

    /// Its id and its study, if it has parts.
    pub fn study(&self) -> Option<(&'static str, &Study)> {
        match &self.kind {
            Kind::Parts(study) => Some((self.id, study)),
            Kind::Whole(_) | Kind::Derived(_) => None,
        }
    }

    pub(crate) fn header(&self) -> Header {
        Header::new(self)
    }

    /// The first of [`files`](Self::files) with a record in it.
    pub(crate) fn artifact(&self, record: &impl Serialize) -> Result<Artifact, ExperimentError> {
        Ok(Artifact { name: self.files[0].to_owned(), bytes: store::json::to_bytes(record)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_experiment_is_refused_with_the_known_ones() {
        let error = Experiment::select(&["irsi".to_owned()]).unwrap_err();
        assert!(error.to_string().contains("irsi") && error.to_string().contains("iris-tuning"), "{error}");
    }

    #[test]
    fn the_submitted_records_are_read_and_one_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let context = Context::for_tests(folder.path());
        let mut records = Records::default();
        for experiment in EXPERIMENTS.iter().filter(|it| context.results_dir.join(it.files[0]).exists()) {
            assert!(!records.has(experiment), "{}", experiment.id);
            records.read(&context.results_dir, experiment).unwrap();
            assert_eq!(records.has(experiment), experiment.id != "report", "{}", experiment.id);
        }
        for id in ["iris", "mnist", "mnist-recipe"] {
            let experiment = EXPERIMENTS.iter().find(|experiment| experiment.id == id).unwrap();
            let error = records.read(folder.path(), experiment).unwrap_err().to_string();
            assert!(error.contains(experiment.files[0]) && error.contains("git checkout"), "{error}");
        }
    }

    #[test]
    fn no_name_selects_all_and_names_keep_the_order() {
        let ids = |names: &[&str]| -> Vec<&str> {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            Experiment::select(&names).unwrap().iter().map(|experiment| experiment.id).collect()
        };
        assert_eq!(ids(&[]).len(), EXPERIMENTS.len());
        assert_eq!(ids(&["mnist", "theory"]), ["theory", "mnist"]);
    }
}
