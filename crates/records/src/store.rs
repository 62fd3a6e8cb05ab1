//! Files that are whole or not there: every file is written to a temporary name beside its target and renamed.
//!
//! A temporary lives in the target's own folder, because only a rename inside one file system is atomic, and its
//! name ends in `.tmp`, which git ignores. The names of the live ones are kept in a registry, so that a Ctrl-C
//! handler can remove them with [`remove_temporaries`] before the process ends.

use crate::json;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Why a file could not be written or read. Whatever stood at the path before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A parent folder is missing and cannot be made, usually because a part of the path is a file.
    #[error(
        "cannot create the folder {folder}: {source}; \
         name a path whose folders exist or can be made",
        folder = folder.display()
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The path names something that a rename must not replace: a folder, a device, a pipe.
    #[error("{path} is not a regular file, so it is not replaced; name a file", path = path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Writing, flushing or renaming failed: a full disk, a folder without permission, a name that is too long.
    #[error(
        "cannot write {path}: {source}; nothing was changed; \
         check that its folder can be written and the disk has room",
        path = path.display()
    )]
    Write {
        /// The target.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Reading failed, usually because the file is not there.
    #[error(
        "cannot read {path}: {source}; \
         restore it (`git checkout -- {path}` if it is part of the repository) or write it again",
        path = path.display()
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A value has no form in JSON, such as a map whose keys are no strings.
    #[error("cannot write {path} as JSON: {source}; nothing was changed", path = path.display())]
    Encode {
        /// The target.
        path: PathBuf,
        /// What the encoder said.
        source: serde_json::Error,
    },
    /// The file is no JSON or has other fields than are asked for; the source names the line and column.
    #[error(
        "{path} is not what was expected: {source}; \
         restore it (`git checkout -- {path}` if it is part of the repository) or write it again",
        path = path.display()
    )]
    Decode {
        /// The file.
        path: PathBuf,
        /// What the decoder said, with line and column.
        source: serde_json::Error,
    },
}

/// Writes `bytes` to `path`: the file then holds all of them, or is what it was before.
///
/// Missing parent folders are made. The bytes go to a temporary name in the same folder, are flushed to the disk
/// (fsync) and renamed over the target. **A symbolic link at `path` is itself replaced**, not the file it points
/// to, and the new file has default permissions.
///
/// # Errors
/// [`StoreError::Folder`], [`StoreError::NotAFile`] or [`StoreError::Write`]; the temporary is removed.
pub fn write_atomically(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), StoreError> {
    write_with(&LIVE, path.as_ref(), |file| file.write_all(bytes))
}

/// [`write_atomically`], where the file that stood at `path` goes to `before` once the new one lies whole beside it.
/// **At any moment one of the two is whole**, and when the disk is full both are as they were.
///
/// # Errors
/// Those of [`write_atomically`].
pub fn write_keeping(path: &Path, bytes: &[u8], before: &Path) -> Result<(), StoreError> {
    write_with(&LIVE, path, |file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        match fs::rename(path, before) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    })
}

/// Finds out before long work whether [`write_atomically`] can write there: missing parent folders are made, and a
/// temporary file is made and removed. **A disk that is full later is not foreseen.**
///
/// # Errors
/// Those of [`write_atomically`].
pub fn check_writable(path: impl AsRef<Path>) -> Result<(), StoreError> {
    let path = path.as_ref();
    temporary(&LIVE, path).map(drop)
}

/// Writes `value` as the JSON of [`json::to_bytes`], in the manner of [`write_atomically`].
///
/// Every `f64` is written with the digits that read back to the same bits. **A number that is not finite becomes
/// `null`**, as JSON has no word for it, and then [`read_json`] refuses the file where a number is expected.
///
/// # Errors
/// [`StoreError::Encode`], or those of [`write_atomically`].
pub fn write_json<T: Serialize + ?Sized>(path: impl AsRef<Path>, value: &T) -> Result<(), StoreError> {
    let path = path.as_ref();
    let bytes =
        json::to_bytes(value).map_err(|source| StoreError::Encode { path: path.to_owned(), source })?;
    write_atomically(path, &bytes)
}

/// Reads what [`write_json`] wrote.
///
/// # Errors
/// [`StoreError::Read`] when there is no such file, [`StoreError::Decode`] when it holds something else.
pub fn read_json<T: DeserializeOwned>(path: impl AsRef<Path>) -> Result<T, StoreError> {
    let path = path.as_ref();
    decode(path, &read(path)?)
}

