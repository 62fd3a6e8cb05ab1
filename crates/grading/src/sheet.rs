//! The score sheet, for a terminal and as Markdown.

use super::{ScoreSheet, Scored, foreign};
use std::fmt::Write;

/// Characters in a line of evidence.
const WIDTH: usize = 96;

/// The score sheet for a terminal: verdict, points, criterion; below it number, bar, evidence, seconds and how to run
/// it again.
pub fn text(sheet: &ScoreSheet) -> String {
    let mut out = String::from("SCORE SHEET\n");
    for note in &sheet.notes {
        for (i, line) in wrap(note, WIDTH).into_iter().enumerate() {
            let _ = writeln!(out, "{} {line}", if i == 0 { "-" } else { " " });
        }
    }
    for row in &sheet.rows {
        let criterion = &row.criterion;
        let _ = writeln!(
            out,
            "\n{}  {:>4} / {:<4}  {:<14} {}",
            mark(row),
            points(row.points()),
            criterion.points,
            criterion.id,
            criterion.title
        );
        let mut field = |name: &str, text: &str| {
            for (i, line) in wrap(text, WIDTH).into_iter().enumerate() {
                let _ = writeln!(out, "         {:<10} {line}", if i == 0 { name } else { "" });
            }
        };
        field("number", &format!("{} (bar {})", shown(row), number(Some(criterion.bar))));
        field("evidence", &row.evidence());
        field("seconds", &format!("{:.1}", row.seconds));
        // In one line each, so that they can be copied.
        for (i, command) in row.reproduce().iter().enumerate() {
            let _ = writeln!(out, "         {:<10} {command}", if i == 0 { "run again" } else { "" });
        }
    }
    let times: Vec<String> =
        sheet.ran.iter().map(|ran| format!("{} {:.1}", ran.experiment, ran.seconds)).collect();
    if !times.is_empty() {
        let _ = writeln!(out, "\nSECONDS  {}; building tests {:.1}", times.join(", "), sheet.build_seconds);
    }
    let total = (points(sheet.points()), sheet.possible(), sheet.pass);
    let _ = writeln!(out, "\nTOTAL    {} / {} points; {} needed", total.0, total.1, total.2);
    out
}

/// Whether it is met. What costs nothing is not shouted.
fn mark(row: &Scored) -> &'static str {
    match (row.met(), row.costs()) {
        (true, _) => "met    ",
        (false, true) => "NOT MET",
        (false, false) => "not met",
    }
}

/// The score sheet as a Markdown table.
pub fn markdown(sheet: &ScoreSheet) -> String {
    let mut out = format!("# Score: {} / {}\n\n", points(sheet.points()), sheet.possible());
    for note in &sheet.notes {
        let _ = writeln!(out, "- {}", foreign::markdown(note));
    }
    if !sheet.notes.is_empty() {
        out.push('\n');
    }
    out += "| criterion | points | number | bar | evidence | run again | seconds |\n|---|---|---|---|---|---|---|\n";
    for row in &sheet.rows {
        let criterion = &row.criterion;
        let commands: Vec<String> =
            row.reproduce().iter().map(|it| format!("`{}`", it.replace('|', "\\|"))).collect();
        let _ = writeln!(
            out,
            "| {} {} | {} / {} | {} | {} | {} | {} | {:.1} |",
            criterion.id,
            foreign::markdown(&criterion.title),
            points(row.points()),
            criterion.points,
            shown(row),
            number(Some(criterion.bar)),
            foreign::markdown(&row.evidence()),
            commands.join("<br>"),
            row.seconds,
        );
    }
    out
}

/// Points to two decimals, without those that are zeros.
pub(super) fn points(points: f64) -> String {
    ((points * 100.0).round() / 100.0).to_string()
}

/// The number of the check.
pub(super) fn shown(row: &Scored) -> String {
    number(row.verdict.evidence.number)
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
