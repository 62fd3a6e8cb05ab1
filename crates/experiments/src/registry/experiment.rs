//! An experiment, as data.

use crate::context::Context;
use crate::study::{ExperimentError, Kept, Study};
use crate::unfinished::Unfinished;
use data::checksum::KnownFile;
use records::store::StoreError;
use records::{Artifact, Header, Records, Registration, json, sha256_hex};
use serde_json::Value;
use std::path::Path;

/// An experiment.
#[derive(Clone, Copy, Debug)]
pub struct Experiment {
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
    pub kind: Computed,
}

/// How an experiment is computed.
#[derive(Clone, Copy, Debug)]
pub enum Computed {
    /// In independent parts.
    Parts(Study),
    /// Out of the other experiments' files.
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

    /// Computes the experiment: its files are returned, and stand in `records` as well.
    ///
    /// # Errors
    /// [`ExperimentError`].
    pub fn run(&self, context: &Context, records: &mut Records) -> Result<Vec<Artifact>, ExperimentError> {
        let kept = match self.kind {
            Computed::Derived(_) => None,
            Computed::Parts(_) => Unfinished::of(context, self.id, &self.fingerprint()?)?,
        };
        self.run_with(context, records, kept.as_ref().map(|kept| kept as &dyn Kept))
    }

    /// [`Self::run`] with parts that were finished before.
    ///
    /// # Errors
    /// [`ExperimentError`].
    pub fn run_with(
        &self,
        context: &Context,
        records: &mut Records,
        kept: Option<&dyn Kept>,
    ) -> Result<Vec<Artifact>, ExperimentError> {
        let artifacts = match &self.kind {
            Computed::Derived(run) => run(self, context, records)?,
            Computed::Parts(study) => {
                self.artifacts(study, study.compute_all(context, self.id, &(study.parts)(), kept)?)?
            }
        };
        artifacts.iter().cloned().for_each(|artifact| records.insert(artifact));
        Ok(artifacts)
    }

    /// The files that follow from the values of all parts.
    ///
    /// # Errors
    /// [`ExperimentError`] when they are not the parts of the study.
    pub fn artifacts(&self, study: &Study, parts: Vec<Value>) -> Result<Vec<Artifact>, ExperimentError> {
        let contents = study.files(self.header(), parts)?;
        let named = self.files.iter().zip(contents);
        Ok(named.map(|(name, bytes)| Artifact { name: (*name).to_owned(), bytes }).collect())
    }

    /// The values of its parts, by their ids, from its files among `records`. None if a file is not there.
    ///
    /// # Errors
    /// [`ExperimentError`] when a file holds something else.
    pub fn parts_in(&self, records: &Records) -> Result<Vec<(String, Value)>, ExperimentError> {
        let files: Option<Vec<&[u8]>> = self.files.iter().map(|file| records.bytes(file)).collect();
        let (Some((_, study)), Some(files)) = (self.study(), files) else { return Ok(Vec::new()) };
        let ids = (study.parts)().into_iter().map(|part| part.id);
        Ok(ids.zip(study.parts_in(&files)?).collect())
    }

    /// The values of its parts, by their ids, from its files in `folder`.
    ///
    /// # Errors
    /// When a file is not there, or the files do not hold every part.
    pub fn parts_in_folder(&self, folder: &Path) -> Result<Vec<(String, Value)>, ExperimentError> {
        let (values, ids) = (self.values_in_folder(folder)?, self.part_ids());
        if values.len() == ids.len() {
            return Ok(ids.into_iter().zip(values).collect());
        }
        let (all, found) = (ids.len(), values.len());
        Err(ExperimentError::Parts(format!("{} has {all} parts, and {found} are there", self.id)))
    }

    /// The values of the parts that its files in `folder` hold, however many there are.
    ///
    /// # Errors
    /// When a file is not there, or holds something else.
    pub(crate) fn values_in_folder(&self, folder: &Path) -> Result<Vec<Value>, ExperimentError> {
        let mut records = Records::default();
        self.read(folder, &mut records)?;
        let files: Vec<&[u8]> = self.files.iter().filter_map(|file| records.bytes(file)).collect();
        self.study().map_or_else(|| Ok(Vec::new()), |(_, study)| study.parts_in(&files))
    }

    /// Its id and its study, if it has parts.
    pub fn study(&self) -> Option<(&'static str, &Study)> {
        match &self.kind {
            Computed::Parts(study) => Some((self.id, study)),
            Computed::Derived(_) => None,
        }
    }

    /// The ids of its parts, in the order of the record; none if it is derived.
    pub fn part_ids(&self) -> Vec<String> {
        let parts = self.study().map(|(_, study)| (study.parts)()).unwrap_or_default();
        parts.into_iter().map(|part| part.id).collect()
    }

    /// Whether a verification computes only some of its parts, unless it is asked for all.
    pub fn is_sampled(&self) -> bool {
        self.study().is_some_and(|(_, study)| study.seconds.is_some())
    }

    /// The SHA-256 of its record's header and the ids of all its parts: what two computations must share to belong
    /// together.
    ///
    /// # Errors
    /// When a header has no form in JSON.
    pub fn fingerprint(&self) -> Result<String, ExperimentError> {
        Ok(sha256_hex(&json::to_bytes(&(self.header(), self.part_ids()))?))
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

    /// Whether its files are here. **The report's never are:** it is derived from the others.
    pub fn is_in(&self, records: &Records) -> bool {
        self.study().is_some() && self.files.iter().all(|file| records.bytes(file).is_some())
    }

    /// Reads its files from `folder`. The report's are passed over: it is derived from the others.
    ///
    /// # Errors
    /// [`StoreError`] when a file is not there.
    pub fn read(&self, folder: &Path, records: &mut Records) -> Result<(), StoreError> {
        let files = if self.study().is_some() { self.files } else { &[] };
        files.iter().try_for_each(|file| records.read(folder, file))
    }
}

/// Name and SHA-256 of some data files.
pub fn hashes(files: &[KnownFile]) -> impl Iterator<Item = (String, String)> {
    files.iter().map(|file| (file.path.to_owned(), file.sha256.to_owned()))
}
