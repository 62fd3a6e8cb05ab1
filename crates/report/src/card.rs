//! What a quoted number opens to: its value in full, its place in the record, and what it takes to compute it again.
//!
//! The cards of a page stand in it once, as JSON; `book/theme/cards.js` shows one when its link is pressed. A link
//! names its card by number.

use crate::number::{names, parent};
use crate::project::Project;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The table of `report.json` that says how much of each record is computed again.
const RECOMPUTED: &str = "recomputed-by-default";
/// So many neighbours are shown on either side.
const NEIGHBOURS: usize = 2;
/// A neighbour is cut after so many characters, and a list in full is shown up to so many.
const SHORT: usize = 60;
const LONG: usize = 300;

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Card {
    /// The record's name.
    pub record: String,
    /// The place in the record, or what else is quoted from it.
    pub key: String,
    /// The part of the record around it, by name: each as the record has it, the quoted one in full.
    pub near: Vec<(String, String)>,
    /// Which of those is quoted.
    pub at: usize,
    /// How many more stand before, and behind.
    pub more: (usize, usize),
}

/// How a record is computed again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Recomputing {
    command: String,
    /// How much of it `make grade` computes, if nothing else is said.
    share: String,
    /// Minutes for all of it, where that is reckoned.
    minutes: String,
}

/// The cards of a page.
#[derive(Clone, Debug, Default)]
pub struct Cards(Vec<Card>);

impl Card {
    /// The card of the value at a key, which is there.
    pub fn of_value(record: &str, key: &str, root: &Value) -> Self {
        let (around, name) = parent(root, key);
        let all: Vec<(String, &Value)> = match around {
            Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
            Value::Array(items) => {
                let name = |i: usize, item| names(item).into_iter().next().unwrap_or_else(|| i.to_string());
                items.iter().enumerate().map(|(i, item)| (name(i, item), item)).collect()
            }
            _ => Vec::new(),
        };
        let place = name.unwrap_or(0);
        let (first, end) = (place.saturating_sub(NEIGHBOURS), (place + NEIGHBOURS + 1).min(all.len()));
        let shown = all[first..end].iter().enumerate().map(|(i, (name, value))| {
            let text = if first + i == place { full(value) } else { brief(value) };
            (name.clone(), text)
        });
        let more = (first, all.len() - end);
        Self {
            record: record.to_owned(),
            key: key.to_owned(),
            near: shown.collect(),
            at: place - first,
            more,
        }
    }

    /// The card of something else that rests on a record: what it is, and what was found.
    pub fn of_text(record: &str, key: &str, found: Option<(&str, &str)>) -> Self {
        let near = found.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        Self { record: record.to_owned(), key: key.to_owned(), near, at: 0, more: (0, 0) }
    }
}

impl Cards {
    /// The number of a card, which is the same for the same card.
    pub fn number(&mut self, card: Card) -> usize {
        self.0.iter().position(|known| *known == card).unwrap_or_else(|| {
            self.0.push(card);
            self.0.len() - 1
        })
    }

    /// The cards for the page's script; nothing where there is none.
    pub fn script(&self, project: &Project) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let records: BTreeMap<&str, Recomputing> =
            self.0.iter().map(|card| (&card.record[..], recomputing(project, &card.record))).collect();
        let json = serde_json::json!({ "records": records, "cards": self.0 }).to_string();
        // Neither the end of the element nor a line of Markdown can stand in it.
        let json = json.replace('<', "\\u003c");
        format!("<script type=\"application/json\" class=\"cards\">{json}</script>\n\n")
    }
}

/// How a record is computed again, by the table that the book shows.
fn recomputing(project: &Project, record: &str) -> Recomputing {
    let table = project.derived.tables.iter().find(|table| table.id == RECOMPUTED);
    let cell = |column: &str| {
        let cells = &table?.cells;
        let place = |name: &str| cells.columns.iter().position(|column| column.name == name);
        let row =
            cells.rows.iter().find(|row| row[place("record").unwrap_or(0)] == format!("{record}.json"))?;
        row.get(place(column)?).cloned()
    };
    let (computed, parts) =
        (cell("computed by default").unwrap_or_default(), cell("parts").unwrap_or_default());
    let share = match (&computed[..], &parts[..]) {
        ("all", "" | "1") => "all of it".to_owned(),
        ("all", _) => format!("all of its {parts} parts"),
        ("no part", _) => format!("none of its {parts} parts"),
        (_, "") => computed,
        _ => format!("{computed}, of {parts}"),
    };
    let minutes = cell("minutes for all parts").unwrap_or_default();
    Recomputing { command: Project::command(record), share, minutes }
}

/// A value as the record has it; a long list or object in short.
fn full(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => {
            let text = value.to_string();
            if text.chars().count() <= LONG { text } else { summary(value) }
        }
        _ => scalar(value),
    }
}

/// A neighbour.
fn brief(value: &Value) -> String {
    let text = match value {
        Value::Array(_) | Value::Object(_) => value.to_string(),
        _ => scalar(value),
    };
    let cut = || text.chars().take(SHORT - 1).collect::<String>() + "…";
    match value {
        _ if text.chars().count() <= SHORT => text,
        Value::Array(_) | Value::Object(_) => summary(value),
        _ => cut(),
    }
}

fn scalar(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn summary(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(fields) => format!("an object of {}", fields.len()),
        _ => scalar(value),
    }
}

#[cfg(test)]
mod tests;
