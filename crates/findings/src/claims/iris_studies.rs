//! The claims on the studies of iris. Those on the control were written after its registered hypothesis, that
//! identity errs more than all four, had been refuted, as was that on the discriminant; those on factors after a look
//! at their table; the others before the studies were run.

use super::alter;
use super::claim::Claim;
use crate::predicates::{errors_point, interval_text};
use crate::{ReportError, Sources};
use experiments::iris::studies::{Direction, PairedTest, activations, factors, honest, plateau, trajectory};
use records::findings::Decision;

use Direction::{Less, More, Undecided};

/// The claims.
pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "identity-errs-as-relu-and-tanh",
        says: "Between no activation and ReLU or tanh no difference in test error is found",
        within: None,
        record: "iris-activations",
        decide: |of| Ok(identity(of, "relu", Undecided)?.and(identity(of, "tanh", Undecided)?)),
        controls: &[|of| set_identity(of, "relu", Less), |of| set_identity(of, "tanh", More)],
    },
    Claim {
        id: "identity-errs-less-than-sigmoid",
        says: "Without an activation the network errs less often than with sigmoid",
        within: None,
        record: "iris-activations",
        decide: |of| identity(of, "sigmoid", Less),
        controls: &[|of| set_identity(of, "sigmoid", Undecided)],
    },
    Claim {
        id: "identity-errs-more-than-prelu",
        says: "Without an activation the network errs more often than with PReLU",
        within: None,
        record: "iris-activations",
        decide: |of| identity(of, "prelu", More),
        controls: &[|of| set_identity(of, "prelu", Undecided)],
    },
    Claim {
        id: "four-factors-help-the-original",
        says: "From the original's settings another optimiser, a larger rate, larger initial weights and features \
               in centimetres each make the network err less often and learn sooner",
        within: None,
        record: "iris-factors",
        decide: |of| {
            let levels = [
                "p2-1:optimiser=momentum",
                "p2-1:optimiser=adam",
                "p2-1:learning-rate=0.01",
                "p2-1:initial-scale=4",
                "p2-1:features=raw",
            ];
            each_level(of, &levels, |[error, speed]| [error, speed] == [Less, Less])
        },
        controls: &[
            |of| set_error(of, "p2-1:optimiser=momentum", Undecided),
            |of| set_speed(of, "p2-1:optimiser=momentum", Undecided),
            |of| set_error(of, "p2-1:optimiser=adam", Undecided),
            |of| set_speed(of, "p2-1:optimiser=adam", Undecided),
            |of| set_error(of, "p2-1:learning-rate=0.01", Undecided),
            |of| set_speed(of, "p2-1:learning-rate=0.01", Undecided),
            |of| set_error(of, "p2-1:initial-scale=4", Undecided),
            |of| set_speed(of, "p2-1:initial-scale=4", Undecided),
            |of| set_error(of, "p2-1:features=raw", Undecided),
            |of| set_speed(of, "p2-1:features=raw", Undecided),
        ],
    },
    Claim {
        id: "loss-and-batch-do-not-help-the-original",
        says: "From the original's settings neither cross-entropy nor a larger batch is found to change the test error",
        within: None,
        record: "iris-factors",
        decide: |of| {
            let levels = ["p2-1:loss=cross-entropy", "p2-1:batch-size=16", "p2-1:batch-size=120"];
            each_level(of, &levels, |[error, _]| error == Undecided)
        },
        controls: &[
            |of| set_error(of, "p2-1:loss=cross-entropy", Less),
            |of| set_error(of, "p2-1:batch-size=16", Less),
            |of| set_error(of, "p2-1:batch-size=120", More),
        ],
    },
    Claim {
        id: "the-error-of-p1-1-changes-too",
        says: "From P1.1's settings plain descent at the same rate and a tenfold rate make it err more, the \
               squared error and features in centimetres less",
        within: None,
        record: "iris-factors",
        decide: |of| {
            let more = ["p1-1:optimiser=sgd", "p1-1:learning-rate=0.1"];
            let less = ["p1-1:loss=squared-error-sum", "p1-1:features=raw"];
            let more = each_level(of, &more, |[error, _]| error == More)?;
            Ok(more.and(each_level(of, &less, |[error, _]| error == Less)?))
        },
        controls: &[
            |of| set_error(of, "p1-1:optimiser=sgd", Undecided),
            |of| set_error(of, "p1-1:learning-rate=0.1", Undecided),
            |of| set_error(of, "p1-1:loss=squared-error-sum", Undecided),
            |of| set_error(of, "p1-1:features=raw", Undecided),
        ],
    },
    Claim {
        id: "every-seed-leaves-the-plateau",
        says: "The original's recipe leaves the plateau on every seed when training goes on",
        within: None,
        record: "iris-plateau",
        decide: |of| {
            let plateau::Scale { left, total, last_off, .. } = original_scale(of)?;
            Ok(Decision::new(left == total, format!("{left} of {total} by epoch {last_off}")))
        },
        controls: &[|of| set_original_scale(of, |it| it.left = it.total - 1)],
    },
    Claim {
        id: "the-gradient-does-not-vanish",
        says: "Along the plateau the gradient of the original's recipe stays above a thousandth of its first size",
        within: None,
        record: "iris-plateau",
        decide: |of| {
            let share = original_scale(of)?.smallest_gradient_share;
            Ok(Decision::new(share > plateau::VANISHING, format!("smallest share {share}")))
        },
        controls: &[|of| set_original_scale(of, |it| it.smallest_gradient_share = plateau::VANISHING)],
    },
    Claim {
        id: "implementations-go-one-way",
        says: "By hand and by layers the training losses agree to one part in a thousand after every epoch",
        within: None,
        record: "iris-trajectory",
        decide: |of| {
            let conclusions: trajectory::Conclusions = of.conclusions("iris-trajectory")?;
            let largest = conclusions.settings.iter().map(|it| it.largest.largest_relative_loss_difference);
            let largest: Vec<f64> = largest.collect();
            let agree = largest.len() == 2 && largest.iter().all(|&apart| apart < 1e-3);
            Ok(Decision::new(agree, format!("{largest:?}")))
        },
        controls: &[
            |of| set_trajectories(of, |it| it.settings[0].largest.largest_relative_loss_difference = 1e-3),
            |of| set_trajectories(of, |it| it.settings[1].largest.largest_relative_loss_difference = 1e-3),
            |of| set_trajectories(of, |it| it.settings.truncate(1)),
        ],
    },
    Claim {
        id: "network-errs-more-than-the-discriminant",
        says: "The network that cross-validation chose errs more often than Fisher's discriminant on the same splits",
        within: None,
        record: "iris-honest",
        decide: |of| {
            let conclusions: honest::Conclusions = of.conclusions("iris-honest")?;
            Ok(errors_point(conclusions.difference.difference, More))
        },
        controls: &[|of| {
            alter::conclusions(of, "iris-honest", |it: &mut honest::Conclusions| {
                it.difference.difference.low = 0.0;
            });
        }],
    },
];

