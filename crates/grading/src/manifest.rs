//! `manifest.json`: what was graded, file by file, and with which versions.
//!
//! Two manifests are equal exactly when the same files were graded with the same tools: a teaching assistant compares a
//! student's with that of the assignment and sees what was changed.

use numerics::sha256_hex;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Folders that hold no part of a submission: what is built, fetched or made beside it.
const LEFT_OUT: [&str; 7] = [
    ".git",
    "target",
    "node_modules",
    "book/book",
    "results/machine",
    "results/shards",
    "tests/browser/node_modules",
];

/// What was graded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// The versions of what graded.
    pub versions: BTreeMap<String, String>,
    /// The SHA-256 of `files`, as their lines `SHA-256  NAME`.
    pub sha256: String,
    /// The SHA-256 of every file, by its name from the root.
    pub files: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of a folder. **Symbolic links are not followed**: their target is what is hashed.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn of(root: &Path) -> std::io::Result<Self> {
        let mut files = BTreeMap::new();
        let hash = |name, path: &Path| {
            let bytes = match std::fs::read_link(path) {
                Ok(target) => target.to_string_lossy().into_owned().into_bytes(),
                Err(_) => std::fs::read(path)?,
            };
            files.insert(name, sha256_hex(&bytes));
            Ok(())
        };
        walk(root, hash).map_err(|(_, source)| source)?;
        let lines: String = files.iter().map(|(name, sha256)| format!("{sha256}  {name}\n")).collect();
        let version = |program: &str| {
            let said = Command::new(program).arg("--version").current_dir(root).output();
            let said = said.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned());
            (program.to_owned(), said.unwrap_or_else(|_| "not there".to_owned()))
        };
        let ours = ("worked-gradients".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        let versions = [ours, version("cargo"), version("rustc")].into();
        Ok(Self { versions, sha256: sha256_hex(lines.as_bytes()), files })
    }
}

/// Shows `see` every file of a folder, with its name from there (`/` between folders) and its path. **Symbolic links
/// count as files** and are not followed; what is built, fetched or made beside the files is left out.
///
/// # Errors
/// The path that cannot be read, and why; that of `see` with the file's.
pub(crate) fn walk(
    root: &Path,
    see: impl FnMut(String, &Path) -> std::io::Result<()>,
) -> Result<(), (PathBuf, std::io::Error)> {
    walk_with(root, see, |path, error| Err((path, error)))
}

/// Shows `see` the names of the files of a folder that somebody else made, and `failed` those that cannot be opened.
pub(crate) fn walk_what_opens(root: &Path, mut see: impl FnMut(String), mut failed: impl FnMut(String)) {
    let seen = |name, _: &Path| {
        see(name);
        Ok(())
    };
    let told = |path: PathBuf, _| {
        failed(path.strip_prefix(root).map_or(String::new(), |name| name.to_string_lossy().into_owned()));
        Ok(())
    };
    // Nothing is an error of the walk.
    let _: Result<(), std::convert::Infallible> = walk_with(root, seen, told);
}

/// [`walk`], where `failed` decides whether what cannot be read ends it.
fn walk_with<E>(
    root: &Path,
    mut see: impl FnMut(String, &Path) -> std::io::Result<()>,
    mut failed: impl FnMut(PathBuf, std::io::Error) -> Result<(), E>,
) -> Result<(), E> {
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let here = root.join(&folder);
        let entries = std::fs::read_dir(&here).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                failed(here, error)?;
                continue;
            }
        };
        let is_built =
            !folder.as_os_str().is_empty() && entries.iter().any(|entry| entry.file_name() == BUILT);
        for entry in entries.into_iter().filter(|_| !is_built) {
            let path = folder.join(entry.file_name());
            let name = path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            if LEFT_OUT.contains(&name.as_str()) {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(kind) if kind.is_file() || kind.is_symlink() => {
                    if let Err(error) = see(name, &entry.path()) {
                        failed(entry.path(), error)?;
                    }
                }
                Ok(_) => {}
                Err(error) => failed(entry.path(), error)?,
            }
        }
    }
    Ok(())
}

/// The mark of a folder that holds what cargo built, wherever it lies.
const BUILT: &str = "CACHEDIR.TAG";

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("a.rs", "fn a() {}"), ("crates/b/src/lib.rs", ""), ("target/debug/x", "built")]
        {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn every_file_is_listed_but_not_what_was_built() {
        let manifest = Manifest::of(folder().path()).unwrap();
        assert_eq!(manifest.files.keys().collect::<Vec<_>>(), ["a.rs", "crates/b/src/lib.rs"]);
        assert_eq!(manifest.files["a.rs"], sha256_hex(b"fn a() {}"));
        assert_eq!(manifest.versions["worked-gradients"], env!("CARGO_PKG_VERSION"));
        assert!(manifest.versions["cargo"].starts_with("cargo 1."));
    }

    #[test]
    fn one_changed_or_added_file_changes_the_manifest_and_a_build_does_not() {
        let folder = folder();
        let before = Manifest::of(folder.path()).unwrap();
        std::fs::write(folder.path().join("target/debug/y"), "built").unwrap();
        assert_eq!(Manifest::of(folder.path()).unwrap(), before);
        std::fs::write(folder.path().join("a.rs"), "fn a() { }").unwrap();
        let changed = Manifest::of(folder.path()).unwrap();
        assert_ne!(changed.sha256, before.sha256);
        std::fs::write(folder.path().join("c.rs"), "").unwrap();
        assert_ne!(Manifest::of(folder.path()).unwrap().sha256, changed.sha256);
    }
}
