//! The claims on the studies of iris, in the manner of [`super::claims`]. Those on the control were written after its
//! registered hypothesis, that identity errs more than all four, had been refuted, and those on factors after a look at their
//! table; the others before the studies were run.

use super::claims::Claim;
use super::predicates::interval_text;
use super::{ReportError, Sources};
use crate::iris::studies::{Direction, PairedTest, activations, honest, plateau, trajectory};

/// The claims on the studies of iris.
pub const STUDY_CLAIMS: &[Claim] = &[
    Claim {
        id: "identity-errs-as-relu-and-tanh",
        says: "Between no activation and ReLU or tanh no difference in test error is found",
        record: "iris-activations",
        decide: |of| control(of, &[("relu", Direction::Undecided), ("tanh", Direction::Undecided)]),
    },
    Claim {
        id: "identity-errs-less-than-sigmoid",
        says: "Without an activation the network errs less often than with sigmoid",
        record: "iris-activations",
        decide: |of| control(of, &[("sigmoid", Direction::Less)]),
    },
    Claim {
        id: "identity-errs-more-than-prelu",
        says: "Without an activation the network errs more often than with PReLU",
        record: "iris-activations",
        decide: |of| control(of, &[("prelu", Direction::More)]),
    },
    Claim {
        id: "four-factors-help-the-original",
        says: "From the original's settings another optimiser, a larger rate, larger initial weights and features in centimetres each \
               make the network err less often and learn sooner",
        record: "iris-factors",
        decide: |of| {
            let better = [Some(Direction::Less), Some(Direction::Less)];
            let levels = [
                "optimiser=momentum",
                "optimiser=adam",
                "learning-rate=0.01",
                "initial-scale=4",
                "features=raw",
            ];
            factors(of, "p2-1", &levels, |found| found == better)
        },
    },
    Claim {
        id: "loss-and-batch-do-not-help-the-original",
        says: "From the original's settings neither cross-entropy nor a larger batch changes the test error",
        record: "iris-factors",
        decide: |of| {
            let levels = ["loss=cross-entropy", "batch-size=16", "batch-size=120"];
            factors(of, "p2-1", &levels, |[error, _]| error == Some(Direction::Undecided))
        },
    },
    Claim {
        id: "the-error-of-p1-1-changes-too",
        says: "From P1.1's settings plain descent at the same rate and a tenfold rate make it err more, the squared error and features in \
               centimetres less",
        record: "iris-factors",
        decide: |of| {
            let more = factors(of, "p1-1", &["optimiser=sgd", "learning-rate=0.1"], |[error, _]| {
                error == Some(Direction::More)
            })?;
            let less = factors(of, "p1-1", &["loss=squared-error-sum", "features=raw"], |[error, _]| {
                error == Some(Direction::Less)
            })?;
            Ok((more.0 && less.0, format!("{}; {}", more.1, less.1)))
        },
    },
    Claim {
        id: "every-seed-leaves-the-plateau",
        says: "The original's recipe leaves the plateau on every seed when training goes on",
        record: "iris-plateau",
        decide: |of| {
            let conclusions: plateau::Conclusions = of.conclusions("iris-plateau")?;
            let original = conclusions.scales.iter().find(|scale| scale.scale == 1.0);
            let text = original
                .map(|scale| format!("{} of {} by epoch {}", scale.left, scale.total, scale.last_off));
            Ok((original.is_some_and(|scale| scale.left == scale.total), text.unwrap_or_default()))
        },
    },
    Claim {
        id: "the-gradient-does-not-vanish",
        says: "Along the plateau the gradient of the original's recipe stays above a thousandth of its first size",
        record: "iris-plateau",
        decide: |of| {
            let conclusions: plateau::Conclusions = of.conclusions("iris-plateau")?;
            let original = conclusions.scales.iter().find(|scale| scale.scale == 1.0);
            let share = original.map_or(f64::NAN, |scale| scale.smallest_gradient_share);
            Ok((share >= plateau::VANISHING, format!("smallest share {share}")))
        },
    },
    Claim {
        id: "implementations-go-one-way",
        says: "By hand and by layers the training losses agree to one part in a thousand after every epoch",
        record: "iris-trajectory",
        decide: |of| {
            let conclusions: trajectory::Conclusions = of.conclusions("iris-trajectory")?;
            let largest: Vec<f64> = conclusions
                .settings
                .iter()
                .map(|setting| setting.largest.largest_relative_loss_difference)
                .collect();
            Ok((!largest.is_empty() && largest.iter().all(|&apart| apart < 1e-3), format!("{largest:?}")))
        },
    },
    Claim {
        id: "network-errs-no-more-than-lda",
        says: "The best network errs no more often than Fisher's discriminant, on average over a thousand splits",
        record: "iris-honest",
        decide: |of| {
            let conclusions: honest::Conclusions = of.conclusions("iris-honest")?;
            let difference = conclusions.difference.difference;
            Ok((difference.estimate <= 0.0, interval_text(difference)))
        },
    },
];

/// Whether test error and speed of each of these levels, against the base, are as they should be.
fn factors(
    of: &Sources,
    base: &str,
    levels: &[&str],
    holds: impl Fn([Option<Direction>; 2]) -> bool,
) -> Result<(bool, String), ReportError> {
    let conclusions: crate::iris::studies::factors::Conclusions = of.conclusions("iris-factors")?;
    let way = |test: &Option<PairedTest>| test.as_ref().map(|test| test.direction);
    let found = |level: &&str| {
        let id = format!("{base}:{level}");
        let level = conclusions.levels.iter().find(|level| level.id == id);
        let level = level.ok_or_else(|| ReportError::Missing(id.clone()))?;
        let ways = [way(&level.test_error), way(&level.speed)];
        Ok((holds(ways), format!("{id} {:?}", ways.map(|way| way.unwrap_or(Direction::Undecided)))))
    };
    let found: Vec<(bool, String)> = levels.iter().map(found).collect::<Result<_, ReportError>>()?;
    let text: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    Ok((found.iter().all(|(holds, _)| *holds), text.join(", ")))
}

/// Whether the control against each of these points as said.
fn control(of: &Sources, expected: &[(&str, Direction)]) -> Result<(bool, String), ReportError> {
    let conclusions: activations::Conclusions = of.conclusions("iris-activations")?;
    let found = |second: &str| conclusions.control.iter().find(|test| test.second == second);
    let holds = expected.iter().all(|(second, way)| found(second).is_some_and(|test| test.direction == *way));
    let text = expected.iter().filter_map(|(second, _)| found(second));
    let text: Vec<String> = text
        .map(|test| {
            format!("{}: {}; adjusted p = {:e}", test.second, interval_text(test.difference), test.adjusted_p)
        })
        .collect();
    Ok((holds, text.join(", ")))
}
