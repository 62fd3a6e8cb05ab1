//! The file of `mnist --save`: a checkpoint after every epoch, in the end the trained network.

use crate::say::say;
use anyhow::{anyhow, bail};
use experiments::mnist::checkpoint::Checkpoint;
use records::store::{self, StoreError};
use std::fs;
use std::path::{Path, PathBuf};

/// Where the checkpoint before the last one is kept: if the last one cannot be used, the run goes on from there.
fn before(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".before");
    path.with_file_name(name)
}

/// Keeps a checkpoint, and the one before it under another name. **At any moment one of the two files is whole**, also
/// when the disk is full.
pub(super) fn keep(path: &Path, checkpoint: &Checkpoint) -> Result<(), String> {
    let bytes = checkpoint.to_bytes().map_err(|error| error.to_string())?;
    // What is there now becomes the one before, but for what cannot be used.
    let written = if is_whole(path) {
        store::write_keeping(path, &bytes, &before(path))
    } else {
        store::write_atomically(path, &bytes)
    };
    written.map_err(|error| with_way_on(path, &error))
}

/// Writes the trained network in the place of the checkpoints.
pub(super) fn finish(path: &Path, network: &[u8]) -> anyhow::Result<()> {
    store::write_atomically(path, network).map_err(|error| anyhow!(with_way_on(path, &error)))?;
    let _ = fs::remove_file(before(path));
    Ok(())
}

fn is_whole(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| Checkpoint::from_bytes(&bytes).is_ok())
}

/// What was not written, and from where the run can go on.
fn with_way_on(path: &Path, error: &StoreError) -> String {
    if is_whole(path) || is_whole(&before(path)) {
        format!(
            "{error}; then `coursework mnist --resume {}` goes on from the last checkpoint",
            path.display()
        )
    } else {
        error.to_string()
    }
}

/// The run of a file, or that of the one before it, if the file is not there or cannot be used: this is said.
pub(super) fn open(path: &Path) -> anyhow::Result<Checkpoint> {
    let read = |path: &Path| -> Result<Checkpoint, String> {
        if !path.exists() {
            return Err(format!("there is no {}", path.display()));
        }
        let bytes = store::read(path).map_err(|error| error.to_string())?;
        Checkpoint::from_bytes(&bytes).map_err(|error| format!("{}: {error}", path.display()))
    };
    let error = match read(path) {
        Ok(checkpoint) => return Ok(checkpoint),
        Err(error) => error,
    };
    let before = before(path);
    match read(&before) {
        Ok(checkpoint) => {
            say(&format!("{error}; going on from {}", before.display()));
            Ok(checkpoint)
        }
        Err(_) => bail!("{error}; there is no {} to go on from: train again", before.display()),
    }
}
