//! Named claims: sentences that the report makes, each with the predicate over the records that decides it.
//!
//! A claim that turns out false is recorded as false; a page that makes it is then refused. To say the opposite, register the
//! opposite: **a predicate is never bent to the records.**

use super::claims_p2::P2_CLAIMS;
use super::claims_studies::STUDY_CLAIMS;
use super::predicates::{
    comparison, differs, each_activation, extreme, sooner, speed_signs, undecided, variant,
};
use super::{ReportError, Sources, mnist_studies};
use crate::iris::Activation;
use crate::records::iris::Variant;
use serde::Serialize;

/// The level of every test that a claim rests on.
pub use crate::stats::LEVEL;

/// Test accuracy of P1.2 that the original reported, of its best of 20 epochs on the test part.
pub(super) const ORIGINAL_MNIST_ACCURACY: f64 = 0.99399;

/// The least and the largest training accuracy of P1.1 that the original reported, to three digits.
const ORIGINAL_IRIS_TRAINING: [f64; 2] = [0.967, 0.975];
const HALF_A_DIGIT: f64 = 0.0005;

/// A claim.
#[derive(Clone, Copy)]
pub struct Claim {
    /// Its id.
    pub id: &'static str,
    /// The sentence, without a full stop.
    pub says: &'static str,
    /// The record it speaks of.
    pub record: &'static str,
    pub(super) decide: fn(&Sources) -> Result<(bool, String), ReportError>,
}

/// A claim with its verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// Its id.
    pub id: &'static str,
    /// The sentence.
    pub says: &'static str,
    /// The record it speaks of.
    pub record: &'static str,
    /// Whether it holds.
    pub holds: bool,
    /// The numbers it was decided on.
    pub evidence: String,
}

