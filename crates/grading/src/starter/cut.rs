//! Cutting the answers out of a source.
//!
//! ```text
//! // SOLUTION: T2.2 the gradient on every edge, last node first
//! ..                                                                  the answer, to the end of its block
//! // SOLUTION_END: T2.2
//! ```
//!
//! becomes `todo!("T2.2: the gradient on every edge, last node first")`, which has every type, so that what is left
//! compiles.

/// A place where an answer was cut out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blank {
    /// The question, such as `T2.2`.
    pub question: String,
    /// What is to be written there.
    pub asked: String,
    /// The line of its `todo!`, from 1.
    pub line: usize,
}

/// Why an answer cannot be cut out. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CutError {
    /// An end that nothing begins.
    #[error(
        "line {line}: a solution of {question} ends here and begins nowhere; remove the mark, or add its `SOLUTION:`"
    )]
    EndWithoutBegin { line: usize, question: String },
    /// A beginning that nothing ends: the rest of the file would be handed out, or cut off.
    #[error(
        "line {line}: a solution of {question} begins and does not end; add `// SOLUTION_END: {question}`"
    )]
    NotEnded { line: usize, question: String },
    /// A beginning within a solution.
    #[error("line {line}: a solution of {question} begins before that of line {since} has ended")]
    Nested {
        line: usize,
        question: String,
        /// Where the outer one begins.
        since: usize,
    },
    /// The end of another question.
    #[error(
        "line {line}: the solution of {question} from line {since} ends with the mark of {found}: write {question}"
    )]
    OtherEnd {
        line: usize,
        /// The question that was begun.
        question: String,
        /// The question that is ended.
        found: String,
        /// Where it was begun.
        since: usize,
    },
    /// A mark that names no question.
    #[error("line {line}: the mark names no question: write `// SOLUTION: QUESTION what to write`")]
    Unnamed { line: usize },
    /// A mark that does not say what a student shall write.
    #[error("line {line}: the mark does not say what to write; write `// SOLUTION: {question} WORDS`")]
    AsksNothing { line: usize, question: String },
    /// Two marks without a line of code between them.
    #[error("line {line}: there is nothing to cut of {question}")]
    Empty {
        /// The line of the first mark.
        line: usize,
        question: String,
    },
}

/// A line that is a mark, with the words behind it.
enum Mark<'a> {
    Begin(&'a str),
    End(&'a str),
}

impl<'a> Mark<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let comment = line.trim().strip_prefix("//")?.trim_start();
        let begin = comment.strip_prefix("SOLUTION:").map(Self::Begin);
        begin.or_else(|| comment.strip_prefix("SOLUTION_END:").map(Self::End))
    }
}

/// A solution that was begun.
struct Open<'a> {
    since: usize,
    question: &'a str,
    asked: &'a str,
    indent: &'a str,
    holds_code: bool,
}

impl<'a> Open<'a> {
    fn begin(line: usize, text: &'a str, words: &'a str) -> Result<Self, CutError> {
        let words = words.trim();
        let (question, asked) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        if question.is_empty() {
            return Err(CutError::Unnamed { line });
        }
        if asked.is_empty() {
            return Err(CutError::AsksNothing { line, question: question.to_owned() });
        }
        let indent = &text[..text.len() - text.trim_start().len()];
        Ok(Self { since: line, question, asked: asked.trim(), indent, holds_code: false })
    }

    fn end(&self, line: usize, words: &str) -> Result<(), CutError> {
        let (found, question) = (words.trim(), self.question.to_owned());
        if found.is_empty() {
            return Err(CutError::Unnamed { line });
        }
        if found != self.question {
            return Err(CutError::OtherEnd { line, question, found: found.to_owned(), since: self.since });
        }
        if !self.holds_code {
            return Err(CutError::Empty { line: self.since, question });
        }
        Ok(())
    }

    /// The line that takes the solution's place. Braces are doubled, as in every format text.
    fn blank(&self) -> String {
        let text = format!("{:?}", format!("{}: {}", self.question, self.asked));
        format!("{}todo!({})\n", self.indent, text.replace('{', "{{").replace('}', "}}"))
    }
}

