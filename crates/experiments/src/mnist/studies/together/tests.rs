use super::*;
use crate::mnist::studies::recorded;
use approx::assert_relative_eq;
use rstest::rstest;

/// A run on a hundred images with these mistakes.
fn run(mistakes: &[(usize, usize, usize)]) -> SeedRun {
    SeedRun {
        id: String::new(),
        arm: "recipe".to_owned(),
        seed: 1,
        parameters: 1,
        chain: Vec::new(),
        epochs: Vec::new(),
        held_out: records::Count { correct: 100 - mistakes.len(), total: 100 },
        held_out_loss: 0.1,
        mistakes: mistakes.to_vec(),
        reliability: Vec::new(),
        views: None,
        tempered: None,
        weights_sha256: String::new(),
    }
}

#[test]
fn what_runs_get_wrong_is_counted_by_image_the_hardest_first() {
    let runs =
        [run(&[(7, 4, 9)]), run(&[(3, 1, 2), (7, 4, 9)]), run(&[(2, 0, 6), (7, 4, 1)]), run(&[(2, 0, 6)])];
    let found: Vec<_> = missed(&runs).into_iter().map(|it| (it.index, it.runs, it.answers)).collect();
    assert_eq!(found, [(7, 3, [(1, 1), (9, 2)].into()), (2, 2, [(6, 2)].into()), (3, 1, [(2, 1)].into())]);
    let together = together(&runs).unwrap();
    assert_eq!(together.images_by_runs, [97, 1, 1, 1, 0]);
    assert_eq!((together.ever_wrong, together.mostly_wrong, together.always_wrong), (3, 1, 0));
    assert_eq!(together.wrong_of_a_run.estimate, 6.0 / 4.0);
}

/// Of four runs: two for the label against two for another digit, one of four, three of four, and four answers.
#[rstest]
#[case::half(&[(9, 2)], (0, 1, 0.5))]
#[case::a_quarter(&[(9, 1)], (0, 0, 0.0))]
#[case::most(&[(9, 3)], (1, 0, 1.0))]
#[case::most_but_divided(&[(9, 1), (8, 1)], (0, 0, 0.0))]
#[case::as_many_as_the_label(&[(9, 1), (8, 1), (7, 1)], (0, 1, 0.75))]
#[case::none_for_the_label(&[(9, 2), (8, 2)], (0, 1, 1.0))]
fn a_vote_goes_to_the_most_and_ties_go_by_lot(
    #[case] answers: &[(usize, usize)],
    #[case] expected: (usize, usize, f64),
) {
    let answers: BTreeMap<usize, usize> = answers.iter().copied().collect();
    let image = Missed { index: 0, label: 4, runs: answers.values().sum(), answers };
    let Vote { outvoted, ties, expected_wrong } = vote(&[image], 4);
    assert_eq!((outvoted, ties), (expected.0, expected.1));
    assert_relative_eq!(expected_wrong, expected.2);
}

#[test]
fn runs_with_the_same_mistakes_share_all_and_runs_with_others_none() {
    let (one, other) = (run(&[(1, 0, 2), (3, 0, 2)]), run(&[(2, 0, 1)]));
    assert_eq!(shared(&[one.clone(), one.clone()]), 1.0);
    assert_eq!(shared(&[one.clone(), other.clone()]), 0.0);
    // Half of the first one's, and all of the second one's.
    assert_eq!(shared(&[one, run(&[(1, 0, 2)])]), 0.75);
    assert_eq!(shared(&[run(&[]), run(&[])]), 0.0);
}

/// With equal rates the counts are binomial: `C(4, k) p^k q^(4 - k)`.
#[test]
fn independent_runs_of_one_rate_are_binomial() {
    let (p, q): (f64, f64) = (0.1, 0.9);
    let found = independent(&[10.0; 4], 100);
    let binomial = [1.0, 4.0, 6.0, 4.0, 1.0].into_iter().enumerate();
    for (k, coefficient) in binomial {
        let expected = 100.0 * coefficient * p.powi(k as i32) * q.powi(4 - k as i32);
        assert_relative_eq!(found.images_by_runs[k], expected, max_relative = 1e-12);
    }
    assert_relative_eq!(found.ever_wrong, 100.0 * (1.0 - q.powi(4)), max_relative = 1e-12);
    let less = found.images_by_runs[0] + found.images_by_runs[1];
    assert_relative_eq!(found.vote_wrong_at_most, 100.0 - less, max_relative = 1e-12);
}

/// A second way to the number: the mean over all orders in which the mistakes of two runs can lie on three images.
#[test]
fn independent_runs_are_the_mean_over_all_places_of_their_mistakes() {
    // Run 1 errs on one of three images, run 2 on two: both on 2/3 of an image in the mean.
    let places = [(0, [0, 1]), (0, [0, 2]), (0, [1, 2])];
    let both = places.iter().filter(|(one, two)| two.contains(one)).count() as f64 / 3.0;
    assert_relative_eq!(independent(&[1.0, 2.0], 3).always_wrong, both, max_relative = 1e-12);
}

/// The record's runs have a common part: with the mistakes of each run moved to images of its own nothing is shared.
#[test]
fn the_submitted_runs_share_mistakes_that_moved_ones_do_not() {
    let (record, _) = recorded("mnist-recipe.json");
    let mut runs: Vec<SeedRun> = crate::study::typed(&record.parts).unwrap();
    let before = together(&runs).unwrap();
    for (place, run) in runs.iter_mut().enumerate() {
        let moved =
            run.mistakes.iter().enumerate().map(|(i, &(_, label, digit))| (100 * place + i, label, digit));
        run.mistakes = moved.collect();
    }
    let after = together(&runs).unwrap();
    assert!(before.shared > 0.0 && before.vote.expected_wrong > 0.0);
    assert_eq!((after.shared, after.vote.expected_wrong, after.always_wrong), (0.0, 0.0, 0));
    assert_eq!((after.wrong_of_a_run, &after.independent), (before.wrong_of_a_run, &before.independent));
}