/// What the bytes of a file of JSON hold; `path` is named if that is something else.
///
/// # Errors
/// [`StoreError::Decode`].
pub(crate) fn decode<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|source| StoreError::Decode { path: path.to_owned(), source })
}

/// The bytes of a file. **What is no file, such as a pipe, is not read:** that could last for ever.
///
/// # Errors
/// [`StoreError::Read`] when there is no such file.
pub fn read(path: impl AsRef<Path>) -> Result<Vec<u8>, StoreError> {
    let path = path.as_ref();
    let is_file = |found: fs::Metadata| {
        let no_file = || io::Error::new(io::ErrorKind::InvalidInput, "it is no file");
        found.is_file().then_some(()).ok_or_else(no_file)
    };
    fs::metadata(path)
        .and_then(is_file)
        .and_then(|()| fs::read(path))
        .map_err(|source| StoreError::Read { path: path.to_owned(), source })
}

/// Removes every temporary file of this process, for a Ctrl-C handler that ends the process next.
///
/// As long as the returned value lives, no other thread can begin or finish a file, so nothing half-written comes
/// into being between the removal and the end of the process.
#[must_use = "hold it until the process ends, or another thread may begin the next file"]
pub fn remove_temporaries() -> Stopped {
    LIVE.remove_all()
}

/// Writing is stopped while this value lives; see [`remove_temporaries`].
#[derive(Debug)]
pub struct Stopped {
    /// How many temporaries were removed.
    pub removed: usize,
    _live: MutexGuard<'static, BTreeSet<PathBuf>>,
}

/// The temporaries that exist at this moment, by path.
struct Registry(Mutex<BTreeSet<PathBuf>>);

static LIVE: Registry = Registry::new();

impl Registry {
    const fn new() -> Self {
        Self(Mutex::new(BTreeSet::new()))
    }

    /// A thread that panicked while it held the lock left a valid set behind, so the poison is ignored.
    fn lock(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remove_all(&'static self) -> Stopped {
        let mut live = self.lock();
        let removed = live.iter().filter(|path| fs::remove_file(path).is_ok()).count();
        live.clear();
        Stopped { removed, _live: live }
    }
}

/// A file under a temporary name, removed when dropped before it is renamed.
struct Temporary<'r> {
    registry: &'r Registry,
    path: PathBuf,
    file: File,
}

impl<'r> Temporary<'r> {
    /// Creates and registers `.NAME.PID-N.tmp` beside `target`, with the first `N` that is free.
    fn beside(registry: &'r Registry, target: &Path) -> io::Result<Self> {
        let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut live = registry.lock();
        for attempt in 0_u32.. {
            let path = target.with_file_name(format!(".{name}.{}-{attempt}.tmp", process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    live.insert(path.clone());
                    return Ok(Self { registry, path, file });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    fn rename(self, target: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        let mut live = self.registry.lock();
        fs::rename(&self.path, target)?;
        live.remove(&self.path);
        Ok(())
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if self.registry.lock().remove(&self.path) {
            // Nothing can be done about a failure here, and the error that led here is the one to report.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn write_with(
    registry: &Registry,
    path: &Path,
    write: impl Fn(&mut File) -> io::Result<()>,
) -> Result<(), StoreError> {
    let once = || {
        let mut temporary = temporary(registry, path)?;
        write(&mut temporary.file)
            .and_then(|()| temporary.rename(path))
            .map_err(|source| StoreError::Write { path: path.to_owned(), source })
    };
    match once() {
        // Somebody removed the folder meanwhile: it is made again.
        Err(StoreError::Write { source, .. }) if source.kind() == io::ErrorKind::NotFound => once(),
        done => done,
    }
}

/// A temporary file beside the target, if that can be replaced by it.
fn temporary<'r>(registry: &'r Registry, path: &Path) -> Result<Temporary<'r>, StoreError> {
    // A rename would replace a device such as /dev/null when the user may do so.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) || path.file_name().is_none() {
        return Err(StoreError::NotAFile { path: path.to_owned() });
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .map_err(|source| StoreError::Folder { folder: folder.to_owned(), source })?;
    }
    Temporary::beside(registry, path).map_err(|source| StoreError::Write { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests;
