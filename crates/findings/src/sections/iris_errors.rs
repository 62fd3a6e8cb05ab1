//! P1.1: how often the four activations err, against the bar of the assignment, on the registered seed, on a hundred
//! others, and on the sorted split.

use crate::cells::{count, percent};
use crate::chart::Words;
use crate::dots::{Row, dots};
use crate::iris_runs::{PRELU, RESULTS, SIGMOID, TANH, loss_curves, results};
use crate::predicates::{activations, each_activation};
use crate::{Caption, ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, TableRow, alter};
use experiments::iris::protocol::{BAR, SPLIT};
use experiments::iris::studies::seeds::{SeedResult, Variant};
use experiments::iris::{Activation, Epoch, epoch_quantile};
use records::Count;
use records::findings::{Cells, Decision};
use stats::{CONFIDENCE, Interval, wilson_interval};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, figures: FIGURES };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "iris-bar-registered",
        says: "On the registered seed every activation errs on fewer than one test flower in twenty",
        within: None,
        record: "iris",
        decide: |of| each_activation(of, |it| it.registered.last().test.error_rate(), |error| error < BAR),
        controls: &[|of| alter::last_epoch(of, SIGMOID, |it| it.test.correct = 28)],
    },
    ClaimRow {
        id: "iris-trains-as-the-original",
        says: "On the registered seed every activation ends at a training accuracy that the original reports too, or \
               one flower beside it",
        within: None,
        record: "iris",
        decide: |of| {
            let beside = HALF_A_DIGIT + 1.0 / SPLIT.train as f64;
            let reported = (ORIGINAL_TRAINING[0] - beside)..(ORIGINAL_TRAINING[1] + beside);
            each_activation(
                of,
                |it| 1.0 - it.registered.last().train.error_rate(),
                |accuracy| reported.contains(&accuracy),
            )
        },
        controls: &[
            |of| alter::last_epoch(of, TANH, |it| it.train.correct = 114),
            |of| alter::last_epoch(of, TANH, |it| it.train.correct = 119),
        ],
    },
    ClaimRow {
        id: "iris-bar-mean",
        says: "The mean test error over a hundred other seeds is below one in twenty with every activation",
        within: Some(
            "the mean test error over a hundred other seeds is below one in twenty with every activation",
        ),
        record: "iris",
        decide: |of| {
            let below = each_activation(of, |it| it.mean_test_error.estimate, |error| error < BAR)?;
            let seeds = each_activation(of, |it| it.others.len() as f64, |seeds| seeds == 100.0)?;
            Ok(below.and(seeds.labelled("seeds")))
        },
        controls: &[
            |of| alter::variant(of, SIGMOID, |it| it.mean_test_error.estimate = BAR),
            |of| alter::variant(of, SIGMOID, |it| it.others.truncate(99)),
        ],
    },
    ClaimRow {
        id: "iris-bar-new-flowers",
        says: "For new flowers the interval of the mean test error reaches beyond one in twenty with every activation",
        within: None,
        record: "iris",
        decide: |of| each_activation(of, |it| it.mean_on_new_flowers.high, |high| high > BAR),
        controls: &[|of| alter::variant(of, PRELU, |it| it.mean_on_new_flowers.high = BAR)],
    },
    ClaimRow {
        id: "all-four-below-the-bar-on-half",
        says: "All four activations are below the bar at once on about half of a hundred other seeds: no difference \
               from one half is found",
        within: Some(
            "all four activations are below the bar at once on about half of a hundred other seeds (no difference from \
             one half is found)",
        ),
        record: "iris",
        decide: |of| {
            let Count { correct, total } = of.iris.all_below_bar;
            let Interval { low, high, .. } = wilson_interval(correct as u64, total as u64, CONFIDENCE)?;
            let evidence = format!("{correct} of {total} seeds ({low} to {high})");
            Ok(Decision::new(total == 100 && low <= 0.5 && 0.5 <= high, evidence))
        },
        controls: &[
            |of| alter::iris(of, |it| it.all_below_bar.correct = 40),
            |of| alter::iris(of, |it| it.all_below_bar.correct = 60),
            |of| alter::iris(of, |it| it.all_below_bar.total = 99),
        ],
    },
    ClaimRow {
        id: "no-error-is-luck",
        says: "With every activation some seeds end without an error, and others miss the bar",
        within: Some("with every activation some seeds end without an error, and others miss the bar"),
        record: "iris",
        decide: |of| {
            let misses =
                |it: &Variant| it.others.iter().filter(|it| it.test.error_rate() >= BAR).count() as f64;
            let without = each_activation(of, |it| it.seeds_without_error as f64, |seeds| seeds > 0.0)?;
            let missed = each_activation(of, misses, |seeds| seeds > 0.0)?;
            Ok(without.labelled("seeds without an error").and(missed.labelled("seeds that miss the bar")))
        },
        controls: &[
            |of| alter::variant(of, SIGMOID, |it| it.seeds_without_error = 0),
            |of| {
                alter::variant(of, PRELU, |it| {
                    it.others.iter_mut().for_each(|it| it.test.correct = it.test.correct.max(29));
                });
            },
        ],
    },
    ClaimRow {
        id: "sorted-split-is-worse",
        says: "On the sorted split every activation errs more than on average over shuffled ones",
        within: Some("on the sorted split every activation errs more than on average over shuffled ones"),
        record: "iris",
        decide: |of| {
            let excess = |it: &Variant| it.sorted.error_rate() - it.mean_test_error.estimate;
            each_activation(of, excess, |excess| excess > 0.0)
        },
        controls: &[|of| alter::variant(of, TANH, |it| it.mean_test_error.estimate = it.sorted.error_rate())],
    },
];

