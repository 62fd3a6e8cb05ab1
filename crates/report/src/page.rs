//! What a page refers to: mdBook's directives, and the tests it names as proof.

/// Something in double braces that begins with `#`, such as `{{#include FILE:ANCHOR}}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directive<'a> {
    /// The line of the page, from 1.
    pub line: usize,
    /// What stands between the braces, without the `#`: `include FILE:ANCHOR`.
    pub text: &'a str,
}

/// Every directive of a page. One that a backslash escapes is text; one without closing braces reaches to the end of
/// its line.
pub fn directives(page: &str) -> Vec<Directive<'_>> {
    let mut found = Vec::new();
    for (place, _) in page.match_indices("{{") {
        let Some(inside) = page[place + 2..].trim_start().strip_prefix('#') else { continue };
        if page[..place].ends_with('\\') {
            continue;
        }
        let end = inside.find("}}").or_else(|| inside.find('\n')).unwrap_or(inside.len());
        found.push(Directive { line: line_of(page, place), text: inside[..end].trim() });
    }
    found
}

/// A test that a page names as proof, written `` `name` in `FILE.rs` ``.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedTest<'a> {
    /// The line of the page, from 1.
    pub line: usize,
    /// The function's name.
    pub name: &'a str,
    /// The file, from the root of the repository.
    pub file: &'a str,
}

/// Every `` `name` in `FILE.rs` `` of a page; white space, and so a line's end, may stand on either side of `in`.
pub fn named_tests(page: &str) -> Vec<NamedTest<'_>> {
    let ticks: Vec<usize> = page.match_indices('`').map(|(place, _)| place).collect();
    let named = |window: &[usize]| {
        let &[name_begin, name_end, file_begin, file_end] = window else { return None };
        let name = &page[name_begin + 1..name_end];
        let file = &page[file_begin + 1..file_end];
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let is_name = !name.is_empty() && name.chars().all(is_part);
        let says_in = page[name_end + 1..file_begin].trim() == "in" && file_begin > name_end + 3;
        let named = NamedTest { line: line_of(page, name_begin), name, file };
        (is_name && says_in && file.ends_with(".rs")).then_some(named)
    };
    ticks.windows(4).filter_map(named).collect()
}

fn line_of(page: &str, place: usize) -> usize {
    page[..place].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn directives_are_found_with_their_line() {
        let page = "# Title\n\n```rust\n{{#include ../a.rs:b}}\n```\n{{ #title T }}\n\\{{#include shown}}\n{{#include open\n";
        let found: Vec<_> = directives(page).iter().map(|d| (d.line, d.text)).collect();
        assert_eq!(found, [(4, "include ../a.rs:b"), (6, "title T"), (8, "include open")]);
    }

    #[rstest]
    #[case::on_one_line("The test `a_law_holds` in `crates/a/tests/b.rs` says so.", &[(1, "a_law_holds", "crates/a/tests/b.rs")])]
    #[case::over_two_lines("- `a_law_holds` in\n  `b.rs`", &[(1, "a_law_holds", "b.rs")])]
    #[case::two_of_them("`a` in `b.rs`,\n`c` in `d.rs`", &[(1, "a", "b.rs"), (2, "c", "d.rs")])]
    #[case::another_word("`a` of `b.rs`", &[])]
    #[case::no_source("`a` in `b.json`", &[])]
    #[case::a_constant("`SEED` in `b.rs`", &[])]
    #[case::no_name("`a b` in `c.rs`", &[])]
    fn tests_are_found_where_they_are_named(#[case] page: &str, #[case] expected: &[(usize, &str, &str)]) {
        let found: Vec<_> = named_tests(page).iter().map(|test| (test.line, test.name, test.file)).collect();
        assert_eq!(found, expected);
    }
}
