//! The claims.

use super::{candidates, original_runs, recipe, sizes, sprints, wrong};
use crate::mnist::studies::{Summary, final_recipe};
use crate::report::claims::{Claim, ORIGINAL_MNIST_ACCURACY};
use crate::report::{ReportError, Sources};
use crate::stats::Interval;

/// The mean accuracy as evidence.
fn mean(summary: &Summary) -> String {
    format!("mean of {} runs {}", summary.correct.len(), summary.accuracy.estimate)
}

/// Whether the whole recipe errs less than this candidate over the same seeds.
fn part_helps(of: &Sources, without: &str) -> Result<(bool, String), ReportError> {
    let candidates = candidates(of)?.candidates;
    let errors = |id: &str| candidates.iter().find(|summary| summary.arm == id).map(wrong);
    let (Some(whole), Some(other)) = (errors("whole"), errors(without)) else {
        return Err(ReportError::Missing(without.to_owned()));
    };
    Ok((whole < other, format!("{whole} wrong answers with it, {other} without")))
}

/// The claims.
pub const CLAIMS: &[Claim] = &[
    Claim {
        id: "mnist-recipe-was-chosen",
        says: "The recipe is the candidate with the fewest errors on the held-out training pictures",
        record: "mnist-selection",
        decide: |of| {
            let chosen = candidates(of)?.chosen;
            Ok((chosen == final_recipe::CHOSEN.id(), format!("{chosen} has the fewest")))
        },
    },
    Claim {
        id: "mnist-distortions-help",
        says: "Distorted training pictures spare errors",
        record: "mnist-selection",
        decide: |of| part_helps(of, "without-distortions"),
    },
    Claim {
        id: "mnist-averaging-helps",
        says: "Averaged weights spare errors",
        record: "mnist-selection",
        decide: |of| part_helps(of, "without-averaging"),
    },
    Claim {
        id: "mnist-smoothing-helps",
        says: "Smoothed labels spare errors",
        record: "mnist-selection",
        decide: |of| part_helps(of, "without-smoothed-labels"),
    },
    Claim {
        id: "mnist-recipe-bar",
        says: "The mean of the recipe's runs is at least 99.70 %",
        record: "mnist-recipe",
        decide: |of| {
            let recipe = recipe(of)?.recipe;
            Ok((recipe.accuracy.estimate >= 0.9970, mean(&recipe)))
        },
    },
    Claim {
        id: "mnist-recipe-beats-the-original",
        says: "Every run of the recipe has more test digits right than the original's best epoch",
        record: "mnist-recipe",
        decide: |of| {
            let recipe = recipe(of)?.recipe;
            let least = recipe.correct.iter().min().copied().unwrap_or(0);
            let rate = least as f64 / recipe.total as f64;
            Ok((rate > ORIGINAL_MNIST_ACCURACY, format!("the least is {least} of {}", recipe.total)))
        },
    },
    Claim {
        id: "mnist-original-last-epoch-is-lower",
        says: "At its last epoch the original's recipe has, on average, fewer test digits right than reported of its best",
        record: "mnist-original",
        decide: |of| {
            let original = original_runs(of)?.conclusions.original;
            Ok((original.accuracy.estimate < ORIGINAL_MNIST_ACCURACY, mean(&original)))
        },
    },
    Claim {
        id: "mnist-original-is-as-reported",
        says: "The mean is less than a picture from what the original reports of its best epoch, and its interval holds that",
        record: "mnist-original",
        decide: |of| {
            let Summary { accuracy, total, .. } = original_runs(of)?.conclusions.original;
            let pictures = total as f64 * (accuracy.estimate - ORIGINAL_MNIST_ACCURACY).abs();
            let inside = (accuracy.low..=accuracy.high).contains(&ORIGINAL_MNIST_ACCURACY);
            Ok((
                pictures < 1.0 && inside,
                format!("{pictures} pictures, {} to {}", accuracy.low, accuracy.high),
            ))
        },
    },
    Claim {
        id: "mnist-original-scatters",
        says: "Its runs scatter more than four times as widely as ours",
        record: "mnist-original",
        decide: |of| {
            let (original, ours) = (original_runs(of)?.conclusions.original, recipe(of)?.recipe);
            let evidence = format!("standard deviations {} and {}", original.accuracy_sd, ours.accuracy_sd);
            Ok((original.accuracy_sd > 4.0 * ours.accuracy_sd, evidence))
        },
    },
    Claim {
        id: "mnist-recipe-errs-less-than-the-original",
        says: "Every run of ours has more test digits right than any of the original's recipe",
        record: "mnist-original",
        decide: |of| {
            let (original, ours) = (original_runs(of)?.conclusions.original, recipe(of)?.recipe);
            let least = ours.correct.iter().min().copied().unwrap_or(0);
            let most = original.correct.iter().max().copied().unwrap_or(usize::MAX);
            let holds = original.total == ours.total && least > most;
            Ok((holds, format!("at least {least} of {}, at most {most} of {}", ours.total, original.total)))
        },
    },
    Claim {
        id: "mnist-small-grows",
        says: "The mean accuracy grows with every size",
        record: "mnist-small",
        decide: |of| {
            let means: Vec<f64> = sizes(of)?.iter().map(|summary| summary.accuracy.estimate).collect();
            Ok((means.is_sorted_by(|a, b| a < b), format!("{means:?}")))
        },
    },
    Claim {
        id: "mnist-small-last-steps-are-undecided",
        says: "From the third size on, the interval of each mean holds the next mean",
        record: "mnist-small",
        decide: |of| {
            let intervals: Vec<Interval> = sizes(of)?.iter().map(|summary| summary.accuracy).collect();
            let large = intervals.get(2..).unwrap_or_default();
            let holds = |pair: &[Interval]| (pair[0].low..=pair[0].high).contains(&pair[1].estimate);
            let evidence = large.iter().map(|it| format!("{} to {}", it.low, it.high));
            Ok((large.len() == 3 && large.windows(2).all(holds), evidence.collect::<Vec<_>>().join("; ")))
        },
    },
    Claim {
        id: "mnist-small-beats-the-original",
        says: "With a twelfth of the parameters the mean is still above what the original reports of its best epoch",
        record: "mnist-small",
        decide: |of| {
            let sizes = sizes(of)?;
            let (Some(third), Some(last)) = (sizes.get(2), sizes.last()) else {
                return Err(ReportError::Missing("sizes".to_owned()));
            };
            let small = 12 * third.parameters <= last.parameters;
            let evidence = format!("{} of {} parameters, {}", third.parameters, last.parameters, mean(third));
            Ok((small && third.accuracy.estimate > ORIGINAL_MNIST_ACCURACY, evidence))
        },
    },
    Claim {
        id: "mnist-runs-outvote-wrong-labels",
        says: "On every hard digit whose label people found wrong, most runs give the other digit that was offered to the raters",
        record: "mnist-recipe",
        decide: |of| {
            let recipe = recipe(of)?;
            let (mut known, mut agree) = (0, 0);
            for hard in &recipe.hardest {
                if let Some(error) = of.label_error(hard.index) {
                    known += 1;
                    let offered = hard.answers.get(&error.guess).copied().unwrap_or(0);
                    agree += usize::from(2 * offered > recipe.recipe.correct.len());
                }
            }
            Ok((known > 0 && agree == known, format!("{agree} of {known}")))
        },
    },
    Claim {
        id: "mnist-sprints-arrive",
        says: "Both sprints reach their mean",
        record: "mnist-sprint",
        decide: |of| {
            let sprints = sprints(of)?;
            let reach = |summary: &Summary| {
                summary.arm.strip_prefix("to-").and_then(|goal| goal.parse::<f64>().ok()).is_some_and(
                    |goal| {
                        let correct: usize = summary.correct.iter().sum();
                        100.0 * correct as f64 >= goal * (summary.total * summary.correct.len()) as f64
                    },
                )
            };
            let evidence: Vec<String> = sprints.iter().map(mean).collect();
            Ok((sprints.len() == 2 && sprints.iter().all(reach), evidence.join("; ")))
        },
    },
];
