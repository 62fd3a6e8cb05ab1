//! Records as they lie in a folder.

use crate::registry::{Experiment, Kind, Records};
use crate::store::{self, StoreError};
use std::path::Path;

impl Records {
    /// Reads the record of an experiment from `folder`. What is derived from the other records has none.
    ///
    /// # Errors
    /// [`StoreError`] when it is not there, or is another.
    pub fn read(&mut self, folder: &Path, experiment: &Experiment) -> Result<(), StoreError> {
        let path = folder.join(experiment.files[0]);
        match (experiment.id, experiment.kind) {
            ("theory", _) => self.theory = Some(store::read_json(path)?),
            ("iris-tuning", _) => self.tuning = Some(store::read_json(path)?),
            ("iris", _) => self.iris = Some(store::read_json(path)?),
            ("mnist", _) => self.mnist = Some(store::read_json(path)?),
            (id, Kind::Parts(_)) => {
                self.studies.insert(id, store::read_json(path)?);
            }
            _ => {}
        }
        Ok(())
    }
}
