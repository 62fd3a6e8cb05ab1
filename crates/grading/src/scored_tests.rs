//! What a partly right answer earns, and the score files.

use super::tests::{losing, rubric, submitted};
use super::*;
use crate::proofs::{Proof, TestName};
use crate::rubric::{Criterion, PartialCredit};
use quick_junit::{NonSuccessKind, TestCaseStatus};
use rstest::rstest;
use serde_json::Value;
use std::time::Duration;

fn proof(name: &str, failure: Option<&str>) -> Proof {
    let test = TestName::try_from(format!("crates/theory/tests/graph.rs::{name}")).unwrap();
    Proof { test, failure: failure.map(str::to_owned), seconds: 0.25 }
}

/// A criterion of 8 points with a check and three tests, of which these fail.
fn scored(partial: PartialCredit, check: bool, failures: [Option<&str>; 3]) -> Scored {
    let sheet = score(&rubric(), &submitted());
    let mut row = sheet.rows.into_iter().find(|row| row.criterion.id == "T2.2").unwrap();
    row.criterion.partial = partial;
    row.criterion.answers.clear();
    row.verdict.met = check;
    row.proofs = vec![proof("a", failures[0]), proof("b", failures[1]), proof("c", failures[2])];
    row
}

#[rstest]
#[case::all_right(PartialCredit::AllOrNothing, true, [None; 3], 8.0)]
#[case::all_right_by_parts(PartialCredit::PerPart, true, [None; 3], 8.0)]
#[case::one_test_fails(PartialCredit::AllOrNothing, true, [None, Some("wrong sign"), None], 0.0)]
#[case::one_test_fails_by_parts(PartialCredit::PerPart, true, [None, Some("wrong sign"), None], 6.0)]
#[case::the_check_fails_by_parts(PartialCredit::PerPart, false, [None; 3], 6.0)]
#[case::the_check_fails(PartialCredit::AllOrNothing, false, [None; 3], 0.0)]
#[case::nothing_is_right(PartialCredit::PerPart, false, [Some("x"); 3], 0.0)]
fn a_partly_right_answer_earns(
    #[case] partial: PartialCredit,
    #[case] check: bool,
    #[case] failures: [Option<&str>; 3],
    #[case] points: f64,
) {
    let row = scored(partial, check, failures);
    assert_eq!(row.points(), points);
    assert_eq!(row.met(), points == 8.0);
    // Where answers are asked for, tests earn nothing without the check.
    let answers = vec!["graph".to_owned()];
    let asked = Scored { criterion: Criterion { answers, ..row.criterion.clone() }, ..row };
    assert_eq!(asked.points(), if check { points } else { 0.0 });
}

#[test]
fn a_test_that_fails_is_named_with_its_reason_and_how_to_run_it() {
    let row = scored(PartialCredit::AllOrNothing, true, [None, Some("wrong sign"), None]);
    let evidence = row.evidence();
    assert!(
        evidence.ends_with("2 of 3 tests passed; crates/theory/tests/graph.rs::b fails: wrong sign"),
        "{evidence}"
    );
    assert_eq!(row.reproduce()[1..], ["cargo test --package theory --test graph -- b"]);
    assert_eq!(scored(PartialCredit::AllOrNothing, true, [None; 3]).reproduce().len(), 4);
}

/// The sheet when every test of the rubric has passed.
pub(super) fn with_tests(mut sheet: ScoreSheet) -> ScoreSheet {
    for row in &mut sheet.rows {
        let passed = |test: &TestName| Proof { test: test.clone(), failure: None, seconds: 0.0 };
        row.proofs = row.criterion.tests.iter().map(passed).collect();
    }
    sheet
}

/// The book and README show two criteria: one that is met, and one whose test was deleted.
#[test]
fn the_sheet_in_the_book_and_in_readme_is_what_is_printed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("book/src/grading.md")).unwrap();
    let block = page.split("```text\n").nth(1).and_then(|it| it.split("```").next()).unwrap();
    let mut sheet = with_tests(score(&rubric(), &submitted()));
    sheet.rows.retain(|row| ["T1a", "T1b"].contains(&row.criterion.id.as_str()));
    sheet.rows[0].proofs[0].test =
        TestName::try_from("crates/theory/tests/derivation.rs::a_deleted_test".to_owned()).unwrap();
    sheet.rows[0].proofs[0].failure = Some("there is no such test".to_owned());
    // Of the seconds only that they are there.
    let seconds = |line: &str| line.trim_start().starts_with("seconds ").then_some("seconds");
    let lines =
        |text: &str| text.lines().map(|line| seconds(line).unwrap_or(line).to_owned()).collect::<Vec<_>>();
    let printed = sheet::text(&sheet);
    let (_, rows) = printed.split_once("\n\n").unwrap();
    let (rows, _) = rows.split_once("\nTOTAL").unwrap();
    assert_eq!(lines(block), lines(rows));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    assert!(readme.contains(block), "README shows another sheet");
}

