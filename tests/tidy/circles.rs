//! The rule about files: within a crate they use each other in one direction only.

use crate::complaint::Complaint;
use crate::graph::strongly_connected_components;
use crate::modules::{Tree, trees};
use crate::sources::SourceFile;
use crate::uses::{Use, uses};
use std::collections::BTreeMap;

/// The files in the `src` of a crate form no circle by what their code uses; see [`crate::uses`] for what that is. An
/// item that a module only shows (`pub use child::Item`) counts for the file that defines it.
pub fn circles_between_files(files: &[SourceFile]) -> Vec<Complaint> {
    trees(files).iter().flat_map(circles_in).collect()
}

fn circles_in(tree: &Tree) -> Vec<Complaint> {
    let mut arrows: BTreeMap<(usize, usize), Use> = BTreeMap::new();
    for found in uses(tree) {
        let first = arrows.entry((found.from, found.to)).or_insert_with(|| found.clone());
        if found.line < first.line {
            *first = found;
        }
    }
    let circles = strongly_connected_components(tree.files.len(), arrows.keys().copied());
    circles.iter().map(|circle| file_circle(tree.files, &arrows, circle)).collect()
}

fn file_circle(files: &[SourceFile], arrows: &BTreeMap<(usize, usize), Use>, circle: &[usize]) -> Complaint {
    let mut paths: Vec<&str> = circle.iter().map(|&at| files[at].path.as_str()).collect();
    paths.sort_unstable();
    let mut says = format!(
        "{} files use each other in a circle: move what both sides need into a file below them, or hand it over as an \
         argument",
        paths.len()
    );
    for found in arrows.values().filter(|found| circle.contains(&found.from) && circle.contains(&found.to)) {
        let (from, to) = (&files[found.from].path, &files[found.to].path);
        says += &format!("\n  {from}:{}: {} of {to}", found.line, found.item);
    }
    Complaint::new(paths.join(", "), says)
}
