//! The lists that are handed on: THIRD-PARTY.md, and the licence texts of what is in the book's pages.

use crate::licences::may_be_used;
use crate::metadata::{LINUX, Metadata, PAGES, Package};
use crate::root;
use spdx::Licensee;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The list of all packages.
const LIST: &str = "THIRD-PARTY.md";

/// The licence texts of the packages in the pages: mdBook copies the file into the book.
const TEXTS: &str = "book/src/licences/widgets.txt";

/// Whoever sets this writes the lists anew: `make third-party`.
const WRITE: &str = "THIRD_PARTY";

/// The programs that are built from this workspace to be used.
const PROGRAMS: [&str; 3] = ["coursework", "experiments", "report"];

const HEAD: &str = "# Code of others

What ends in the programs of this workspace (`coursework`, `recompute`, `report`, on Linux) and in the program of the
widgets that the book's pages carry, besides Rust's own library (MIT OR Apache-2.0). `make third-party` writes this list
from what cargo resolves; a test goes red when it is out of date. What only builds or tests is not in it.

This repository holds no code of theirs: cargo fetches it from crates.io. **Whoever hands on a built program or the
built book hands on their code as well**, and its notices with it. For the pages the built book has them:
`licences/widgets.txt` holds the licence texts of all that is in the program of the widgets. A built program has none:
add those of this list. mdBook's style and scripts, which are in the built book too, are under MPL-2.0, as mdBook has
them. The licences of the font of the formulas and of the data are
[book/src/fonts/GUST-FONT-LICENSE.txt](book/src/fonts/GUST-FONT-LICENSE.txt) and [data/README.md](data/README.md).

| package | licence | programs | pages | repository |
|---|---|---|---|---|
";

/// A package of the list, as it is told from others.
fn key(package: &Package) -> (String, String) {
    (package.name.clone(), package.version.clone())
}

/// THIRD-PARTY.md.
fn list(programs: &[&Package], pages: &[&Package]) -> String {
    let [in_programs, in_pages] =
        [programs, pages].map(|of| of.iter().map(|it| key(it)).collect::<BTreeSet<_>>());
    let all: BTreeMap<_, &Package> = programs.iter().chain(pages).map(|it| (key(it), *it)).collect();
    let rows = all.iter().map(|(key, package)| {
        let mark = |of: &BTreeSet<(String, String)>| if of.contains(key) { "x" } else { "" };
        let licence = package.license.as_deref().unwrap_or("none");
        let repository = package.repository.as_deref().unwrap_or("");
        let (name, version) = key;
        format!(
            "| {name} {version} | {licence} | {} | {} | {repository} |\n",
            mark(&in_programs),
            mark(&in_pages)
        )
    });
    HEAD.to_owned() + &rows.collect::<String>()
}

/// The licence texts of packages: each text once, below the names of those that are under it.
fn texts(packages: &[&Package]) -> String {
    let mut of_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages {
        let names = of_text.entry(text(package)).or_default();
        names.push(format!(
            "{} {} ({})",
            package.name,
            package.version,
            package.license.as_deref().unwrap_or("none")
        ));
    }
    let mut texts: Vec<(Vec<String>, String)> =
        of_text.into_iter().map(|(text, names)| (names, text)).collect();
    texts.sort();
    let head = "The program of the widgets in these pages holds code of these packages, under these licences;\n\
                and of Rust's own library, under MIT OR Apache-2.0.\n";
    let entry = |(names, text): (Vec<String>, String)| {
        format!("\n{}\n\n{}\n{text}\n", "-".repeat(80), names.join("\n"))
    };
    head.to_owned() + &texts.into_iter().map(entry).collect::<String>()
}

/// The text of the licence that is chosen: Apache-2.0, which is the same text for all, where it may be; the package's
/// own otherwise.
fn text(package: &Package) -> String {
    let licence = package.license.as_deref().unwrap_or_default();
    let file = if may_be_used(licence, &[Licensee::parse("Apache-2.0").expect("it is a licence")]) {
        Some(root().join("LICENSE-APACHE"))
    } else {
        own_text(package.folder())
    };
    let text = file.and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
}

/// The file of a package's licence: of several that of MIT.
fn own_text(folder: &Path) -> Option<PathBuf> {
    let names =
        fs::read_dir(folder).ok()?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let begins = |name: &String| {
        ["LICENSE", "LICENCE", "COPYING"].iter().any(|it| name.to_uppercase().starts_with(it))
    };
    let name = names.filter(begins).min_by_key(|name| (!name.to_uppercase().contains("MIT"), name.clone()));
    name.map(|name| folder.join(name))
}

/// What the lists have to be now, by file.
fn lists() -> [(&'static str, String); 2] {
    let (linux, web) = (Metadata::of(&root(), LINUX), Metadata::of(&root(), PAGES));
    let (programs, pages) = (linux.linked(&PROGRAMS), web.linked(&["widgets"]));
    [(LIST, list(&programs, &pages)), (TEXTS, texts(&pages))]
}

/// The lists that are not what they have to be.
fn out_of_date(root: &Path, lists: &[(&'static str, String)]) -> Vec<&'static str> {
    let is = |file: &str| fs::read_to_string(root.join(file)).unwrap_or_default();
    lists.iter().filter(|(file, text)| is(file) != *text).map(|(file, _)| *file).collect()
}

#[test]
fn the_lists_are_what_the_packages_say() {
    let lists = lists();
    if std::env::var_os(WRITE).is_some() {
        for (file, text) in &lists {
            let path = root().join(file);
            path.parent().map(fs::create_dir_all).transpose().expect("the folder can be made");
            fs::write(path, text).expect("the list can be written");
        }
    }
    assert_eq!(out_of_date(&root(), &lists), [""; 0], "out of date; `make third-party` writes them");
}

/// The controls: a package more, and one of another version, make both lists others.
#[test]
fn another_package_or_version_makes_the_lists_others() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let web = Metadata::of(&root(), PAGES);
    let pages = web.linked(&["widgets"]);
    let both = |pages: &[&Package]| [(LIST, list(&[], pages)), (TEXTS, texts(pages))];
    let write = |lists: &[(&str, String)]| {
        for (file, text) in lists {
            let path = folder.path().join(file);
            path.parent().map(fs::create_dir_all).transpose().expect("the folder can be made");
            fs::write(path, text).expect("the list can be written");
        }
    };
    write(&both(&pages));
    assert_eq!(out_of_date(folder.path(), &both(&pages)), [""; 0]);
    assert_eq!(out_of_date(folder.path(), &both(&pages[1..])), [LIST, TEXTS]);
    let mut newer = pages[0].clone();
    newer.version += "0";
    assert_eq!(out_of_date(folder.path(), &both(&[&[&newer], &pages[1..]].concat())), [LIST, TEXTS]);
}

/// A notice that is missing would not be handed on.
#[test]
fn every_package_in_the_pages_has_its_licence_text() {
    let web = Metadata::of(&root(), PAGES);
    let without: Vec<String> = web
        .linked(&["widgets"])
        .into_iter()
        .filter(|it| text(it).is_empty())
        .map(|it| it.name.clone())
        .collect();
    assert_eq!(without, [""; 0]);
}
