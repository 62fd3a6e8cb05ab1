//! Broken books, each refused with the page and the line; and a sound one, which is not.

#[path = "refusals/claims.rs"]
mod claims;
#[path = "refusals/drawings.rs"]
mod drawings;
#[path = "refusals/exercises.rs"]
mod exercises;
#[path = "refusals/refused_calls.rs"]
mod refused_calls;
#[path = "refusals/scoreboard.rs"]
mod scoreboard;
mod support;
#[path = "refusals/widgets.rs"]
mod widgets;

use report::build::{BuildError, build, check};
use report::formula::FormulaError;
use report::listing::ListingError;
use report::refusal::{CheckError, Reason, Refusal};
use rstest::rstest;
use std::path::Path;
use support::{Repository, SOUND, page};

fn refusals(repository: &Repository) -> Vec<Refusal> {
    match check(&repository.book()) {
        Err(BuildError::Check(CheckError::Refused(refusals))) => refusals,
        other => panic!("{other:?}"),
    }
}

/// A sound page with one more line, number [`LINE`].
fn with_line(line: &str) -> Repository {
    Repository::new(&format!("{SOUND}\n{line}\n"))
}

const LINE: usize = 24;

fn in_listing(error: ListingError) -> Reason {
    Reason::Listing { file: "code.rs".into(), error }
}

fn missing(kind: &'static str, id: &str, known: &str) -> Reason {
    Reason::Missing { kind, id: id.into(), known: known.into() }
}

fn missing_key(key: &str, why: &str) -> Reason {
    Reason::MissingKey { record: "r".into(), key: key.into(), why: why.into() }
}

#[test]
fn a_sound_book_is_built_with_everything_it_quotes() {
    let repository = Repository::new(SOUND);
    let built = build(&repository.book(), None).unwrap();
    let html = page(&built.folder);
    for shown in [
        "fn used() -&gt; u32",
        "99.49\u{a0}%",
        "29 of 30",
        "<mi>L</mi>",
        "0.99399",
        "<path",
        "A table",
        "by definition",
        "10⁻¹⁶",
        "Below 5",
    ] {
        assert!(html.contains(shown), "{shown} is not in {html}");
    }
    let total = built.resolved.total();
    assert_eq!((total.listings, total.numbers, total.claims, total.formulas), (1, 4, 1, 4));
    assert_eq!((total.figures, total.tables, total.tests), (1, 3, 2));
    assert!(!html.contains("&lt;&lt;"));
}

