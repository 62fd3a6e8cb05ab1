//! The finished parts of a run that is not finished: kept beside the records, so that a run that was ended, in whatever
//! way, goes on where it was.
//!
//! ```text
//! results/unfinished/EXPERIMENT/PART.json     what a part gave, until the experiment's files are written
//! results/unfinished/EXPERIMENT/lock          held by the process that computes the experiment
//! ```
//!
//! A part is taken from there only if the same program computed it for the same experiment, and if it is whole: each
//! file holds the SHA-256 of the program, of the record's header with the ids of all parts, and of the value. What is
//! anything else is computed again. **A verification and a grading take nothing from there.**

use crate::context::Context;
use crate::study::{ExperimentError, Kept, Part};
use records::{json, sha256_hex, store};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::{self, File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The folder inside the folder of the records.
pub const FOLDER: &str = "unfinished";

/// Another process computes the experiment into the same folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{experiment} is being computed into {folder} by process {process}: wait for it, or end it (`kill {process}`) and \
     call this again; the parts that it has finished are kept",
    folder = folder.display()
)]
pub struct AlreadyComputed {
    /// The experiment, or the shard of it.
    pub experiment: String,
    /// The folder of its finished parts.
    pub folder: PathBuf,
    /// The process, by its number; `unknown` where it did not say.
    pub process: String,
}

/// The finished parts of an experiment, or of a shard of it. While it lives, no other process can have it.
#[derive(Debug)]
pub struct Unfinished {
    folder: PathBuf,
    fingerprint: String,
    _lock: File,
}

/// What is kept of a part.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptPart {
    id: String,
    /// Of the program and of the experiment.
    fingerprint: String,
    /// The SHA-256 of the value.
    sha256: String,
    value: Value,
}

impl Unfinished {
    /// Those of `label`, an experiment or a shard of it with this
    /// [`fingerprint`](crate::registry::Experiment::fingerprint), where the context keeps any.
    ///
    /// # Errors
    /// [`AlreadyComputed`], or [`StoreError`](records::store::StoreError) for a folder that cannot be written.
    pub fn of(context: &Context, label: &str, fingerprint: &str) -> Result<Option<Self>, ExperimentError> {
        let (Some(kept), Some(program)) = (&context.unfinished, program()) else { return Ok(None) };
        let folder = folder(kept, label);
        let lock = lock(label, &folder)?;
        let fingerprint = sha256_hex(format!("{program} {fingerprint}").as_bytes());
        Ok(Some(Self { folder, fingerprint, _lock: lock }))
    }

    fn file(&self, part: &Part) -> PathBuf {
        self.folder.join(format!("{}.json", file_name(&part.id)))
    }
}

impl Kept for Unfinished {
    fn value(&self, part: &Part) -> Result<Option<Value>, ExperimentError> {
        let Ok(kept) = store::read_json::<KeptPart>(self.file(part)) else { return Ok(None) };
        let is_it = kept.id == part.id && kept.fingerprint == self.fingerprint;
        Ok((is_it && kept.sha256 == sha256_hex(&json::to_bytes(&kept.value)?)).then_some(kept.value))
    }

    fn keep(&self, part: &Part, value: &Value) -> Result<(), ExperimentError> {
        let sha256 = sha256_hex(&json::to_bytes(value)?);
        let (id, fingerprint) = (part.id.clone(), self.fingerprint.clone());
        let kept = KeptPart { id, fingerprint, sha256, value: value.clone() };
        Ok(store::write_json(self.file(part), &kept)?)
    }
}

/// Removes what was kept of an experiment, or of a shard of it, once its files are written.
pub fn forget(context: &Context, label: &str) {
    if let Some(kept) = &context.unfinished {
        // What is left costs nothing but its space: it is of a run that is done.
        let _ = fs::remove_dir_all(folder(kept, label));
        let _ = fs::remove_dir(kept);
    }
}

fn folder(kept: &Path, label: &str) -> PathBuf {
    kept.join(file_name(label))
}

/// A name that every system takes. Two ids may share one: the file says whose it is.
fn file_name(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '_' }).collect()
}

/// The SHA-256 of this program; none where it cannot be read.
fn program() -> Option<&'static str> {
    static PROGRAM: OnceLock<Option<String>> = OnceLock::new();
    let read = || std::env::current_exe().and_then(fs::read).ok().map(|bytes| sha256_hex(&bytes));
    PROGRAM.get_or_init(read).as_deref()
}

/// Takes the lock of a folder, which the system gives back when the process ends, however it ends.
fn lock(label: &str, folder: &Path) -> Result<File, ExperimentError> {
    let path = folder.join("lock");
    store::check_writable(&path)?;
    let unwritable = |source| store::StoreError::Write { path: path.clone(), source };
    let mut file = File::options().create(true).truncate(false).read(true).write(true).open(&path);
    let file = file.as_mut().map_err(|error| std::io::Error::from(error.kind())).map_err(unwritable)?;
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        let mut process = String::new();
        let is_read = file.read_to_string(&mut process).is_ok() && !process.trim().is_empty();
        let process = if is_read { process.trim().to_owned() } else { "unknown".to_owned() };
        let (experiment, folder) = (label.to_owned(), folder.to_owned());
        return Err(ExperimentError::failed(AlreadyComputed { experiment, folder, process }));
    }
    // A system without locks goes without; a number that cannot be written is not told.
    let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
    file.try_clone().map_err(unwritable).map_err(ExperimentError::from)
}

#[cfg(test)]
mod tests;
