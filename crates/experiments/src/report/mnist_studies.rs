//! What the report says of P1.2 on many seeds: claims, tables and figures.

use super::cells::{Data, grouped, number, percent};
use super::chart::{Axes, Words, bars};
use super::claims::{Claim, ORIGINAL_MNIST_ACCURACY};
use super::drawing::{Digit, digits};
use super::figures::Figure;
use super::tables::Table;
use super::{ReportError, Sources};
use crate::data::mnist::Images;
use crate::mnist::studies::{Summary, final_recipe, selection, sprint};
use crate::store::StoreError;

fn recipe(of: &Sources) -> Result<final_recipe::Conclusions, ReportError> {
    of.conclusions("mnist-recipe")
}

fn candidates(of: &Sources) -> Result<selection::Conclusions, ReportError> {
    of.conclusions("mnist-selection")
}

/// Wrong answers of all runs together.
fn wrong(summary: &Summary) -> usize {
    summary.correct.iter().map(|correct| summary.total - correct).sum()
}

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
            Ok((chosen == final_recipe::CHOSEN, format!("{chosen} has the fewest")))
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
        id: "mnist-sprints-arrive",
        says: "Both sprints reach their mean",
        record: "mnist-sprint",
        decide: |of| {
            let sprints = of.conclusions::<sprint::Conclusions>("mnist-sprint")?.sprints;
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

/// The tables.
///
/// # Errors
/// [`ReportError::Missing`] when the records lack what a table shows.
pub fn tables(of: &Sources) -> Result<Vec<Table>, ReportError> {
    let table = |id, caption: &str, record, data| Table { id, caption: caption.to_owned(), record, data };
    Ok(vec![
        table(
            "mnist-selection",
            "The candidates on 10,000 training pictures that they did not learn from, after five epochs.",
            "mnist-selection",
            errors_by_seed("candidate", &candidates(of)?.candidates),
        ),
        table(
            "mnist-seeds",
            "Every run on the 10,000 test pictures, at its last epoch.",
            "mnist-recipe",
            spread(&recipe(of)?.recipe),
        ),
        table("mnist-sprint", "Thirty runs of each sprint.", "mnist-sprint", sprints(of)?),
        table("mnist-hardest", HARDEST, "mnist-recipe", hardest(of)?),
        table("mnist-reliability", RELIABILITY, "mnist-recipe", reliability(of)?),
    ])
}

/// Wrong answers of each seed, and their mean.
fn errors_by_seed(head: &str, summaries: &[Summary]) -> Data {
    let row = |summary: &Summary| {
        let errors = summary.correct.iter().map(|correct| (summary.total - correct).to_string());
        let errors: Vec<String> = errors.collect();
        let mean = wrong(summary) as f64 / summary.correct.len() as f64;
        vec![summary.arm.replace('-', " "), errors.join(", "), number(mean, 1)]
    };
    Data::new(&[head, "#wrong, by seed", "#mean"], summaries.iter().map(row).collect())
}

/// Counts, mean with interval, and deviation, a line each.
fn spread(summary: &Summary) -> Data {
    let counts: Vec<String> = summary.correct.iter().map(|correct| grouped(*correct)).collect();
    let interval = summary.accuracy;
    let range = format!("{} to {}", percent(interval.low, 3), percent(interval.high, 3));
    let rows = [
        ("right, by seed", counts.join("; ")),
        ("mean", percent(interval.estimate, 3)),
        ("95 % interval of the mean", range),
        ("standard deviation", percent(summary.accuracy_sd, 3)),
    ];
    Data::new(&["of the runs", "is"], rows.map(|(name, value)| vec![name.to_owned(), value]).to_vec())
}

fn sprints(of: &Sources) -> Result<Data, ReportError> {
    let row = |summary: &Summary| {
        let (least, most) = (summary.correct.iter().min(), summary.correct.iter().max());
        vec![
            format!("{} %", summary.arm.trim_start_matches("to-")),
            summary.recipe.epochs.to_string(),
            grouped(summary.parameters),
            percent(summary.accuracy.estimate, 3),
            percent(summary.accuracy_sd, 3),
            grouped(least.copied().unwrap_or(0)),
            grouped(most.copied().unwrap_or(0)),
        ]
    };
    let heads =
        ["to", "#epochs", "#parameters", "#mean", "#standard deviation", "#least right", "#most right"];
    let sprints = of.conclusions::<sprint::Conclusions>("mnist-sprint")?.sprints;
    Ok(Data::new(&heads, sprints.iter().map(row).collect()))
}

const HARDEST: &str =
    "The test digits that at least half of the runs get wrong: label, and what the runs say.";

fn hardest(of: &Sources) -> Result<Data, ReportError> {
    let row = |hard: &final_recipe::Hard| {
        let answers: Vec<String> =
            hard.answers.iter().map(|(answer, runs)| format!("{answer} ({runs})")).collect();
        vec![hard.index.to_string(), hard.label.to_string(), hard.runs.to_string(), answers.join(", ")]
    };
    let heads = ["#place in the test part, from 0", "#label", "#runs wrong", "#answers (runs)"];
    Ok(Data::new(&heads, recipe(of)?.hardest.iter().map(row).collect()))
}

const RELIABILITY: &str = "How often the runs are right, by how sure they are.";

/// The bins that hold answers: their range, answers, right ones, and mean confidence.
fn reliability(of: &Sources) -> Result<Data, ReportError> {
    let bins = recipe(of)?.reliability;
    let edge = |i: usize| number(i as f64 / bins.len() as f64, 2);
    let rows = bins.iter().enumerate().filter(|(_, bin)| bin.count > 0).map(|(i, bin)| {
        vec![
            format!("{} to {}", edge(i), edge(i + 1)),
            grouped(bin.count),
            grouped(bin.correct),
            percent(bin.correct as f64 / bin.count as f64, 1),
            percent(bin.confidence_sum / bin.count as f64, 1),
        ]
    });
    Ok(Data::new(&["confidence", "#answers", "#right", "#share right", "#mean confidence"], rows.collect()))
}

/// The figures.
///
/// # Errors
/// [`ReportError::Missing`] when the records lack what a figure shows.
pub fn figures(of: &Sources, test: &Images) -> Result<Vec<Figure>, ReportError> {
    Ok(vec![reliability_figure(of)?, hardest_figure(of, test)?])
}

fn reliability_figure(of: &Sources) -> Result<Figure, ReportError> {
    let bins: Vec<_> = recipe(of)?.reliability;
    let full: Vec<_> = bins.iter().enumerate().filter(|(_, bin)| bin.count > 0).collect();
    let labels: Vec<String> =
        full.iter().map(|(i, _)| number(100.0 * (*i as f64 + 0.5) / bins.len() as f64, 0)).collect();
    let share = |value: f64, count: usize| 100.0 * value / count as f64;
    let series = [
        ("right".to_owned(), full.iter().map(|(_, bin)| share(bin.correct as f64, bin.count)).collect()),
        ("confidence".to_owned(), full.iter().map(|(_, bin)| share(bin.confidence_sum, bin.count)).collect()),
    ];
    let words = Words {
        id: "mnist-reliability",
        title: RELIABILITY,
        description: "Two bars for each range of confidence: the share of right answers, and the mean confidence.",
    };
    let axes = Axes { x: "confidence, %, middle of the range", y: "%", log: false, whole_x: false };
    let svg = bars(&words, axes, &labels, &series);
    Ok(Figure {
        id: "mnist-reliability",
        caption: RELIABILITY.to_owned(),
        record: "mnist-recipe",
        svg,
        data: reliability(of)?,
    })
}

fn hardest_figure(of: &Sources, test: &Images) -> Result<Figure, ReportError> {
    let hardest_digits = recipe(of)?.hardest;
    let drawn: Vec<Digit> = hardest_digits
        .iter()
        .filter(|hard| hard.index < test.len())
        .map(|hard| {
            let said: Vec<String> = hard.answers.keys().map(usize::to_string).collect();
            Digit {
                pixels: test.image(hard.index), caption: format!("{} → {}", hard.label, said.join(", "))
            }
        })
        .collect();
    let words = Words {
        id: "mnist-hardest",
        title: HARDEST,
        description: "Small pictures of the digits, each with its label and the answers.",
    };
    let svg = digits(&words, &drawn).map_err(|source| StoreError::Read { path: "mnist".into(), source })?;
    Ok(Figure {
        id: "mnist-hardest",
        caption: HARDEST.to_owned(),
        record: "mnist-recipe",
        svg,
        data: hardest(of)?,
    })
}
