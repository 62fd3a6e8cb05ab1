//! The figures.

use super::read::{hardest_caption, recipe, sizes};
use super::tables::{RELIABILITY, hardest, reliability, size_rows};
use crate::cells::number;
use crate::chart::{Axes, Words, bars, points};
use crate::drawing::{Digit, digits};
use crate::figure::Figure;
use crate::{ReportError, Sources};
use data::images::Images;

/// The figures.
///
/// # Errors
/// [`ReportError::Missing`] when the records lack what a figure shows.
pub fn figures(of: &Sources, test: &Images) -> Result<Vec<Figure>, ReportError> {
    Ok(vec![reliability_figure(of)?, hardest_figure(of, test)?, small_figure(of)?])
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
    let id = "mnist-hardest";
    let hardest_digits = recipe(of)?.hardest;
    let drawn: Vec<Digit> = hardest_digits
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
    let caption = hardest_caption(of)?;
    let words = Words {
        id,
        title: &caption,
        description: "Small pictures of the digits, each with its label and the answers; those with a known label error in a frame.",
    };
    let svg = digits(&words, &drawn).map_err(|source| ReportError::Picture { figure: id, source })?;
    Ok(Figure { id, caption, record: "mnist-recipe", svg, data: hardest(of)? })
}

fn small_figure(of: &Sources) -> Result<Figure, ReportError> {
    let summaries = sizes(of)?;
    let title = "Share of wrong test digits by the number of parameters";
    let seeds = summaries.first().map_or(0, |summary| summary.correct.len());
    let wrong = |accuracy: f64| 100.0 * (1.0 - accuracy);
    let shown: Vec<(f64, [f64; 3])> = summaries
        .iter()
        .map(|summary| {
            let accuracy = summary.accuracy;
            let ends = [wrong(accuracy.high), wrong(accuracy.estimate), wrong(accuracy.low)];
            (summary.parameters as f64, ends)
        })
        .collect();
    let words = Words {
        id: "mnist-small",
        title,
        description: "A point for each size, with the interval of its mean, joined by a line; both axes by powers of ten.",
    };
    let axes = Axes { x: "parameters", y: "wrong, %", log: true, whole_x: false };
    Ok(Figure {
        id: "mnist-small",
        caption: format!("{title}: the mean of {seeds} seeds, with its 95 % interval."),
        record: "mnist-small",
        svg: points(&words, axes, &shown),
        data: size_rows(of)?,
    })
}