#[rstest]
#[case::an_absent_anchor("<< listing(\"code.rs\", \"stop\") >>", in_listing(ListingError::Missing("stop".into())))]
#[case::an_empty_anchor("<< listing(\"code.rs\", \"empty\") >>", in_listing(ListingError::Empty("empty".into())))]
#[case::an_anchor_without_end("<< listing(\"code.rs\", \"open\") >>", in_listing(ListingError::Open("open".into())))]
#[case::a_doubled_anchor(
    "<< listing(\"code.rs\", \"twice\") >>",
    in_listing(ListingError::Doubled { name: "twice".into(), first: 52, second: 55 })
)]
#[case::a_listing_of_41_lines(
    "<< listing(\"code.rs\", \"long\") >>",
    in_listing(ListingError::TooLong { name: "long".into(), lines: 41 })
)]
#[case::a_missing_file("<< listing(\"cod.rs\", \"step\") >>", Reason::MissingFile("cod.rs".into()))]
#[case::a_listing_shown_twice(
    "<< listing(\"crates/a/src/lib.rs\", \"used\") >>",
    Reason::ShownTwice { file: "crates/a/src/lib.rs".into(), anchor: "used".into(), first: "page.md:5".into() }
)]
#[case::a_listing_within_a_line(
    "See << listing(\"code.rs\", \"step\") >>",
    Reason::NotAlone("<< listing(\"code.rs\", \"step\") >>".into())
)]
#[case::a_proof_that_is_no_test(
    "<< proof(\"crates/a/src/lib.rs\", \"helper\") >>",
    Reason::MissingTest { name: "helper".into(), file: "crates/a/src/lib.rs".into() }
)]
#[case::a_renamed_test(
    "`it_is_two` in `crates/a/src/lib.rs`",
    Reason::MissingTest { name: "it_is_two".into(), file: "crates/a/src/lib.rs".into() }
)]
#[case::a_moved_test("`it_is_one` in `code.rs`", Reason::MissingTest { name: "it_is_one".into(), file: "code.rs".into() })]
#[case::a_missing_record("<< number(\"s\", \"rate\") >>", Reason::MissingRecord("s".into()))]
#[case::a_missing_key(
    "<< number(\"r\", \"rat\") >>",
    missing_key("rat", "`rat` is not among experiment, question, rate, count, name")
)]
#[case::a_missing_key_in_a_formula(
    "$x = << number(\"r\", \"count.wrong\") >>$",
    missing_key("count.wrong", "`wrong` is not among correct, total")
)]
#[case::a_text_as_a_number(
    "<< number(\"r\", \"name\") >>",
    Reason::Format { record: "r".into(), key: "name".into(), why: "a text cannot be written".into() }
)]
#[case::an_unknown_claim("<< claim(\"goood\") >>", missing("claim", "goood", "good"))]
#[case::a_free_wording_of_a_claim(
    "<< claim(\"good\", \"It is great\") >>",
    Reason::FreeWording { id: "good".into(), words: "It is great".into() }
)]
#[case::a_free_wording_in_place_of_the_one_within_a_sentence(
    "<< claim(\"good\", within=\"it is great\") >>",
    Reason::Directive("cannot convert string to bool".into())
)]
#[case::a_missing_figure("<< figure(\"g\") >>", missing("figure", "g", "f, f-upright"))]
#[case::a_missing_table("<< table(\"u\") >>", missing("table", "u", "t"))]
#[case::a_missing_derivation("<< derivation(\"D.2\") >>", missing("derivation", "D.2", "D.1"))]
#[case::a_missing_question("<< question(\"R\") >>", Reason::MissingGiven { kind: "question", id: "R".into() })]
#[case::a_missing_given_number("<< given(\"b\") >>", Reason::MissingGiven { kind: "given", id: "b".into() })]
#[case::a_typed_measured_number("It reaches 0.9949 on", Reason::TypedNumber("0.9949".into()))]
#[case::a_typed_percentage("| 99 % |", Reason::TypedNumber("99".into()))]
#[case::a_typed_number_as_code("It reaches `0.9949`.", Reason::TypedNumber("0.9949".into()))]
#[case::a_typed_number_in_a_formula("$x = 0.9949$", Reason::TypedNumber("0.9949".into()))]
#[case::a_malformed_formula(
    "$\\frac{1$",
    Reason::Formula(FormulaError::Malformed {
        tex: "\\frac{1".into(),
        why: "Expected closing token \"}\", but reached end of input.".into(),
        at: 8
    })
)]
#[case::an_open_formula("It costs $5.", Reason::OpenFormula)]
#[case::an_open_directive("<< number(", Reason::OpenDirective)]
#[case::a_misspelt_directive("<< nmber(\"r\", \"rate\") >>", Reason::Directive("nmber is unknown".into()))]
#[case::a_misspelt_option(
    "<< number(\"r\", \"rate\", digit=2) >>",
    Reason::Directive("unknown keyword argument 'digit'".into())
)]
#[case::mdbooks_own_include("{{#include ../../code.rs:step}}", Reason::ForeignDirective("include ../../code.rs:step".into()))]
fn a_page_is_refused_with(#[case] line: &str, #[case] reason: Reason) {
    let refused = refusals(&with_line(line));
    assert!(refused[0].to_string().starts_with(&format!("book/src/page.md:{LINE}: ")), "{}", refused[0]);
    assert_eq!(refused, [Refusal { file: "book/src/page.md".into(), line: LINE, reason }]);
}

#[test]
fn an_anchor_that_no_page_shows_is_refused() {
    let repository = Repository::new(SOUND);
    repository.edit(
        "crates/a/src/lib.rs",
        "fn helper() {}",
        "// ANCHOR: spare\nfn helper() {}\n// ANCHOR_END: spare",
    );
    let refused = refusals(&repository);
    let reason = Reason::UnusedAnchor("spare".into());
    assert_eq!(refused, [Refusal { file: "crates/a/src/lib.rs".into(), line: 12, reason }]);
}