/// Whether the test error without an activation, against that with this one, points as said.
fn identity(of: &Sources, activation: &str, direction: Direction) -> Result<Decision, ReportError> {
    let conclusions: activations::Conclusions = of.conclusions("iris-activations")?;
    let test = conclusions.control.iter().find(|test| test.second == activation);
    let test =
        test.ok_or_else(|| ReportError::missing(format!("iris-activations.json: control:{activation}")))?;
    let text =
        format!("{activation}: {}; adjusted p = {:e}", interval_text(test.difference), test.adjusted_p);
    Ok(Decision::new(test.direction == direction, text))
}

fn set_identity(of: &mut Sources, activation: &str, direction: Direction) {
    alter::conclusions(of, "iris-activations", |it: &mut activations::Conclusions| {
        let tests = it.control.iter_mut().filter(|test| test.second == activation);
        tests.for_each(|test| test.direction = direction);
    });
}

/// Whether test error and speed of each of these levels, against their base, are as they should be.
fn each_level(
    of: &Sources,
    levels: &[&str],
    holds: impl Fn([Direction; 2]) -> bool,
) -> Result<Decision, ReportError> {
    let conclusions: factors::Conclusions = of.conclusions("iris-factors")?;
    let missing = |id: &str| ReportError::missing(format!("iris-factors.json: {id}"));
    let direction = |id: &str, test: &Option<PairedTest>| {
        test.as_ref().map(|test| test.direction).ok_or_else(|| missing(id))
    };
    let (mut all, mut evidence) = (true, Vec::new());
    for id in levels {
        let level = conclusions.levels.iter().find(|level| level.id == *id).ok_or_else(|| missing(id))?;
        let directions = [direction(id, &level.test_error)?, direction(id, &level.speed)?];
        all &= holds(directions);
        evidence.push(format!("{id} {directions:?}"));
    }
    Ok(Decision::new(all, evidence.join(", ")))
}

fn set_level(of: &mut Sources, id: &str, alter: impl Fn(&mut factors::Level)) {
    alter::conclusions(of, "iris-factors", |it: &mut factors::Conclusions| {
        it.levels.iter_mut().filter(|level| level.id == id).for_each(alter);
    });
}

fn set_error(of: &mut Sources, level: &str, direction: Direction) {
    set_level(of, level, |it| it.test_error.iter_mut().for_each(|it| it.direction = direction));
}

fn set_speed(of: &mut Sources, level: &str, direction: Direction) {
    set_level(of, level, |it| it.speed.iter_mut().for_each(|it| it.direction = direction));
}

/// The initial weights as the original has them.
fn original_scale(of: &Sources) -> Result<plateau::Scale, ReportError> {
    let conclusions: plateau::Conclusions = of.conclusions("iris-plateau")?;
    let original = conclusions.scales.into_iter().find(|scale| scale.scale == 1.0);
    original.ok_or_else(|| ReportError::missing("iris-plateau.json: the scale 1"))
}

fn set_original_scale(of: &mut Sources, alter: impl Fn(&mut plateau::Scale)) {
    alter::conclusions(of, "iris-plateau", |it: &mut plateau::Conclusions| {
        it.scales.iter_mut().filter(|scale| scale.scale == 1.0).for_each(alter);
    });
}

fn set_trajectories(of: &mut Sources, alter: impl FnOnce(&mut trajectory::Conclusions)) {
    alter::conclusions(of, "iris-trajectory", alter);
}
