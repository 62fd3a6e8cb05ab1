//! What is concluded, from parts that are made up.

use super::super::Direction;
use super::super::HypothesisVerdict;
use super::super::flowers::tests::first_of_each;
use super::*;
use crate::context::repository_data;
use crate::iris::Keep;
use rstest::rstest;

/// Parts in which activation `i` needs `epochs[i]` epochs and has `wrong[i]` flowers wrong, on every seed.
fn parts_with(wrong: [usize; 5], epochs: [usize; 5]) -> Vec<Value> {
    let part = |block: &Block| {
        let i = ACTIVATIONS.iter().position(|activation| *activation == block.activation).unwrap();
        let seed = ActivationsSeed {
            test_wrong: wrong[i],
            train_correct: 120,
            first_epoch_at_95_percent: (epochs[i] > 0).then_some(epochs[i]),
            test_loss: 0.5,
            train_loss: vec![0.25; LOSS_EPOCHS.len()],
            gradient_first: vec![0.125; GRADIENT_EPOCHS.len()],
            gradient_second: vec![0.0625; GRADIENT_EPOCHS.len()],
        };
        ActivationsPart {
            id: block.id(),
            settings: Settings::framework(block.activation).with_seed(*block.seeds.start()),
            test_total: 30,
            train_total: 120,
            seeds: vec![seed; 10],
            wrong_flowers: first_of_each(*block.seeds.start(), &[wrong[i]; 10]),
        }
    };
    all_blocks().iter().map(|block| serde_json::to_value(part(block)).unwrap()).collect()
}

fn concluded(wrong: [usize; 5], epochs: [usize; 5]) -> ActivationsConclusions {
    serde_json::from_value(conclude(&parts_with(wrong, epochs)).unwrap()).unwrap()
}

fn verdicts(conclusions: &ActivationsConclusions) -> Vec<HypothesisVerdict> {
    conclusions.claims.iter().map(|claim| claim.verdict).collect()
}

/// Relu, sigmoid, tanh, prelu, identity.
#[rstest]
#[case::as_the_original_has_it([2, 2, 2, 1, 3], [20, 40, 30, 10, 9], [HypothesisVerdict::Held; 4])]
#[case::the_opposite([1, 2, 2, 2, 3], [30, 10, 5, 40, 9], [HypothesisVerdict::Refuted; 4])]
#[case::all_alike([1; 5], [10; 5], [HypothesisVerdict::Undecided; 4])]
fn the_claims_follow_the_runs(
    #[case] wrong: [usize; 5],
    #[case] epochs: [usize; 5],
    #[case] expected: [HypothesisVerdict; 4],
) {
    assert_eq!(verdicts(&concluded(wrong, epochs)), expected);
}

/// A run that never has 95 % right is later than all.
#[test]
fn never_is_later_than_the_last_epoch() {
    let conclusions = concluded([1; 5], [20, 0, 30, 10, 9]);
    assert_eq!(verdicts(&conclusions)[2], HypothesisVerdict::Held);
    let sigmoid = &conclusions.activations[1];
    assert_eq!((sigmoid.never_at_95, sigmoid.median_epoch_at_95.estimate), (100, 301.0));
}

#[test]
fn every_count_is_counted() {
    let conclusions = concluded([1, 2, 3, 4, 5], [10; 5]);
    let tanh = &conclusions.activations[2];
    assert_eq!((tanh.wrong, tanh.tested, tanh.seeds_by_wrong.clone()), (300, 3000, vec![0, 0, 0, 100]));
    assert_eq!(tanh.mean_test_error.estimate, 0.1);
    assert!(conclusions.control.iter().all(|test| test.direction == Direction::More));
}

/// The five comparisons of test errors, on new flowers too; there each is found where every split shows it.
#[test]
fn what_every_split_shows_is_found_on_new_flowers() {
    let conclusions = concluded([9, 9, 9, 0, 0], [10; 5]);
    let found: Vec<(&str, &str, Direction)> = conclusions
        .new_flowers
        .iter()
        .map(|test| (test.first.as_str(), test.second.as_str(), test.direction))
        .collect();
    let less = |first, second| (first, second, Direction::Less);
    let expected = [less("prelu", "relu"), less("identity", "relu"), less("identity", "sigmoid")];
    assert_eq!(found[..3], expected);
    assert_eq!(found[3..], [less("identity", "tanh"), ("identity", "prelu", Direction::Undecided)]);
}

#[test]
fn a_part_whose_flowers_are_not_those_of_its_seeds_is_refused() {
    let mut parts = parts_with([1; 5], [10; 5]);
    parts[7]["wrong_flowers"][0][1] = 0.into();
    let error = conclude(&parts).unwrap_err().to_string();
    assert!(error.contains("relu:802-901"), "{error}");
}

/// A part holds what the runs of its seeds give, and nothing else.
#[test]
fn a_part_holds_the_runs_of_its_seeds() {
    let root = repository_data();
    let context = Context::for_tests(root);
    let part = parts().swap_remove(45);
    let computed: ActivationsPart =
        serde_json::from_value(compute(&context, &part, &|_| ()).unwrap()).unwrap();
    assert_eq!((computed.settings.activation, computed.seeds.len()), (Activation::Identity, 100));
    let iris = load(&context).unwrap();
    let settings = computed.settings.with_seed(computed.settings.seed + 3);
    let prepared = crate::iris::Prepared::new(&iris, &settings).unwrap();
    let alone = crate::iris::run(context.isa, &prepared, &settings, Keep::All).unwrap();
    let wrong: usize = computed.wrong_flowers.iter().map(|&(_, wrong)| wrong).sum();
    assert_eq!(wrong, computed.seeds.iter().map(|seed| seed.test_wrong).sum::<usize>());
    let row = &computed.seeds[3];
    assert_eq!(row.test_wrong, alone.last().test.total - alone.last().test.correct);
    assert_eq!(row.first_epoch_at_95_percent, alone.first_epoch_at_95_percent);
    let losses: Vec<f64> =
        LOSS_EPOCHS.iter().map(|epoch| four_digits(alone.history[epoch - 1].train_loss)).collect();
    assert_eq!(row.train_loss, losses);
    let unknown = study::Part { id: "relu:1-2".to_owned(), work: 1 };
    assert!(compute(&context, &unknown, &|_| ()).is_err());
}
