//! What `make fuzz` found stays found: every kept file is read again, by an ordinary compiler.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use untrusted::{PARSERS, UntrustedParser, specimens};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz")
}

/// The names of what lies in a folder, in their order; none where there is no folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// What becomes of bytes: they are read, refused with a reason, or the parser panics.
fn class(parser: &UntrustedParser, bytes: &[u8]) -> String {
    match catch_unwind(AssertUnwindSafe(|| (parser.parse)(bytes))) {
        Ok(Ok(())) => "read".to_owned(),
        // What a file says may stand in the reason, whatever it is.
        Ok(Err(why)) => format!("refused: {}", why.escape_debug().take(100).collect::<String>()),
        Err(_) => "the parser panicked".to_owned(),
    }
}

#[test]
fn every_kept_file_is_read_or_refused_as_it_was() {
    let mut classes = String::new();
    for parser in PARSERS {
        let folder = fuzz().join("corpus").join(parser.name);
        for name in names(&folder) {
            let bytes = fs::read(folder.join(&name)).unwrap();
            classes += &format!("{}/{name}: {}\n", parser.name, class(parser, &bytes));
        }
    }
    assert!(!classes.contains("panicked"), "{classes}");
    insta::assert_snapshot!(classes);
}

/// A corpus that no parser reads would be kept in vain.
#[test]
fn every_folder_program_and_parser_belong_together() {
    let parsers: BTreeSet<String> = PARSERS.iter().map(|parser| parser.name.to_owned()).collect();
    let programs = names(&fuzz().join("targets"));
    assert_eq!(programs, parsers.iter().map(|name| format!("{name}.rs")).collect());
    assert!(names(&fuzz().join("corpus")).is_subset(&parsers));
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    for name in &parsers {
        assert!(manifest.contains(&format!("\nname = \"{name}\"\npath = \"targets/{name}.rs\"\n")), "{name}");
        let program = fs::read_to_string(fuzz().join(format!("targets/{name}.rs"))).unwrap();
        assert!(program.contains(&format!("untrusted::parse(\"{name}\", bytes)")), "{name}");
    }
}

#[test]
fn every_specimen_is_read_by_its_parser() {
    for specimen in specimens() {
        let parser = PARSERS.iter().find(|parser| parser.name == specimen.parser).unwrap();
        // Of a hand-in that nobody worked on, the answers are missing.
        let expected = if specimen.parser == "hand_in" { "refused: hand-in.json: " } else { "read" };
        let found = class(parser, &specimen.bytes);
        assert!(found.starts_with(expected), "{}/{}: {found}", specimen.parser, specimen.name);
    }
    let drawn: BTreeSet<&str> = specimens().iter().map(|specimen| specimen.parser).collect();
    assert_eq!(drawn.len(), PARSERS.len(), "every parser has a specimen");
}

/// Cut anywhere, a file is read or refused, and no parser panics.
#[test]
fn a_specimen_cut_anywhere_is_read_or_refused() {
    for specimen in specimens().into_iter().filter(|specimen| specimen.parser != "edited") {
        let parser = PARSERS.iter().find(|parser| parser.name == specimen.parser).unwrap();
        for part in 0..16 {
            let found = class(parser, &specimen.bytes[..specimen.bytes.len() * part / 16]);
            assert!(!found.contains("panicked"), "{}/{} at {part} of 16", specimen.parser, specimen.name);
        }
    }
}

/// The control of all of these.
#[test]
fn a_parser_that_panics_is_caught() {
    let parse =
        |bytes: &[u8]| if bytes.is_empty() { panic!("as planted") } else { Err("no\nmore".to_owned()) };
    let planted = UntrustedParser { name: "planted", parse };
    assert_eq!(class(&planted, b""), "the parser panicked");
    assert_eq!(class(&planted, b"x"), "refused: no\\nmore");
}