/// The claims on T1, T2 and P1; those on P2 stand in [`P2_CLAIMS`].
pub const CLAIMS: &[Claim] = &[
    Claim {
        id: "t1-readings-differ",
        says: "The three readings of the outputs give three different losses",
        record: "theory",
        decide: |of| {
            let means: Vec<f64> = of.theory.cross_entropy.iter().map(|loss| loss.loss.mean).collect();
            let apart = |i: usize| means[i + 1..].iter().all(|other| (means[i] - other).abs() > 0.01);
            Ok(((0..means.len()).all(apart) && means.len() == 3, format!("{means:?}")))
        },
    },
    Claim {
        id: "t2-mean-road-cancels",
        says: "The road through the mean contributes nothing in total",
        record: "theory",
        decide: |of| {
            let mean = |deviation: &theory::render::json::StdDevRecord| {
                deviation.nodes.iter().find(|node| node.id == "s").map(|node| node.gradient)
            };
            let gradients: Vec<_> = of.theory.std_dev.iter().map(mean).collect();
            Ok((
                gradients.iter().all(|gradient| gradient.is_some_and(|it| it.abs() < 1e-15)),
                format!("gradients by the sum: {gradients:?}"),
            ))
        },
    },
    Claim {
        id: "iris-bar-registered",
        says: "On the registered seed every activation errs on fewer than one test flower in twenty",
        record: "iris",
        decide: |of| {
            each_activation(of, |variant| variant.registered.last().test.error_rate(), |error| error < 0.05)
        },
    },
    Claim {
        id: "iris-trains-as-the-original",
        says: "On the registered seed every activation ends at a training accuracy that the original reports too",
        record: "iris",
        decide: |of| {
            let reported =
                (ORIGINAL_IRIS_TRAINING[0] - HALF_A_DIGIT)..(ORIGINAL_IRIS_TRAINING[1] + HALF_A_DIGIT);
            each_activation(
                of,
                |variant| 1.0 - variant.registered.last().train.error_rate(),
                |accuracy| reported.contains(&accuracy),
            )
        },
    },
    Claim {
        id: "iris-bar-mean",
        says: "The mean test error over the other seeds is below the bar with every activation",
        record: "iris",
        decide: |of| each_activation(of, |variant| variant.mean_test_error.estimate, |error| error < 0.05),
    },
    Claim {
        id: "no-error-is-luck",
        says: "With every activation some splits end without an error, and others above the bar",
        record: "iris",
        decide: |of| {
            let above = |variant: &Variant| {
                variant.others.iter().filter(|result| result.test.error_rate() >= 0.05).count() as f64
            };
            let (some, without) =
                each_activation(of, |variant| variant.seeds_without_error as f64, |seeds| seeds > 0.0)?;
            let (others, with) = each_activation(of, above, |seeds| seeds > 0.0)?;
            Ok((some && others, format!("seeds without an error: {without}; above the bar: {with}")))
        },
    },
    Claim {
        id: "sorted-split-is-worse",
        says: "On the split to the letter every activation errs more than on average over shuffled ones",
        record: "iris",
        decide: |of| {
            let excess = |variant: &Variant| variant.sorted.error_rate() - variant.mean_test_error.estimate;
            each_activation(of, excess, |excess| excess > 0.0)
        },
    },
    Claim {
        id: "activations-differ-in-speed",
        says: "The four activations differ in how soon they learn",
        record: "iris",
        decide: |of| {
            let p = of.iris.activations_by_speed.p_value;
            Ok((p < LEVEL, format!("Friedman's test: p = {p:e}")))
        },
    },
    Claim {
        id: "activations-differ-in-error",
        says: "The four activations differ in test error",
        record: "iris",
        decide: |of| {
            let p = of.iris.activations_by_test_error.p_value;
            Ok((p < LEVEL, format!("Friedman's test: p = {p:e}")))
        },
    },
    Claim {
        id: "sigmoid-is-slowest",
        says: "Sigmoid is the slowest of the four",
        record: "iris",
        decide: |of| extreme(of, Activation::Sigmoid, f64::gt),
    },
    Claim {
        id: "tanh-is-fastest",
        says: "Tanh is the fastest of the four",
        record: "iris",
        decide: |of| extreme(of, Activation::Tanh, f64::lt),
    },
    Claim {
        id: "sigmoid-errs-more-than-relu",
        says: "Sigmoid errs more often than ReLU on the same splits",
        record: "iris",
        decide: |of| Ok(differs(comparison(of, "framework-sigmoid", "framework-relu")?, 1.0)),
    },
    Claim {
        id: "prelu-is-sooner-than-relu",
        says: "PReLU learns sooner than ReLU on the same splits",
        record: "iris",
        decide: |of| Ok(sooner(&comparison(of, "framework-prelu", "framework-relu")?.speed_signs)),
    },
    Claim {
        id: "tanh-is-sooner-than-prelu",
        says: "Tanh learns sooner than PReLU on the same splits",
        record: "iris",
        decide: |of| {
            Ok(sooner(&speed_signs(variant(of, "framework-tanh")?, variant(of, "framework-prelu")?)?))
        },
    },
    Claim {
        id: "prelu-errs-as-relu",
        says: "Between PReLU and ReLU no difference in test error is found",
        record: "iris",
        decide: |of| Ok(undecided(comparison(of, "framework-prelu", "framework-relu")?)),
    },
    Claim {
        id: "tanh-errs-as-relu",
        says: "Between tanh and ReLU no difference in test error is found",
        record: "iris",
        decide: |of| Ok(undecided(comparison(of, "framework-tanh", "framework-relu")?)),
    },
    Claim {
        id: "mnist-bar-is-reached",
        says: "At least ninety-nine in a hundred test digits are right after the last epoch",
        record: "mnist",
        decide: |of| {
            let test = of.mnist.examination.test;
            Ok((100 * test.correct >= 99 * test.total, format!("{} of {}", test.correct, test.total)))
        },
    },
    Claim {
        id: "mnist-beats-the-original",
        says: "More test digits are right after the last epoch than in the original's best epoch",
        record: "mnist",
        decide: |of| {
            let test = of.mnist.examination.test;
            let rate = 1.0 - test.error_rate();
            Ok((rate > ORIGINAL_MNIST_ACCURACY, format!("{rate} against {ORIGINAL_MNIST_ACCURACY}")))
        },
    },
    Claim {
        id: "mnist-counts-the-last-epoch",
        says: "The reported network is that of the last epoch",
        record: "mnist",
        decide: |of| {
            let last = of.mnist.history.last().map(|epoch| epoch.test);
            let counted = of.mnist.settings.recipe.epochs == of.mnist.history.len();
            Ok((
                counted && last == Some(of.mnist.examination.test),
                format!("{} epochs", of.mnist.history.len()),
            ))
        },
    },
];

/// Decides every claim.
///
/// # Errors
/// [`ReportError::Missing`] when the records lack what a claim speaks of.
pub fn decide(of: &Sources) -> Result<Vec<Decided>, ReportError> {
    let decide = |claim: &Claim| {
        let (holds, evidence) = (claim.decide)(of)?;
        Ok(Decided { id: claim.id, says: claim.says, record: claim.record, holds, evidence })
    };
    CLAIMS.iter().chain(P2_CLAIMS).chain(STUDY_CLAIMS).chain(mnist_studies::CLAIMS).map(decide).collect()
}
