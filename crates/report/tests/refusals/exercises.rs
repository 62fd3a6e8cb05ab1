//! Exercises: refused without their words, without a test, and where no page asks them.

use crate::support::{Repository, SOUND, page};
use crate::{LINE, refusals, with_line};
use report::build::build;
use report::refusal::{Reason, Refusal};

const SOURCE: &str = "crates/exercises/src/a.rs";
const TESTS: &str = "crates/exercises/tests/suite/a.rs";
const ONE: &str = "<< exercise(\"a\", 1, \"Think.\") >>";
const CODE: &str = "/// Exercise 1, the sum: add two numbers.\n// ANCHOR: exercise_1\n\
                    pub fn sum(a: u8, b: u8) -> u8 {\n    \
                    // SOLUTION: exercise_a_1 the sum\n    a + b\n    // SOLUTION_END: exercise_a_1\n}\n\
                    // ANCHOR_END: exercise_1\n";

/// The repository with an exercise and its test.
fn with_exercise(repository: Repository) -> Repository {
    repository.write(SOURCE, CODE);
    repository.write(TESTS, "#[test]\nfn exercise_a_1_the_sum() {}\n");
    repository
}

#[test]
fn an_exercise_is_shown_with_its_words_its_head_and_a_solution() {
    let repository = with_exercise(with_line(ONE));
    let html = page(&build(&repository.book(), None).unwrap().folder);
    let at = |words: &str| html.find(words).unwrap_or_else(|| panic!("{words}: {html}"));
    let (title, head) = (at("Exercise 1: the sum."), at("pub fn sum(a: u8, b: u8) -&gt; u8"));
    let (hint, solution) = (at("Think."), at("a + b"));
    assert!(title < head && head < hint && hint < solution, "{html}");
    assert!(html.contains("Add two numbers.") && !html.contains("SOLUTION"), "{html}");
}

#[test]
fn an_exercise_without_words_or_test_is_refused() {
    let refusal = |reason| [Refusal { file: "book/src/page.md".into(), line: LINE, reason }];
    let repository = with_exercise(with_line(ONE));
    repository.write(SOURCE, &CODE.replace("Exercise 1, ", "Exercise 2, "));
    let reason = Reason::MissingExercise { number: 1, file: SOURCE.into() };
    assert_eq!(refusals(&repository)[..1], refusal(reason));
    let repository = with_exercise(with_line(ONE));
    repository.write(TESTS, "#[test]\nfn exercise_a_2_the_sum() {}\n");
    let reason = Reason::MissingTest { name: "exercise_a_1_".into(), file: TESTS.into() };
    assert_eq!(refusals(&repository)[..1], refusal(reason));
}

#[test]
fn an_exercise_that_no_page_asks_is_refused() {
    let reason = Reason::UnusedAnchor("exercise_1".into());
    let unused = with_exercise(Repository::new(SOUND));
    assert_eq!(refusals(&unused), [Refusal { file: SOURCE.into(), line: 2, reason }]);
}
