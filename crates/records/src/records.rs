//! Files of `results/`, computed or read.

use crate::Artifact;
use crate::store::{self, StoreError};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files of `results/` by their names, each there once it was computed or read. **What they hold is decoded where it is
/// used.**
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records(BTreeMap<String, Content>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Content {
    /// Where it was read; its name, if it was computed.
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Records {
    /// Adds a file that was computed, or replaces it.
    pub fn insert(&mut self, artifact: Artifact) {
        let path = PathBuf::from(&artifact.name);
        self.0.insert(artifact.name, Content { path, bytes: artifact.bytes });
    }

    /// Reads a file from `folder`.
    ///
    /// # Errors
    /// [`StoreError::Read`] when it is not there.
    pub fn read(&mut self, folder: &Path, name: &str) -> Result<(), StoreError> {
        let path = folder.join(name);
        let bytes = store::read(&path)?;
        self.0.insert(name.to_owned(), Content { path, bytes });
        Ok(())
    }

    /// The bytes of a file.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(|content| &content.bytes[..])
    }

    /// Where a file was read; its name, if it was computed.
    pub fn path(&self, name: &str) -> &Path {
        self.0.get(name).map_or(Path::new("results"), |content| &content.path)
    }

    /// What a file of JSON holds; none if it is not there.
    ///
    /// # Errors
    /// [`StoreError::Decode`] when it holds something else.
    pub fn decode<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        self.0.get(name).map(|content| store::decode(&content.path, &content.bytes)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_decoded_where_it_is_used_and_a_wrong_one_named_where_it_was_read() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("read.json"), "[1, 2]").unwrap();
        let mut records = Records::default();
        records.read(folder.path(), "read.json").unwrap();
        records.insert(Artifact { name: "computed.json".to_owned(), bytes: b"[3]".to_vec() });
        let decoded = |name: &str| records.decode::<Vec<u32>>(name).unwrap();
        assert_eq!([decoded("read.json"), decoded("computed.json")], [Some(vec![1, 2]), Some(vec![3])]);
        assert_eq!((decoded("none.json"), records.bytes("none.json")), (None, None));
        let said = |name: &str| records.decode::<String>(name).unwrap_err().to_string();
        assert!(said("read.json").starts_with(&folder.path().join("read.json").display().to_string()));
        assert!(said("computed.json").starts_with("computed.json"));
        let missing = records.read(folder.path(), "none.json").unwrap_err().to_string();
        assert!(missing.contains("none.json"), "{missing}");
    }
}
