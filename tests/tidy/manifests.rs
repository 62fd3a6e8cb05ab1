//! The packages of the workspace and the path dependencies between them, from the `Cargo.toml` files.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};
use toml::de::{DeTable, DeValue};

/// One package.
#[derive(Debug)]
pub struct Manifest {
    /// The package's name.
    pub name: String,
    /// Its folder, from the workspace's root.
    pub folder: String,
    /// The packages of this workspace that it is built with, in the order of their names, without those of its tests.
    pub dependencies: Vec<Dependency>,
}

/// A path dependency on a package of this workspace.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// Where it stands in the `Cargo.toml`, from 1.
    pub line: usize,
}

/// The packages of the workspace in `root`.
///
/// # Errors
/// A file that cannot be read.
pub fn read(root: &Path) -> io::Result<Vec<Manifest>> {
    let text = fs::read_to_string(root.join("Cargo.toml"))?;
    let mut members = Vec::new();
    for folder in member_folders(root, &text)? {
        let manifest = root.join(&folder).join("Cargo.toml");
        if manifest.exists() {
            members.push((folder, fs::read_to_string(manifest)?));
        }
    }
    Ok(parse(&text, &members))
}

/// The folders that `members` names; `folder/*` stands for every folder in it.
fn member_folders(root: &Path, text: &str) -> io::Result<Vec<String>> {
    let table: toml::Table = text.parse().expect("the workspace's Cargo.toml is TOML");
    let members = table.get("workspace").and_then(|workspace| workspace.get("members"));
    let members = members.and_then(|members| members.as_array()).expect("a workspace has members");
    let mut folders = Vec::new();
    for member in members.iter().filter_map(|member| member.as_str()) {
        let Some(parent) = member.strip_suffix("/*") else {
            folders.push(member.to_string());
            continue;
        };
        for entry in fs::read_dir(root.join(parent))? {
            folders.push(format!("{parent}/{}", entry?.file_name().to_string_lossy()));
        }
    }
    folders.sort();
    Ok(folders)
}

/// The packages, from the text of the workspace's `Cargo.toml` and from each member's folder and text.
///
/// # Panics
/// When one of them is not TOML, or a member has no name.
pub fn parse(root: &str, members: &[(String, String)]) -> Vec<Manifest> {
    let root = DeTable::parse(root).expect("the workspace's Cargo.toml is TOML");
    let shared = shared_paths(root.get_ref());
    let tables: Vec<_> = members
        .iter()
        .map(|(folder, text)| {
            (folder, text, DeTable::parse(text).unwrap_or_else(|e| panic!("{folder}/Cargo.toml: {e}")))
        })
        .collect();
    let names: BTreeMap<&str, &str> =
        tables.iter().map(|(folder, _, table)| (folder.as_str(), package_name(table.get_ref()))).collect();
    let manifest = |(folder, text, table): &(&String, &String, toml::Spanned<DeTable>)| Manifest {
        name: names[folder.as_str()].to_string(),
        folder: (*folder).clone(),
        dependencies: dependencies(folder, text, table.get_ref(), &shared, &names),
    };
    tables.iter().map(manifest).collect()
}

/// The folders of `[workspace.dependencies]`.
fn shared_paths(root: &DeTable) -> BTreeMap<String, String> {
    let shared = inner(root, "workspace").and_then(|workspace| inner(workspace, "dependencies"));
    let path = |value: &DeValue| value.get("path").and_then(|path| path.get_ref().as_str().map(normal));
    let shared = shared.into_iter().flatten();
    shared.filter_map(|(key, value)| Some((key.get_ref().to_string(), path(value.get_ref())?))).collect()
}

fn package_name<'t>(table: &'t DeTable) -> &'t str {
    let name = inner(table, "package").and_then(|package| package.get("name"));
    name.and_then(|name| name.get_ref().as_str()).expect("a package has a name")
}

fn inner<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<&'t DeTable<'i>> {
    table.get(key).and_then(|value| value.get_ref().as_table())
}

/// What stands in `[dependencies]` and `[target.'..'.dependencies]` and lies in this workspace.
fn dependencies(
    folder: &str,
    text: &str,
    table: &DeTable,
    shared: &BTreeMap<String, String>,
    names: &BTreeMap<&str, &str>,
) -> Vec<Dependency> {
    let targets =
        inner(table, "target").into_iter().flatten().filter_map(|(_, target)| target.get_ref().as_table());
    let tables = std::iter::once(table).chain(targets).filter_map(|table| inner(table, "dependencies"));
    let mut found = Vec::new();
    for (key, value) in tables.flatten() {
        let path = match (value.get_ref().get("path"), value.get_ref().get("workspace")) {
            (Some(path), _) => path.get_ref().as_str().map(|path| normal(&format!("{folder}/{path}"))),
            (None, Some(_)) => shared.get(key.get_ref().as_ref()).cloned(),
            (None, None) => None,
        };
        if let Some(name) = path.and_then(|path| names.get(path.as_str())) {
            let line = text[..key.span().start].matches('\n').count() + 1;
            found.push(Dependency { name: name.to_string(), line });
        }
    }
    found.sort();
    found
}

/// `path` without `.` and `..`.
fn normal(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
