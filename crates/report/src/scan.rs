//! A page cut into pieces: text, code, directives, formulas. What stands in code is left alone.
//!
//! | piece | written |
//! |---|---|
//! | directive | `<< call(..) >>` |
//! | formula | `$..$` in a line, `$$..$$` displayed; `\$` is a dollar |
//! | code | `` `..` ``, or a fence of three or more backticks or tildes |
//! | comment | `<!-- .. -->` |

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// Prose and Markdown.
    Text,
    /// Code within a line.
    Code,
    /// A fenced block of code, or a comment: nothing in it is looked at.
    Verbatim,
    /// A directive.
    Directive,
    /// A formula within a line.
    Inline,
    /// A displayed formula.
    Display,
    /// A directive that is not closed in its paragraph.
    OpenDirective,
    /// A formula that is not closed in its paragraph.
    OpenFormula,
}

/// A piece of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    pub kind: PieceKind,
    /// The line it begins on, from 1.
    pub line: usize,
    /// All of it.
    pub source: &'a str,
    /// What stands between its marks; all of it where there are none.
    pub inner: &'a str,
    /// The white space before it, where nothing else stands before it on its line.
    pub indent: Option<&'a str>,
}

/// The pieces of a page, in order: their sources, one after the other, are the page.
pub fn pieces(page: &str) -> Vec<Piece<'_>> {
    let mut scanner = Scanner { page, at: 0, text_from: 0, pieces: Vec::new() };
    while scanner.at < page.len() {
        scanner.step();
    }
    scanner.flush();
    scanner.pieces
}

struct Scanner<'a> {
    page: &'a str,
    at: usize,
    text_from: usize,
    pieces: Vec<Piece<'a>>,
}

impl<'a> Scanner<'a> {
    /// Takes one piece, or one character of text.
    fn step(&mut self) {
        let rest = &self.page[self.at..];
        let marks = |c: char| rest.len() - rest.trim_start_matches(c).len();
        if let Some(length) = self.fence() {
            self.take(PieceKind::Verbatim, length, 0);
        } else if rest.starts_with("<!--") {
            self.take(PieceKind::Verbatim, rest.find("-->").map_or(rest.len(), |end| end + 3), 0);
        } else if rest.starts_with('`') {
            let ticks = marks('`');
            match closing_ticks(rest, ticks) {
                Some(end) => self.take(PieceKind::Code, end + ticks, ticks),
                None => self.at += ticks,
            }
        } else if rest.starts_with("<<") {
            self.closed_by(">>", PieceKind::Directive, PieceKind::OpenDirective);
        } else if rest.starts_with("$$") {
            self.closed_by("$$", PieceKind::Display, PieceKind::OpenFormula);
        } else if rest.starts_with('$') {
            self.closed_by("$", PieceKind::Inline, PieceKind::OpenFormula);
        } else {
            let escaped = rest.starts_with("\\$") || rest.starts_with("\\`");
            self.at += if escaped { 2 } else { rest.chars().next().map_or(1, char::len_utf8) };
        }
    }

    /// Takes a piece up to its closing mark in the same paragraph, or its opening mark alone.
    fn closed_by(&mut self, mark: &str, closed: PieceKind, open: PieceKind) {
        let inside = &self.page[self.at + mark.len()..];
        let paragraph = inside.find("\n\n").unwrap_or(inside.len());
        match inside[..paragraph].find(mark) {
            Some(end) => self.take(closed, end + 2 * mark.len(), mark.len()),
            None => self.take(open, mark.len(), 0),
        }
    }

    /// The length of the fenced block that begins here, if one does.
    fn fence(&self) -> Option<usize> {
        let line_start = self.page[..self.at].rfind('\n').map_or(0, |place| place + 1);
        let is_margin = |c: char| c == ' ' || c == '>' || c == '\t';
        let rest = &self.page[self.at..];
        let mark = rest.chars().next().filter(|c| ['`', '~'].contains(c))?;
        let length = rest.len() - rest.trim_start_matches(mark).len();
        let first_line = rest.lines().next().unwrap_or_default();
        let opens = self.page[line_start..self.at].chars().all(is_margin)
            && length >= 3
            && !first_line[length..].contains('`');
        if !opens {
            return None;
        }
        let mut end = rest.find('\n').map_or(rest.len(), |place| place + 1);
        for line in rest[end..].split_inclusive('\n') {
            end += line.len();
            let line = line.trim_start_matches(is_margin).trim_end();
            if line.len() >= length && line.chars().all(|c| c == mark) {
                break;
            }
        }
        Some(end)
    }

