//! The records that claims, tables and figures read.

use super::ReportError;
use data::label_errors::LabelError;
use experiments::iris::studies::seeds;
use experiments::mnist::studies::registered;
use experiments::registry::Records;
use experiments::worked;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The records that everything is derived from.
pub struct Sources<'a> {
    /// T1 and T2.
    pub theory: &'a worked::Record,
    /// The choice of the weight decay.
    pub tuning: &'a experiments::iris::studies::tuning::Record,
    /// P1.1, P2.1, P2.2.
    pub iris: &'a seeds::Record,
    /// P1.2.
    pub mnist: &'a registered::Record,
    /// The studies, by the experiment's id.
    pub studies: &'a BTreeMap<&'static str, records::Record>,
    /// The test pictures of MNIST whose label people found wrong.
    pub label_errors: &'a [LabelError],
}

impl<'r> Sources<'r> {
    /// These records, which must all be there.
    ///
    /// # Errors
    /// [`ReportError::Missing`] names the file of one that is not.
    pub fn new(records: &'r Records, label_errors: &'r [LabelError]) -> Result<Self, ReportError> {
        Ok(Self {
            theory: records.theory.as_ref().ok_or_else(|| ReportError::missing("theory.json"))?,
            tuning: records.tuning.as_ref().ok_or_else(|| ReportError::missing("iris-tuning.json"))?,
            iris: records.iris.as_ref().ok_or_else(|| ReportError::missing("iris.json"))?,
            mnist: records.mnist.as_ref().ok_or_else(|| ReportError::missing("mnist.json"))?,
            studies: &records.studies,
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

    /// The known error of a test picture's label, if there is one.
    pub fn label_error(&self, index: usize) -> Option<&LabelError> {
        self.label_errors.iter().find(|error| error.index == index)
    }

    fn record(&self, id: &str) -> Result<&records::Record, ReportError> {
        self.studies.get(id).ok_or_else(|| ReportError::Missing(format!("{id}.json")))
    }
}

fn malformed(experiment: &str, source: serde_json::Error) -> ReportError {
    ReportError::Malformed { experiment: experiment.to_owned(), source }
}
