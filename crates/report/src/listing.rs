//! The lines between `// ANCHOR: name` and `// ANCHOR_END: name` of a source file.
//!
//! Lines that are an anchor of their own are left out, so anchors may be nested; so are the lines
//! `// SOLUTION: question words` and `// SOLUTION_END: question`, between which `coursework starter` cuts. White space
//! that all lines begin with is left out as well.

/// The most lines a listing may have: what a reader takes in without scrolling back.
pub const MOST_LINES: usize = 40;

/// Why a listing cannot be shown. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListingError {
    /// No line begins the anchor; mdBook would print an empty block.
    #[error("it has no line `ANCHOR: {0}`")]
    Missing(String),
    /// The anchor begins twice, so it is not said which part is meant.
    #[error("`ANCHOR: {name}` stands in it twice, on lines {first} and {second}")]
    Doubled {
        name: String,
        /// Where it begins first.
        first: usize,
        /// Where it begins again.
        second: usize,
    },
    /// The anchor begins and never ends; mdBook would print the rest of the file.
    #[error("`ANCHOR: {0}` is not followed by `ANCHOR_END: {0}`")]
    Open(String),
    /// There is nothing but white space between the two lines.
    #[error("`ANCHOR: {0}` holds no line")]
    Empty(String),
    /// The listing is too long to be read in one go.
    #[error("`ANCHOR: {name}` holds {lines} lines, more than {MOST_LINES}; show a part of it")]
    TooLong {
        name: String,
        /// How many lines it holds.
        lines: usize,
    },
}

/// Lines of a source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The lines, without a newline at the end.
    pub text: String,
    /// The first of them in the file, from 1.
    pub first: usize,
    /// The last of them.
    pub last: usize,
}

/// The anchors that a source text begins, each with its line, from 1.
pub fn anchors(source: &str) -> Vec<(usize, &str)> {
    let begun = |(i, line)| anchor(line, "ANCHOR:").map(|name| (i + 1, name));
    source.lines().enumerate().filter_map(begun).collect()
}

/// The listing `name` of a source text, without the lines that are anchors or mark a solution.
///
/// # Errors
/// [`ListingError`].
///
/// ```
/// use report::listing::{Listing, listing};
/// let source = "use a::b;\n// ANCHOR: step\nlet x = 1;\n// ANCHOR_END: step\n";
/// assert_eq!(listing(source, "step"), Ok(Listing { text: "let x = 1;".into(), first: 3, last: 3 }));
/// ```
pub fn listing(source: &str, name: &str) -> Result<Listing, ListingError> {
    let lines: Vec<&str> = source.lines().collect();
    let places = |mark: &str| {
        let found = |&i: &usize| anchor(lines[i], mark) == Some(name);
        (0..lines.len()).filter(found).collect::<Vec<usize>>()
    };
    let begin = match places("ANCHOR:")[..] {
        [] => return Err(ListingError::Missing(name.to_owned())),
        [begin] => begin,
        [first, second, ..] => {
            return Err(ListingError::Doubled {
                name: name.to_owned(),
                first: first + 1,
                second: second + 1,
            });
        }
    };
    let Some(end) = places("ANCHOR_END:").into_iter().find(|&end| end > begin) else {
        return Err(ListingError::Open(name.to_owned()));
    };
    let marks = ["ANCHOR:", "ANCHOR_END:", "SOLUTION:", "SOLUTION_END:"];
    let is_code = |line: &&&str| marks.iter().all(|mark| anchor(line, mark).is_none());
    let kept: Vec<&str> = lines[begin + 1..end].iter().filter(is_code).copied().collect();
    if kept.iter().all(|line| line.trim().is_empty()) {
        return Err(ListingError::Empty(name.to_owned()));
    }
    if kept.len() > MOST_LINES {
        return Err(ListingError::TooLong { name: name.to_owned(), lines: kept.len() });
    }
    Ok(Listing { text: dedented(&kept), first: begin + 2, last: end })
}