    fn take(&mut self, kind: PieceKind, length: usize, marks: usize) {
        self.flush();
        let source = &self.page[self.at..self.at + length];
        let inner = &source[marks..length - marks];
        self.push(kind, source, inner);
        self.at += length;
        self.text_from = self.at;
    }

    fn flush(&mut self) {
        let text = &self.page[self.text_from..self.at];
        if !text.is_empty() {
            let at = self.at;
            self.at = self.text_from;
            self.push(PieceKind::Text, text, text);
            self.at = at;
        }
    }

    fn push(&mut self, kind: PieceKind, source: &'a str, inner: &'a str) {
        let before = &self.page[..self.at];
        let margin = &before[before.rfind('\n').map_or(0, |place| place + 1)..];
        let indent = margin.trim().is_empty().then_some(margin);
        let line = before.matches('\n').count() + 1;
        self.pieces.push(Piece { kind, line, source, inner, indent });
    }
}

/// Where a run of exactly `ticks` backticks begins that closes the one at the head of `rest`, in the same paragraph.
fn closing_ticks(rest: &str, ticks: usize) -> Option<usize> {
    let paragraph = rest.find("\n\n").unwrap_or(rest.len());
    let mut at = ticks;
    while let Some(place) = rest[at..paragraph].find('`') {
        let begin = at + place;
        let run = rest[begin..].len() - rest[begin..].trim_start_matches('`').len();
        if run == ticks {
            return Some(begin);
        }
        at = begin + run;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn found(page: &str) -> Vec<(PieceKind, usize, &str)> {
        let all = pieces(page);
        assert_eq!(all.iter().map(|piece| piece.source).collect::<String>(), page);
        all.into_iter()
            .filter(|piece| piece.kind != PieceKind::Text)
            .map(|piece| (piece.kind, piece.line, piece.inner))
            .collect()
    }

    #[rstest]
    #[case::a_directive("a\n<< b(\"c\") >> d", &[(PieceKind::Directive, 2, " b(\"c\") ")])]
    #[case::formulas("$a$ and\n\n$$\nb\n$$\n", &[(PieceKind::Inline, 1, "a"), (PieceKind::Display, 3, "\nb\n")])]
    #[case::a_dollar("costs \\$5 and \\$6", &[])]
    #[case::code("`<< a >>` and ``b ` $c$``", &[(PieceKind::Code, 1, "<< a >>"), (PieceKind::Code, 1, "b ` $c$")])]
    #[case::a_fence("```sh\ncat << EOF $HOME\n```\n$a$", &[(PieceKind::Verbatim, 1, "```sh\ncat << EOF $HOME\n```\n"), (PieceKind::Inline, 4, "a")])]
    #[case::a_fence_in_a_list("- a\n  ~~~\n  $b$\n  ~~~\n", &[(PieceKind::Verbatim, 2, "~~~\n  $b$\n  ~~~\n")])]
    #[case::a_comment("<!-- << a >> $ -->", &[(PieceKind::Verbatim, 1, "<!-- << a >> $ -->")])]
    #[case::an_open_formula("a $b\n\nc", &[(PieceKind::OpenFormula, 1, "$")])]
    #[case::an_open_directive("a\n\n<< b\n\nc", &[(PieceKind::OpenDirective, 3, "<<")])]
    fn pieces_are_found_with_their_line(#[case] page: &str, #[case] expected: &[(PieceKind, usize, &str)]) {
        assert_eq!(found(page), expected);
    }

    #[test]
    fn the_white_space_before_a_piece_is_kept_if_it_stands_alone() {
        let indents: Vec<_> = pieces("  << a >>\nx << b >>")
            .iter()
            .filter(|piece| piece.kind == PieceKind::Directive)
            .map(|piece| piece.indent)
            .collect();
        assert_eq!(indents, [Some("  "), None]);
    }
}
