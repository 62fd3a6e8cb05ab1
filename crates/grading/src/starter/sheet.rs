//! The assignment's sheet: its questions, what they are worth, and where each answer goes.

use super::error::QUESTIONS;
use super::{Place, StarterError};
use crate::rubric::{Criterion, Rubric};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// The sheet's name.
pub const FILE: &str = "README.md";

/// The words that are the same in every sheet.
const TEMPLATE: &str = include_str!("../../assets/starter.md");

/// A question of the assignment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Question {
    /// Its id, such as `T2.2`.
    pub id: String,
    /// Its words.
    pub text: String,
}

#[derive(Deserialize)]
struct Given {
    question: Vec<Question>,
}

/// The questions, in their order.
///
/// # Errors
/// [`StarterError::Read`] or [`StarterError::Questions`].
pub(super) fn questions(root: &Path) -> Result<Vec<Question>, StarterError> {
    let path = root.join(QUESTIONS);
    let text = std::fs::read_to_string(&path).map_err(|source| StarterError::Read { path, source })?;
    let given: Given =
        toml::from_str(&text).map_err(|error| StarterError::Questions { message: error.to_string() })?;
    Ok(given.question)
}

/// The sheet.
pub(super) fn text(questions: &[Question], rubric: &Rubric, places: &[Place]) -> String {
    let mut body = String::new();
    for question in questions {
        let criteria: Vec<_> = rubric.criteria.iter().filter(|it| it.question == question.id).collect();
        let _ = write!(body, "### {}: {}\n\n{}\n\n", question.id, points(&criteria), question.text.trim());
        table(&mut body, &criteria);
        body += "| where | write |\n|---|---|\n";
        for Place { file, blank } in places.iter().filter(|place| place.blank.question == question.id) {
            let _ = writeln!(body, "| [`{file}:{0}`]({file}#L{0}) | {1} |", blank.line, cell(&blank.asked));
        }
        body.push('\n');
    }
    let of_all: Vec<_> = rubric
        .criteria
        .iter()
        .filter(|it| !questions.iter().any(|question| question.id == it.question))
        .collect();
    if !of_all.is_empty() {
        let _ = write!(body, "### The whole: {}\n\n", points(&of_all));
        table(&mut body, &of_all);
    }
    let files: BTreeSet<_> = places.iter().map(|place| &place.file).collect();
    let all: Vec<_> = rubric.criteria.iter().collect();
    TEMPLATE
        .replace("{blanks}", &places.len().to_string())
        .replace("{files}", &files.len().to_string())
        .replace("{points}", &points(&all))
        .replace("{questions}", body.trim_end())
}

/// The criteria, a row each.
fn table(body: &mut String, criteria: &[&Criterion]) {
    if criteria.is_empty() {
        return;
    }
    *body += "| criterion | points | asked | shown by |\n|---|---|---|---|\n";
    for Criterion { id, points, title, reproduce, .. } in criteria {
        let _ = writeln!(body, "| {id} | {points} | {} | `{}` |", cell(title), cell(reproduce));
    }
    body.push('\n');
}

fn points(criteria: &[&Criterion]) -> String {
    match criteria.iter().map(|criterion| criterion.points).sum::<f64>() {
        1.0 => "1 point".to_owned(),
        points => format!("{points} points"),
    }
}

/// A text for a cell of a table in Markdown.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::starter::cut::Blank;

    #[test]
    fn a_question_stands_with_its_points_its_words_and_its_blanks() {
        let rubric = Rubric::parse(include_str!("../../../../rubric.toml")).unwrap();
        let question = |id: &str| Question { id: id.to_owned(), text: format!("Do {id}.\n") };
        let place = |question: &str, line| Place {
            file: "crates/theory/src/graph.rs".to_owned(),
            blank: Blank { question: question.to_owned(), asked: "a | b".to_owned(), line },
        };
        let sheet = text(&[question("T1a"), question("P1.1")], &rubric, &[place("T1a", 7), place("P1.1", 9)]);
        let (_, of_t1a) = sheet.split_once("### T1a: 8 points\n\nDo T1a.\n").unwrap();
        let (of_t1a, of_p11) = of_t1a.split_once("### P1.1: 30 points\n\nDo P1.1.\n").unwrap();
        let row = "| [`crates/theory/src/graph.rs:7`](crates/theory/src/graph.rs#L7) | a \\| b |\n";
        assert!(of_t1a.contains(row) && !of_p11.contains(row), "{sheet}");
        assert!(
            of_t1a.contains("| T1a | 8 | Cross-entropy of the batch derived | `cargo coursework theory` |")
        );
        assert_eq!(of_p11.lines().filter(|line| line.starts_with("| P1.1-")).count(), 5);
        // The criteria of the questions that are not asked here.
        assert!(of_p11.contains("### The whole: 62 points"), "{of_p11}");
        for unfilled in ["{blanks}", "{files}", "{points}", "{questions}"] {
            assert!(TEMPLATE.contains(unfilled) && !sheet.contains(unfilled), "{unfilled}");
        }
    }
}
