//! The claims on the run of P1.2.

use super::alter;
use super::claim::{Claim, ORIGINAL_MNIST_ACCURACY};
use records::findings::Decision;

/// The claims.
pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "mnist-bar-is-reached",
        says: "At least ninety-nine in a hundred test digits are right after the last epoch",
        within: None,
        record: "mnist",
        decide: |of| {
            let test = of.mnist.evaluation.test;
            let evidence = format!("{} of {}", test.correct, test.total);
            Ok(Decision::new(100 * test.correct >= 99 * test.total, evidence))
        },
        controls: &[|of| alter::mnist(of, |it| it.evaluation.test.correct = 9_899)],
    },
    Claim {
        id: "mnist-beats-the-original",
        says: "More test digits are right after the last epoch than in the original's best epoch",
        within: None,
        record: "mnist",
        decide: |of| {
            let rate = 1.0 - of.mnist.evaluation.test.error_rate();
            let evidence = format!("{rate} against {ORIGINAL_MNIST_ACCURACY}");
            Ok(Decision::new(rate > ORIGINAL_MNIST_ACCURACY, evidence))
        },
        controls: &[|of| alter::mnist(of, |it| it.evaluation.test.correct = 9_939)],
    },
    Claim {
        id: "mnist-counts-the-last-epoch",
        says: "The reported network is that of the last epoch",
        within: Some("the reported network is that of the last epoch"),
        record: "mnist",
        decide: |of| {
            let history = &of.mnist.history;
            let planned = of.mnist.settings.recipe.epochs == history.len();
            let counted = history.last().is_some_and(|epoch| epoch.test == of.mnist.evaluation.test);
            Ok(Decision::new(planned && counted, format!("{} epochs", history.len())))
        },
        controls: &[
            |of| alter::mnist(of, |it| it.evaluation.test.correct += 1),
            |of| alter::mnist(of, |it| it.settings.recipe.epochs += 1),
        ],
    },
];
