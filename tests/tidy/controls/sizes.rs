//! Functions, files and lines.

use super::planted::{debts_of, sources};
use crate::sizes::{FILE_LINES, FUNCTION_LINES, LINE_CHARACTERS, long_files, long_functions, long_lines};
use rstest::rstest;

const PATH: &str = "crates/a/src/lib.rs";

/// A function of so many lines.
fn function(lines: usize) -> String {
    format!("fn f() {{\n{}}}\n", "    g();\n".repeat(lines - 2))
}

#[rstest]
#[case::free("", "", "f")]
#[case::method("impl<T> Name<T> {", "}", "Name::f")]
#[case::of_a_trait("trait Name {", "}", "Name::f")]
#[case::in_a_module("mod name {", "}", "f")]
#[case::in_tests("#[cfg(test)] mod tests {", "}", "f")]
fn a_long_function_is_found(#[case] before: &str, #[case] behind: &str, #[case] name: &str) {
    let text = |lines| format!("{before}\n/// Docs do not count.\n#[inline]\n{}{behind}\n", function(lines));
    let complaints = long_functions(&sources(&[(PATH, &text(FUNCTION_LINES + 1))]));
    assert_eq!(debts_of(&complaints), [format!("{PATH}: fn {name}")]);
    assert!(
        complaints[0].says.starts_with(&format!("{PATH}:4: fn {name} has 41 lines")),
        "{}",
        complaints[0].says
    );
    assert_eq!(long_functions(&sources(&[(PATH, &text(FUNCTION_LINES))])), []);
}

#[test]
fn a_signature_of_many_lines_counts() {
    let text = format!("fn f(\n    x: u8,\n) {{\n{}}}\n", "    g();\n".repeat(FUNCTION_LINES - 3));
    assert_eq!(debts_of(&long_functions(&sources(&[(PATH, &text)]))), [format!("{PATH}: fn f")]);
}

#[test]
fn a_long_file_is_found() {
    let complaints = long_files(&sources(&[(PATH, &"//\n".repeat(FILE_LINES + 1))]));
    assert_eq!(debts_of(&complaints), [PATH]);
    assert_eq!(long_files(&sources(&[(PATH, &"//\n".repeat(FILE_LINES))])), []);
}

#[test]
fn long_lines_are_found_and_counted() {
    let line = |characters: usize| format!("// a {}\n", "ä".repeat(characters - 5));
    let text = line(LINE_CHARACTERS) + &line(LINE_CHARACTERS + 1) + "//\n" + &line(LINE_CHARACTERS + 1);
    let complaints = long_lines(&sources(&[(PATH, &text)]));
    assert_eq!(debts_of(&complaints), [format!("{PATH}: 2")]);
    assert!(complaints[0].says.contains("(2, 4)"), "{}", complaints[0].says);
    assert_eq!(long_lines(&sources(&[(PATH, &line(LINE_CHARACTERS))])), []);
}

#[rstest]
#[case::address("/// https://example.org/{}\n")]
#[case::text("const X: &str =\n    \"{}\";\n")]
fn a_line_that_cannot_be_broken_passes(#[case] text: &str) {
    let text = text.replace("{}", &"x".repeat(LINE_CHARACTERS));
    assert_eq!(long_lines(&sources(&[(PATH, &(text + "struct S;\n"))])), []);
}
