//! P1.2: the recipe on many seeds.

use crate::cells::{grouped, number, percent};
use crate::chart::{Axes, Words, bars};
use crate::drawing::{Digit, digits};
use crate::mnist_runs::{ORIGINAL_ACCURACY, least, mean_loss, missed_cells, recipe, spread, spread_of};
use crate::{Caption, ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, TableRow, alter};
use data::images::Images;
use data::label_errors::LabelError;
use experiments::mnist::studies::SeedRun;
use experiments::mnist::studies::final_recipe::RecipeConclusions;
use records::findings::{Cells, Decision};
use stats::{CONFIDENCE, Interval, t_interval};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, figures: FIGURES };

/// The bars of the hypothesis: of the mean accuracy, and of that in nine views.
const BAR: f64 = 0.9975;
const VIEWS_BAR: f64 = 0.9977;

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "mnist-recipe-is-below-its-bar",
        says: "The mean accuracy of the recipe's runs is below the bar that its hypothesis sets, with its whole \
               interval",
        within: None,
        record: "mnist-recipe",
        decide: |of| Ok(is_below(recipe(of)?.recipe.accuracy, BAR)),
        controls: &[|of| set_recipe(of, |it| it.recipe.accuracy.high = BAR)],
    },
    ClaimRow {
        id: "mnist-recipe-is-below-its-bar-in-views",
        says: "In nine views the mean accuracy is below its bar as well, with its whole interval",
        within: None,
        record: "mnist-recipe",
        decide: |of| Ok(is_below(recipe(of)?.in_views.accuracy, VIEWS_BAR)),
        controls: &[|of| set_recipe(of, |it| it.in_views.accuracy.high = VIEWS_BAR)],
    },
    ClaimRow {
        id: "mnist-recipe-errs-less-in-views",
        says: "The same networks err less often in nine views of an image than in one, and the interval of the \
               difference over the seeds does not hold 0",
        within: None,
        record: "mnist-recipe",
        decide: |of| {
            let Interval { estimate, low, high, .. } = spared_by_views(&recipe(of)?)?;
            Ok(Decision::new(low > 0.0, format!("{estimate} errors of a run are spared ({low} to {high})")))
        },
        controls: &[|of| set_recipe(of, |it| it.in_views.correct.clone_from(&it.recipe.correct))],
    },
    ClaimRow {
        id: "mnist-recipe-is-calibrated-by-its-temperature",
        says: "At the temperature chosen on training images the expected calibration error is less than a tenth of \
               that without, and the mean loss is lower",
        within: None,
        record: "mnist-recipe",
        decide: |of| {
            let RecipeConclusions { calibration_error, tempered, .. } = recipe(of)?;
            let runs = of.study::<SeedRun, RecipeConclusions>("mnist-recipe")?.parts;
            let loss = mean_loss(&runs);
            let (error, tempered_loss) = (tempered.calibration_error, tempered.mean_loss);
            let evidence = format!("{error} and {calibration_error}; losses {tempered_loss} and {loss}");
            Ok(Decision::new(error < 0.1 * calibration_error && tempered_loss < loss, evidence))
        },
        controls: &[
            |of| set_recipe(of, |it| it.tempered.calibration_error = 0.1 * it.calibration_error),
            |of| set_recipe(of, |it| it.tempered.mean_loss = 1.0),
        ],
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
        id: "mnist-calibration",
        record: "mnist-recipe",
        caption: Caption::Of(|of| {
            let temperature = number(recipe(of)?.tempered.temperature, 3);
            Ok(format!(
                "The runs' answers as the network gives them, and at a temperature of {temperature}, which divides the \
                 logits: no answer is another, only how sure it is."
            ))
        }),
        cells: calibration,
    },
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
            "The test digits whose label fewer than three of five people chose: how many of the five chose the label, \
             the other digit that was offered, or neither; and how many of the runs answer so.",
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

/// Whether a mean lies below a bar with its whole interval.
fn is_below(Interval { estimate, low, high, .. }: Interval, bar: f64) -> Decision {
    Decision::new(high < bar, format!("mean {estimate} ({low} to {high})"))
}

/// How many errors of a run nine views spare, with Student's interval over the seeds.
fn spared_by_views(of: &RecipeConclusions) -> Result<Interval, ReportError> {
    let pairs = of.in_views.correct.iter().zip(&of.recipe.correct);
    let spared: Vec<f64> = pairs.map(|(views, one)| *views as f64 - *one as f64).collect();
    Ok(t_interval(&spared, CONFIDENCE)?)
}

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
    let RecipeConclusions { recipe, in_views, .. } = recipe(of)?;
    let (as_it_is, views) = (spread(&recipe), spread_of(&in_views.correct, in_views.accuracy));
    // The deviation of the answers in views is not in the record.
    let rows = as_it_is.into_iter().enumerate().map(|(i, (name, value))| {
        let in_views = views.get(i).map_or(String::new(), |(_, value)| value.clone());
        vec![name.to_owned(), value, in_views]
    });
    Ok(Cells::new(&["of the runs", "each image as it is", "each image in nine views"], rows.collect()))
}

/// The mean loss and the calibration error of the answers, and of those at the chosen temperature.
fn calibration(of: &Sources) -> Result<Cells, ReportError> {
    let RecipeConclusions { calibration_error, tempered, .. } = recipe(of)?;
    let runs = of.study::<SeedRun, RecipeConclusions>("mnist-recipe")?.parts;
    let row =
        |name: &str, loss: f64, error: f64| vec![name.to_owned(), number(loss, 5), number(100.0 * error, 2)];
    let rows = vec![
        row("as the network gives them", mean_loss(&runs), calibration_error),
        row("at the temperature", tempered.mean_loss, tempered.calibration_error),
    ];
    Ok(Cells::new(&["answers", "#mean loss, nats", "#expected calibration error, points"], rows))
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
