//! The tables.

use super::read::{candidates, hardest_caption, original_runs, recipe, recipe_runs, sizes, sprints, wrong};
use crate::cells::{grouped, number, percent};
use crate::{ReportError, Sources};
use data::images::TRAINING_IMAGES;
use data::label_errors::LabelError;
use experiments::mnist::studies::{SeedRun, Summary, final_recipe, original};
use numerics::reduce;
use records::Record;
use records::findings::{Cells, Table};

/// The tables.
///
/// # Errors
/// [`ReportError::Missing`] when the records lack what a table shows.
pub fn tables(of: &Sources) -> Result<Vec<Table>, ReportError> {
    let table = Table::new;
    let runs = |summaries: &[Summary]| summaries.first().map_or(0, |summary| summary.correct.len());
    let (candidates, recipe) = (candidates(of)?.candidates, recipe(of)?.recipe);
    let (held_out, epochs) = candidates.first().map_or((0, 0), |it| (it.total, it.recipe.epochs));
    Ok(vec![
        table(
            "mnist-selection",
            &format!(
                "The candidates on {} training pictures that they did not learn from, after {epochs} epochs.",
                grouped(held_out)
            ),
            "mnist-selection",
            errors_by_seed("candidate", &candidates),
        ),
        table(
            "mnist-seeds",
            &format!("Every run on the {} test pictures, at its last epoch.", grouped(recipe.total)),
            "mnist-recipe",
            seeds(&recipe),
        ),
        table(
            "mnist-original",
            "The original's recipe beside ours, every run at its last epoch.",
            "mnist-original",
            beside(&original_runs(of)?, &recipe_runs(of)?),
        ),
        table(
            "mnist-sprint",
            &format!("{} runs of each sprint.", runs(&sprints(of)?)),
            "mnist-sprint",
            sprint_rows(of)?,
        ),
        table("mnist-hardest", &hardest_caption(of)?, "mnist-recipe", hardest(of)?),
        table("mnist-label-errors", LABEL_ERRORS, "mnist-recipe", label_errors(of)?),
        table("mnist-reliability", RELIABILITY, "mnist-recipe", reliability(of)?),
    ])
}

/// Wrong answers of each seed, and their mean.
fn errors_by_seed(head: &str, summaries: &[Summary]) -> Cells {
    let row = |summary: &Summary| {
        let errors = summary.correct.iter().map(|correct| (summary.total - correct).to_string());
        let errors: Vec<String> = errors.collect();
        let mean = wrong(summary) as f64 / summary.correct.len() as f64;
        vec![summary.arm.replace('-', " "), errors.join(", "), number(mean, 1)]
    };
    Cells::new(&[head, "#wrong, by seed", "#mean"], summaries.iter().map(row).collect())
}

/// Counts, mean with interval, and deviation, a line each.
fn spread(summary: &Summary) -> Vec<(&'static str, String)> {
    let counts: Vec<String> = summary.correct.iter().map(|correct| grouped(*correct)).collect();
    let interval = summary.accuracy;
    let range = format!("{} to {}", percent(interval.low, 3), percent(interval.high, 3));
    vec![
        ("right, by seed", counts.join("; ")),
        ("mean", percent(interval.estimate, 3)),
        ("95 % interval of the mean", range),
        ("standard deviation", percent(summary.accuracy_sd, 3)),
    ]
}

fn seeds(summary: &Summary) -> Cells {
    let rows = spread(summary).into_iter().map(|(name, value)| vec![name.to_owned(), value]);
    Cells::new(&["of the runs", "is"], rows.collect())
}

/// [`spread`], and what the runs' last epochs say of losses and of the training part.
fn all_of(summary: &Summary, runs: &[SeedRun]) -> Vec<(&'static str, String)> {
    let mean = |value: &dyn Fn(&SeedRun) -> f64| reduce::mean(&runs.iter().map(value).collect::<Vec<_>>());
    let last = |run: &SeedRun| run.epochs.last().copied().unwrap_or_default();
    let right = mean(&|run| last(run).1 as f64 / TRAINING_IMAGES as f64);
    let mut rows =
        vec![("epochs", summary.recipe.epochs.to_string()), ("seeds", summary.correct.len().to_string())];
    rows.extend(spread(summary));
    rows.extend([
        ("mean test loss", number(mean(&|run| run.held_out_loss), 5)),
        ("training accuracy of the last epoch, mean", percent(right, 3)),
        ("training loss of the last epoch, mean", number(mean(&|run| last(run).0), 5)),
    ]);
    rows
}

