//! An experiment, as data.

use super::Records;
use crate::context::Context;
use crate::study::{ExperimentError, Study};
use data::checksum::KnownFile;
use records::store::{self, StoreError};
use records::{Artifact, Header, Registration, json};
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

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

impl Experiment {
    /// Those of `all` with these ids, in its order; all of them for none.
    ///
    /// # Errors
    /// [`ExperimentError::Unknown`].
    pub fn select<'a>(all: &'a [Self], ids: &[String]) -> Result<Vec<&'a Self>, ExperimentError> {
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

    /// What its record begins with.
    pub fn header(&self) -> Header {
        let registration = Registration {
            question: self.question,
            hypothesis: self.hypothesis,
            refuted_by: self.refuted_by,
            chosen_on: self.chosen_on,
        };
        Header::new(self.id, registration, hashes(self.data))
    }

    /// The first of [`files`](Self::files) with a record in it.
    pub fn artifact(&self, record: &impl Serialize) -> Result<Artifact, ExperimentError> {
        Ok(Artifact { name: self.files[0].to_owned(), bytes: json::to_bytes(record)? })
    }

    /// Whether its record is here. **The report's never is:** it is derived from the others.
    pub fn is_in(&self, records: &Records) -> bool {
        match self.id {
            "theory" => records.theory.is_some(),
            "iris-tuning" => records.tuning.is_some(),
            "iris" => records.iris.is_some(),
            "mnist" => records.mnist.is_some() && records.mnist_weights.is_some(),
            id => records.studies.contains_key(id),
        }
    }

    /// Reads its record from `folder`. The report's is passed over: it is derived from the others.
    ///
    /// # Errors
    /// [`StoreError`] when a file is not there or is of another experiment.
    pub fn read(&self, folder: &Path, records: &mut Records) -> Result<(), StoreError> {
        let path = folder.join(self.files[0]);
        match (self.id, &self.kind) {
            ("theory", _) => records.theory = Some(store::read_json(path)?),
            ("iris-tuning", _) => records.tuning = Some(store::read_json(path)?),
            ("iris", _) => records.iris = Some(store::read_json(path)?),
            ("mnist", _) => {
                records.mnist = Some(store::read_json(path)?);
                records.mnist_weights = Some(store::read(folder.join(self.files[1]))?);
            }
            (id, Kind::Parts(_)) => {
                records.studies.insert(id, store::read_json(path)?);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Name and SHA-256 of some data files.
pub fn hashes(files: &[KnownFile]) -> impl Iterator<Item = (String, String)> {
    files.iter().map(|file| (file.path.to_owned(), file.sha256.to_owned()))
}
