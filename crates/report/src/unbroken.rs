//! What must not go over two lines: a number and its unit, a formula and the punctuation that touches it.

use crate::scan::{PieceKind, pieces};

/// What is measured, as it stands behind a number; the first is `%` as an entity.
const UNITS: [&str; 20] = [
    "&#37;", "%", "nats", "ms", "µs", "ns", "s", "min", "h", "GB", "MB", "KB", "GiB", "MiB", "KiB", "GHz",
    "px", "cm", "mm", "pixels",
];

/// What ends or goes on a phrase behind a formula. Markdown's own marks are not among it.
const PUNCTUATION: &str = ".,;:?)'’”\"–-";

/// A page out of its resolved pieces: formulas bound to the punctuation that touches them, numbers to their units.
pub fn unbroken(resolved: Vec<(PieceKind, String)>) -> String {
    let mut page = String::new();
    let mut rest = resolved.into_iter().peekable();
    while let Some((kind, text)) = rest.next() {
        if kind != PieceKind::Inline {
            page += &text;
            continue;
        }
        let opened = page.ends_with('(') && !page.ends_with("](");
        if opened {
            page.pop();
        }
        let behind =
            rest.next_if(|(kind, _)| *kind == PieceKind::Text).map_or(String::new(), |(_, text)| text);
        let end = behind.find(|c| !PUNCTUATION.contains(c)).unwrap_or(behind.len());
        let (touching, others) = behind.split_at(end);
        let before = if opened { "(" } else { "" };
        if opened || !touching.is_empty() {
            page += &format!("<span class=\"unbroken\">{before}{text}{touching}</span>{others}");
        } else {
            page = page + &text + others;
        }
    }
    units_bound(&page)
}

/// The page with a no-break space between each number and its unit; what stands in code is left alone.
fn units_bound(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    for piece in pieces(page) {
        if matches!(piece.kind, PieceKind::Code | PieceKind::Verbatim) {
            out += piece.source;
            continue;
        }
        for (i, part) in piece.source.split("<code").enumerate() {
            // Each part but the first begins in an element of code.
            let end = if i == 0 { 0 } else { part.find("</code>").unwrap_or(part.len()) };
            let (code, text) = part.split_at(end);
            out = out + if i == 0 { "" } else { "<code" } + code + &bound(text);
        }
    }
    out
}

fn bound(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in text.match_indices(' ') {
        if is_unit(&text[at + 1..]) && ends_in_digit(&text[..at]) {
            out = out + &text[from..at] + "\u{a0}";
            from = at + 1;
        }
    }
    out + &text[from..]
}

/// Whether a text begins with a unit and no longer word.
fn is_unit(text: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || "-'’/".contains(c));
    UNITS.iter().any(|unit| text.strip_prefix(unit).is_some_and(ends))
}

/// Whether what a text shows last is a digit: the elements that end behind it are not seen.
fn ends_in_digit(mut text: &str) -> bool {
    while let Some(start) = text.strip_suffix('>').and_then(|_| text.rfind('<')) {
        if !text[start..].starts_with("</") {
            return false;
        }
        text = &text[..start];
    }
    text.ends_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::in_words("at least 2 % of 40 s", "at least 2\u{a0}% of 40\u{a0}s")]
    #[case::an_entity("<td>99&#46;49 &#37;</td>", "<td>99&#46;49\u{a0}&#37;</td>")]
    #[case::a_quoted_number("<a class=\"quoted\">5</a> %", "<a class=\"quoted\">5</a>\u{a0}%")]
    #[case::behind_code("<code>a 1 s</code> 2 s", "<code>a 1 s</code> 2\u{a0}s")]
    #[case::a_longer_word("in 2 steps, the 3 short ones", "in 2 steps, the 3 short ones")]
    #[case::no_number("p % and its s", "p % and its s")]
    #[case::an_opening_element("<b> % x", "<b> % x")]
    #[case::code("`sleep 2 s` and\n\n```sh\nsleep 2 s\n```\n", "`sleep 2 s` and\n\n```sh\nsleep 2 s\n```\n")]
    fn a_number_keeps_its_unit(#[case] page: &str, #[case] expected: &str) {
        assert_eq!(unbroken(vec![(PieceKind::Text, page.to_owned())]), expected);
    }

    #[rstest]
    #[case::a_comma("for ", ", and", "for <span class=\"unbroken\">F,</span> and")]
    #[case::parentheses("(", ").", "<span class=\"unbroken\">(F).</span>")]
    #[case::one_parenthesis("(so that ", ") of", "(so that <span class=\"unbroken\">F)</span> of")]
    #[case::a_word("the ", " of", "the F of")]
    #[case::emphasis("**", "** of", "**F** of")]
    #[case::the_text_of_a_link("[a](", ")", "[a](<span class=\"unbroken\">F)</span>")]
    fn a_formula_keeps_its_punctuation(#[case] before: &str, #[case] behind: &str, #[case] expected: &str) {
        let pieces = [(PieceKind::Text, before), (PieceKind::Inline, "F"), (PieceKind::Text, behind)];
        assert_eq!(unbroken(pieces.map(|(kind, text)| (kind, text.to_owned())).to_vec()), expected);
    }
}
