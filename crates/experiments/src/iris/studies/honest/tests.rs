//! The verdict, and that no test flower has a say.

use super::super::flowers::tests::first_of_each;
use super::super::{Direction, HypothesisVerdict};
use super::*;
use crate::context::repository_data;
use crate::iris::Features;
use rstest::rstest;

/// Half of the splits with the one, half with the other number of wrong flowers.
fn concluded(lda: [usize; 2], network: [usize; 2]) -> HonestConclusions {
    let part = |block: &Block| {
        let split = |i: usize| (lda[i % 2], network[i % 2], i % 2, 4);
        let count = if block.0.is_some() { 40 } else { 1 };
        let flowers = |wrong: [usize; 2]| {
            let wrong: Vec<usize> = (0..count).map(|i| wrong[i % 2]).collect();
            block.0.as_ref().map_or(Vec::new(), |seeds| first_of_each(*seeds.start(), &wrong))
        };
        HonestPart {
            id: block.id(),
            test_total: 30,
            splits: (0..count).map(split).collect(),
            lda_wrong_flowers: flowers(lda),
            network_wrong_flowers: flowers(network),
        }
    };
    let values: Vec<Value> =
        all_blocks().iter().map(|block| serde_json::to_value(part(block)).unwrap()).collect();
    serde_json::from_value(conclude(&values).unwrap()).unwrap()
}

#[rstest]
#[case::fewer([1, 1], [0, 1], HypothesisVerdict::Held)]
#[case::as_many([1, 0], [0, 1], HypothesisVerdict::Held)]
#[case::more([1, 0], [2, 0], HypothesisVerdict::Refuted)]
fn the_verdict_follows_the_errors(
    #[case] lda: [usize; 2],
    #[case] network: [usize; 2],
    #[case] verdict: HypothesisVerdict,
) {
    assert_eq!(concluded(lda, network).no_more_errors, verdict);
}

/// Three flowers more on one split, two fewer on the next: on these flowers a plain difference, on new ones none is
/// found.
#[test]
fn the_verdict_is_on_these_flowers_and_new_ones_have_their_own() {
    let conclusions = concluded([3, 0], [1, 3]);
    assert_eq!(conclusions.no_more_errors, HypothesisVerdict::Refuted);
    assert_eq!(conclusions.new_flowers.direction, Direction::Undecided);
    assert_eq!(concluded([1, 0], [9, 8]).new_flowers.direction, Direction::More);
}

#[test]
fn splits_and_choices_are_counted() {
    let conclusions = concluded([1, 0], [2, 0]);
    assert_eq!(conclusions.lda.splits_by_wrong, [200, 200]);
    assert_eq!((conclusions.network.wrong, conclusions.network.tested), (400, 12_000));
    assert_eq!(conclusions.network.sorted_wrong, 2);
    assert_eq!(conclusions.grid.iter().map(|c| c.chosen).collect::<Vec<_>>()[..2], [200, 200]);
}

/// The labels of the test flowers decide what is counted, and nothing else: with all of them exchanged the choice
/// is the same and the right answers are wrong.
#[test]
fn the_test_labels_have_no_say_in_the_choice() {
    let iris = Iris::load(repository_data()).unwrap();
    let split = Split::shuffled(iris.labels.len(), 3);
    let of = |iris: &Iris| answers(Isa::detect(), iris, &[(split.clone(), 3)]).unwrap()[0].row();
    let (lda, network, chosen, errors) = of(&iris);
    let mut altered = iris;
    split.test.iter().for_each(|&row| altered.labels[row] = (altered.labels[row] + 1) % 3);
    let (lda_after, network_after, chosen_after, errors_after) = of(&altered);
    assert_eq!((chosen_after, errors_after), (chosen, errors));
    assert!(lda_after >= 30 - lda && network_after >= 30 - network && lda < 10 && network < 10);
}

#[test]
fn no_fold_of_the_sorted_split_is_one_species() {
    let iris = Iris::load(repository_data()).unwrap();
    for fold in TrainingPart::of(&iris, &sorted(&iris)).folds(Features::Standardised).unwrap() {
        assert!((0..3).all(|species| fold.test_y.contains(&species)));
    }
}