/// A sheet with a lost criterion, a partly right one, and text that every format has to escape.
fn sheet_of(seconds: f64) -> ScoreSheet {
    let mut sheet = score(&rubric(), &losing("P1.2"));
    let nasty = "left < right & \"quoted\" | a\u{7}bell, a comma";
    sheet.rows[0] = scored(PartialCredit::PerPart, true, [None, Some(nasty), None]);
    sheet.rows.iter_mut().for_each(|row| row.seconds = seconds);
    sheet
}

fn files(seconds: f64) -> Vec<export::ScoreFile> {
    export::files(&sheet_of(seconds), 10.0 * seconds).unwrap()
}

fn file(name: &str) -> String {
    files(1.5).into_iter().find(|file| file.name == name).unwrap().content
}

/// A score file without its times.
fn without_times(name: &str, content: &str) -> String {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|key, _| key != "execution_time" && key != "seconds");
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let cut =
        |line: &str, end: &str| line.rsplit_once(end).map_or(line.to_owned(), |(kept, _)| kept.to_owned());
    let lines = |end: &str| content.lines().map(|line| cut(line, end)).collect::<Vec<_>>().join("\n");
    match name.rsplit('.').next() {
        Some("json") => {
            let mut value: Value = serde_json::from_str(content).unwrap();
            strip(&mut value);
            value.to_string()
        }
        Some("xml") => lines(" time=\""),
        Some("csv") => lines(","),
        _ => {
            content.lines().map(|line| cut(line.trim_end_matches(" |"), " | ")).collect::<Vec<_>>().join("\n")
        }
    }
}

#[test]
fn two_gradings_differ_in_times_only() {
    for (a, b) in files(1.5).iter().zip(files(2.5)) {
        assert_ne!(a.content, b.content, "{}", a.name);
        assert_eq!(without_times(a.name, &a.content), without_times(b.name, &b.content), "{}", a.name);
        assert_eq!(a, files(1.5).iter().find(|file| file.name == a.name).unwrap());
    }
    assert_eq!(files(1.0).len(), 5);
}

/// The fields of <https://gradescope-autograders.readthedocs.io/en/latest/specs/>, with their types.
fn faults_for_gradescope(results: &Value) -> Vec<String> {
    type Is = fn(&Value) -> bool;
    let visibility: Is =
        |it| ["hidden", "after_due_date", "after_published", "visible"].iter().any(|name| it == name);
    let format: Is = |it| ["text", "html", "simple_format", "md", "ansi"].iter().any(|name| it == name);
    let number: Is = |it| it.as_f64().is_some_and(|it| it >= 0.0);
    let top: [(&str, Is); 9] = [
        ("score", number),
        ("execution_time", number),
        ("output", Value::is_string),
        ("output_format", format),
        ("test_output_format", format),
        ("test_name_format", format),
        ("visibility", visibility),
        ("stdout_visibility", visibility),
        ("tests", |it| it.as_array().is_some_and(|tests| !tests.is_empty())),
    ];
    let test: [(&str, Is); 11] = [
        ("score", number),
        ("max_score", number),
        ("status", |it| it == "passed" || it == "failed"),
        ("name", Value::is_string),
        ("name_format", format),
        ("number", Value::is_string),
        ("output", Value::is_string),
        ("output_format", format),
        ("tags", |it| it.as_array().is_some_and(|tags| tags.iter().all(Value::is_string))),
        ("visibility", visibility),
        ("extra_data", Value::is_object),
    ];
    let check = |value: &Value, fields: &[(&str, Is)]| -> Vec<String> {
        let given = value.as_object().unwrap();
        let fault = |(key, value): (&String, &Value)| {
            let field = fields.iter().find(|(name, _)| name == key);
            (!field.is_some_and(|(_, is)| is(value))).then(|| key.clone())
        };
        given.iter().filter_map(fault).collect()
    };
    let mut faults = check(results, &top);
    for it in results["tests"].as_array().into_iter().flatten() {
        faults.extend(check(it, &test));
        if it["score"].as_f64() > it["max_score"].as_f64() {
            faults.push("score above max_score".to_owned());
        }
    }
    faults
}

