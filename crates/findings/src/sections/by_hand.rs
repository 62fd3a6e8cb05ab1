//! P2.1 and P2.2: the network by hand against the layers, with three optimisers, and with the original's recipe.

use crate::cells::{grouped, number};
use crate::iris_runs::{RESULTS, SIGMOID, comparisons, results};
use crate::predicates::{
    comparison, errors_point, interval_text, mean_train_loss, new_flowers_point, signs_point, signs_text,
    variant,
};
use crate::{Caption, ClaimRow, ReportError, Section, Sources, TableRow, alter};
use data::iris::{FEATURES, SPECIES};
use experiments::iris::HIDDEN;
use experiments::iris::studies::Direction;
use experiments::iris::studies::seeds::BY_HAND_PAIRS;
use mlp_scratch::{Network, Sizes};
use records::findings::{Cells, Decision};
use stats::{LEVEL, holm};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, ..Section::EMPTY };

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
        says: "On new flowers the corrected t-test, taken by itself, finds that the network by hand errs more often \
               with the original's recipe, from our initial weights, than with our settings",
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
        id: "original-recipe-on-new-flowers-is-not-found-after-holm",
        says: "With Holm's correction over the comparisons of the network by hand on new flowers no difference between \
               the original's recipe and our settings is found",
        within: None,
        record: "iris",
        decide: |of| {
            let adjusted = adjusted_on_new_flowers(of, [AS_THE_ORIGINAL, BY_HAND])?;
            Ok(Decision::new(adjusted >= LEVEL, format!("adjusted p = {adjusted:e}")))
        },
        // It is the smallest p-value of five.
        controls: &[|of| {
            alter::comparison(of, [AS_THE_ORIGINAL, BY_HAND], |it| {
                it.new_flowers.p_value = 0.999 * LEVEL / 5.0;
            });
        }],
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
            "Plain descent by hand against the others on the same 100 seeds, first minus second. Each p is of one \
             test by itself, without a correction for the others.",
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

pub(super) const BY_HAND: &str = "scratch";
pub(super) const AS_THE_ORIGINAL: &str = "scratch-as-in-the-original";
pub(super) const DESCENT: &str = "framework-sigmoid-sgd";
pub(super) const MOMENTUM: &str = "framework-sigmoid-momentum";
pub(super) const ADAM: &str = "framework-sigmoid-adam";

/// From the layers of P1.1 to the original's recipe.
const CONFIGURATIONS: [&str; 6] = [SIGMOID, ADAM, MOMENTUM, DESCENT, BY_HAND, AS_THE_ORIGINAL];

/// The p-value of a pair on new flowers, by Holm's correction over all pairs of the network by hand.
fn adjusted_on_new_flowers(of: &Sources, pair: [&str; 2]) -> Result<f64, ReportError> {
    let p_value = |(first, second): &(&str, &str)| Ok(comparison(of, first, second)?.new_flowers.p_value);
    let p_values = BY_HAND_PAIRS.iter().map(p_value).collect::<Result<Vec<f64>, ReportError>>()?;
    let adjusted = holm(&p_values)?;
    let place = BY_HAND_PAIRS.iter().position(|&(first, second)| [first, second] == pair);
    place.map(|place| adjusted[place]).ok_or_else(|| ReportError::Missing(pair.join(":")))
}

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
