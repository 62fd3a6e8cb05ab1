//! Broken books, each refused with the page and the line; and a sound one, which is not.

use report::build::{BuildError, build};
use report::check::{CheckError, Reason, Refusal, check};
use report::listing::ListingError;
use rstest::rstest;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const SOURCE: &str = "\
// ANCHOR: step
fn step() -> &'static str {
    \"a < b && c\"
}
// ANCHOR_END: step
// ANCHOR: empty
// ANCHOR_END: empty
// ANCHOR: twice
one
// ANCHOR_END: twice
// ANCHOR: twice
two
// ANCHOR_END: twice
// ANCHOR: open
the rest
";

const SOUND: &str = "# Page\n\n```rust,ignore\n{{#include ../../code.rs:step}}\n```\n\n`step` in `code.rs`\n";

/// A repository with one source file and a book of one page.
fn repository(page: &str) -> TempDir {
    let repository = tempfile::tempdir().unwrap();
    let long = format!("// ANCHOR: long\n{}// ANCHOR_END: long\n", "x\n".repeat(41));
    let files = [
        ("code.rs", long + SOURCE),
        ("book/book.toml", "[book]\n[build]\ncreate-missing = false\n".to_owned()),
        ("book/src/SUMMARY.md", "# Summary\n\n- [Page](page.md)\n".to_owned()),
        ("book/src/page.md", page.to_owned()),
    ];
    for (path, text) in files {
        let path = repository.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    repository
}

fn refusals(root: &Path) -> Vec<Refusal> {
    match check(root) {
        Err(CheckError::Refused(refusals)) => refusals,
        other => panic!("{other:?}"),
    }
}

fn in_listing(error: ListingError) -> Reason {
    Reason::Listing { file: "../../code.rs".into(), error }
}

#[test]
fn a_sound_book_is_built_with_its_listing() {
    let repository = repository(SOUND);
    let built = build(&repository.path().join("book"), None).unwrap();
    assert_eq!(built.checked.listings[0].text, "fn step() -> &'static str {\n    \"a < b && c\"\n}");
    assert_eq!((built.checked.pages.len(), built.checked.tests), (1, 1));
    assert!(built.folder.join("page.html").exists());
}

#[rstest]
#[case::a_missing_file("include ../../cod.rs:step", Reason::MissingFile("../../cod.rs".into()))]
#[case::a_missing_anchor("include ../../code.rs:stop", in_listing(ListingError::Missing("stop".into())))]
#[case::an_empty_anchor("include ../../code.rs:empty", in_listing(ListingError::Empty("empty".into())))]
#[case::an_anchor_without_end("include ../../code.rs:open", in_listing(ListingError::Open("open".into())))]
#[case::a_doubled_anchor(
    "include ../../code.rs:twice",
    in_listing(ListingError::Doubled { name: "twice".into(), first: 51, second: 54 })
)]
#[case::a_listing_of_41_lines(
    "include ../../code.rs:long",
    in_listing(ListingError::TooLong { name: "long".into(), lines: 41 })
)]
#[case::a_whole_file("include ../../code.rs", Reason::NoAnchor("include ../../code.rs".into()))]
#[case::line_numbers("include ../../code.rs:2:4", Reason::NoAnchor("include ../../code.rs:2:4".into()))]
#[case::a_misspelt_directive("inclde ../../code.rs:step", Reason::UnknownDirective("inclde ../../code.rs:step".into()))]
fn a_page_is_refused_with(#[case] directive: &str, #[case] reason: Reason) {
    let page = SOUND.replace("include ../../code.rs:step", directive);
    let repository = repository(&page);
    let root = repository.path().join("book");
    let expected = Refusal { page: root.join("src/page.md"), line: 4, reason };
    let refused = refusals(&root);
    assert!(refused[0].to_string().contains("page.md:4: "), "{}", refused[0]);
    assert_eq!(refused, [expected]);
}

#[rstest]
#[case::renamed("`stop` in `code.rs`", "stop", "code.rs")]
#[case::moved("`step` in `other.rs`", "step", "other.rs")]
#[case::that_is_only_the_beginning_of_a_name("`ste` in `code.rs`", "ste", "code.rs")]
fn a_page_is_refused_that_names_a_test(#[case] named: &str, #[case] name: &str, #[case] file: &str) {
    let repository = repository(&SOUND.replace("`step` in `code.rs`", named));
    let reason = Reason::MissingTest { name: name.into(), file: file.into() };
    let refused = refusals(&repository.path().join("book"));
    assert_eq!(refused.iter().map(|r| (r.line, &r.reason)).collect::<Vec<_>>(), [(7, &reason)]);
}

#[test]
fn every_fault_is_named_and_nothing_is_written() {
    let repository = repository(&SOUND.replace("step", "stop"));
    let root = repository.path().join("book");
    let error = build(&root, None).unwrap_err();
    assert_eq!(error.to_string().lines().count(), 2, "{error}");
    assert!(!root.join("book").exists());
}

#[test]
fn a_listing_outside_of_a_code_fence_is_refused() {
    let repository = repository("# Page\n\n{{#include ../../code.rs:step}}\n");
    let error = build(&repository.path().join("book"), None).unwrap_err();
    assert!(matches!(error, BuildError::NotShown { line: 3, .. }), "{error}");
}

#[test]
fn a_page_that_the_table_of_contents_does_not_name_is_refused() {
    let repository = repository(SOUND);
    let root = repository.path().join("book");
    fs::write(root.join("src/forgotten.md"), "# Forgotten\n").unwrap();
    let error = build(&root, None).unwrap_err();
    assert!(matches!(&error, BuildError::NotRendered(page) if page == Path::new("forgotten.md")), "{error}");
}

#[test]
fn a_page_in_the_table_of_contents_that_is_not_there_is_refused() {
    let repository = repository(SOUND);
    let root = repository.path().join("book");
    fs::write(root.join("src/SUMMARY.md"), "# Summary\n\n- [Page](page.md)\n- [Other](other.md)\n").unwrap();
    assert!(matches!(build(&root, None), Err(BuildError::Render(_))));
}

#[test]
fn a_folder_without_a_book_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = check(folder.path()).unwrap_err();
    assert!(matches!(error, CheckError::NoBook { .. }), "{error}");
}