fn beside(
    original: &Record<SeedRun, original::Conclusions>,
    ours: &Record<SeedRun, final_recipe::Conclusions>,
) -> Cells {
    let original = all_of(&original.conclusions.original, &original.parts);
    let ours = all_of(&ours.conclusions.recipe, &ours.parts);
    let row =
        |((name, theirs), (_, ours)): ((&str, String), (&str, String))| vec![name.to_owned(), theirs, ours];
    Cells::new(
        &["of the runs", "the original's recipe", "ours"],
        original.into_iter().zip(ours).map(row).collect(),
    )
}

pub(super) fn size_rows(of: &Sources) -> Result<Cells, ReportError> {
    let row = |summary: &Summary| {
        let counts: Vec<String> = summary.correct.iter().map(|correct| grouped(*correct)).collect();
        let interval = summary.accuracy;
        vec![
            grouped(summary.parameters),
            counts.join("; "),
            percent(interval.estimate, 3),
            format!("{} to {}", percent(interval.low, 3), percent(interval.high, 3)),
        ]
    };
    let heads = ["#parameters", "#right, by seed", "#mean", "#95 % interval"];
    Ok(Cells::new(&heads, sizes(of)?.iter().map(row).collect()))
}

fn sprint_rows(of: &Sources) -> Result<Cells, ReportError> {
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
    Ok(Cells::new(&heads, sprints(of)?.iter().map(row).collect()))
}

pub(super) fn hardest(of: &Sources) -> Result<Cells, ReportError> {
    let row = |hard: &final_recipe::Hard| {
        let answers: Vec<String> =
            hard.answers.iter().map(|(answer, runs)| format!("{answer} ({runs})")).collect();
        let known = if of.label_error(hard.index).is_some() { "wrong label" } else { "" };
        let (index, label, runs) = (hard.index.to_string(), hard.label.to_string(), hard.runs.to_string());
        vec![index, label, runs, answers.join(", "), known.to_owned()]
    };
    let heads =
        ["#place in the test part, from 0", "#label", "#runs wrong", "#answers (runs)", "people found"];
    Ok(Cells::new(&heads, recipe(of)?.hardest.iter().map(row).collect()))
}

const LABEL_ERRORS: &str = "The test digits whose label people found wrong: how many of five raters chose the label, the other digit that was \
     offered, or neither; and how many of the runs answer so.";

fn label_errors(of: &Sources) -> Result<Cells, ReportError> {
    let runs = recipe_runs(of)?.parts;
    let votes = |votes: [usize; 3]| votes.map(|votes| votes.to_string()).join(" / ");
    let row = |error: &LabelError| {
        let mistakes = runs.iter().flat_map(|run| &run.mistakes).filter(|(index, ..)| *index == error.index);
        let answers: Vec<usize> = mistakes.map(|(_, _, answer)| *answer).collect();
        let guessed = answers.iter().filter(|answer| **answer == error.guess).count();
        vec![
            error.index.to_string(),
            error.label.to_string(),
            error.guess.to_string(),
            votes([error.for_label, error.for_guess, error.for_neither]),
            votes([runs.len() - answers.len(), guessed, answers.len() - guessed]),
        ]
    };
    let heads = [
        "#place in the test part, from 0",
        "#label",
        "#offered",
        "#raters: label / offered / neither",
        "#runs: label / offered / another",
    ];
    Ok(Cells::new(&heads, of.label_errors.iter().map(row).collect()))
}

pub(super) const RELIABILITY: &str = "How often the runs are right, by how sure they are.";

/// The bins that hold answers: their range, answers, right ones, and mean confidence.
pub(super) fn reliability(of: &Sources) -> Result<Cells, ReportError> {
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
    Ok(Cells::new(&["confidence", "#answers", "#right", "#share right", "#mean confidence"], rows.collect()))
}
