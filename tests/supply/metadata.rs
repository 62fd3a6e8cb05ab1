//! The packages that a program is built of, as cargo resolves them.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the programs run that the lists are of; on other systems a few packages are others.
pub const LINUX: &str = "x86_64-unknown-linux-gnu";

/// Where the widgets of the book's pages run.
pub const PAGES: &str = "wasm32-unknown-unknown";

/// What cargo says of a workspace on one kind of machine.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    pub packages: Vec<Package>,
    resolve: Resolve,
}

/// A package.
#[derive(Clone, Debug, Deserialize)]
pub struct Package {
    id: String,
    pub name: String,
    pub version: String,
    pub license: Option<String>,
    pub repository: Option<String>,
    /// None of a package of this workspace.
    pub source: Option<String>,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Clone, Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Debug, Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Debug, Deserialize)]
struct EdgeKind {
    kind: Option<String>,
}

impl Metadata {
    /// What cargo says of the workspace in `root`, for machines of this kind. It downloads packages of other machines
    /// where they are not there.
    pub fn of(root: &Path, platform: &str) -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let arguments = ["metadata", "--format-version=1", "--locked", "--filter-platform", platform];
        let ask = |more: &[&str]| {
            let mut call = Command::new(&cargo);
            call.args(arguments).args(more).current_dir(root).output().expect("cargo can be called")
        };
        let offline = ask(&["--offline"]);
        let said = if offline.status.success() { offline } else { ask(&[]) };
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        serde_json::from_slice(&said.stdout).expect("cargo's metadata are JSON")
    }

    /// The packages of others that end in what these packages of the workspace are built to, by name and version: not
    /// those that only build or test, and no macros, which end in the compiler.
    pub fn linked(&self, of: &[&str]) -> Vec<&Package> {
        let packages: BTreeMap<&str, &Package> = self.packages.iter().map(|it| (&it.id[..], it)).collect();
        let nodes: BTreeMap<&str, &Node> = self.resolve.nodes.iter().map(|it| (&it.id[..], it)).collect();
        let is_one = |it: &&Package| it.source.is_none() && of.contains(&it.name.as_str());
        let mut left: Vec<&str> = self.packages.iter().filter(is_one).map(|it| &it.id[..]).collect();
        assert_eq!(left.len(), of.len(), "each of {of:?} is a package of the workspace");
        let mut seen = BTreeSet::new();
        while let Some(id) = left.pop() {
            if !packages[id].is_macro() && seen.insert(id) {
                let linked =
                    nodes[id].deps.iter().filter(|edge| edge.dep_kinds.iter().any(|it| it.kind.is_none()));
                left.extend(linked.map(|edge| &edge.pkg[..]));
            }
        }
        let mut found: Vec<&Package> = seen.iter().map(|id| packages[id]).collect();
        found.retain(|package| package.source.is_some());
        found.sort_by_key(|package| (&package.name, &package.version));
        found
    }
}

impl Package {
    fn is_macro(&self) -> bool {
        self.targets.iter().any(|target| target.kind.iter().any(|kind| kind == "proc-macro"))
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new("."))
    }
}
