//! The score sheet, for a terminal and as Markdown.

use super::{ScoreSheet, Scored};
use std::fmt::Write;

/// Characters in a line of evidence.
const WIDTH: usize = 96;

/// The score sheet for a terminal: verdict, points, criterion; below it number, bar, evidence and command.
pub fn text(sheet: &ScoreSheet) -> String {
    let mut out = String::from("SCORE SHEET\n");
    for row in &sheet.rows {
        let Scored { criterion, verdict } = row;
        let mark = if verdict.met { "met    " } else { "NOT MET" };
        let _ = writeln!(
            out,
            "\n{mark}  {:>4} / {:<4}  {:<14} {}",
            row.points(),
            criterion.points,
            criterion.id,
            criterion.title
        );
        let mut field = |name: &str, text: &str| {
            for (i, line) in wrap(text, WIDTH).into_iter().enumerate() {
                let _ = writeln!(out, "         {:<10} {line}", if i == 0 { name } else { "" });
            }
        };
        field(
            "number",
            &format!("{} (bar {})", number(verdict.evidence.number), number(Some(criterion.bar))),
        );
        field("evidence", &verdict.evidence.text);
        field("reproduce", &criterion.reproduce);
    }
    let _ =
        writeln!(out, "\nTOTAL    {} / {} points; {} needed", sheet.points(), sheet.possible(), sheet.pass);
    out
}

/// The score sheet as a Markdown table.
pub fn markdown(sheet: &ScoreSheet) -> String {
    let mut out = format!("# Score: {} / {}\n\n", sheet.points(), sheet.possible());
    out += "| criterion | points | number | bar | evidence | reproduce |\n|---|---|---|---|---|---|\n";
    let cell = |text: &str| text.replace('|', "\\|");
    for row in &sheet.rows {
        let Scored { criterion, verdict } = row;
        let _ = writeln!(
            out,
            "| {} {} | {} / {} | {} | {} | {} | `{}` |",
            criterion.id,
            cell(&criterion.title),
            row.points(),
            criterion.points,
            number(verdict.evidence.number),
            number(Some(criterion.bar)),
            cell(&verdict.evidence.text),
            cell(&criterion.reproduce),
        );
    }
    out
}

/// A number as short as it reads back, with an exponent when it is tiny.
pub(super) fn number(number: Option<f64>) -> String {
    match number {
        None => "none".to_owned(),
        Some(x) if x != 0.0 && x.abs() < 1e-3 => format!("{x:e}"),
        Some(x) => x.to_string(),
    }
}

/// Breaks at spaces; a longer word gets a line of its own.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
