//! An exercise at the end of a chapter: its words stand in `crates/exercises`, beside the function that they ask for.

/// The folder of the exercises, from the root of the repository.
pub const EXERCISES: &str = "crates/exercises";

/// What an exercise asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExerciseWords {
    pub title: String,
    /// What is asked, in Markdown.
    pub text: String,
}

/// The words of an exercise: the comment `/// Exercise NUMBER, TITLE: TEXT` of a source. `None` where there is none.
///
/// ```
/// use report::exercise::words;
/// let found = words("/// Exercise 2, the sum: add\n/// them.\n///\n/// Both.\npub fn sum() {}\n", 2).unwrap();
/// assert_eq!((&*found.title, &*found.text), ("the sum", "Add\nthem.\n\nBoth."));
/// assert_eq!(words("/// Exercise 12, the sum: add them.\n", 2), None);
/// ```
pub fn words(source: &str, number: usize) -> Option<ExerciseWords> {
    let begin = format!("/// Exercise {number}, ");
    let comment = source.lines().skip_while(|line| !line.starts_with(&begin));
    let lines = comment.map_while(|line| line.strip_prefix("///")).map(str::trim);
    let comment = lines.collect::<Vec<_>>().join("\n");
    let (title, text) = comment.strip_prefix(&begin["/// ".len()..])?.split_once(": ")?;
    let mut text = text.trim().chars();
    let first = text.next()?.to_uppercase();
    Some(ExerciseWords { title: title.replace('\n', " "), text: first.chain(text).collect() })
}

/// The head of a function: its lines to the brace that opens it, without the brace.
pub fn head(function: &str) -> String {
    let end = function.lines().position(|line| line.trim_end().ends_with('{'));
    let lines: Vec<&str> = function.lines().take(end.map_or(0, |end| end + 1)).collect();
    lines.join("\n").trim_end_matches('{').trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_function_is_all_of_it_but_its_body() {
        assert_eq!(head("pub fn f(x: f64) -> f64 {\n    x\n}"), "pub fn f(x: f64) -> f64");
        assert_eq!(
            head("pub fn f(\n    x: f64,\n) -> f64 {\n    if x { 1 }\n}"),
            "pub fn f(\n    x: f64,\n) -> f64"
        );
        assert_eq!(head("const A: u8 = 1;"), "");
    }
}