/// A sound book that shows a file in full.
fn in_full(page: &str) -> Repository {
    let repository = Repository::new(page);
    repository.edit("book/book.toml", "renderers", "literate = [\"crates/a/src/lib.rs\"]\nrenderers");
    repository.edit("crates/a/src/lib.rs", "#[test]", "#[cfg(test)]\n#[test]");
    repository
}

#[test]
fn a_line_of_a_file_shown_in_full_is_refused_that_no_listing_shows() {
    let repository = in_full(SOUND);
    assert!(check(&repository.book()).is_ok());
    repository.edit("crates/a/src/lib.rs", "// ANCHOR: used", "fn unused() {}\n// ANCHOR: used");
    let reason = Reason::NotOnce { times: 0 };
    assert_eq!(refusals(&repository), [Refusal { file: "crates/a/src/lib.rs".into(), line: 1, reason }]);
}

#[test]
fn a_line_of_a_file_shown_in_full_is_refused_that_two_listings_show() {
    let repository = in_full(&format!("{SOUND}\n<< listing(\"crates/a/src/lib.rs\", \"inner\") >>\n"));
    repository.edit("crates/a/src/lib.rs", "    1\n", "// ANCHOR: inner\n    1\n// ANCHOR_END: inner\n");
    let reason = Reason::NotOnce { times: 2 };
    assert_eq!(refusals(&repository), [Refusal { file: "crates/a/src/lib.rs".into(), line: 4, reason }]);
}

#[test]
fn a_character_that_the_font_lacks_is_refused() {
    let repository = Repository::new(SOUND);
    repository.write("book/font/glyphs.txt", "sha256 0\n");
    let reason = Reason::Formula(FormulaError::MissingGlyph('x'));
    assert_eq!(refusals(&repository)[0].reason, reason);
}

/// One digit of a record: the number in the page changes, and what was derived from the old record is refused.
#[test]
fn a_changed_digit_in_a_record_changes_the_book_or_fails_it() {
    let quoting = "<< number(\"r\", \"rate\") >>\n\n<< listing(\"crates/a/src/lib.rs\", \"used\") >>\n";
    let repository = Repository::new(quoting);
    // Nothing is derived from this record.
    std::fs::remove_file(repository.book().join("../results/report.json")).unwrap();
    let before = page(&build(&repository.book(), None).unwrap().folder);
    repository.edit("results/r.json", "0.9949", "0.9948");
    let after = page(&build(&repository.book(), None).unwrap().folder);
    assert!(before.contains("0.9949") && after.contains("0.9948") && !after.contains("0.9949"));
    let repository = Repository::new(SOUND);
    repository.edit("results/r.json", "0.9949", "0.9948");
    let stale = refusals(&repository);
    assert!(
        stale.len() == 5 && stale.iter().all(|refusal| refusal.reason == Reason::Stale("r.json".into())),
        "{stale:?}"
    );
}

/// A number opens to what stands around it in the record: a digit changed there changes the page as well.
#[test]
fn a_quoted_number_brings_its_neighbours_with_it() {
    let repository = Repository::new(
        "<< number(\"r\", \"rate\", percent=1) >>\n\n<< listing(\"crates/a/src/lib.rs\", \"used\") >>\n",
    );
    std::fs::remove_file(repository.book().join("../results/report.json")).unwrap();
    let before = page(&build(&repository.book(), None).unwrap().folder);
    let card =
        r#"{"record":"r","key":"rate","near":[["experiment","r"],["question","Which?"],["rate","0.9949"],["#;
    assert!(before.contains(card) && before.contains("data-card=\"0\""), "{before}");
    repository.edit("results/r.json", "Which?", "What?");
    let after = page(&build(&repository.book(), None).unwrap().folder);
    assert!(!after.contains(card) && after.contains(&card.replace("Which?", "What?")));
}