/// The source with every solution replaced by a line `todo!("QUESTION: WORDS")`, and those lines.
///
/// # Errors
/// [`CutError`] for the first mark that is at fault.
///
/// ```
/// use grading::starter::cut::cut;
/// let (text, blanks) = cut("fn f() -> u8 {\n    // SOLUTION: T1a a number\n    7\n    // SOLUTION_END: T1a\n}\n")?;
/// assert_eq!(text, "fn f() -> u8 {\n    todo!(\"T1a: a number\")\n}\n");
/// assert_eq!((blanks.len(), blanks[0].line), (1, 2));
/// # Ok::<(), grading::starter::cut::CutError>(())
/// ```
pub fn cut(source: &str) -> Result<(String, Vec<Blank>), CutError> {
    let (mut text, mut blanks): (String, Vec<Blank>) = (String::new(), Vec::new());
    let mut open: Option<Open> = None;
    for (i, code) in source.split_inclusive('\n').enumerate() {
        let line = i + 1;
        match (Mark::of(code), &mut open) {
            (None, None) => text += code,
            (None, Some(open)) => open.holds_code |= !code.trim().is_empty(),
            (Some(Mark::Begin(words)), None) => open = Some(Open::begin(line, code, words)?),
            (Some(Mark::Begin(words)), Some(outer)) => {
                let question = Open::begin(line, code, words)?.question.to_owned();
                return Err(CutError::Nested { line, question, since: outer.since });
            }
            (Some(Mark::End(words)), None) => {
                let question = words.trim().to_owned();
                let unnamed = question.is_empty();
                let stray = CutError::EndWithoutBegin { line, question };
                return Err(if unnamed { CutError::Unnamed { line } } else { stray });
            }
            (Some(Mark::End(words)), Some(begun)) => {
                begun.end(line, words)?;
                text += &begun.blank();
                let line = text.matches('\n').count();
                let (question, asked) = (begun.question.to_owned(), begun.asked.to_owned());
                blanks.push(Blank { question, asked, line });
                open = None;
            }
        }
    }
    match open {
        Some(Open { since: line, question, .. }) => {
            Err(CutError::NotEnded { line, question: question.to_owned() })
        }
        None => Ok((text, blanks)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const BEGIN: &str = "    // SOLUTION: T2.2 the gradient\n";
    const END: &str = "    // SOLUTION_END: T2.2\n";

    fn question() -> String {
        "T2.2".to_owned()
    }

    #[rstest]
    #[case::an_end_without_a_beginning(
        format!("x\n{END}"),
        CutError::EndWithoutBegin { line: 2, question: question() }
    )]
    #[case::a_second_end(format!("{BEGIN}x\n{END}{END}"), CutError::EndWithoutBegin { line: 4, question: question() })]
    #[case::a_beginning_without_an_end(format!("a\n{BEGIN}x\n"), CutError::NotEnded { line: 2, question: question() })]
    #[case::a_solution_in_a_solution(
        format!("{BEGIN}x\n{BEGIN}y\n{END}{END}"),
        CutError::Nested { line: 3, question: question(), since: 1 }
    )]
    #[case::the_end_of_another(
        format!("{BEGIN}x\n// SOLUTION_END: T2.1\n{END}"),
        CutError::OtherEnd { line: 3, question: question(), found: "T2.1".to_owned(), since: 1 }
    )]
    #[case::a_beginning_without_a_name(format!("// SOLUTION:  \nx\n{END}"), CutError::Unnamed { line: 1 })]
    #[case::an_end_without_a_name(format!("{BEGIN}x\n// SOLUTION_END:\n"), CutError::Unnamed { line: 3 })]
    #[case::a_stray_end_without_a_name("x\n// SOLUTION_END:\n".to_owned(), CutError::Unnamed { line: 2 })]
    #[case::no_words(format!("//SOLUTION: T2.2\nx\n{END}"), CutError::AsksNothing { line: 1, question: question() })]
    #[case::nothing_between(format!("{BEGIN}\n{END}"), CutError::Empty { line: 1, question: question() })]
    fn a_source_is_refused_that_has(#[case] source: String, #[case] expected: CutError) {
        assert_eq!(cut(&source), Err(expected.clone()));
        assert!(expected.to_string().starts_with("line "));
    }

    #[test]
    fn each_solution_becomes_one_line_with_the_indentation_of_its_mark() {
        let source = format!("fn f() {{\n    a();\n{BEGIN}    b();\n\n    c();\n{END}}}\n");
        let twice = source.repeat(2);
        let (text, blanks) = cut(&twice).unwrap();
        assert_eq!(text, "fn f() {\n    a();\n    todo!(\"T2.2: the gradient\")\n}\n".repeat(2));
        let blank = |line| Blank { question: question(), asked: "the gradient".to_owned(), line };
        assert_eq!(blanks, [blank(3), blank(7)]);
    }

    /// Neither a quote nor a brace of the words may end the text or be taken for an argument of it.
    #[test]
    fn words_are_quoted() {
        let (text, _) = cut("// SOLUTION: T1a the set \"{1}\"\nx\n// SOLUTION_END: T1a").unwrap();
        assert_eq!(text, "todo!(\"T1a: the set \\\"{{1}}\\\"\")\n");
    }

    #[test]
    fn a_source_without_marks_stays_as_it_is() {
        let source = "//! Writes `// SOLUTION: a`.\nlet a = \"// SOLUTION: a\";\n// A comment.\nno newline";
        assert_eq!(cut(source), Ok((source.to_owned(), Vec::new())));
    }
}