const TABLES: &[TableRow] = &[
    TableRow {
        id: "iris-activations",
        record: "iris",
        caption: Caption::Fixed(
            "The four activations: registered seed, the sorted split, and 100 other seeds. Both intervals are \
             of 95 % confidence.",
        ),
        cells: by_activation,
    },
    TableRow {
        id: "iris-splits",
        record: "iris",
        caption: Caption::Fixed("Wrong flowers of 30 on the file as it stands, and shuffled."),
        cells: splits,
    },
];

const FIGURES: &[FigureRow] = &[
    FigureRow {
        id: "iris-train-loss",
        record: "iris",
        draw: |id, from| losses(id, from.records, "Training", |epoch| epoch.train_loss),
    },
    FigureRow {
        id: "iris-test-loss",
        record: "iris",
        draw: |id, from| losses(id, from.records, "Test", |epoch| epoch.test_loss),
    },
    FigureRow { id: "iris-errors", record: "iris", draw: |id, from| errors(id, from.records) },
];

/// The least and the largest training accuracy of P1.1 that the original reported, to three digits.
const ORIGINAL_TRAINING: [f64; 2] = [0.967, 0.975];
const HALF_A_DIGIT: f64 = 0.0005;

fn by_activation(of: &Sources) -> Result<Cells, ReportError> {
    let row = |(activation, variant): (Activation, &Variant)| {
        let mut row = vec![activation.name().to_owned()];
        row.extend(results(variant)?);
        row.push(count(variant.below_bar));
        Ok(row)
    };
    let rows = activations(of)?.into_iter().map(row).collect::<Result<_, ReportError>>()?;
    Ok(Cells::new(&[&["activation"][..], &RESULTS, &["#seeds below 5 %"]].concat(), rows))
}

/// The sorted split beside the shuffled ones.
fn splits(of: &Sources) -> Result<Cells, ReportError> {
    let row = |(activation, variant): (Activation, &Variant)| {
        vec![
            activation.name().to_owned(),
            count(variant.sorted),
            percent(variant.sorted.error_rate(), 1),
            count(variant.registered.last().test),
            percent(variant.mean_test_error.estimate, 1),
        ]
    };
    let heads = [
        "activation",
        "#as the file stands, right",
        "#wrong",
        "#shuffled, registered seed, right",
        "#shuffled, mean of 100 other seeds, wrong",
    ];
    Ok(Cells::new(&heads, activations(of)?.into_iter().map(row).collect()))
}

/// One loss of the four activations over the epochs.
fn losses(id: &str, of: &Sources, part: &str, loss: fn(&Epoch) -> f64) -> Result<Drawing, ReportError> {
    let runs = activations(of)?;
    let names: Vec<String> = runs.iter().map(|(activation, _)| activation.name().to_owned()).collect();
    let values: Vec<Vec<f64>> =
        runs.iter().map(|(_, variant)| variant.registered.history.iter().map(loss).collect()).collect();
    let title = format!("{part} loss of the four activations on iris, registered seed");
    let description = "One curve for each activation over the epochs, by powers of ten.";
    Ok(loss_curves(&Words { id, title: &title, description }, &names, &values))
}

/// With how many wrong flowers each seed of each activation ends.
fn errors(id: &str, of: &Sources) -> Result<Drawing, ReportError> {
    let wrong = |result: &SeedResult| result.test.total - result.test.correct;
    let row = |(activation, variant): (Activation, &Variant)| {
        let values: Vec<Option<usize>> = variant.others.iter().map(|seed| Some(wrong(seed))).collect();
        let quartile = |share: f64| epoch_quantile(&values, share);
        let quartiles = [quartile(0.25)?, quartile(0.5)?, quartile(0.75)?];
        Ok(Row { name: activation.name().to_owned(), values, quartiles })
    };
    let rows: Vec<Row> = activations(of)?.into_iter().map(row).collect::<Result<_, ReportError>>()?;
    let runs = rows.iter().map(|row| row.values.len()).max().unwrap_or(0);
    let title = format!("Wrong test flowers on iris, of 30, over {runs} seeds");
    let description = "A row for each activation. Every run is a dot above the number of its wrong flowers; dots of \
                       one number lie side by side and one above another. Below each row a bar reaches from the \
                       lower to the upper quartile, and a stroke marks the median.";
    let svg = dots(&Words { id, title: &title, description }, "wrong flowers of 30", &rows);
    let caption = format!("{title}: every run is a dot. One split decides nothing.");
    Ok(Drawing { caption, svg, data: by_wrong(&rows) })
}

/// On how many seeds each activation ends with so many wrong flowers.
fn by_wrong(rows: &[Row]) -> Cells {
    let heads: Vec<String> = std::iter::once("#wrong flowers".to_owned())
        .chain(rows.iter().map(|row| format!("#{}, seeds", row.name)))
        .collect();
    let most = rows.iter().flat_map(|row| row.values.iter().flatten()).copied().max().unwrap_or(0);
    let seeds = |row: &Row, n: usize| row.values.iter().filter(|value| **value == Some(n)).count();
    let row = |n: usize| {
        [n].into_iter().chain(rows.iter().map(|row| seeds(row, n))).map(|n| n.to_string()).collect()
    };
    Cells::new(&heads.iter().map(String::as_str).collect::<Vec<_>>(), (0..=most).map(row).collect())
}

#[cfg(test)]
mod tests;