/// `make bench-peers` leaves its measurements in a folder of `results/`, and no experiment writes them again.
#[test]
fn a_measurement_of_a_machine_is_no_record() {
    let repository = Repository::new(SOUND);
    let before = page(&build(&repository.book(), None).unwrap().folder);
    repository.write("results/machine/x.json", "{\"steps\": 3}");
    assert_eq!(page(&build(&repository.book(), None).unwrap().folder), before);
    // The control: beside the records it would be one.
    repository.write("results/x.json", "{\"steps\": 3}");
    assert!(page(&build(&repository.book(), None).unwrap().folder).contains("cargo coursework run x"));
}

#[test]
fn a_changed_line_of_a_listed_function_changes_the_book() {
    let repository = Repository::new(SOUND);
    let before = page(&build(&repository.book(), None).unwrap().folder);
    repository.edit("crates/a/src/lib.rs", "    1\n", "    2\n");
    let after = page(&build(&repository.book(), None).unwrap().folder);
    assert_ne!(before, after);
}

#[test]
fn every_fault_is_named_and_nothing_is_written() {
    let repository = with_line("0.9949 and $\\frac{1$ of << number(\"s\", \"t\") >>");
    let error = build(&repository.book(), None).unwrap_err();
    assert_eq!(error.to_string().lines().count(), 3, "{error}");
    assert!(!repository.book().join("book").exists());
}

#[test]
fn a_page_that_the_table_of_contents_does_not_name_is_refused() {
    let repository = Repository::new(SOUND);
    repository.write("book/src/forgotten.md", "# Forgotten\n");
    let error = build(&repository.book(), None).unwrap_err();
    assert!(matches!(&error, BuildError::NotRendered(page) if page == Path::new("forgotten.md")), "{error}");
}

#[test]
fn a_page_in_the_table_of_contents_that_is_not_there_is_refused() {
    let repository = Repository::new(SOUND);
    repository.write("book/src/SUMMARY.md", "# Summary\n\n- [Page](page.md)\n- [Other](other.md)\n");
    assert!(matches!(build(&repository.book(), None), Err(BuildError::Render(_))));
}

#[rstest]
#[case::at_all("[preprocessor.report]\n", "[preprocessor.other]\n")]
#[case::for_html("\"html\"", "\"markdown\"")]
fn a_book_that_does_not_declare_the_preprocessor_is_refused(#[case] from: &str, #[case] to: &str) {
    let repository = Repository::new(SOUND);
    repository.edit("book/book.toml", from, to);
    assert!(matches!(build(&repository.book(), None), Err(BuildError::NotDeclared(_))));
}

/// What mdBook does by itself when it skips the preprocessor: it reports success and shows the directives.
#[test]
fn a_book_whose_preprocessor_was_skipped_has_no_stamp() {
    let repository = Repository::new(SOUND);
    let resolved = check(&repository.book()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.html"), SOUND).unwrap();
    assert!(matches!(report::build::verify(folder.path(), &resolved), Err(BuildError::NoStamp(_))));
}

#[test]
fn a_folder_without_a_book_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = check(folder.path()).unwrap_err();
    assert!(matches!(error, BuildError::Check(CheckError::NoBook { .. })), "{error}");
}

/// What claims, tables, figures and verdicts were derived from, changed since.
#[rstest]
#[case::the_trained_network("results/network.safetensors", "weights", "weightz", Reason::Stale("network.safetensors".into()))]
#[case::a_bar("rubric.toml", "bar = 0.5", "bar = 0.4", Reason::StaleRubric)]
#[case::a_check("rubric.toml", "\"graph\"", "\"gradients\"", Reason::StaleRubric)]
fn a_report_that_is_older_than_what_it_was_derived_from_is_refused(
    #[case] file: &str,
    #[case] from: &str,
    #[case] to: &str,
    #[case] reason: Reason,
) {
    let repository = Repository::new(SOUND);
    check(&repository.book()).unwrap();
    repository.edit(file, from, to);
    let found = refusals(&repository);
    assert!(found.len() == 5 && found.iter().all(|refusal| refusal.reason == reason), "{found:?}");
}

/// A course may change points without deriving the report again.
#[test]
fn other_points_leave_the_report_as_it_is() {
    let repository = Repository::new(SOUND);
    repository.edit("rubric.toml", "points = 1", "points = 7");
    check(&repository.book()).unwrap();
}
