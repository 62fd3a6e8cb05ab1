//! P2.1 and P2.2: the network by hand against the layers, with three optimisers, and with the original's recipe.

use crate::cells::{grouped, number};
use crate::chart::Words;
use crate::iris_runs::{RESULTS, SIGMOID, comparisons, loss_curves, results};
use crate::predicates::{
    comparison, errors_point, interval_text, last_hundred, last_two_hundreds, mean_train_loss,
    new_flowers_point, signs_point, signs_text, variant,
};
use crate::{Caption, ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, TableRow, alter};
use data::iris::{FEATURES, SPECIES};
use experiments::iris::HIDDEN;
use experiments::iris::studies::Direction;
use experiments::iris::studies::seeds::BY_HAND_PAIRS;
use mlp_scratch::{Network, Sizes};
use records::findings::{Cells, Decision};
use stats::LEVEL;

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, figures: FIGURES };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "by-hand-is-by-layers",
        says: "By hand and by layers, plain descent has equally many test errors on every seed",
        within: Some("by hand and by layers, plain descent has equally many test errors on every seed"),
        record: "iris",
        decide: |of| {
            let signs = &comparison(of, BY_HAND, DESCENT)?.test_error_signs;
            Ok(Decision::new(signs.positive + signs.negative == 0, signs_text(signs)))
        },
        controls: &[
            |of| alter::comparison(of, [BY_HAND, DESCENT], |it| it.test_error_signs.positive = 1),
            |of| alter::comparison(of, [BY_HAND, DESCENT], |it| it.test_error_signs.negative = 1),
        ],
    },
    ClaimRow {
        id: "one-gradient-twice",
        says: "The gradient by hand is that of the reference layers",
        within: Some("the gradient by hand is that of the reference layers"),
        record: "iris",
        decide: |of| {
            let worst = of.iris.scratch_gradients.worst_relative_difference;
            Ok(Decision::new(worst < 1e-12, format!("largest relative difference {worst:e}")))
        },
        controls: &[|of| alter::iris(of, |it| it.scratch_gradients.worst_relative_difference = 1e-12)],
    },
    ClaimRow {
        id: "descent-is-later-than-adam",
        says: "Plain descent needs more epochs than Adam on the same splits",
        within: None,
        record: "iris",
        decide: |of| Ok(signs_point(&comparison(of, BY_HAND, ADAM)?.speed_signs, Direction::More)),
        controls: &[
            |of| alter::comparison(of, [BY_HAND, ADAM], |it| it.speed_signs.p_value = LEVEL),
            |of| alter::comparison(of, [BY_HAND, ADAM], |it| alter::turn(&mut it.speed_signs)),
        ],
    },
    ClaimRow {
        id: "descent-errs-no-more-than-adam",
        says: "On these flowers plain descent errs no more often than Adam",
        within: Some("on these flowers plain descent errs no more often than Adam"),
        record: "iris",
        decide: |of| {
            let error = comparison(of, BY_HAND, ADAM)?.test_error;
            Ok(Decision::new(error.estimate <= 0.0, interval_text(error)))
        },
        controls: &[|of| {
            alter::comparison(of, [BY_HAND, ADAM], |it| it.test_error.estimate = f64::MIN_POSITIVE);
        }],
    },
    ClaimRow {
        id: "momentum-ends-as-descent",
        says: "On average over the seeds momentum and plain descent end at the same training loss, to one part in \
               a hundred",
        within: None,
        record: "iris",
        decide: |of| {
            let descent = mean_train_loss(variant(of, BY_HAND)?);
            let momentum = mean_train_loss(variant(of, MOMENTUM)?);
            let same = (descent - momentum).abs() < 0.01 * momentum;
            Ok(Decision::new(same, format!("mean training loss {descent} and {momentum}")))
        },
        controls: &[
            |of| alter::variant(of, MOMENTUM, |it| it.others.iter_mut().for_each(|it| it.train_loss *= 0.99)),
            |of| alter::variant(of, MOMENTUM, |it| it.others.iter_mut().for_each(|it| it.train_loss *= 1.02)),
        ],
    },
    ClaimRow {
        id: "original-recipe-errs-more",
        says: "On these flowers the network by hand errs more often with the original's recipe, from our initial \
               weights, than with our settings",
        within: Some(
            "on these flowers the network by hand errs more often with the original's recipe, from our initial \
             weights, than with our settings",
        ),
        record: "iris",
        decide: |of| Ok(errors_point(comparison(of, AS_THE_ORIGINAL, BY_HAND)?.test_error, Direction::More)),
        controls: &[|of| alter::comparison(of, [AS_THE_ORIGINAL, BY_HAND], |it| it.test_error.low = 0.0)],
    },
    ClaimRow {
        id: "sigmoid-by-descent-errs-less",
        says: "On these flowers the sigmoid network errs less often by plain descent than with the settings of P1.1",
        within: None,
        record: "iris",
        decide: |of| Ok(errors_point(comparison(of, BY_HAND, SIGMOID)?.test_error, Direction::Less)),
        controls: &[|of| alter::comparison(of, [BY_HAND, SIGMOID], |it| it.test_error.high = 0.0)],
    },
    ClaimRow {
        id: "descent-on-new-flowers",
        says: "On new flowers the corrected t-test finds no difference in test error between plain descent and \
               Adam, nor between it and the settings of P1.1",
        within: None,
        record: "iris",
        decide: |of| {
            let undecided = Direction::Undecided;
            let adam = new_flowers_point(&comparison(of, BY_HAND, ADAM)?.new_flowers, undecided);
            let p1_1 = new_flowers_point(&comparison(of, BY_HAND, SIGMOID)?.new_flowers, undecided);
            Ok(adam.labelled("Adam").and(p1_1.labelled("P1.1")))
        },
        controls: &[
            |of| alter::comparison(of, [BY_HAND, ADAM], |it| it.new_flowers.p_value = 0.999 * LEVEL),
            |of| alter::comparison(of, [BY_HAND, SIGMOID], |it| it.new_flowers.p_value = 0.999 * LEVEL),
        ],
    },
    ClaimRow {
        id: "original-recipe-errs-more-on-new-flowers",
        says: "On new flowers the corrected t-test, too, finds that the network by hand errs more often with the \
               original's recipe, from our initial weights",
        within: None,
        record: "iris",
        decide: |of| {
            Ok(new_flowers_point(&comparison(of, AS_THE_ORIGINAL, BY_HAND)?.new_flowers, Direction::More))
        },
        controls: &[
            |of| alter::comparison(of, [AS_THE_ORIGINAL, BY_HAND], |it| it.new_flowers.p_value = LEVEL),
            |of| {
                alter::comparison(of, [AS_THE_ORIGINAL, BY_HAND], |it| {
                    it.new_flowers.difference.estimate = -f64::MIN_POSITIVE;
                });
            },
        ],
    },
    ClaimRow {
        id: "adam-ends-lower",
        says: "On every seed Adam ends at a lower training loss than plain descent",
        within: None,
        record: "iris",
        decide: |of| {
            let signs = comparison(of, BY_HAND, ADAM)?.train_loss_signs.as_ref();
            let signs = signs.ok_or_else(|| {
                ReportError::missing(format!("iris.json: train_loss_signs of {BY_HAND}:{ADAM}"))
            })?;
            let every = signs.negative + signs.ties == 0 && signs.positive > 0;
            Ok(Decision::new(every, signs_text(signs)))
        },
        controls: &[
            |of| {
                alter::comparison(of, [BY_HAND, ADAM], |it| {
                    it.train_loss_signs.iter_mut().for_each(|it| it.negative = 1);
                });
            },
            |of| {
                alter::comparison(of, [BY_HAND, ADAM], |it| {
                    it.train_loss_signs.iter_mut().for_each(|it| it.ties = 1);
                });
            },
        ],
    },
    ClaimRow {
        id: "descent-still-falls-slowly",
        says: "On the registered seed the training loss of plain descent still falls when it is stopped: over its last \
               hundred epochs the mean is lower than over the hundred before, by less than one part in fifty",
        within: None,
        record: "iris",
        decide: |of| {
            let [before, after] = last_two_hundreds(variant(of, BY_HAND)?)?;
            let falls = (0.98..1.0).contains(&(after / before));
            Ok(Decision::new(falls, format!("mean training loss {before}, then {after}")))
        },
        // A tenth in one of a hundred epochs is a thousandth in their mean, which is about 0.043 and fell by 0.0006.
        controls: &[
            |of| alter::last_epoch(of, BY_HAND, |it| it.train_loss += 0.1),
            |of| alter::last_epoch(of, BY_HAND, |it| it.train_loss -= 0.1),
        ],
    },
    ClaimRow {
        id: "original-recipe-still-falls",
        says: "On the registered seed the original's recipe ends on its way down: over its last hundred epochs the \
               training loss falls by more than a tenth",
        within: None,
        record: "iris",
        decide: |of| {
            let (before, after) = last_hundred(variant(of, AS_THE_ORIGINAL)?)?;
            Ok(Decision::new(after < 0.9 * before, format!("training loss {before}, then {after}")))
        },
        // It fell from 11.00 to 9.02 (squared errors, summed), and 9.90 would be nine tenths.
        controls: &[|of| alter::last_epoch(of, AS_THE_ORIGINAL, |it| it.train_loss = 9.9)],
    },
];

