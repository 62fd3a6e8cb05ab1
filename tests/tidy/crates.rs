//! The rules about whole crates: no circle, and a picture in `ARCHITECTURE.md` that is true.

use crate::complaint::Complaint;
use crate::graph::strongly_connected_components;
use crate::manifests::Manifest;
use std::collections::{BTreeMap, BTreeSet};

/// The line of `ARCHITECTURE.md` behind which the picture stands.
pub const MARKER: &str = "<!-- crates -->";

/// The crates' path dependencies form no circle. Those for tests do not count: cargo allows circles there.
pub fn circles_between_crates(manifests: &[Manifest]) -> Vec<Complaint> {
    let index: BTreeMap<&str, usize> =
        manifests.iter().enumerate().map(|(i, m)| (m.name.as_str(), i)).collect();
    let arrows = manifests.iter().enumerate().flat_map(|(from, manifest)| {
        let index = &index;
        manifest.dependencies.iter().map(move |dependency| (from, index[dependency.name.as_str()]))
    });
    let circles = strongly_connected_components(manifests.len(), arrows);
    circles.iter().map(|circle| crate_circle(manifests, circle)).collect()
}

fn crate_circle(manifests: &[Manifest], circle: &[usize]) -> Complaint {
    let mut names: Vec<&str> = circle.iter().map(|&at| manifests[at].name.as_str()).collect();
    names.sort_unstable();
    let mut says = format!(
        "the crates {} depend on each other: move what more than one of them needs into a crate below them",
        names.join(", ")
    );
    for manifest in circle.iter().map(|&at| &manifests[at]) {
        for dependency in
            manifest.dependencies.iter().filter(|dependency| names.contains(&dependency.name.as_str()))
        {
            says += &format!("\n  {}/Cargo.toml:{}: {}", manifest.folder, dependency.line, dependency.name);
        }
    }
    Complaint::new(names.join(", "), says)
}

/// The crates as text, one line for each, `name -> dependency, dependency`. A crate stands below all it depends on;
/// where the order is free, it is that of the names.
pub fn crate_arrows(manifests: &[Manifest]) -> String {
    let mut left: BTreeMap<&str, &Manifest> = manifests.iter().map(|m| (m.name.as_str(), m)).collect();
    let mut drawn = BTreeSet::new();
    let mut text = String::new();
    while !left.is_empty() {
        let ready = left.values().find(|m| m.dependencies.iter().all(|d| drawn.contains(d.name.as_str())));
        // In a circle no crate is ready; the first of the names is then as good as any.
        let Some(next) = ready.or_else(|| left.values().next()).copied() else { break };
        left.remove(next.name.as_str());
        drawn.insert(next.name.as_str());
        let names: BTreeSet<&str> = next.dependencies.iter().map(|d| d.name.as_str()).collect();
        let names = Vec::from_iter(names).join(", ");
        let arrow = if names.is_empty() { "" } else { " -> " };
        text += &format!("{}{arrow}{names}\n", next.name);
    }
    text
}

/// The block behind [`MARKER`] in `architecture`, the text of `ARCHITECTURE.md`, is `arrows`.
pub fn picture(architecture: &str, arrows: &str) -> Vec<Complaint> {
    let paste = format!("{MARKER}\n```text\n{arrows}```\n");
    let Some(at) = architecture.lines().position(|line| line.trim() == MARKER) else {
        let says = format!(
            "ARCHITECTURE.md has no line `{MARKER}`. Paste this where the crates are shown:\n{paste}"
        );
        return vec![Complaint::new("ARCHITECTURE.md", says)];
    };
    let mut lines = architecture.lines().skip(at + 1).skip_while(|line| line.trim().is_empty());
    let is_block = lines.next() == Some("```text");
    let block: String = lines.take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
    if is_block && block == arrows {
        return Vec::new();
    }
    let says = format!(
        "ARCHITECTURE.md:{}: this is not how the crates depend on each other now. Paste this in its place:\n{paste}",
        at + 1
    );
    vec![Complaint::new("ARCHITECTURE.md", says)]
}
