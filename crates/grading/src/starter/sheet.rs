//! The assignment's sheet: its questions, what they are worth, and where each answer goes.

use super::error::QUESTIONS;
use super::{BlankPlace, StarterError};
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
pub struct QuestionSheet {
    /// Its id, such as `T2.2`.
    pub id: String,
    pub text: String,
}

#[derive(Deserialize)]
struct Given {
    question: Vec<QuestionSheet>,
}

/// The questions that `book/given.toml` asks, in their order. **Nothing else declares a question.**
///
/// # Errors
/// [`StarterError::Read`] or [`StarterError::Questions`].
pub fn questions(root: &Path) -> Result<Vec<QuestionSheet>, StarterError> {
    let path = root.join(QUESTIONS);
    let text = std::fs::read_to_string(&path).map_err(|source| StarterError::Read { path, source })?;
    questions_in(&text)
}

/// The questions in the text of such a file.
///
/// # Errors
/// [`StarterError::Questions`].
pub fn questions_in(text: &str) -> Result<Vec<QuestionSheet>, StarterError> {
    let given: Given =
        toml::from_str(text).map_err(|error| StarterError::Questions { message: error.to_string() })?;
    Ok(given.question)
}

/// The sheet.
pub(super) fn text(
    questions: &[QuestionSheet],
    rubric: &Rubric,
    places: &[BlankPlace],
    exercises: &[BlankPlace],
) -> String {
    let mut body = String::new();
    for question in questions {
        let criteria: Vec<_> = rubric.criteria.iter().filter(|it| it.question == question.id).collect();
        let _ = write!(body, "### {}: {}\n\n{}\n\n", question.id, points(&criteria), question.text.trim());
        table(&mut body, &criteria);
        where_to_write(&mut body, places.iter().filter(|place| place.blank.question == question.id));
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
    let mut to_write = String::new();
    where_to_write(&mut to_write, exercises.iter());
    let files: BTreeSet<_> = places.iter().map(|place| &place.file).collect();
    let all: Vec<_> = rubric.criteria.iter().collect();
    TEMPLATE
        .replace("{blanks}", &places.len().to_string())
        .replace("{files}", &files.len().to_string())
        .replace("{points}", &points(&all))
        .replace("{questions}", body.trim_end())
        .replace("{exercises}", to_write.trim_end())
}

/// The blanks, a row each.
fn where_to_write<'a>(body: &mut String, places: impl Iterator<Item = &'a BlankPlace>) {
    *body += "| where | write |\n|---|---|\n";
    for BlankPlace { file, blank } in places {
        let _ = writeln!(body, "| [`{file}:{0}`]({file}#L{0}) | {1} |", blank.line, cell(&blank.asked));
    }
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
        let question = |id: &str| QuestionSheet { id: id.to_owned(), text: format!("Do {id}.\n") };
        let place = |question: &str, line| BlankPlace {
            file: "crates/theory/src/graph.rs".to_owned(),
            blank: Blank { question: question.to_owned(), asked: "a | b".to_owned(), line },
        };
        let (places, exercises) = ([place("T1a", 7), place("P1.1", 9)], [place("exercise_t1_1", 3)]);
        let sheet = text(&[question("T1a"), question("P1.1")], &rubric, &places, &exercises);
        let of = |id: &str| rubric.criteria.iter().filter(|it| it.question == id).collect::<Vec<_>>();
        let worth = |id: &str| of(id).iter().map(|criterion| criterion.points).sum::<f64>();
        let head = |id: &str| format!("### {id}: {} points\n\nDo {id}.\n", worth(id));
        let (_, of_t1a) = sheet.split_once(&head("T1a")).unwrap();
        let (of_t1a, of_p11) = of_t1a.split_once(&head("P1.1")).unwrap();
        let row = "| [`crates/theory/src/graph.rs:7`](crates/theory/src/graph.rs#L7) | a \\| b |\n";
        assert!(of_t1a.contains(row) && !of_p11.contains(row), "{sheet}");
        let Criterion { points, title, reproduce, .. } = of("T1a")[0];
        assert!(of_t1a.contains(&format!("| T1a | {points} | {title} | `{reproduce}` |")), "{of_t1a}");
        assert_eq!(of_p11.lines().filter(|line| line.starts_with("| P1.1-")).count(), of("P1.1").len());
        // The criteria of the questions that are not asked here.
        let rest = rubric.possible() - worth("T1a") - worth("P1.1");
        assert!(of_p11.contains(&format!("### The whole: {rest} points")), "{of_p11}");
        let (_, exercises) = sheet.split_once("## Exercises").unwrap();
        assert!(exercises.contains("| [`crates/theory/src/graph.rs:3`]"), "{exercises}");
        for unfilled in ["{blanks}", "{files}", "{points}", "{questions}", "{exercises}"] {
            assert!(TEMPLATE.contains(unfilled) && !sheet.contains(unfilled), "{unfilled}");
        }
    }
}
