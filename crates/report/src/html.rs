//! HTML that Markdown leaves as it is: no blank line, no bare punctuation.

use crate::card::Card;
use crate::number::grouped;
use crate::project::{Project, RefusedCall};
use records::findings::{Cells, FigureEntry, Table};
use std::fmt::Write as _;

/// The page with the table of records, to which every number links.
pub const RECORDS_PAGE: &str = "recompute.md";

/// A text with its ASCII punctuation as entities, for text nodes and attributes alike.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push(' '),
            c if c.is_ascii_punctuation() => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// Something quoted from a record: a link to its row in the table of records, which holds the command, and the number
/// of the card that it opens to.
pub fn quoted(text: &str, card: &Card, number: usize, root: &str) -> String {
    let Card { record, key, .. } = card;
    let title = escape(&format!("results/{record}.json: {key}. Recompute: {}", Project::command(record)));
    format!(
        "<a class=\"quoted\" href=\"{root}{RECORDS_PAGE}#record-{record}\" data-card=\"{number}\" \
         title=\"{title}\">{}</a>",
        escape(text)
    )
}

/// Where a listing stands: a link where the files have an address on the web; else `book/theme/access.js` makes it one
/// when the book is read from disk, beside its sources.
pub fn source(file: &str, (first, last): (usize, usize), url: Option<&str>) -> String {
    let place = escape(&format!("{file}, lines {first} to {last}"));
    match url {
        Some(url) => {
            format!(
                "<p class=\"source\"><a href=\"{}{}#L{first}-L{last}\">{place}</a></p>",
                escape(url),
                escape(file)
            )
        }
        None => format!("<p class=\"source\" data-file=\"{}\">{place}</p>", escape(file)),
    }
}

/// A number that somebody else stated.
pub fn stated(text: &str, meaning: &str) -> String {
    format!("<span class=\"stated\" title=\"{}\">{}</span>", escape(meaning), escape(text))
}

/// A table in a container of its own, which scrolls where the page is narrow; `from` is the link to its record.
pub fn table(table: &Table, from: &str) -> String {
    let (id, caption) = (format!("table-{}", escape(&table.id)), escape(&table.caption));
    let rows = rows(&table.cells, &format!("<caption><span>{caption} {from}</span></caption>"));
    frame("", &id, &caption, &rows)
}

/// A container that takes the focus, and scrolls where the page is narrow; without an `id` where that is empty.
fn frame(class: &str, id: &str, label: &str, inner: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!(" id=\"{id}\"") };
    format!(
        "<div class=\"frame{class}\"{id} role=\"region\" tabindex=\"0\" aria-label=\"{label}\">{inner}</div>"
    )
}

/// A table without a record of its own, with these heads, in its container.
fn framed_table(id: &str, label: &str, heads: &[&str], body: &str) -> String {
    let head = |head: &&str| format!("<th scope=\"col\">{}</th>", escape(head));
    let heads: String = heads.iter().map(head).collect();
    let table = format!("<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>");
    frame("", id, label, &table)
}

fn rows(table: &Cells, caption: &str) -> String {
    let class = |i: usize| {
        let numeric = table.columns.get(i).is_some_and(|column| column.numeric);
        if numeric { " class=\"numeric\"" } else { "" }
    };
    let mut out = format!("<table>{caption}<thead><tr>");
    for (i, column) in table.columns.iter().enumerate() {
        // A head without words is no head: a screen reader would name nothing.
        let (element, scope) = if column.name.is_empty() { ("td", "") } else { ("th", " scope=\"col\"") };
        let _ = write!(out, "<{element}{scope}{}>{}</{element}>", class(i), escape(&column.name));
    }
    out += "</tr></thead><tbody>";
    for row in &table.rows {
        out += "<tr>";
        for (i, cell) in row.iter().enumerate() {
            let _ = write!(out, "<td{}>{}</td>", class(i), escape(cell));
        }
        out += "</tr>";
    }
    out + "</tbody></table>"
}

/// A figure: the drawing itself, so that it takes the page's colours, its caption, and its numbers as a table;
/// `from` is the link to its record. A second drawing of the same is `narrow`: it stands in place of the first where
/// the page is narrow.
pub fn figure(figure: &FigureEntry, svg: &str, narrow: Option<&str>, from: &str) -> String {
    let caption = escape(&figure.caption);
    let drawing = |class: &str, svg: &str| {
        let svg: Vec<&str> = svg.lines().filter(|line| !line.trim().is_empty()).collect();
        frame(class, "", &caption, &svg.join("\n"))
    };
    let drawings = match narrow {
        None => drawing("", svg),
        Some(narrow) => drawing(" for-wide", svg) + &drawing(" for-narrow", narrow),
    };
    let numbers = frame("", "", &format!("Numbers: {caption}"), &rows(&figure.cells, ""));
    format!(
        "<figure class=\"figure\" id=\"figure-{id}\">{drawings}<figcaption>{caption} {from}</figcaption><details>\
         <summary>The numbers of this figure</summary>{numbers}</details></figure>",
        id = escape(&figure.id),
    )
}

