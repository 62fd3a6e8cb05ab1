//! Which files of a submission are graded.

use crate::hand_in;
use experiments::registry::EXPERIMENTS;

/// The crates that a student writes.
pub const CRATES: [&str; 3] = ["theory", "mlp-scratch", "cnn"];

/// The folder of the records, which are a student's as well.
const RECORDS: &str = "results/";

/// The crate to whose sources a file belongs.
pub(crate) fn crate_of(name: &str) -> Option<&'static str> {
    let rest = name.strip_prefix("crates/")?;
    let part_of = |it: &&&str| rest.strip_prefix(**it).is_some_and(|rest| rest.starts_with("/src/"));
    CRATES.iter().find(part_of).copied()
}

/// Whether a file is a record that an experiment leaves, or what was handed in of the pages.
pub(super) fn is_result(name: &str) -> bool {
    let is_left = |file: &str| EXPERIMENTS.iter().any(|experiment| experiment.files.contains(&file));
    name.strip_prefix(RECORDS).is_some_and(is_left) || name == hand_in::FILE
}

/// Whether a name is one that every system and every reader understands: no backslash, which Windows takes for the end
/// of a folder's name, no control character, no folder above.
pub(super) fn is_plain(name: &str) -> bool {
    !name.contains(|c: char| c == '\\' || c.is_control() || c == '\u{fffd}')
        && !name.split('/').any(|it| it == "..")
}

/// Whether a file is graded. **Of sources Rust's alone**: what has another name was not looked at.
pub(super) fn is_part(name: &str) -> bool {
    is_result(name) || crate_of(name).is_some() && name.ends_with(".rs")
}

/// The folder of the workspace in which a file lies, or that of its crate; a file of the root has none.
pub(super) fn folder_of(name: &str) -> Option<&str> {
    let depth = if name.starts_with("crates/") { 2 } else { 1 };
    let end = name.match_indices('/').nth(depth - 1)?.0;
    Some(&name[..end])
}
