//! Text that a student's code or files chose, made fit to be shown.

/// The most characters of one text.
pub const LONGEST: usize = 2_000;

/// The text in at most `most` characters, none of which a terminal, a page or a parser obeys: control characters,
/// marks that turn the direction of writing, and characters that are none become `?`.
pub fn inert(text: &str, most: usize) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_none = |c: char| u32::from(c) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    let shown = |c: char| if c.is_control() || turns(c) || is_none(c) { '?' } else { c };
    let mut shown_text: String = text.chars().take(most).map(shown).collect();
    if text.chars().nth(most).is_some() {
        shown_text += "..";
    }
    shown_text
}

/// The text as Markdown that shows it and does nothing else.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '|' | '[' | ']' | '`' | '*' | '\\' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

/// The text as a cell that no spreadsheet takes for a formula.
pub fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::plain("T1a: Übung (1)", "T1a: Übung (1)")]
    #[case::an_escape("a\u{1b}[2Jb", "a?[2Jb")]
    #[case::a_line_break("a\nb\r\tc", "a?b??c")]
    #[case::no_character("a\u{ffff}b\u{fdd0}", "a?b?")]
    #[case::another_direction("a\u{202e}b", "a?b")]
    #[case::long("abcdefghijklmnop", "abcdefghijklmn..")]
    fn a_text_is_made_inert(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(inert(text, 14), shown);
    }

    #[test]
    fn markdown_shows_what_stands_there() {
        assert_eq!(markdown("<script>a|b [x](y) `c`"), "&lt;script&gt;a\\|b \\[x\\](y) \\`c\\`");
    }

    #[test]
    fn a_formula_is_no_cell() {
        assert_eq!(cell("=cmd()"), "'=cmd()");
        assert_eq!(cell("1 = 1"), "1 = 1");
    }
}
