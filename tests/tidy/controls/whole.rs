//! A small workspace on disk, read as the real one is.

use crate::{complaints, manifests, sources};
use std::path::Path;
use std::{fs, io};

fn write(root: &Path, path: &str, text: &str) -> io::Result<()> {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a file stands in a folder"))?;
    fs::write(path, text)
}

/// The rules that are broken in a workspace of two crates, where `lib.rs` of `a` has this text.
fn broken(lib: &str, dependencies_of_b: &str) -> io::Result<Vec<&'static str>> {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    let package = |name: &str, tables: &str| format!("[package]\nname = \"{name}\"\n{tables}\n");
    write(root, "Cargo.toml", "[workspace]\nmembers = [\"crates/*\", \"tests\"]\n")?;
    write(root, "crates/a/Cargo.toml", &package("a", "[dependencies]\nb = { path = \"../b\" }"))?;
    write(root, "crates/a/src/lib.rs", lib)?;
    write(root, "crates/a/src/child/mod.rs", "mod low; use low::Low; pub fn child(_: Low) {}")?;
    write(root, "crates/a/src/child/low.rs", "pub struct Low; pub fn low() {}")?;
    write(root, "crates/a/target/debug/built.rs", "this is no Rust")?;
    write(root, "crates/b/Cargo.toml", &package("b", dependencies_of_b))?;
    write(root, "crates/b/src/lib.rs", "pub struct Base;")?;
    write(
        root,
        "tests/Cargo.toml",
        &package("acceptance", "[dependencies]\na = { path = \"../crates/a\" }"),
    )?;
    write(root, "tests/lib.rs", "pub struct Base;")?;
    let manifests = manifests::read(root)?;
    let files = sources::read(root, &manifests)?;
    let found = complaints(&manifests, &files);
    Ok(found.into_iter().filter(|(_, complaints)| !complaints.is_empty()).map(|(rule, _)| rule).collect())
}

#[test]
fn a_tidy_workspace_passes() -> io::Result<()> {
    assert_eq!(broken("mod child; pub fn f() { child::child() }", "")?, [""; 0]);
    Ok(())
}

#[test]
fn every_fault_on_disk_is_found() -> io::Result<()> {
    let long = format!("// a {}\n{}", "x".repeat(200), "//\n".repeat(400));
    let function = format!("fn long() {{\n{}}}\n", "\n".repeat(50));
    let lib = format!("mod child; pub struct Base;\n{long}{function}");
    let expected =
        ["circles_between_crates", "long_functions", "long_files", "long_lines", "one_name_one_type"];
    assert_eq!(broken(&lib, "[dependencies]\na = { path = \"../a\" }")?, expected);
    Ok(())
}