/// The table of records: what each asks, and the command that writes it again.
pub fn records(project: &Project) -> String {
    let mut body = String::new();
    for (name, record) in &project.records {
        let question = record.get("question").and_then(|question| question.as_str()).unwrap_or_default();
        let sha256 = project.sha256.get(&format!("{name}.json")).map_or("", String::as_str);
        let _ = write!(
            body,
            "<tr id=\"record-{name}\"><td><code>results/{name}.json</code></td><td>{}</td><td><code>{}</code></td>\
             <td><code class=\"hash\">{sha256}</code></td></tr>",
            escape(question),
            escape(&Project::command(name)),
        );
    }
    framed_table("", "Records", &["record", "what it asks", "recompute", "SHA-256"], &body)
}

/// The table of what the command refuses: what is wrong with a call, the call, and what it says. A word of a call is in
/// one piece, so that no line ends within `--`.
pub fn refused_calls(project: &Project) -> String {
    let (mut body, mut about) = (String::new(), "");
    for RefusedCall { of, wrong, call, says } in &project.refused_calls.call {
        if of != about {
            let _ = write!(body, "<tr><th scope=\"rowgroup\" colspan=\"2\">{}</th></tr>", escape(of));
            about = of;
        }
        let word = |word| format!("<span class=\"unbroken\">{}</span>", escape(word));
        let words: Vec<String> = call.split(' ').map(word).collect();
        let (wrong, words, says) = (escape(wrong), words.join(" "), escape(says));
        let _ = write!(body, "<tr><td>{wrong}<br><code>{words}</code></td><td>{says}</td></tr>");
    }
    framed_table("refused-calls", "Refused calls", &["what is wrong", "what it says"], &body)
}

/// The scoreboard: each criterion of the rubric, what was asked, the original's number, ours, and how to recompute.
pub fn scoreboard(project: &Project, root: &str) -> String {
    let mut body = String::new();
    for asked in &project.rubric.criterion {
        let (given, id) = (&project.given, escape(&asked.id));
        let question = given.question_of(asked);
        let id = question.map_or(id.clone(), |it| format!("<a href=\"{root}{}\">{id}</a>", it.page));
        let original = given.original_of(asked).and_then(|key| given.original.get(key));
        let original = original.map_or(String::new(), |it| stated(&it.text, &it.meaning));
        let found = project.derived.criteria.iter().find(|criterion| criterion.id == asked.id);
        let ours = found.map_or(String::new(), |found| {
            let mark = match found.met {
                Some(true) => "<strong class=\"verdict\">met</strong> ",
                Some(false) => "<strong class=\"verdict\">not met</strong> ",
                None => "",
            };
            format!("{mark}{}", escape(&found.text))
        });
        let _ = write!(
            body,
            "<tr><th scope=\"row\">{id}</th><td data-head=\"asked\">{}</td>\
             <td data-head=\"the original\">{original}</td><td data-head=\"ours\">{ours}</td>\
             <td data-head=\"recompute\"><code>{}</code></td></tr>",
            escape(&asked.title),
            escape(&asked.reproduce)
        );
    }
    let heads = ["criterion", "asked", "the original", "ours", "recompute"];
    framed_table("scoreboard", "Scoreboard", &heads, &body)
}

/// What the book resolved, for its readers.
pub fn totals(counts: &[(&'static str, usize)]) -> String {
    let all: Vec<String> =
        counts.iter().map(|(name, count)| format!("{} {name}", grouped(*count as u64))).collect();
    format!("<span class=\"totals\">{}</span>", escape(&all.join(", ")))
}

/// The place of a widget, with what stands there until it computes; only the latter where nothing will.
pub fn widget(name: &str, still: &str, computes: bool) -> String {
    let name = if computes { format!(" data-widget=\"{}\"", escape(name)) } else { String::new() };
    format!("<div class=\"widget\"{name}><div class=\"still\">{}</div></div>", still.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_links_to_its_file_where_the_files_have_an_address() {
        let at = source("crates/a.rs", (3, 7), Some("https://example.org/blob/main/"));
        let text = at.replace("&#46;", ".").replace("&#47;", "/").replace("&#58;", ":").replace("&#44;", ",");
        let link =
            "<a href=\"https://example.org/blob/main/crates/a.rs#L3-L7\">crates/a.rs, lines 3 to 7</a>";
        assert_eq!(text, format!("<p class=\"source\">{link}</p>"));
        assert!(source("crates/a.rs", (3, 7), None).starts_with("<p class=\"source\" data-file="));
    }
}