const TABLES: &[TableRow] = &[
    TableRow {
        id: "iris-optimisers",
        record: "iris",
        caption: Caption::Fixed(
            "One network of 4, 40 and 3 units, sigmoid: by hand and by layers, with three optimisers. The loss of the \
             last row is half the squared error summed over the training flowers, and not to be compared with the \
             others, which are mean cross-entropies.",
        ),
        cells: optimisers,
    },
    TableRow {
        id: "p2-comparisons",
        record: "iris",
        caption: Caption::Fixed(
            "Plain descent by hand against the others on the same 100 seeds, first minus second.",
        ),
        cells: |of| comparisons(of, &BY_HAND_PAIRS, |id| id),
    },
    TableRow {
        id: "p2-parameters",
        record: "iris",
        caption: Caption::Fixed("The parameters of the network by hand."),
        cells: |_| parameters(),
    },
];

const FIGURES: &[FigureRow] =
    &[FigureRow { id: "iris-optimisers", record: "iris", draw: |id, from| losses(id, from.records) }];

const BY_HAND: &str = "scratch";
const AS_THE_ORIGINAL: &str = "scratch-as-in-the-original";
const DESCENT: &str = "framework-sigmoid-sgd";
const MOMENTUM: &str = "framework-sigmoid-momentum";
const ADAM: &str = "framework-sigmoid-adam";

