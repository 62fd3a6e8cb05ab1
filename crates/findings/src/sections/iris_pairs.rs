//! P1.1: the four activations against each other on a hundred seeds: how soon they learn, and how often they err.

use crate::cells::epoch;
use crate::chart::Words;
use crate::dots::{Row, dots};
use crate::iris_runs::{PRELU, RELU, SIGMOID, TANH, comparisons};
use crate::predicates::{
    activations, comparison, errors_point, extreme, new_flowers_point, significant, signs_point, speed_signs,
    variant,
};
use crate::{Caption, ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, TableRow, alter};
use experiments::iris::studies::Direction;
use experiments::iris::studies::seeds::ACTIVATION_PAIRS;
use experiments::iris::{Activation, epoch_quantile};
use records::findings::{Cells, Decision};
use stats::LEVEL;

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, figures: FIGURES };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "activations-differ-in-speed",
        says: "The four activations differ in how soon they learn",
        within: Some("the four activations differ in how soon they learn"),
        record: "iris",
        decide: |of| Ok(significant(&of.iris.activations_by_speed)),
        controls: &[|of| alter::iris(of, |it| it.activations_by_speed.p_value = LEVEL)],
    },
    ClaimRow {
        id: "activations-differ-in-error",
        says: "On these flowers the four activations differ in test error",
        within: Some("on these flowers the four activations differ in test error"),
        record: "iris",
        decide: |of| Ok(significant(&of.iris.activations_by_test_error)),
        controls: &[|of| alter::iris(of, |it| it.activations_by_test_error.p_value = LEVEL)],
    },
    ClaimRow {
        id: "sigmoid-is-slowest",
        says: "Sigmoid is the slowest of the four",
        within: None,
        record: "iris",
        decide: |of| extreme(of, Activation::Sigmoid, f64::gt),
        controls: &[
            |of| {
                alter::iris(of, |it| {
                    let ranks = &mut it.activations_by_speed.mean_ranks;
                    ranks[RELU_RANK] = ranks[SIGMOID_RANK];
                });
            },
            |of| alter::iris(of, |it| it.activations_by_speed.p_value = LEVEL),
        ],
    },
    ClaimRow {
        id: "tanh-is-fastest",
        says: "Tanh is the fastest of the four",
        within: None,
        record: "iris",
        decide: |of| extreme(of, Activation::Tanh, f64::lt),
        controls: &[
            |of| {
                alter::iris(of, |it| {
                    let ranks = &mut it.activations_by_speed.mean_ranks;
                    ranks[PRELU_RANK] = ranks[TANH_RANK];
                });
            },
            |of| alter::iris(of, |it| it.activations_by_speed.p_value = LEVEL),
        ],
    },
    ClaimRow {
        id: "sigmoid-errs-more-than-relu",
        says: "On these flowers sigmoid errs more often than ReLU",
        within: None,
        record: "iris",
        decide: |of| Ok(errors_point(comparison(of, SIGMOID, RELU)?.test_error, Direction::More)),
        controls: &[|of| alter::comparison(of, [SIGMOID, RELU], |it| it.test_error.low = 0.0)],
    },
    ClaimRow {
        id: "prelu-is-sooner-than-relu",
        says: "PReLU learns sooner than ReLU on the same splits",
        within: None,
        record: "iris",
        decide: |of| Ok(signs_point(&comparison(of, PRELU, RELU)?.speed_signs, Direction::Less)),
        controls: &[
            |of| alter::comparison(of, [PRELU, RELU], |it| it.speed_signs.p_value = LEVEL),
            |of| alter::comparison(of, [PRELU, RELU], |it| alter::turn(&mut it.speed_signs)),
        ],
    },
    ClaimRow {
        id: "tanh-is-sooner-than-prelu",
        says: "Tanh learns sooner than PReLU on the same splits",
        within: None,
        record: "iris",
        decide: |of| Ok(signs_point(&speed_signs(variant(of, TANH)?, variant(of, PRELU)?)?, Direction::Less)),
        controls: &[
            // On three of the seeds on which tanh was sooner it is as late as PReLU.
            |of| {
                alter::iris(of, |it| {
                    let Some(prelu) = it.variant(PRELU).map(|it| it.others.clone()) else { return };
                    let tanh =
                        it.variants.iter_mut().filter(|it| it.id == TANH).flat_map(|it| &mut it.others);
                    let epochs = tanh.zip(&prelu).map(|(tanh, prelu)| {
                        (&mut tanh.first_epoch_at_95_percent, prelu.first_epoch_at_95_percent)
                    });
                    epochs
                        .filter(|(tanh, prelu)| **tanh < *prelu)
                        .take(3)
                        .for_each(|(tanh, prelu)| *tanh = prelu);
                });
            },
            // The two change places.
            |of| {
                alter::iris(of, |it| {
                    for variant in &mut it.variants {
                        variant.id = match variant.id.as_str() {
                            TANH => PRELU.to_owned(),
                            PRELU => TANH.to_owned(),
                            _ => continue,
                        };
                    }
                });
            },
        ],
    },
    ClaimRow {
        id: "prelu-errs-as-relu",
        says: "On these flowers no difference in test error is found between PReLU and ReLU",
        within: None,
        record: "iris",
        decide: |of| Ok(errors_point(comparison(of, PRELU, RELU)?.test_error, Direction::Undecided)),
        controls: &[
            |of| alter::comparison(of, [PRELU, RELU], |it| it.test_error.low = f64::MIN_POSITIVE),
            |of| alter::comparison(of, [PRELU, RELU], |it| it.test_error.high = -f64::MIN_POSITIVE),
        ],
    },
    ClaimRow {
        id: "tanh-errs-as-relu",
        says: "On these flowers no difference in test error is found between tanh and ReLU",
        within: None,
        record: "iris",
        decide: |of| Ok(errors_point(comparison(of, TANH, RELU)?.test_error, Direction::Undecided)),
        controls: &[
            |of| alter::comparison(of, [TANH, RELU], |it| it.test_error.low = f64::MIN_POSITIVE),
            |of| alter::comparison(of, [TANH, RELU], |it| it.test_error.high = -f64::MIN_POSITIVE),
        ],
    },
    ClaimRow {
        id: "pairs-on-new-flowers",
        says: "On new flowers the corrected t-test finds no difference in test error between PReLU, sigmoid or tanh \
               and ReLU, nor between tanh and sigmoid",
        within: None,
        record: "iris",
        decide: none_on_new_flowers,
        controls: &[
            |of| alter::comparison(of, [PRELU, RELU], |it| it.new_flowers.p_value = 0.999 * LEVEL),
            |of| alter::comparison(of, [SIGMOID, RELU], |it| it.new_flowers.p_value = 0.999 * LEVEL),
            |of| alter::comparison(of, [TANH, RELU], |it| it.new_flowers.p_value = 0.999 * LEVEL),
            |of| alter::comparison(of, [TANH, SIGMOID], |it| it.new_flowers.p_value = 0.999 * LEVEL),
        ],
    },
];

