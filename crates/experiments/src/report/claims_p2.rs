//! The claims on P2, in the manner of [`super::claims`].

use super::claims::{Claim, LEVEL};
use super::predicates::{
    comparison, differs, interval_text, last_hundred, mean_train_loss, signs_text, variant,
};

/// The claims on P2.
pub const P2_CLAIMS: &[Claim] = &[
    Claim {
        id: "by-hand-is-by-layers",
        says: "By hand and by layers, plain descent has the same test errors on every seed",
        record: "iris",
        decide: |of| {
            let signs = comparison(of, "scratch", "framework-sigmoid-sgd")?.test_error_signs;
            Ok((signs.positive + signs.negative == 0, signs_text(&signs)))
        },
    },
    Claim {
        id: "one-gradient-twice",
        says: "The gradient by hand is that of the reference layers",
        record: "iris",
        decide: |of| {
            let worst = of.iris.scratch_gradients.worst_relative_difference;
            Ok((worst < 1e-12, format!("largest relative difference {worst:e}")))
        },
    },
    Claim {
        id: "descent-is-later-than-adam",
        says: "Plain descent needs more epochs than Adam on the same splits",
        record: "iris",
        decide: |of| {
            let signs = comparison(of, "scratch", "framework-sigmoid-adam")?.speed_signs;
            Ok((signs.p_value < LEVEL && signs.positive > signs.negative, signs_text(&signs)))
        },
    },
    Claim {
        id: "descent-errs-no-more-than-adam",
        says: "Plain descent errs no more often than Adam on the same splits",
        record: "iris",
        decide: |of| {
            let error = comparison(of, "scratch", "framework-sigmoid-adam")?.test_error;
            Ok((error.high <= 0.0 || (error.low <= 0.0 && error.estimate <= 0.0), interval_text(error)))
        },
    },
    Claim {
        id: "momentum-ends-as-descent",
        says: "Momentum and plain descent end at the same training loss to one part in a hundred",
        record: "iris",
        decide: |of| {
            let (a, b) = (
                mean_train_loss(variant(of, "scratch")?),
                mean_train_loss(variant(of, "framework-sigmoid-momentum")?),
            );
            Ok(((a - b).abs() < 0.01 * b, format!("mean training loss {a} and {b}")))
        },
    },
    Claim {
        id: "original-recipe-errs-more",
        says: "As the original trained it, the network by hand errs more often",
        record: "iris",
        decide: |of| Ok(differs(comparison(of, "scratch-as-in-the-original", "scratch")?, 1.0)),
    },
    Claim {
        id: "sigmoid-by-descent-errs-less",
        says: "Trained by plain descent the sigmoid network errs less often than with the settings of P1.1",
        record: "iris",
        decide: |of| Ok(differs(comparison(of, "scratch", "framework-sigmoid")?, -1.0)),
    },
    Claim {
        id: "adam-ends-lower",
        says: "On every seed Adam ends at a lower training loss than plain descent",
        record: "iris",
        decide: |of| {
            let pair = comparison(of, "scratch", "framework-sigmoid-adam")?;
            let every =
                |signs: &crate::stats::SignTest| signs.negative + signs.ties == 0 && signs.positive > 0;
            let text = pair.train_loss_signs.as_ref().map_or("not compared".to_owned(), signs_text);
            Ok((pair.train_loss_signs.as_ref().is_some_and(every), text))
        },
    },
    Claim {
        id: "descent-has-levelled-off",
        says: "On the registered seed plain descent has levelled off: over its last hundred epochs the training loss \
               changes by less than one part in a hundred",
        record: "iris",
        decide: |of| {
            let (before, after) = last_hundred(variant(of, "scratch")?);
            Ok(((after / before - 1.0).abs() < 0.01, format!("training loss {before}, then {after}")))
        },
    },
    Claim {
        id: "original-recipe-still-falls",
        says: "On the registered seed the original's recipe ends on its way down: over its last hundred epochs the \
               training loss falls by more than a tenth",
        record: "iris",
        decide: |of| {
            let (before, after) = last_hundred(variant(of, "scratch-as-in-the-original")?);
            Ok((after < 0.9 * before, format!("training loss {before}, then {after}")))
        },
    },
];
