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
//! Two gradings of the same files differ in times only. Those are `execution_time` and `seconds` in JSON, the attribute `time` in
//! JUnit, the last column, `seconds`, in CSV and Markdown.

use super::{ScoreSheet, Scored, sheet};
use serde_json::{Value, json};

/// A file of the score folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreFile {
    /// Its name.
    pub name: &'static str,
    /// Its content.
    pub content: String,
}

/// All score files; `seconds` is how long grading took.
///
/// # Errors
/// When a table cannot be written as CSV.
pub fn files(score: &ScoreSheet, seconds: f64) -> Result<Vec<ScoreFile>, csv::Error> {
    Ok(vec![
        ScoreFile { name: "results.json", content: format!("{:#}\n", gradescope(score, seconds)) },
        ScoreFile { name: "classroom.json", content: format!("{:#}\n", classroom(score)) },
        ScoreFile { name: "junit.xml", content: junit(score, seconds) },
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
        "status": if score.all_met() { "pass" } else { "fail" },
        "max_score": score.possible(),
        "tests": score.rows.iter().map(test).collect::<Vec<_>>(),
    })
}

/// One suite, a case for each criterion.
fn junit(score: &ScoreSheet, seconds: f64) -> String {
    let failures = score.rows.iter().filter(|row| !row.met()).count();
    let counts = format!("tests=\"{}\" failures=\"{failures}\" errors=\"0\"", score.rows.len());
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml += &format!("<testsuites name=\"coursework\" {counts} time=\"{seconds:.3}\">\n");
    xml += &format!("  <testsuite name=\"coursework\" {counts} skipped=\"0\" time=\"{seconds:.3}\">\n");
    for row in &score.rows {
        let (id, title, output) =
            (escape(&row.criterion.id), escape(&row.criterion.title), escape(&output(row)));
        xml += &format!("    <testcase classname=\"{id}\" name=\"{title}\" time=\"{:.3}\">\n", row.seconds);
        if row.met() {
            xml += &format!("      <system-out>{output}</system-out>\n");
        } else {
            let points = format!("{} of {} points", sheet::points(row.points()), row.criterion.points);
            xml += &format!("      <failure message=\"{points}\" type=\"not met\">{output}</failure>\n");
        }
        xml += "    </testcase>\n";
    }
    xml + "  </testsuite>\n</testsuites>\n"
}

/// Text as XML has it; what XML cannot hold at all becomes a question mark.
fn escape(text: &str) -> String {
    let allowed = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    let text: String = text.chars().map(|c| if allowed(c) { c } else { '?' }).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
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
            row.evidence(),
            format!("{:.1}", row.seconds),
        ])?;
    }
    let bytes = table.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
