use super::*;
use cnn::kernels::Isa;
use records::store;
use rstest::rstest;

#[test]
fn every_topic_is_answered_in_finite_numbers_that_follow_from_the_seed() {
    for topic in &TOPICS {
        let of = |isa, seed| topic.answers(isa, seed).unwrap();
        let answers = of(Isa::detect(), 7);
        assert!(answers.iter().any(|answer| !answer.values.is_empty()), "{}", topic.id);
        for Answer { what, values, .. } in &answers {
            assert!(values.iter().all(Option::is_some), "{}: {what}", topic.id);
        }
        assert_eq!(answers, of(Isa::Scalar, 7), "{}: the same on every instruction set", topic.id);
        assert_ne!(answers, of(Isa::detect(), 8), "{}: another draw", topic.id);
        assert_eq!(compare(&answers, &answers, topic.tolerance).other, None);
    }
}

fn answer(what: &str, values: &[f64]) -> Answer {
    let mut asked = AnswerList::default();
    asked.add(what, values.iter().copied());
    asked.answers.remove(0)
}

#[rstest]
#[case::the_same(answer("a", &[1.0, -4.0]), None)]
#[case::within_the_tolerance(answer("a", &[1.0, -4.0 - 4e-7]), None)]
#[case::beyond_it(
    answer("a", &[1.0 + 1e-5, -4.0]),
    Some("a: off by 2.5e-6 of the largest number, where 1e-6 is allowed")
)]
#[case::another_sign(answer("a", &[1.0, 4.0]), Some("a: off by 2.0e0"))]
#[case::fewer(answer("a", &[1.0]), Some("a: 1 numbers instead of 2"))]
#[case::more(answer("a", &[1.0, -4.0, 0.0]), Some("a: 3 numbers instead of 2"))]
#[case::other_words(answer("b", &[1.0, -4.0]), Some("a: "))]
#[case::not_a_number(answer("a", &[f64::NAN, -4.0]), Some("a: a number that is not finite"))]
#[case::infinite(answer("a", &[1.0, f64::INFINITY]), Some("a: a number that is not finite"))]
fn an_answer_is_compared(#[case] theirs: Answer, #[case] why: Option<&str>) {
    let ours = [answer("a", &[1.0, -4.0])];
    let found = compare(&[theirs], &ours, 1e-6);
    assert_eq!(found.numbers, 2);
    match (why, found.other) {
        (None, None) => {}
        (Some(why), Some(found)) => assert!(found.starts_with(why), "{found}"),
        (why, found) => panic!("{why:?} and not {found:?}"),
    }
}

#[test]
fn answers_that_are_left_out_or_added_are_seen() {
    let ours = [answer("a", &[1.0]), answer("b", &[2.0])];
    let other = |theirs: &[Answer]| compare(theirs, &ours, 1e-6).other;
    assert!(other(&ours[..1]).is_some());
    assert!(other(&[&ours[..], &ours[..1]].concat()).is_some());
    assert!(other(&[]).is_some());
    assert_eq!(other(&ours), None);
}

/// Zeros have no size: what stands for one has to be small by itself.
#[test]
fn an_answer_of_zeros_is_compared_as_it_is() {
    let ours = [answer("a", &[0.0, 0.0])];
    assert_eq!(compare(&[answer("a", &[0.0, 1e-7])], &ours, 1e-6).other, None);
    assert!(compare(&[answer("a", &[0.0, 1e-5])], &ours, 1e-6).other.is_some());
}

/// A number that is 0 but for rounding, beside the large ones of its layer.
#[test]
fn answers_that_are_measured_together_are_compared_by_the_largest_of_all() {
    let together = |rounding: f64, large: f64| {
        let mut asked = AnswerList::default();
        asked.add("weight", [large]);
        asked.add("bias", [rounding]);
        asked.measure_together(2);
        asked.answers
    };
    let other = |theirs: &[Answer]| compare(theirs, &together(1e-8, 2.0), 1e-6).other;
    assert_eq!(other(&together(-3e-8, 2.0)), None);
    assert!(other(&together(3e-6, 2.0)).is_some());
    assert!(other(&together(1e-8, 2.1)).is_some());
    let mut boasting = together(1.0, 2.0);
    boasting.iter_mut().for_each(|answer| answer.size = Some(1e9));
    assert!(other(&boasting).is_some(), "the size of a student's answers counts for nothing");
}

#[test]
fn a_request_leaves_the_answers_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let request = |topic: &str| AnswersRequest {
        topic: topic.to_owned(),
        seed: 3,
        into: folder.path().to_owned(),
        isa: "scalar".to_owned(),
    };
    request("by-hand").run().unwrap();
    let found: AnswersOutcome = store::read_json(answers_file(folder.path(), "by-hand")).unwrap();
    assert_eq!(found.unwrap(), topic("by-hand").unwrap().answers(Isa::Scalar, 3).unwrap());
    assert!(request("magic").run().unwrap_err().to_string().contains("no topic `magic`"));
}

/// A criterion that its own crate loses here is not judged once more without the others.
#[test]
fn each_topic_asks_one_crate_of_a_submission() {
    let sources = [
        ("theory", include_str!("of_theory.rs")),
        ("cnn", include_str!("learning.rs")),
        ("cnn", include_str!("images.rs")),
        ("mlp_scratch", include_str!("by_hand.rs")),
    ];
    for (own, source) in sources {
        let names = |name: &str| source.contains(&format!("{name}::"));
        let named: Vec<&str> = ["theory", "cnn", "mlp_scratch"].into_iter().filter(|it| names(it)).collect();
        assert_eq!(named, [own]);
    }
}