/// The lines without the white space that all of them begin with.
fn dedented(lines: &[&str]) -> String {
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    lines.iter().map(|line| line.get(common..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The function `name` of a source text with its attributes and comments, from the blank line or opening brace before
/// it to the brace that closes it.
pub fn function(source: &str, name: &str) -> Option<Listing> {
    let lines: Vec<&str> = source.lines().collect();
    let defines = |line: &&str| {
        let after = line.split_once("fn ").and_then(|(_, after)| after.strip_prefix(name));
        after.is_some_and(|after| after.starts_with(['(', '<']))
    };
    let line = lines.iter().position(defines)?;
    let ends_item = |line: &str| line.trim().is_empty() || line.ends_with('{') || line.trim() == "}";
    let first = lines[..line].iter().rposition(|line| ends_item(line)).map_or(0, |before| before + 1);
    let indent = &lines[line][..lines[line].len() - lines[line].trim_start().len()];
    let closes = |line: &&str| line.strip_prefix(indent).is_some_and(|rest| rest.starts_with('}'));
    let on_one_line = lines[line].trim_end().ends_with('}');
    let last = if on_one_line { line } else { line + lines[line..].iter().position(closes)? };
    let text: Vec<&str> =
        lines[first..=last].iter().map(|line| line.strip_prefix(indent).unwrap_or(line)).collect();
    Some(Listing { text: text.join("\n"), first: first + 1, last: last + 1 })
}

/// The anchor that a line begins (`mark` is `ANCHOR:`) or ends (`ANCHOR_END:`), or the question whose solution it does.
fn anchor<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    let (_, after) = line.split_once(mark)?;
    let after = after.trim_start();
    let end = after.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(after.len());
    (end > 0).then(|| &after[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn between(body: &str) -> String {
        format!("before\n// ANCHOR: a\n{body}// ANCHOR_END: a\nafter\n")
    }

    #[test]
    fn inner_anchors_and_common_indentation_are_left_out() {
        let source = between("    one\n// ANCHOR: b\n    two\n// ANCHOR_END: b\n\n      three\n");
        assert_eq!(listing(&source, "a").unwrap().text, "one\ntwo\n\n  three");
        assert_eq!(listing(&source, "b").unwrap().text, "two");
        assert_eq!(anchors(&source), [(2, "a"), (4, "b")]);
    }

    #[test]
    fn the_marks_of_a_solution_are_left_out_and_do_not_count() {
        let marks = ["    // SOLUTION: T2.2 the gradient\n", "    // SOLUTION_END: T2.2\n"];
        let source = between(&format!("fn f() {{\n{}    one\n{}}}\n", marks[0], marks[1]));
        assert_eq!(listing(&source, "a").unwrap().text, "fn f() {\n    one\n}");
        let [begin, end] = marks;
        assert!(listing(&between(&format!("{begin}{}{end}", "x\n".repeat(40))), "a").is_ok());
        assert_eq!(listing(&between(&marks.concat()), "a"), Err(ListingError::Empty("a".into())));
    }

    #[test]
    fn a_name_is_not_taken_for_a_longer_one() {
        let source = "// ANCHOR: forward_training\nx\n// ANCHOR_END: forward_training\n";
        assert_eq!(listing(source, "forward"), Err(ListingError::Missing("forward".into())));
    }

    #[rstest]
    #[case::missing("nothing\n".to_owned(), ListingError::Missing("a".into()))]
    #[case::ended_only("x\n// ANCHOR_END: a\n".to_owned(), ListingError::Missing("a".into()))]
    #[case::open("// ANCHOR: a\nx\n".to_owned(), ListingError::Open("a".into()))]
    #[case::ended_before_it_begins("// ANCHOR_END: a\n// ANCHOR: a\nx\n".to_owned(), ListingError::Open("a".into()))]
    #[case::empty(between(""), ListingError::Empty("a".into()))]
    #[case::blank(between("  \n\n"), ListingError::Empty("a".into()))]
    #[case::doubled(between("x\n").repeat(2), ListingError::Doubled { name: "a".into(), first: 2, second: 7 })]
    #[case::of_41_lines(between(&"x\n".repeat(41)), ListingError::TooLong { name: "a".into(), lines: 41 })]
    fn a_listing_is_refused_that_is(#[case] source: String, #[case] expected: ListingError) {
        assert_eq!(listing(&source, "a"), Err(expected));
    }

    #[test]
    fn a_function_is_cut_out_with_its_attributes() {
        let source = "mod tests {\n    fn a() {}\n\n    /// Says.\n    #[test]\n    fn ab() {\n        x();\n    }\n}\n";
        let found = function(source, "ab").unwrap();
        assert_eq!(
            found,
            Listing { text: "/// Says.\n#[test]\nfn ab() {\n    x();\n}".into(), first: 4, last: 8 }
        );
        assert_eq!(function(source, "a").unwrap().text, "fn a() {}");
        assert_eq!(function(source, "b"), None);
    }

    #[test]
    fn forty_lines_are_not_too_many() {
        assert!(listing(&between(&"x\n".repeat(40)), "a").is_ok());
    }
}
