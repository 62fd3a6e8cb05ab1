//! `unsafe` stands in the crate `kernels` and nowhere else.
//!
//! The lint `unsafe_code` is denied for the whole workspace and forbidden in every library but `kernels`; an `allow`
//! could still switch it on again. This test reads the sources themselves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The only folder in which `unsafe` may stand.
const KERNELS: &str = "crates/kernels/src/";

/// The workspace's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every `.rs` file of the workspace, as a path from its root with forward slashes.
fn sources() -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in ["crates", "tests"] {
        collect(&root().join(folder), folder, &mut found)?;
    }
    Ok(found)
}

fn collect(folder: &Path, name: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &name, found)?;
        } else if name.ends_with(".rs") {
            found.push(name);
        }
    }
    Ok(())
}

/// The lines (from 1) on which the keyword stands in code: not in a comment, a string or a longer name.
fn unsafe_lines(source: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let skipped = skipped(rest);
        let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        if &rest[..word] == "unsafe" {
            lines.push(line);
        }
        let (done, after) = rest.split_at(skipped.max(word).max(first.len_utf8()));
        line += done.matches('\n').count();
        rest = after;
    }
    lines
}

/// The length of the comment, string or character at the beginning of `code`; 0 when none begins there.
fn skipped(code: &str) -> usize {
    let end_of =
        |from: usize, end: &str| code[from..].find(end).map_or(code.len(), |at| from + at + end.len());
    if code.starts_with("//") {
        return end_of(2, "\n");
    }
    if code.starts_with("/*") {
        return end_of(2, "*/");
    }
    let body = code.trim_start_matches(['b', 'c']);
    if let Some(raw) = body.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let start = code.len() - raw.len() + hashes + 1;
            return end_of(start, &format!("\"{}", "#".repeat(hashes)));
        }
    }
    if body.starts_with('"') {
        return quoted(code, code.len() - body.len() + 1);
    }
    // A quote with the next one or an escape behind it is a character; else it begins a lifetime.
    let mut chars = code.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some('\''), Some('\\'), _) => end_of(3, "'"),
        (Some('\''), Some(c), Some('\'')) => 2 + c.len_utf8(),
        _ => 0,
    }
}

/// The end of the string whose text begins at `from`.
fn quoted(code: &str, from: usize) -> usize {
    let mut escaped = false;
    for (at, c) in code[from..].char_indices() {
        match c {
            '"' if !escaped => return from + at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    code.len()
}

#[test]
fn unsafe_stands_only_in_the_kernels() -> io::Result<()> {
    let mut allowed = 0;
    for file in sources()? {
        let lines = unsafe_lines(&fs::read_to_string(root().join(&file))?);
        if file.starts_with(KERNELS) {
            allowed += lines.len();
        } else {
            assert!(
                lines.is_empty(),
                "{file} has the keyword on lines {lines:?}; it may stand in {KERNELS} only"
            );
        }
    }
    assert!(allowed > 0, "the kernels have some, so a search that finds none there is blind");
    Ok(())
}

#[test]
fn only_these_files_allow_it() -> io::Result<()> {
    let allow = format!("#![allow({})]", "unsafe_code");
    let mut allowing = BTreeSet::new();
    for file in sources()? {
        if fs::read_to_string(root().join(&file))?.contains(&allow) {
            allowing.insert(file);
        }
    }
    let files = ["simd/mod.rs", "tile.rs", "rows.rs", "lanes.rs", "conv/winograd/passes.rs", "peak.rs"];
    let expected = files.map(|name| format!("{KERNELS}{name}"));
    assert_eq!(allowing, BTreeSet::from(expected));
    Ok(())
}

#[test]
fn every_library_but_kernels_forbids_it() -> io::Result<()> {
    for entry in fs::read_dir(root().join("crates"))? {
        let lib = entry?.path().join("src/lib.rs");
        if lib.exists() && !lib.ends_with("kernels/src/lib.rs") {
            let source = fs::read_to_string(&lib)?;
            assert!(
                source.lines().any(|line| line == "#![forbid(unsafe_code)]"),
                "{} does not",
                lib.display()
            );
        }
    }
    Ok(())
}

/// Negative control: what must be found, and what must not.
#[test]
fn the_search_finds_the_keyword_in_code_and_nowhere_else() {
    assert_eq!(unsafe_lines("fn f() {\n    unsafe { g() }\n}\n"), [2]);
    assert_eq!(unsafe_lines("pub unsafe fn f() {}\nunsafe impl Send for T {}"), [1, 2]);
    assert_eq!(unsafe_lines("let c = '\"'; unsafe { f::<'a>() }"), [1]);
    assert_eq!(unsafe_lines("let s = \"a \\\" b\"; /* c */ let r = r#\"\"\"#; unsafe {}"), [1]);
    for harmless in [
        "// unsafe {}\n/// unsafe\n//! unsafe",
        "/* unsafe\n unsafe */",
        "let s = \"unsafe \\\" unsafe\";",
        "let s = r#\"unsafe \" unsafe\"#; let b = b\"unsafe\";",
        "#![forbid(unsafe_code)]",
        "let not_unsafe = unsafely();",
    ] {
        assert_eq!(unsafe_lines(harmless), [0; 0], "{harmless}");
    }
}
