//! The lines between `// ANCHOR: name` and `// ANCHOR_END: name` of a source file.
//!
//! Lines that are an anchor of their own are left out, so anchors may be nested. The text that remains is what mdBook's
//! include puts into the page; a test holds the two to each other in the built book.

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
        /// The anchor.
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
        /// The anchor.
        name: String,
        /// How many lines it holds.
        lines: usize,
    },
}

/// The listing `name` of a source text, without the anchors' own lines.
///
/// # Errors
/// [`ListingError`].
///
/// ```
/// let source = "use a::b;\n// ANCHOR: step\nlet x = 1;\n// ANCHOR_END: step\n";
/// assert_eq!(report::listing::listing(source, "step").as_deref(), Ok("let x = 1;"));
/// ```
pub fn listing(source: &str, name: &str) -> Result<String, ListingError> {
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
    let is_code = |line: &&&str| anchor(line, "ANCHOR:").or(anchor(line, "ANCHOR_END:")).is_none();
    let kept: Vec<&str> = lines[begin + 1..end].iter().filter(is_code).copied().collect();
    if kept.iter().all(|line| line.trim().is_empty()) {
        return Err(ListingError::Empty(name.to_owned()));
    }
    if kept.len() > MOST_LINES {
        return Err(ListingError::TooLong { name: name.to_owned(), lines: kept.len() });
    }
    Ok(kept.join("\n"))
}

/// The anchor that a line begins (`mark` is `ANCHOR:`) or ends (`ANCHOR_END:`).
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
    fn indentation_is_kept_and_inner_anchors_are_not() {
        let source = between("    one\n// ANCHOR: b\n    two\n// ANCHOR_END: b\n\n    three\n");
        assert_eq!(listing(&source, "a").as_deref(), Ok("    one\n    two\n\n    three"));
        assert_eq!(listing(&source, "b").as_deref(), Ok("    two"));
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
    fn forty_lines_are_not_too_many() {
        assert!(listing(&between(&"x\n".repeat(40)), "a").is_ok());
    }
}
