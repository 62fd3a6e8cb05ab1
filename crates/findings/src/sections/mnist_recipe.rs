//! P1.2: the recipe on many seeds.

use crate::cells::{grouped, number, percent};
use crate::chart::{Axes, Words, bars};
use crate::drawing::{Digit, digits};
use crate::mnist_runs::{ORIGINAL_ACCURACY, least, mean_text, missed_cells, recipe, spread};
use crate::{Caption, ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, TableRow, alter};
use data::images::Images;
use data::label_errors::LabelError;
use experiments::mnist::studies::SeedRun;
use experiments::mnist::studies::final_recipe::RecipeConclusions;
use records::findings::{Cells, Decision};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, figures: FIGURES };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "mnist-recipe-bar",
        says: "The mean accuracy of the recipe's runs reaches the bar that its hypothesis sets",
        within: None,
        record: "mnist-recipe",
        decide: |of| {
            let recipe = recipe(of)?.recipe;
            Ok(Decision::new(recipe.accuracy.estimate >= 0.9970, mean_text(&recipe)))
        },
        controls: &[|of| set_recipe(of, |it| it.recipe.accuracy.estimate = 0.996_99)],
    },
    ClaimRow {
        id: "mnist-recipe-beats-the-original",
        says: "Every run of the recipe has more test digits right than the original's best epoch",
        within: None,
        record: "mnist-recipe",
        decide: |of| {
            let recipe = recipe(of)?.recipe;
            let least = least(&recipe)?;
            let rate = least as f64 / recipe.total as f64;
            let evidence = format!("the least is {least} of {}", recipe.total);
            Ok(Decision::new(rate > ORIGINAL_ACCURACY, evidence))
        },
        controls: &[|of| set_recipe(of, |it| it.recipe.correct[0] = 9_939)],
    },
];

const TABLES: &[TableRow] = &[
    TableRow {
        id: "mnist-seeds",
        record: "mnist-recipe",
        caption: Caption::Of(|of| {
            let digits = grouped(recipe(of)?.recipe.total);
            Ok(format!("Every run on the {digits} test images, at its last epoch."))
        }),
        cells: seeds,
    },
    TableRow { id: "mnist-hardest", record: "mnist-recipe", caption: Caption::Of(caption), cells: hardest },
    TableRow {
        id: "mnist-label-errors",
        record: "mnist-recipe",
        caption: Caption::Fixed(
            "The test digits whose label people found wrong: how many of five raters chose the label, the other digit \
             that was offered, or neither; and how many of the runs answer so.",
        ),
        cells: label_errors,
    },
    TableRow {
        id: "mnist-reliability",
        record: "mnist-recipe",
        caption: Caption::Fixed(RELIABILITY),
        cells: by_confidence,
    },
];

const FIGURES: &[FigureRow] = &[
    FigureRow {
        id: "mnist-reliability",
        record: "mnist-recipe",
        draw: |id, from| reliability(id, from.records),
    },
    FigureRow {
        id: "mnist-hardest",
        record: "mnist-recipe",
        draw: |id, from| hardest_digits(id, from.records, from.images),
    },
];

const RELIABILITY: &str = "How often the runs are right, by how sure they are.";

fn set_recipe(of: &mut Sources, alter: impl FnOnce(&mut RecipeConclusions)) {
    alter::conclusions(of, "mnist-recipe", alter);
}

/// The hard digits' caption: how many there are, and of how many the label is a known error.
fn caption(of: &Sources) -> Result<String, ReportError> {
    let hardest = recipe(of)?.hardest;
    let known = hardest.iter().filter(|hard| of.label_error(hard.index).is_some()).count();
    Ok(format!(
        "The {} test digits that at least half of the runs get wrong: label, and what the runs say. Framed: the \
         {known} of them whose label people found wrong.",
        hardest.len()
    ))
}

fn seeds(of: &Sources) -> Result<Cells, ReportError> {
    let rows = spread(&recipe(of)?.recipe).into_iter().map(|(name, value)| vec![name.to_owned(), value]);
    Ok(Cells::new(&["of the runs", "is"], rows.collect()))
}

fn hardest(of: &Sources) -> Result<Cells, ReportError> {
    Ok(missed_cells(of, &recipe(of)?.hardest))
}

fn label_errors(of: &Sources) -> Result<Cells, ReportError> {
    let runs = of.study::<SeedRun, RecipeConclusions>("mnist-recipe")?.parts;
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

/// The bins that hold answers: their range, answers, right ones, and mean confidence.
fn by_confidence(of: &Sources) -> Result<Cells, ReportError> {
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

fn reliability(id: &str, of: &Sources) -> Result<Drawing, ReportError> {
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
        id,
        title: RELIABILITY,
        description: "Two bars for each range of confidence: the share of right answers, and the mean confidence.",
    };
    let axes = Axes { x: "confidence, %, middle of the range", y: "%", log: false, whole_x: false };
    let svg = bars(&words, axes, &labels, &series);
    Ok(Drawing { caption: RELIABILITY.to_owned(), svg, data: by_confidence(of)? })
}

fn hardest_digits(id: &'static str, of: &Sources, test: &Images) -> Result<Drawing, ReportError> {
    let digits_shown = recipe(of)?.hardest;
    let drawn: Vec<Digit> = digits_shown
        .iter()
        .filter(|hard| hard.index < test.len())
        .map(|hard| {
            let said: Vec<String> = hard.answers.keys().map(usize::to_string).collect();
            Digit {
                pixels: test.image(hard.index),
                caption: format!("{} → {}", hard.label, said.join(", ")),
                framed: of.label_error(hard.index).is_some(),
            }
        })
        .collect();
    let caption = caption(of)?;
    let words = Words {
        id,
        title: &caption,
        description: "Small images of the digits, each with its label and the answers; those with a known label \
                      error in a frame.",
    };
    let svg = digits(&words, &drawn).map_err(|source| ReportError::Image { figure: id, source })?;
    Ok(Drawing { caption, svg, data: hardest(of)? })
}
