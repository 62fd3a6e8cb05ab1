use super::*;
use crate::starter::{self, QuestionSheet};
use rstest::rstest;
use std::path::PathBuf;

const RUBRIC: &str = include_str!("../../../../rubric.toml");

/// The question of a criterion on the whole assignment.
const EVERY_QUESTION: &str = "every question";

/// This repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What is amiss between the questions that are asked and those that the criteria name.
fn unasked(rubric: &Rubric, questions: &[QuestionSheet]) -> Vec<String> {
    let asked = |id: &str| questions.iter().any(|question| question.id == id);
    let judged = |id: &str| rubric.criteria.iter().any(|criterion| criterion.question == id);
    let unknown = rubric.criteria.iter().filter(|it| it.question != EVERY_QUESTION && !asked(&it.question));
    let unknown =
        unknown.map(|it| format!("{} belongs to the question {}, which is not asked", it.id, it.question));
    let unjudged = questions.iter().filter(|question| !judged(&question.id));
    unknown.chain(unjudged.map(|question| format!("no criterion belongs to {}", question.id))).collect()
}

#[test]
fn every_question_of_the_assignment_has_a_criterion_and_no_other_question_has() {
    let (rubric, questions) = (Rubric::parse(RUBRIC).unwrap(), starter::questions(&root()).unwrap());
    assert_eq!(unasked(&rubric, &questions), [""; 0]);
    let more = [&questions[..], &[QuestionSheet { id: "T9".to_owned(), ..questions[0].clone() }]].concat();
    assert_eq!(unasked(&rubric, &more), ["no criterion belongs to T9"]);
    let fewer: Vec<QuestionSheet> = questions.into_iter().filter(|question| question.id != "P1.2").collect();
    assert_eq!(unasked(&rubric, &fewer), ["P1.2 belongs to the question P1.2, which is not asked"]);
}

#[test]
fn every_test_of_the_rubric_stands_where_it_says() {
    let tests: Vec<TestName> =
        Rubric::parse(RUBRIC).unwrap().criteria.into_iter().flat_map(|criterion| criterion.tests).collect();
    assert!(tests.len() >= 10);
    for test in tests {
        let source = std::fs::read_to_string(root().join(&test.file)).unwrap();
        assert!(source.contains(&format!("fn {}(", test.function())), "{test}");
    }
}

#[test]
fn every_file_is_evidence_where_it_says_so() {
    let rubric = Rubric::parse(RUBRIC).unwrap();
    assert!(EXPERIMENTS.iter().all(|experiment| rubric.rests_on(experiment)));
    let of = |id: &str| EXPERIMENTS.iter().find(|experiment| experiment.id == id).unwrap();
    let criterion = rubric.criteria.iter().find(|criterion| criterion.id == "T1b").unwrap();
    assert!(criterion.rests_on(of("theory")) && !criterion.rests_on(of("iris")));
}

/// What is derived from the records is no experiment's, and may be evidence all the same.
#[test]
fn the_report_may_be_evidence() {
    let with = |file: &str| Rubric::parse(&RUBRIC.replacen("theory.json", file, 1));
    assert!(with(records::findings::FILE).is_ok());
    assert!(with("reports.json").unwrap_err().to_string().contains("reports.json"));
}

/// As doubles ten times 0.1 is a little less than 1.
#[test]
fn ten_criteria_of_a_tenth_are_worth_a_point() {
    let tenths = |count| sum_of_points(std::iter::repeat_n(0.1, count));
    assert_eq!(tenths(10), 1.0);
    // The control: it is no rounding to tenths.
    assert_eq!(sum_of_points([0.1, 0.001].into_iter()), 0.101);
    assert!(tenths(9) < 1.0);
}

#[rstest]
#[case::an_unknown_check(
    r#"check = "derivations""#,
    r#"check = "magic""#,
    "line 35: there is no check `magic`; the checks are derivations, cross-entropy"
)]
#[case::negative_points("points = 8", "points = -8", "T1a")]
#[case::a_doubled_id(r#"id = "T1b""#, r#"id = "T1a""#, "two criteria have the id T1a")]
#[case::a_pass_mark_beyond_reach("pass = 100", "pass = 1000", "cannot be reached")]
#[case::an_unknown_field("pass = 100", "pass = 100\ncurve = 5", "curve")]
#[case::a_file_that_nothing_leaves(r#"["theory.json"]"#, r#"["theory.jsn"]"#, "theory.jsn")]
#[case::no_evidence(r#"["theory.json"]"#, "[]", "criterion T1a: evidence names no file")]
#[case::a_crate_that_no_submission_holds(r#"crates = ["theory"]"#, r#"crates = ["thoery"]"#, "thoery")]
#[case::no_crate(r#"crates = ["theory"]"#, "crates = []", "names no crate")]
#[case::a_hand_in_with_another_check(
    r#"["theory.json"]"#,
    r#"["hand-in.json"]"#,
    "criterion T1a: the check hand-in and"
)]
#[case::the_check_of_a_hand_in_with_another_file(
    r#"check = "derivations""#,
    r#"check = "hand-in""#,
    "belong together"
)]
#[case::an_unknown_topic(
    "answers = [\"derivations\"]",
    "answers = [\"magic\"]",
    "there is no topic magic in answers"
)]
#[case::an_unknown_topic_of_which_one_may_be_left_out(
    "answers = [\"derivations\"]",
    "answers_but_one = [\"magic\"]",
    "there is no topic magic in answers"
)]
#[case::no_time("time_limit_s = 60", "time_limit_s = 0", "time_limit_s")]
#[case::no_memory("memory_limit_gib = 8", "memory_limit_gib = 0", "memory_limit_gib")]
#[case::an_unknown_partial_rule(r#"partial = "all-or-nothing""#, r#"partial = "some""#, "some")]
#[case::an_unknown_visibility(r#"visibility = "visible""#, r#"visibility = "everybody""#, "everybody")]
#[case::a_test_without_a_file("tests = [\"crates", "tests = [\"adjoints\", \"crates", "adjoints")]
fn a_broken_rubric_is_refused(#[case] from: &str, #[case] to: &str, #[case] message: &str) {
    assert!(RUBRIC.contains(from));
    let error = Rubric::parse(&RUBRIC.replacen(from, to, 1)).unwrap_err().to_string();
    assert!(error.contains(message), "{error}");
}
