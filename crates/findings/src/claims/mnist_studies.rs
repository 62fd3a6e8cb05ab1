//! The claims on the studies of P1.2. That averaging spares no error was written after the registered hypothesis,
//! that every part of the recipe spares some, had been refuted in that part.

use super::alter;
use super::claim::{Claim, ORIGINAL_MNIST_ACCURACY};
use crate::mnist_studies::{candidates, original_runs, recipe, sizes, sprints, wrong};
use crate::{ReportError, Sources};
use experiments::mnist::studies::{Summary, final_recipe, original, selection, small, sprint};
use records::findings::Decision;
use stats::Interval;

/// The claims.
pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "mnist-recipe-was-chosen",
        says: "The recipe is the candidate with the fewest errors on the held-out training pictures",
        within: None,
        record: "mnist-selection",
        decide: |of| {
            let candidates = candidates(of)?.candidates;
            let fewest = candidates.iter().min_by_key(|candidate| wrong(candidate));
            let fewest = fewest.ok_or_else(|| ReportError::missing("mnist-selection.json: candidates"))?;
            let evidence = format!("{} has the fewest, {}", fewest.arm, wrong(fewest));
            Ok(Decision::new(fewest.arm == final_recipe::CHOSEN.id(), evidence))
        },
        // As many errors as the whole recipe has, which stands before it.
        controls: &[|of| set_candidate(of, "without-averaging", 0)],
    },
    Claim {
        id: "mnist-distortions-help",
        says: "With distorted training pictures there are fewer errors on the held-out ones than without",
        within: None,
        record: "mnist-selection",
        decide: |of| {
            let (with, without) = with_and_without(of, "without-distortions")?;
            Ok(Decision::new(with < without, format!("{with} wrong answers with them, {without} without")))
        },
        controls: &[|of| set_candidate(of, "without-distortions", 0)],
    },
    Claim {
        id: "mnist-averaging-spares-no-error",
        says: "Without averaged weights there are no more errors than with them",
        within: Some("without averaged weights there are no more errors than with them"),
        record: "mnist-selection",
        decide: |of| {
            let (with, without) = with_and_without(of, "without-averaging")?;
            Ok(Decision::new(without <= with, format!("{with} wrong answers with them, {without} without")))
        },
        controls: &[|of| set_candidate(of, "without-averaging", 1)],
    },
    Claim {
        id: "mnist-recipe-bar",
        says: "The mean accuracy of the recipe's runs reaches the bar that its hypothesis sets",
        within: None,
        record: "mnist-recipe",
        decide: |of| {
            let recipe = recipe(of)?.recipe;
            Ok(Decision::new(recipe.accuracy.estimate >= 0.9970, mean(&recipe)))
        },
        controls: &[|of| set_recipe(of, |it| it.recipe.accuracy.estimate = 0.996_99)],
    },
    Claim {
        id: "mnist-recipe-beats-the-original",
        says: "Every run of the recipe has more test digits right than the original's best epoch",
        within: None,
        record: "mnist-recipe",
        decide: |of| {
            let recipe = recipe(of)?.recipe;
            let least = least(&recipe)?;
            let rate = least as f64 / recipe.total as f64;
            let evidence = format!("the least is {least} of {}", recipe.total);
            Ok(Decision::new(rate > ORIGINAL_MNIST_ACCURACY, evidence))
        },
        controls: &[|of| set_recipe(of, |it| it.recipe.correct[0] = 9_939)],
    },
    Claim {
        id: "mnist-original-last-epoch-is-lower",
        says: "At its last epoch the original's recipe has, on average, fewer test digits right than reported of \
               its best",
        within: Some(
            "at its last epoch the original's recipe has, on average, fewer test digits right than reported of its \
              best",
        ),
        record: "mnist-original",
        decide: |of| {
            let original = original_runs(of)?.conclusions.original;
            Ok(Decision::new(original.accuracy.estimate < ORIGINAL_MNIST_ACCURACY, mean(&original)))
        },
        controls: &[|of| set_original(of, |it| it.accuracy.estimate = ORIGINAL_MNIST_ACCURACY)],
    },
    Claim {
        id: "mnist-original-is-as-reported",
        says: "The mean of the original's recipe is less than a picture from what the original reports of its best \
               epoch, and its interval holds that",
        within: None,
        record: "mnist-original",
        decide: |of| {
            let Summary { accuracy, total, .. } = original_runs(of)?.conclusions.original;
            let pictures = total as f64 * (accuracy.estimate - ORIGINAL_MNIST_ACCURACY).abs();
            let inside = (accuracy.low..=accuracy.high).contains(&ORIGINAL_MNIST_ACCURACY);
            let evidence = format!("{pictures} pictures, {} to {}", accuracy.low, accuracy.high);
            Ok(Decision::new(pictures < 1.0 && inside, evidence))
        },
        controls: &[
            |of| set_original(of, |it| it.accuracy.estimate = 0.993_88),
            |of| set_original(of, |it| it.accuracy.estimate = 0.994_1),
            |of| set_original(of, |it| it.accuracy.low = ORIGINAL_MNIST_ACCURACY.next_up()),
            |of| set_original(of, |it| it.accuracy.high = ORIGINAL_MNIST_ACCURACY.next_down()),
        ],
    },
    Claim {
        id: "mnist-original-scatters",
        says: "The runs of the original's recipe scatter more than four times as widely as ours",
        within: None,
        record: "mnist-original",
        decide: |of| {
            let (original, ours) = (original_runs(of)?.conclusions.original, recipe(of)?.recipe);
            let evidence = format!("standard deviations {} and {}", original.accuracy_sd, ours.accuracy_sd);
            Ok(Decision::new(original.accuracy_sd > 4.0 * ours.accuracy_sd, evidence))
        },
        // Ours scatter by 0.00034254, and 0.0013702 is four times that.
        controls: &[|of| set_original(of, |it| it.accuracy_sd = 0.001_37)],
    },
    Claim {
        id: "mnist-recipe-errs-less-than-the-original",
        says: "Every run of ours has more test digits right than any of the original's recipe",
        within: None,
        record: "mnist-original",
        decide: |of| {
            let (original, ours) = (original_runs(of)?.conclusions.original, recipe(of)?.recipe);
            let (least, most) = (least(&ours)?, most(&original)?);
            let evidence =
                format!("at least {least} of {}, at most {most} of {}", ours.total, original.total);
            Ok(Decision::new(original.total == ours.total && least > most, evidence))
        },
        controls: &[
            |of| set_original(of, |it| it.correct[0] = 9_968),
            |of| set_original(of, |it| it.total += 1),
        ],
    },
    Claim {
        id: "mnist-small-grows",
        says: "The mean accuracy grows with every size",
        within: None,
        record: "mnist-small",
        decide: |of| {
            let means: Vec<f64> = five_sizes(of)?.iter().map(|summary| summary.accuracy.estimate).collect();
            Ok(Decision::new(means.is_sorted_by(|a, b| a < b), format!("{means:?}")))
        },
        controls: &[|of| set_sizes(of, |it| it[4].accuracy.estimate = it[3].accuracy.estimate)],
    },
    Claim {
        id: "mnist-small-last-steps-are-undecided",
        says: "From the third size on, the interval of each mean holds the next mean",
        within: Some("from the third size on, the interval of each mean holds the next mean"),
        record: "mnist-small",
        decide: |of| {
            let intervals: Vec<Interval> =
                five_sizes(of)?[2..].iter().map(|summary| summary.accuracy).collect();
            let holds = |pair: &[Interval]| (pair[0].low..=pair[0].high).contains(&pair[1].estimate);
            let evidence = intervals.iter().map(|it| format!("{} to {}", it.low, it.high));
            Ok(Decision::new(intervals.windows(2).all(holds), evidence.collect::<Vec<_>>().join("; ")))
        },
        controls: &[
            |of| set_sizes(of, |it| it[2].accuracy.high = it[3].accuracy.estimate.next_down()),
            |of| set_sizes(of, |it| it[3].accuracy.low = it[4].accuracy.estimate.next_up()),
        ],
    },
    Claim {
        id: "mnist-small-beats-the-original",
        says: "With a twelfth of the parameters the mean is still above what the original reports of its best epoch",
        within: None,
        record: "mnist-small",
        decide: |of| {
            let [_, _, third, _, last] = five_sizes(of)?;
            let small = 12 * third.parameters <= last.parameters;
            let evidence =
                format!("{} of {} parameters, {}", third.parameters, last.parameters, mean(&third));
            Ok(Decision::new(small && third.accuracy.estimate > ORIGINAL_MNIST_ACCURACY, evidence))
        },
        controls: &[
            |of| set_sizes(of, |it| it[2].accuracy.estimate = ORIGINAL_MNIST_ACCURACY),
            |of| set_sizes(of, |it| it[2].parameters = it[4].parameters / 12 + 1),
        ],
    },
    Claim {
        id: "mnist-runs-outvote-wrong-labels",
        says: "On every hard digit whose label people found wrong, most runs give the other digit that was offered \
               to the raters",
        within: None,
        record: "mnist-recipe",
        decide: |of| {
            let recipe = recipe(of)?;
            let (mut known, mut agree) = (0, 0);
            for hard in &recipe.hardest {
                if let Some(error) = of.label_error(hard.index) {
                    known += 1;
                    // A digit that no run gives is not among the answers.
                    let offered = hard.answers.get(&error.guess).copied().unwrap_or(0);
                    agree += usize::from(2 * offered > recipe.recipe.correct.len());
                }
            }
            Ok(Decision::new(known > 0 && agree == known, format!("{agree} of {known}")))
        },
        controls: &[
            // Half of the ten runs are not most of them.
            |of| {
                set_recipe(of, |it| {
                    let hard = it.hardest.iter_mut().filter(|hard| hard.index == 2_462);
                    hard.flat_map(|hard| hard.answers.values_mut()).for_each(|runs| *runs = 5.min(*runs));
                });
            },
            |of| set_recipe(of, |it| it.hardest.clear()),
        ],
    },
    Claim {
        id: "mnist-sprints-arrive",
        says: "Both sprints reach the mean that they aim at",
        within: None,
        record: "mnist-sprint",
        decide: |of| {
            let sprints = sprints(of)?;
            let arrives = |arm: &str, per_mille: usize| -> Result<Decision, ReportError> {
                let summary = named(&sprints, arm)?;
                let correct: usize = summary.correct.iter().sum();
                let answers = summary.total * summary.correct.len();
                Ok(Decision::new(1000 * correct >= per_mille * answers, mean(summary)))
            };
            Ok(arrives("to-99.0", 990)?.and(arrives("to-99.4", 994)?))
        },
        controls: &[
            |of| set_sprints(of, |it| it[0].correct.fill(9_899)),
            |of| set_sprints(of, |it| it[1].correct.fill(9_939)),
        ],
    },
];

