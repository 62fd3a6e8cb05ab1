//! How configurations are compared.

use super::*;
use crate::iris::Epoch;
use crate::iris::protocol::OTHER_SEEDS;
use stats::{CONFIDENCE, Interval};

#[test]
fn the_other_seeds_are_a_hundred_and_not_the_registered_one() {
    assert_eq!(OTHER_SEEDS.count(), 100);
    assert!(!OTHER_SEEDS.contains(&crate::REGISTERED_SEED));
}

/// A configuration of so many epochs whose ten other runs all get to 95 % in this one.
fn variant_of(id: &str, epochs: usize, first_epoch_at_95_percent: Option<usize>) -> Variant {
    let count = Count { correct: 29, total: 30 };
    let settings = Settings { epochs, ..Settings::scratch() };
    let last = Epoch { epoch: epochs, train_loss: 0.1, train: count, test_loss: 0.1, test: count };
    let interval = Interval { estimate: 0.1, low: 0.0, high: 0.2, confidence: CONFIDENCE };
    let result =
        |seed| SeedResult { seed, train_loss: 0.1, train: count, test: count, first_epoch_at_95_percent };
    Variant {
        id: id.to_owned(),
        registered: Outcome {
            settings,
            history: vec![last],
            first_epoch_at_95_percent,
            weights_sha256: String::new(),
        },
        registered_accuracy: interval,
        sorted: count,
        others: (2..12).map(result).collect(),
        mean_test_error: interval,
        seeds_without_error: 0,
        below_bar: Count { correct: 10, total: 10 },
        mean_on_new_flowers: interval,
    }
}

/// The rule is that of both runs together: "never" in 300 epochs is later than epoch 310 of 800. By its own number of
/// epochs the short run would count as 301 and be the sooner one.
#[test]
fn a_short_run_that_never_gets_there_is_later_than_a_long_run_that_does() {
    let short = variant_of("short", 300, None);
    let signs = |long: Option<usize>| {
        let variants = [short.clone(), variant_of("long", 800, long)];
        let signs = compare(&variants, ("short", "long")).unwrap().speed_signs;
        (signs.negative, signs.ties, signs.positive)
    };
    assert_eq!(signs(Some(310)), (0, 0, 10));
    assert_eq!(signs(None), (0, 10, 0));
}

/// 29 of 30 right is below the bar, 28 is not; a seed counts when all four are.
#[test]
fn a_seed_counts_when_all_four_are_below_the_bar() {
    let mut variants: Vec<Variant> = ["a", "b", "c", "d", "e"].map(|id| variant_of(id, 300, None)).to_vec();
    let all = |variants: &[Variant]| all_below_bar(variants).correct;
    assert_eq!(all_below_bar(&variants), Count { correct: 10, total: 10 });
    variants[0].others[3].test.correct = 28;
    variants[2].others[7].test.correct = 28;
    assert_eq!(all(&variants), 8);
    variants[2].others[3].test.correct = 28;
    variants[4].others[0].test.correct = 0;
    assert_eq!(
        all(&variants),
        8,
        "the same seed counts once, and the fifth configuration is no activation of P1.1"
    );
}

#[test]
fn a_pair_without_a_configuration_is_named() {
    let error = compare(&[variant_of("short", 300, None)], ("short", "long")).unwrap_err();
    assert_eq!(error.to_string(), "no configuration of iris is named `long`: correct the pair");
}
