//! The rule about folders: what stands in one does not lean on the file that opens it.

use crate::complaint::Complaint;
use crate::modules::trees;
use crate::sources::SourceFile;
use crate::uses::uses;

/// No file below a `mod.rs`, or below `name/` beside a `name.rs`, uses an item that is defined in that parent file.
/// This holds even where the parent only declares the child.
pub fn mod_rs_defines_nothing_its_children_use(files: &[SourceFile]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for found in trees(files).iter().flat_map(uses) {
        let (child, parent) = (&files[found.from].path, &files[found.to].path);
        if child.starts_with(&folder_of(parent)) {
            let item = &found.item;
            let says = format!(
                "{child}:{}: uses {item}, which {parent} defines: move {item} into a file of its own in that folder",
                found.line
            );
            complaints.push(Complaint::new(format!("{parent}: {item} in {child}"), says));
        }
    }
    complaints
}

/// The folder that the file opens, with `/` at its end.
fn folder_of(path: &str) -> String {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    format!("{}/", stem.strip_suffix("/mod").unwrap_or(stem))
}