/// The mean accuracy as evidence.
fn mean(summary: &Summary) -> String {
    format!("mean of {} runs {}", summary.correct.len(), summary.accuracy.estimate)
}

/// The fewest right answers of a run.
fn least(summary: &Summary) -> Result<usize, ReportError> {
    summary.correct.iter().min().copied().ok_or_else(|| no_runs(summary))
}

/// The most right answers of a run.
fn most(summary: &Summary) -> Result<usize, ReportError> {
    summary.correct.iter().max().copied().ok_or_else(|| no_runs(summary))
}

fn no_runs(summary: &Summary) -> ReportError {
    ReportError::missing(format!("runs of {}", summary.arm))
}

fn named<'a>(summaries: &'a [Summary], arm: &str) -> Result<&'a Summary, ReportError> {
    let found = summaries.iter().find(|summary| summary.arm == arm);
    found.ok_or_else(|| ReportError::missing(format!("runs of {arm}")))
}

/// Wrong answers of the whole recipe, and of the candidate without a part of it, over the same seeds.
fn with_and_without(of: &Sources, without: &str) -> Result<(usize, usize), ReportError> {
    let candidates = candidates(of)?.candidates;
    Ok((wrong(named(&candidates, selection::Candidate::Whole.id())?), wrong(named(&candidates, without)?)))
}

