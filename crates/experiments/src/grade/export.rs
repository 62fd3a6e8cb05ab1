//! The score sheet in the forms that graders' tools read.
//!
//! | file | for |
//! |---|---|
//! | `results.json` | Gradescope |
//! | `classroom.json` | GitHub Classroom's autograding: base64 of its JSON stands in `classroom.txt` |
//! | `junit.xml` | anything that reads JUnit |
//! | `score.md` | people |

use super::{ScoreSheet, Scored, sheet};
use base64::Engine;
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
pub fn files(score: &ScoreSheet, seconds: f64) -> Vec<ScoreFile> {
    let classroom = classroom(score);
    vec![
        ScoreFile { name: "results.json", content: format!("{:#}\n", gradescope(score, seconds)) },
        ScoreFile { name: "classroom.json", content: format!("{classroom:#}\n") },
        ScoreFile {
            name: "classroom.txt",
            content: base64::engine::general_purpose::STANDARD.encode(classroom.to_string()),
        },
        ScoreFile { name: "junit.xml", content: junit(score, seconds) },
        ScoreFile { name: "score.md", content: sheet::markdown(score) },
    ]
}

fn output(row: &Scored) -> String {
    let evidence = &row.verdict.evidence;
    format!(
        "number {}, bar {}. {}. Reproduce: {}",
        sheet::number(evidence.number),
        sheet::number(Some(row.criterion.bar)),
        evidence.text,
        row.criterion.reproduce
    )
}

/// Gradescope's `results.json`.
fn gradescope(score: &ScoreSheet, seconds: f64) -> Value {
    let test = |row: &Scored| {
        json!({
            "number": row.criterion.id,
            "name": row.criterion.title,
            "score": row.points(),
            "max_score": row.criterion.points,
            "status": if row.verdict.met { "passed" } else { "failed" },
            "output": output(row),
            "visibility": "visible",
        })
    };
    json!({ "execution_time": seconds, "tests": score.rows.iter().map(test).collect::<Vec<_>>() })
}

/// GitHub Classroom's result.
fn classroom(score: &ScoreSheet) -> Value {
    let status = |met| if met { "pass" } else { "fail" };
    let test = |row: &Scored| {
        json!({
            "name": format!("{} {}", row.criterion.id, row.criterion.title),
            "status": status(row.verdict.met),
            "score": row.points(),
            "message": output(row),
            "test_code": row.criterion.reproduce,
        })
    };
    json!({
        "version": 1,
        "status": status(score.all_met()),
        "max_score": score.possible(),
        "tests": score.rows.iter().map(test).collect::<Vec<_>>(),
    })
}

fn junit(score: &ScoreSheet, seconds: f64) -> String {
    let failures = score.rows.iter().filter(|row| !row.verdict.met).count();
    let count = score.rows.len();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml += &format!(
        "<testsuites name=\"coursework\" tests=\"{count}\" failures=\"{failures}\" time=\"{seconds:.3}\">\n"
    );
    xml += &format!("  <testsuite name=\"coursework\" tests=\"{count}\" failures=\"{failures}\">\n");
    for row in &score.rows {
        let (id, title, output) =
            (escape(&row.criterion.id), escape(&row.criterion.title), escape(&output(row)));
        xml += &format!("    <testcase classname=\"{id}\" name=\"{title}\">\n");
        if row.verdict.met {
            xml += &format!("      <system-out>{output}</system-out>\n");
        } else {
            xml += &format!("      <failure message=\"not met\">{output}</failure>\n");
        }
        xml += "    </testcase>\n";
    }
    xml + "  </testsuite>\n</testsuites>\n"
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