#[test]
fn gradescope_finds_its_published_fields_and_no_others() {
    let results: Value = serde_json::from_str(&file("results.json")).unwrap();
    assert_eq!(faults_for_gradescope(&results), [""; 0]);
    let points: f64 =
        results["tests"].as_array().unwrap().iter().map(|test| test["score"].as_f64().unwrap()).sum();
    assert_eq!(points, sheet_of(1.5).points());
}

#[rstest]
#[case::an_unknown_field("points", Value::from(1))]
#[case::a_text_for_a_number("score", Value::from("8"))]
#[case::an_unknown_status("status", Value::from("met"))]
#[case::an_unknown_visibility("visibility", Value::from("public"))]
#[case::more_points_than_there_are("score", Value::from(1e9))]
fn a_file_that_gradescope_would_misread_is_refused(#[case] field: &str, #[case] value: Value) {
    let mut results: Value = serde_json::from_str(&file("results.json")).unwrap();
    results["tests"][0][field] = value;
    assert!(!faults_for_gradescope(&results).is_empty());
}

/// Where a JUnit file, read by a reader of JUnit, does not say what the sheet says.
fn faults_of_junit(xml: &str, sheet: &ScoreSheet) -> Vec<String> {
    let report = match quick_junit::Report::deserialize_from_str(xml) {
        Ok(report) => report,
        Err(error) => return vec![error.to_string()],
    };
    let [suite] = &report.test_suites[..] else { return vec!["it has not one suite".to_owned()] };
    let lost = sheet.rows.iter().filter(|row| !row.met()).count();
    let (counts, expected) = ([suite.tests, suite.failures, suite.errors], [sheet.rows.len(), lost, 0]);
    let mut faults = Vec::new();
    if counts != expected || [report.tests, report.failures, report.errors] != expected {
        faults.push(format!("it counts {counts:?}"));
    }
    let expected: Vec<_> = sheet.rows.iter().map(said_by_a_row).collect();
    let found: Vec<_> = suite.test_cases.iter().map(said_by_a_case).collect();
    if found != expected {
        faults.push(format!("it says {found:?}"));
    }
    faults
}

/// Id, title, the points that are earned where some are lost, evidence, and seconds.
type Said = (String, String, Option<String>, String, Duration);

fn said_by_a_row(row: &Scored) -> Said {
    let points = (!row.met()).then(|| format!("{} of {} points", row.points(), row.criterion.points));
    let evidence = row.evidence().replace('\u{7}', "?");
    (
        row.criterion.id.clone(),
        row.criterion.title.clone(),
        points,
        evidence,
        Duration::from_secs_f64(row.seconds),
    )
}

fn said_by_a_case(case: &quick_junit::TestCase) -> Said {
    let text = |text: &Option<quick_junit::XmlString>| text.as_deref().unwrap_or_default().to_owned();
    let (points, output) = match &case.status {
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, message, description, .. } => {
            (Some(text(message)), text(description))
        }
        _ => (None, text(&case.system_out)),
    };
    let evidence = output.split_once(". ").and_then(|(_, rest)| rest.rsplit_once(". Run again: "));
    let evidence = evidence.map_or(output.clone(), |(evidence, _)| evidence.to_owned());
    (text(&case.classname), case.name.to_string(), points, evidence, case.time.unwrap_or_default())
}

#[test]
fn a_reader_of_junit_finds_every_criterion_with_its_points_and_all_of_its_text() {
    let (xml, sheet) = (file("junit.xml"), sheet_of(1.5));
    assert_eq!(faults_of_junit(&xml, &sheet), [""; 0]);
    assert!(sheet.rows[0].evidence().contains("left < right & \"quoted\" | a?bell"));
    assert!(!xml.contains('\u{7}') && !xml.contains("left < right"), "{xml}");
}

#[rstest]
#[case::a_wrong_count("failures=\"2\"", "failures=\"1\"")]
#[case::a_lost_text("system-out", "system-log")]
#[case::a_missing_id(" classname=\"T1b\"", "")]
#[case::a_failure_made_an_error("failure", "error")]
#[case::a_time_that_is_none("time=\"1.500\"", "time=\"soon\"")]
#[case::text_that_was_not_escaped("&lt;", "<")]
fn a_junit_file_that_says_something_else_is_refused(#[case] from: &str, #[case] to: &str) {
    let xml = file("junit.xml");
    assert!(xml.contains(from));
    assert!(!faults_of_junit(&xml.replace(from, to), &sheet_of(1.5)).is_empty());
}

#[test]
fn the_table_reads_back_as_a_table() {
    let table = file("grade.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), rubric().criteria.len());
    assert_eq!(rows[0].iter().take(5).collect::<Vec<_>>(), ["T2.2", "T2.2", "6", "8", "false"]);
    assert!(rows[0][7].contains("a comma"));
}
