//! What this workspace is built of besides its own code: where it comes from, under which licences, and the lists of it
//! that are handed on.
//!
//! | rule | what it says |
//! |---|---|
//! | sources | every package of a lock file is this workspace's, or comes from crates.io with its hash |
//! | licences | every package is under a licence of the list in deny.toml |
//! | lists | THIRD-PARTY.md and the licence texts of the pages are what the packages say now |
//!
//! `make third-party` writes the lists.

mod licences;
mod lists;
mod metadata;
mod sources;

use std::path::{Path, PathBuf};

/// The workspace's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
