//! The records that claims, tables and figures read.

use crate::ReportError;
use data::label_errors::LabelError;
use experiments::iris::studies::{seeds, tuning};
use experiments::mnist::studies::registered;
use experiments::registry::EXPERIMENTS;
use experiments::worked;
use records::Records;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// The records that everything is derived from.
#[derive(Clone, Debug, PartialEq)]
pub struct Sources {
    /// T1 and T2.
    pub theory: worked::TheoryRecord,
    /// The choice of the weight decay.
    pub tuning: tuning::TuningRecord,
    /// P1.1, P2.1, P2.2.
    pub iris: seeds::IrisRecord,
    /// P1.2.
    pub mnist: registered::RecordedRun,
    /// The other experiments that were run, by their ids.
    pub studies: BTreeMap<String, records::Record>,
    /// The test images of MNIST whose label people found wrong.
    pub label_errors: Vec<LabelError>,
}

/// Experiments whose records have a layout of their own.
const OF_THEIR_OWN: [&str; 4] = ["theory", "iris-tuning", "iris", "mnist"];

impl Sources {
    /// These records. A study that was never run is missing only where something speaks of it.
    ///
    /// # Errors
    /// [`ReportError::Missing`] names the file of one that is not there, [`ReportError::Store`] one that holds
    /// something else.
    pub fn new(records: &Records, label_errors: Vec<LabelError>) -> Result<Self, ReportError> {
        let mut studies = BTreeMap::new();
        for experiment in EXPERIMENTS.iter().filter(|it| !OF_THEIR_OWN.contains(&it.id)) {
            if let Some(record) = records.decode(experiment.files[0])? {
                studies.insert(experiment.id.to_owned(), record);
            }
        }
        Ok(Self {
            theory: needed(records, "theory.json")?,
            tuning: needed(records, "iris-tuning.json")?,
            iris: needed(records, "iris.json")?,
            mnist: needed::<registered::MnistRecord>(records, "mnist.json")?.run,
            studies,
            label_errors,
        })
    }

    /// The record of a study, with parts and conclusions as what they are.
    ///
    /// # Errors
    /// [`ReportError::Missing`] when the study was not run, [`ReportError::Malformed`] when its record is another
    /// one's.
    pub fn study<P, C>(&self, id: &str) -> Result<records::Record<P, C>, ReportError>
    where
        P: for<'a> Deserialize<'a>,
        C: for<'a> Deserialize<'a>,
    {
        let record = self.record(id)?;
        let parts = record.parts.iter().map(P::deserialize).collect::<Result<_, _>>();
        let parts = parts.map_err(|source| malformed(id, source))?;
        Ok(records::Record { header: record.header.clone(), parts, conclusions: self.conclusions(id)? })
    }

    /// The conclusions of a study alone.
    ///
    /// # Errors
    /// As [`study`](Self::study).
    pub fn conclusions<C: for<'a> Deserialize<'a>>(&self, id: &str) -> Result<C, ReportError> {
        C::deserialize(&self.record(id)?.conclusions).map_err(|source| malformed(id, source))
    }

    /// The known error of a test image's label, if there is one.
    pub fn label_error(&self, index: usize) -> Option<&LabelError> {
        self.label_errors.iter().find(|error| error.index == index)
    }

    fn record(&self, id: &str) -> Result<&records::Record, ReportError> {
        self.studies.get(id).ok_or_else(|| ReportError::Missing(format!("{id}.json")))
    }
}

/// What a file holds that must be there.
fn needed<T: DeserializeOwned>(records: &Records, file: &str) -> Result<T, ReportError> {
    records.decode(file)?.ok_or_else(|| ReportError::missing(file))
}

fn malformed(experiment: &str, source: serde_json::Error) -> ReportError {
    ReportError::Malformed { experiment: experiment.to_owned(), source }
}
