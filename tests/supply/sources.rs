//! The rule about sources: what stands in a lock file is ours, or comes from crates.io with its hash.

use crate::root;
use serde::Deserialize;
use std::fs;

/// How a lock file names crates.io.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The lock files: of the workspace, and of the programs of `make fuzz`.
const LOCK_FILES: [&str; 2] = ["Cargo.lock", "tests/fuzz/Cargo.lock"];

#[derive(Deserialize)]
struct LockFile {
    package: Vec<LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    name: String,
    source: Option<String>,
    checksum: Option<String>,
}

/// The packages of a lock file that are from elsewhere, or whose content is not fixed by a hash.
fn from_elsewhere(text: &str, ours: &[String]) -> Vec<String> {
    let lock: LockFile = toml::from_str(text).expect("a lock file is TOML");
    let is_fine = |package: &LockedPackage| match &package.source {
        None => ours.contains(&package.name),
        Some(source) => source == CRATES_IO && package.checksum.as_ref().is_some_and(|hash| hash.len() == 64),
    };
    lock.package.into_iter().filter(|package| !is_fine(package)).map(|package| package.name).collect()
}

/// The names of the packages of this repository.
fn ours() -> Vec<String> {
    #[derive(Deserialize)]
    struct Manifest {
        package: Named,
    }
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    let crates = fs::read_dir(root().join("crates")).expect("the crates are there");
    let mut folders: Vec<_> = crates.map(|entry| entry.expect("it can be read").path()).collect();
    folders.extend(["tests", "tests/fuzz"].map(|name| root().join(name)));
    let texts = folders.iter().filter_map(|folder| fs::read_to_string(folder.join("Cargo.toml")).ok());
    texts.map(|text| toml::from_str::<Manifest>(&text).expect("a manifest is TOML").package.name).collect()
}

#[test]
fn every_package_of_a_lock_file_is_ours_or_comes_from_crates_io() {
    for file in LOCK_FILES {
        let text = fs::read_to_string(root().join(file)).expect("the lock file is there");
        assert_eq!(from_elsewhere(&text, &ours()), [""; 0], "{file}");
    }
}

/// The control.
#[test]
fn a_package_from_elsewhere_or_without_a_hash_is_named() {
    let text = fs::read_to_string(root().join("Cargo.lock")).expect("the lock file is there");
    let hash = "0".repeat(64);
    for planted in [
        format!("source = \"git+https://example.org/planted#1234\"\nchecksum = \"{hash}\""),
        format!("source = \"registry+https://example.org/index\"\nchecksum = \"{hash}\""),
        format!("source = \"{CRATES_IO}\""),
        String::new(),
    ] {
        let text = format!("{text}\n[[package]]\nname = \"planted\"\nversion = \"1.0.0\"\n{planted}\n");
        assert_eq!(from_elsewhere(&text, &ours()), ["planted"], "{planted}");
    }
}