fn five_sizes(of: &Sources) -> Result<[Summary; 5], ReportError> {
    sizes(of)?.try_into().map_err(|_| ReportError::missing("mnist-small.json: five sizes"))
}

/// Gives a candidate so many more wrong answers than the whole recipe has.
fn set_candidate(of: &mut Sources, arm: &str, more: usize) {
    alter::conclusions(of, "mnist-selection", |it: &mut selection::Conclusions| {
        let mut correct = it.candidates[0].correct.clone();
        correct[0] -= more;
        it.candidates.iter_mut().filter(|it| it.arm == arm).for_each(|it| it.correct.clone_from(&correct));
    });
}

fn set_recipe(of: &mut Sources, alter: impl FnOnce(&mut final_recipe::Conclusions)) {
    alter::conclusions(of, "mnist-recipe", alter);
}

fn set_original(of: &mut Sources, alter: impl FnOnce(&mut Summary)) {
    alter::conclusions(of, "mnist-original", |it: &mut original::Conclusions| alter(&mut it.original));
}

fn set_sizes(of: &mut Sources, alter: impl FnOnce(&mut [Summary])) {
    alter::conclusions(of, "mnist-small", |it: &mut small::Conclusions| alter(&mut it.sizes));
}

fn set_sprints(of: &mut Sources, alter: impl FnOnce(&mut [Summary])) {
    alter::conclusions(of, "mnist-sprint", |it: &mut sprint::Conclusions| alter(&mut it.sprints));
}
