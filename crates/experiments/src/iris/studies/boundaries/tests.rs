use super::*;
use crate::context::repository_data;
use crate::iris::{Keep, run};
use rstest::rstest;
use std::path::Path;

fn computed(activation: Activation) -> (Iris, Boundary) {
    let context = Context::of_repository(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")));
    let iris = Iris::load(repository_data()).unwrap();
    let boundary = boundary(&context, &iris, &Settings::framework(activation)).unwrap();
    (iris, boundary)
}

/// The answers are of the run that `iris.json` records: the same weights, and as many wrong flowers.
#[rstest]
fn the_networks_are_those_of_the_registered_runs(
    #[values(Activation::Relu, Activation::Sigmoid, Activation::Tanh, Activation::Prelu)]
    activation: Activation,
) {
    let (iris, boundary) = computed(activation);
    let settings = Settings::framework(activation);
    let prepared = Prepared::new(&iris, &settings).unwrap();
    let outcome = run(cnn::kernels::Isa::detect(), &prepared, &settings, Keep::Last).unwrap();
    assert_eq!(boundary.weights_sha256, outcome.weights_sha256);
    let wrong = |count: Count| count.total - count.correct;
    assert_eq!(boundary.wrong_train.len(), wrong(outcome.last().train));
    assert_eq!(boundary.wrong_test.len(), wrong(outcome.last().test));
}

/// A flower in the middle of a place and with the mean's sepals gets the answer of that place.
#[test]
fn a_place_has_the_answer_of_the_flower_in_its_middle() {
    let (_, boundary) = computed(Activation::Tanh);
    assert_eq!(boundary.answers.len(), PLACES[1]);
    assert!(boundary.answers.iter().all(|line| line.len() == PLACES[0]));
    let flowers = plane(boundary.means);
    assert_eq!(laid_into_the_plane(flowers.view(), boundary.means), flowers);
    // The lower left is setosa, the upper right virginica, and versicolor lies between.
    let (first, last) = (&boundary.answers[2], &boundary.answers[PLACES[1] - 1]);
    assert!(first.starts_with('0') && last.ends_with('2'), "{first} {last}");
    assert!(boundary.answers[PLACES[1] / 2].contains('1'));
    let corner = flowers.row(PLACES[0] * PLACES[1] - 1);
    assert!(corner[COLUMNS[0]] < REACH[0] && corner[COLUMNS[0]] > REACH[0] - 0.06, "{corner}");
}

/// The control of the comparison: a place with another answer is not counted, and a tenth refutes.
#[test]
fn places_with_another_answer_are_counted() {
    let (_, boundary) = computed(Activation::Relu);
    let held = |spoilt: usize| {
        let mut other = boundary.clone();
        let mut answers: Vec<u8> = other.answers.concat().into_bytes();
        answers[..spoilt].iter_mut().for_each(|answer| *answer = b'0' + (*answer - b'0' + 1) % 3);
        other.answers =
            answers.chunks(PLACES[0]).map(|line| String::from_utf8(line.into()).unwrap()).collect();
        let values = [&boundary, &boundary, &other].map(|part| serde_json::to_value(part).unwrap());
        let conclusions: BoundariesConclusions = serde_json::from_value(conclude(&values).unwrap()).unwrap();
        (conclusions.same_answer.correct, conclusions.held)
    };
    let total = PLACES[0] * PLACES[1];
    assert_eq!(held(0), (total, true));
    assert_eq!(held(total / 10), (total - total / 10, true));
    assert_eq!(held(total / 10 + 1), (total - total / 10 - 1, false));
}
