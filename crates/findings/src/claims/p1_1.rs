//! The claims on P1.1.

use super::alter;
use super::claim::Claim;
use crate::predicates::{
    comparison, each_activation, errors_point, extreme, significant, signs_point, speed_signs, variant,
};
use experiments::iris::Activation;
use experiments::iris::studies::Direction;
use experiments::iris::studies::seeds::Variant;
use stats::LEVEL;
use stats::SignTest;

/// The test error that the assignment asks for.
const BAR: f64 = 0.05;

/// The least and the largest training accuracy of P1.1 that the original reported, to three digits.
const ORIGINAL_TRAINING: [f64; 2] = [0.967, 0.975];
const HALF_A_DIGIT: f64 = 0.0005;

const RELU: &str = "framework-relu";
const SIGMOID: &str = "framework-sigmoid";
const TANH: &str = "framework-tanh";
const PRELU: &str = "framework-prelu";

/// Where an activation stands in the mean ranks.
const RELU_RANK: usize = 0;
const SIGMOID_RANK: usize = 1;
const TANH_RANK: usize = 2;
const PRELU_RANK: usize = 3;

/// The claims.
pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "iris-bar-registered",
        says: "On the registered seed every activation errs on fewer than one test flower in twenty",
        within: None,
        record: "iris",
        decide: |of| each_activation(of, |it| it.registered.last().test.error_rate(), |error| error < BAR),
        controls: &[|of| alter::last_epoch(of, SIGMOID, |it| it.test.correct = 28)],
    },
    Claim {
        id: "iris-trains-as-the-original",
        says: "On the registered seed every activation ends at a training accuracy that the original reports too",
        within: None,
        record: "iris",
        decide: |of| {
            let reported = (ORIGINAL_TRAINING[0] - HALF_A_DIGIT)..(ORIGINAL_TRAINING[1] + HALF_A_DIGIT);
            each_activation(
                of,
                |it| 1.0 - it.registered.last().train.error_rate(),
                |accuracy| reported.contains(&accuracy),
            )
        },
        controls: &[
            |of| alter::last_epoch(of, TANH, |it| it.train.correct = 115),
            |of| alter::last_epoch(of, TANH, |it| it.train.correct = 118),
        ],
    },
    Claim {
        id: "iris-bar-mean",
        says: "The mean test error over a hundred other seeds is below one in twenty with every activation",
        within: Some(
            "the mean test error over a hundred other seeds is below one in twenty with every activation",
        ),
        record: "iris",
        decide: |of| {
            let below = each_activation(of, |it| it.mean_test_error.estimate, |error| error < BAR)?;
            let seeds = each_activation(of, |it| it.others.len() as f64, |seeds| seeds == 100.0)?;
            Ok(below.and(seeds.labelled("seeds")))
        },
        controls: &[
            |of| alter::variant(of, SIGMOID, |it| it.mean_test_error.estimate = BAR),
            |of| alter::variant(of, SIGMOID, |it| it.others.truncate(99)),
        ],
    },
    Claim {
        id: "no-error-is-luck",
        says: "With every activation some splits end without an error, and others miss the bar",
        within: Some("with every activation some splits end without an error, and others miss the bar"),
        record: "iris",
        decide: |of| {
            let misses =
                |it: &Variant| it.others.iter().filter(|it| it.test.error_rate() >= BAR).count() as f64;
            let without = each_activation(of, |it| it.seeds_without_error as f64, |seeds| seeds > 0.0)?;
            let missed = each_activation(of, misses, |seeds| seeds > 0.0)?;
            Ok(without.labelled("seeds without an error").and(missed.labelled("seeds that miss the bar")))
        },
        controls: &[
            |of| alter::variant(of, SIGMOID, |it| it.seeds_without_error = 0),
            |of| {
                alter::variant(of, PRELU, |it| {
                    it.others.iter_mut().for_each(|it| it.test.correct = it.test.correct.max(29));
                });
            },
        ],
    },
    Claim {
        id: "sorted-split-is-worse",
        says: "On the split to the letter every activation errs more than on average over shuffled ones",
        within: Some(
            "on the split to the letter every activation errs more than on average over shuffled ones",
        ),
        record: "iris",
        decide: |of| {
            let excess = |it: &Variant| it.sorted.error_rate() - it.mean_test_error.estimate;
            each_activation(of, excess, |excess| excess > 0.0)
        },
        controls: &[|of| alter::variant(of, TANH, |it| it.mean_test_error.estimate = it.sorted.error_rate())],
    },
    Claim {
        id: "activations-differ-in-speed",
        says: "The four activations differ in how soon they learn",
        within: None,
        record: "iris",
        decide: |of| Ok(significant(&of.iris.activations_by_speed)),
        controls: &[|of| alter::iris(of, |it| it.activations_by_speed.p_value = LEVEL)],
    },
    Claim {
        id: "activations-differ-in-error",
        says: "The four activations differ in test error",
        within: Some("the four activations differ in test error"),
        record: "iris",
        decide: |of| Ok(significant(&of.iris.activations_by_test_error)),
        controls: &[|of| alter::iris(of, |it| it.activations_by_test_error.p_value = LEVEL)],
    },
    Claim {
        id: "sigmoid-is-slowest",
        says: "Sigmoid is the slowest of the four",
        within: None,
        record: "iris",
        decide: |of| extreme(of, Activation::Sigmoid, f64::gt),
        controls: &[
            |of| {
                alter::iris(of, |it| {
                    let ranks = &mut it.activations_by_speed.mean_ranks;
                    ranks[RELU_RANK] = ranks[SIGMOID_RANK];
                });
            },
            |of| alter::iris(of, |it| it.activations_by_speed.p_value = LEVEL),
        ],
    },
    Claim {
        id: "tanh-is-fastest",
        says: "Tanh is the fastest of the four",
        within: None,
        record: "iris",
        decide: |of| extreme(of, Activation::Tanh, f64::lt),
        controls: &[
            |of| {
                alter::iris(of, |it| {
                    let ranks = &mut it.activations_by_speed.mean_ranks;
                    ranks[PRELU_RANK] = ranks[TANH_RANK];
                });
            },
            |of| alter::iris(of, |it| it.activations_by_speed.p_value = LEVEL),
        ],
    },
    Claim {
        id: "sigmoid-errs-more-than-relu",
        says: "Sigmoid errs more often than ReLU on the same splits",
        within: None,
        record: "iris",
        decide: |of| Ok(errors_point(comparison(of, SIGMOID, RELU)?.test_error, Direction::More)),
        controls: &[|of| alter::comparison(of, [SIGMOID, RELU], |it| it.test_error.low = 0.0)],
    },
    Claim {
        id: "prelu-is-sooner-than-relu",
        says: "PReLU learns sooner than ReLU on the same splits",
        within: None,
        record: "iris",
        decide: |of| Ok(signs_point(&comparison(of, PRELU, RELU)?.speed_signs, Direction::Less)),
        controls: &[
            |of| alter::comparison(of, [PRELU, RELU], |it| it.speed_signs.p_value = LEVEL),
            |of| alter::comparison(of, [PRELU, RELU], |it| turn(&mut it.speed_signs)),
        ],
    },
    Claim {
        id: "tanh-is-sooner-than-prelu",
        says: "Tanh learns sooner than PReLU on the same splits",
        within: None,
        record: "iris",
        decide: |of| Ok(signs_point(&speed_signs(variant(of, TANH)?, variant(of, PRELU)?)?, Direction::Less)),
        controls: &[
            // On three of the seeds on which tanh was sooner it is as late as PReLU.
            |of| {
                alter::iris(of, |it| {
                    let Some(prelu) = it.variant(PRELU).map(|it| it.others.clone()) else { return };
                    let tanh =
                        it.variants.iter_mut().filter(|it| it.id == TANH).flat_map(|it| &mut it.others);
                    let epochs = tanh.zip(&prelu).map(|(tanh, prelu)| {
                        (&mut tanh.first_epoch_at_95_percent, prelu.first_epoch_at_95_percent)
                    });
                    epochs
                        .filter(|(tanh, prelu)| **tanh < *prelu)
                        .take(3)
                        .for_each(|(tanh, prelu)| *tanh = prelu);
                });
            },
            // The two change places.
            |of| {
                alter::iris(of, |it| {
                    for variant in &mut it.variants {
                        variant.id = match variant.id.as_str() {
                            TANH => PRELU.to_owned(),
                            PRELU => TANH.to_owned(),
                            _ => continue,
                        };
                    }
                });
            },
        ],
    },
    Claim {
        id: "prelu-errs-as-relu",
        says: "Between PReLU and ReLU no difference in test error is found",
        within: None,
        record: "iris",
        decide: |of| Ok(errors_point(comparison(of, PRELU, RELU)?.test_error, Direction::Undecided)),
        controls: &[
            |of| alter::comparison(of, [PRELU, RELU], |it| it.test_error.low = f64::MIN_POSITIVE),
            |of| alter::comparison(of, [PRELU, RELU], |it| it.test_error.high = -f64::MIN_POSITIVE),
        ],
    },
    Claim {
        id: "tanh-errs-as-relu",
        says: "Between tanh and ReLU no difference in test error is found",
        within: None,
        record: "iris",
        decide: |of| Ok(errors_point(comparison(of, TANH, RELU)?.test_error, Direction::Undecided)),
        controls: &[
            |of| alter::comparison(of, [TANH, RELU], |it| it.test_error.low = f64::MIN_POSITIVE),
            |of| alter::comparison(of, [TANH, RELU], |it| it.test_error.high = -f64::MIN_POSITIVE),
        ],
    },
];

/// The signs the other way round.
pub(super) fn turn(signs: &mut SignTest) {
    std::mem::swap(&mut signs.positive, &mut signs.negative);
}