/// Whether no pair of [`ACTIVATION_PAIRS`] is found to differ on new flowers.
fn none_on_new_flowers(of: &Sources) -> Result<Decision, ReportError> {
    let pair = |&(first, second): &(&str, &str)| {
        let test = comparison(of, first, second)?.new_flowers;
        Ok(new_flowers_point(&test, Direction::Undecided).labelled(&format!("{first}:{second}")))
    };
    let all: Vec<Decision> = ACTIVATION_PAIRS.iter().map(pair).collect::<Result<_, ReportError>>()?;
    let [first, others @ ..] = all.as_slice() else {
        return Err(ReportError::missing("iris.json: pairs of activations"));
    };
    Ok(others.iter().fold(first.clone(), |all, pair| all.and(pair.clone())))
}

const TABLES: &[TableRow] = &[TableRow {
    id: "iris-comparisons",
    record: "iris",
    caption: Caption::Fixed(
        "Pairs on the same 100 seeds, first minus second; p without a correction for their number.",
    ),
    cells: |of| comparisons(of, &ACTIVATION_PAIRS, |id| id.strip_prefix("framework-").unwrap_or(id)),
}];

const FIGURES: &[FigureRow] =
    &[FigureRow { id: "iris-speed", record: "iris", draw: |id, from| speed(id, from.records) }];

/// Where an activation stands in the mean ranks.
const RELU_RANK: usize = 0;
const SIGMOID_RANK: usize = 1;
const TANH_RANK: usize = 2;
const PRELU_RANK: usize = 3;

/// How soon the four activations learn.
fn speed(id: &str, of: &Sources) -> Result<Drawing, ReportError> {
    let of_epochs = |epochs: &[Option<usize>]| -> Result<[Option<f64>; 3], ReportError> {
        Ok([epoch_quantile(epochs, 0.25)?, epoch_quantile(epochs, 0.5)?, epoch_quantile(epochs, 0.75)?])
    };
    let rows: Vec<Row> = activations(of)?
        .into_iter()
        .map(|(activation, variant)| {
            let epochs = variant.first_epochs_at_95();
            Ok(Row { name: activation.name().to_owned(), quartiles: of_epochs(&epochs)?, values: epochs })
        })
        .collect::<Result<_, ReportError>>()?;
    let runs = rows.iter().map(|row| row.values.len()).max().unwrap_or(0);
    let title = format!("First epoch with at least 95 % of the training part right, over {runs} seeds");
    let description = "A row for each activation. Every run is a dot above its epoch; dots of one epoch lie side by \
                       side and one above another. Below each row a bar reaches from the lower to the upper quartile, \
                       and a stroke marks the median.";
    let svg = dots(&Words { id, title: &title, description }, "epoch", &rows);
    Ok(Drawing { caption: caption(&title, &rows), svg, data: quartiles(&rows)? })
}

fn caption(title: &str, rows: &[Row]) -> String {
    let never = rows.iter().map(never).sum::<usize>();
    let there = match never {
        0 => "Every run gets there".to_owned(),
        1 => "1 run never gets there and stands at the right".to_owned(),
        _ => format!("{never} runs never get there and stand at the right"),
    };
    format!(
        "{title}: every run is a dot. The bars reach from quartile to quartile, the strokes are medians. {there}."
    )
}

fn never(row: &Row) -> usize {
    row.values.iter().filter(|epoch| epoch.is_none()).count()
}

fn quartiles(rows: &[Row]) -> Result<Cells, ReportError> {
    let cells = |row: &Row| -> Result<Vec<String>, ReportError> {
        let [low, median, high] = row.quartiles;
        let (first, last) = (epoch_quantile(&row.values, 0.0)?, epoch_quantile(&row.values, 1.0)?);
        let mut cells = vec![row.name.clone(), row.values.len().to_string(), never(row).to_string()];
        cells.extend([first, low, median, high, last].map(epoch));
        Ok(cells)
    };
    let heads = [
        "activation",
        "#runs",
        "#never there",
        "#first",
        "#lower quartile",
        "#median",
        "#upper quartile",
        "#last",
    ];
    Ok(Cells::new(&heads, rows.iter().map(cells).collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests;
