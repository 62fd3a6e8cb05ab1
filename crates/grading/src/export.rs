//! The score sheet in the forms that graders' tools read.
//!
//! | file | for |
//! |---|---|
//! | `results.json` | Gradescope |
//! | `classroom.json` | GitHub Classroom's autograding |
//! | `junit.xml` | anything that reads JUnit |
//! | `grade.csv` | a table of many students |
//! | `report.md` | people |
//!
//! Two gradings of the same files differ in times only. Those are `execution_time` and `seconds` in JSON, the attribute
//! `time` in JUnit, the last column, `seconds`, in CSV and Markdown.

use super::{ScoreSheet, Scored, foreign, sheet};
use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};
use serde_json::{Value, json};
use std::time::Duration;

/// The name of the suite in JUnit.
const SUITE: &str = "coursework";

/// A file of the score folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreFile {
    pub name: &'static str,
    pub content: String,
}

/// Why there are no score files.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The table cannot be written as CSV.
    #[error("grade.csv cannot be written: {0}")]
    Csv(#[from] csv::Error),
    /// The cases cannot be written as XML.
    #[error("junit.xml cannot be written: {0}")]
    Junit(#[from] SerializeError),
}

/// All score files; `seconds` is how long grading took.
///
/// # Errors
/// [`ExportError`] names the file.
pub fn files(score: &ScoreSheet, seconds: f64) -> Result<Vec<ScoreFile>, ExportError> {
    Ok(vec![
        ScoreFile { name: "results.json", content: format!("{:#}\n", gradescope(score, seconds)) },
        ScoreFile { name: "classroom.json", content: format!("{:#}\n", classroom(score)) },
        ScoreFile { name: "junit.xml", content: junit(score, seconds)? },
        ScoreFile { name: "grade.csv", content: table(score)? },
        ScoreFile { name: "report.md", content: sheet::markdown(score) },
    ])
}

fn output(row: &Scored) -> String {
    format!(
        "number {}, bar {}. {}. Run again: {}",
        sheet::shown(row),
        sheet::number(Some(row.criterion.bar)),
        row.evidence(),
        row.reproduce().join("; ")
    )
}

/// Gradescope's `results.json`: <https://gradescope-autograders.readthedocs.io/en/latest/specs/>.
fn gradescope(score: &ScoreSheet, seconds: f64) -> Value {
    let test = |row: &Scored| {
        json!({
            "number": row.criterion.id,
            "name": row.criterion.title,
            "score": row.points(),
            "max_score": row.criterion.points,
            "status": if row.met() { "passed" } else { "failed" },
            "output": output(row),
            "output_format": "text",
            "tags": [row.criterion.question],
            "visibility": row.criterion.visibility,
            "extra_data": { "seconds": row.seconds },
        })
    };
    json!({
        "output": score.notes.join("\n"),
        "execution_time": seconds.ceil() as u64,
        "visibility": "visible",
        "tests": score.rows.iter().map(test).collect::<Vec<_>>(),
    })
}

/// GitHub Classroom's result, as its autograding runners write it; in base64 it is what its reporter takes.
fn classroom(score: &ScoreSheet) -> Value {
    let test = |row: &Scored| {
        json!({
            "name": format!("{} {}", row.criterion.id, row.criterion.title),
            "status": if row.met() { "pass" } else { "fail" },
            "score": row.points(),
            "message": output(row),
            "test_code": row.criterion.reproduce,
            "filename": "",
            "line_no": 0,
            "execution_time": format!("{:.1}s", row.seconds),
        })
    };
    json!({
        "version": 1,
        "status": if score.is_full() { "pass" } else { "fail" },
        "max_score": score.possible(),
        "tests": score.rows.iter().map(test).collect::<Vec<_>>(),
    })
}

/// One suite, a case for each criterion.
fn junit(score: &ScoreSheet, seconds: f64) -> Result<String, SerializeError> {
    let time = |seconds| Duration::try_from_secs_f64(seconds).unwrap_or_default();
    let case = |row: &Scored| {
        let output = output(row);
        let mut case = TestCase::new(&row.criterion.title, TestCaseStatus::success());
        case.set_classname(&row.criterion.id).set_time(time(row.seconds));
        if row.met() {
            case.set_system_out(output);
        } else if !row.costs() {
            case.status = TestCaseStatus::skipped();
            case.status.set_message("not met, and worth no points").set_description(output);
        } else {
            let points = format!("{} of {} points", sheet::points(row.points()), row.criterion.points);
            case.status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            case.status.set_message(points).set_type("not met").set_description(output);
        }
        case
    };
    let mut suite = TestSuite::new(SUITE);
    suite.set_time(time(seconds)).add_test_cases(score.rows.iter().map(case));
    Report::new(SUITE).set_time(time(seconds)).add_test_suite(suite).to_string()
}

/// A line for each criterion.
fn table(score: &ScoreSheet) -> Result<String, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record([
        "criterion",
        "question",
        "points",
        "max_points",
        "met",
        "number",
        "bar",
        "evidence",
        "seconds",
    ])?;
    for row in &score.rows {
        let criterion = &row.criterion;
        table.write_record([
            criterion.id.clone(),
            criterion.question.clone(),
            sheet::points(row.points()),
            criterion.points.to_string(),
            row.met().to_string(),
            sheet::shown(row),
            criterion.bar.to_string(),
            foreign::cell(&row.evidence()),
            format!("{:.1}", row.seconds),
        ])?;
    }
    let bytes = table.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