/// From the layers of P1.1 to the original's recipe.
const CONFIGURATIONS: [&str; 6] = [SIGMOID, ADAM, MOMENTUM, DESCENT, BY_HAND, AS_THE_ORIGINAL];

fn optimisers(of: &Sources) -> Result<Cells, ReportError> {
    let row = |id: &&str| {
        let variant = variant(of, id)?;
        let mut row = vec![(*id).to_owned(), number(mean_train_loss(variant), 4)];
        row.extend(results(variant)?);
        Ok(row)
    };
    let rows = CONFIGURATIONS.iter().map(row).collect::<Result<_, ReportError>>()?;
    Ok(Cells::new(&[&["configuration", "#mean training loss"][..], &RESULTS].concat(), rows))
}

/// Shapes and counts, taken from a network and not from its documentation.
fn parameters() -> Result<Cells, ReportError> {
    let sizes = Sizes { inputs: FEATURES, hidden: HIDDEN, outputs: SPECIES.len() };
    let network = Network::init(sizes, experiments::REGISTERED_SEED)?;
    let (w1, b1, w2, b2) = (network.w1(), network.b1(), network.w2(), network.b2());
    let parameters = [
        ("W1", "(D, H)", w1.shape()),
        ("b1", "(H)", b1.shape()),
        ("W2", "(H, C)", w2.shape()),
        ("b2", "(C)", b2.shape()),
    ];
    let row = |(name, letters, shape): (&str, &str, &[usize])| {
        let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
        vec![name.to_owned(), letters.to_owned(), sides.join(" × "), grouped(shape.iter().product())]
    };
    let mut rows: Vec<Vec<String>> = parameters.into_iter().map(row).collect();
    rows.push(vec!["all".to_owned(), String::new(), String::new(), grouped(network.to_vec().len())]);
    Ok(Cells::new(&["parameter", "shape", "#on iris", "#numbers"], rows))
}

/// The training loss over the epochs of one network, trained in four ways.
fn losses(id: &str, of: &Sources) -> Result<Drawing, ReportError> {
    let names = ["by hand", "descent", "momentum", "Adam"].map(str::to_owned);
    let loss = |id: &str| -> Result<Vec<f64>, ReportError> {
        Ok(variant(of, id)?.registered.history.iter().map(|epoch| epoch.train_loss).collect())
    };
    let values = [loss(BY_HAND)?, loss(DESCENT)?, loss(MOMENTUM)?, loss(ADAM)?];
    let title = "Training loss of one network by hand and with three optimisers, registered seed";
    let description = "One curve for each way to train, over the epochs, by powers of ten.";
    Ok(loss_curves(&Words { id, title, description }, &names, &values))
}
