//! Tables of P1.1 and P2 on the registered seed and a hundred others.

use super::cells::{count, epoch, grouped, number, p_value, percent, points};
use super::predicates::{activations, mean_train_loss, variant};
use super::{ReportError, Sources};
use data::iris::{FEATURES, SPECIES};
use experiments::iris::studies::seeds::{ACTIVATION_PAIRS, BY_HAND_PAIRS, Comparison, Variant};
use experiments::iris::{HIDDEN, epoch_quantile};
use mlp_scratch::{Network, Sizes};
use records::findings::{Cells, Table};

/// The tables of P1.1 and P2.
pub(super) fn tables(of: &Sources) -> Result<Vec<Table>, ReportError> {
    Ok([of_p1_1(of)?, of_p2(of)?].concat())
}

fn of_p1_1(of: &Sources) -> Result<Vec<Table>, ReportError> {
    let table = Table::new;
    Ok(vec![
        table(
            "iris-activations",
            "The four activations: registered seed, the split to the letter, and 100 other seeds.",
            "iris",
            iris_activations(of)?,
        ),
        table(
            "iris-splits",
            "Wrong flowers of 30 on the file as it stands, and shuffled.",
            "iris",
            iris_splits(of)?,
        ),
        table(
            "iris-comparisons",
            "Pairs on the same 100 seeds, first minus second.",
            "iris",
            comparisons(of, &ACTIVATION_PAIRS)?,
        ),
        table(
            "iris-tuning",
            "Wrong answers on held-out folds of the training part, by weight decay.",
            "iris-tuning",
            tuning(of),
        ),
    ])
}

fn of_p2(of: &Sources) -> Result<Vec<Table>, ReportError> {
    let table = Table::new;
    Ok(vec![
        table(
            "iris-optimisers",
            "One network of 4, 40 and 3 units, sigmoid: by hand and by layers, with three optimisers.",
            "iris",
            optimisers(of)?,
        ),
        table(
            "p2-comparisons",
            "Plain descent by hand against the others on the same 100 seeds, first minus second.",
            "iris",
            comparisons(of, &BY_HAND_PAIRS)?,
        ),
        table("p2-parameters", "The parameters of the network by hand.", "iris", p2_parameters()?),
    ])
}

fn iris_activations(of: &Sources) -> Result<Cells, ReportError> {
    let row = |(activation, variant): (experiments::iris::Activation, &Variant)| {
        let mut row = vec![activation.name().to_owned()];
        row.extend(results(variant)?);
        Ok(row)
    };
    let rows = activations(of)?.into_iter().map(row).collect::<Result<_, ReportError>>()?;
    Ok(Cells::new(&[&["activation"][..], &RESULTS].concat(), rows))
}

/// The headings of [`results`].
const RESULTS: [&str; 6] = [
    "#registered seed, right",
    "#sorted split, right",
    "#mean test error",
    "#95 % interval",
    "#seeds without error",
    "#median epoch at 95 %",
];

fn results(variant: &Variant) -> Result<Vec<String>, ReportError> {
    let error = variant.mean_test_error;
    Ok(vec![
        count(variant.registered.last().test),
        count(variant.sorted),
        percent(error.estimate, 2),
        format!("{} to {}", percent(error.low, 2), percent(error.high, 2)),
        format!("{} of {}", variant.seeds_without_error, variant.others.len()),
        epoch(epoch_quantile(&variant.first_epochs_at_95(), 0.5)?),
    ])
}

fn comparisons(of: &Sources, pairs: &[(&str, &str)]) -> Result<Cells, ReportError> {
    let row = |(first, second): &(&str, &str)| {
        let missing = || ReportError::Missing(format!("{first}:{second}"));
        let Comparison { test_error, speed_signs, .. } =
            of.iris.comparison(first, second).ok_or_else(missing)?;
        Ok(vec![
            (*first).to_owned(),
            (*second).to_owned(),
            points(*test_error),
            format!("{} / {} / {}", speed_signs.negative, speed_signs.ties, speed_signs.positive),
            p_value(speed_signs.p_value),
        ])
    };
    let heads = [
        "first",
        "second",
        "#test error, points (95 % interval)",
        "#sooner / equal / later, seeds",
        "#p of the speed",
    ];
    Ok(Cells::new(&heads, pairs.iter().map(row).collect::<Result<_, ReportError>>()?))
}

fn tuning(of: &Sources) -> Cells {
    let row = |row: &experiments::iris::studies::tuning::Row| {
        let chosen = if row.weight_decay == of.tuning.chosen { "chosen" } else { "" };
        vec![row.weight_decay.to_string(), grouped(row.errors), grouped(row.total), chosen.to_owned()]
    };
    Cells::new(&["#weight decay", "#wrong", "#asked", ""], of.tuning.rows.iter().map(row).collect())
}

/// The configurations of P2.2, from the layers of P1.1 to the original's recipe.
pub(super) const P2_2: [&str; 6] = [
    "framework-sigmoid",
    "framework-sigmoid-adam",
    "framework-sigmoid-momentum",
    "framework-sigmoid-sgd",
    "scratch",
    "scratch-as-in-the-original",
];

fn optimisers(of: &Sources) -> Result<Cells, ReportError> {
    let row = |id: &&str| {
        let variant = variant(of, id)?;
        let mut row = vec![(*id).to_owned(), number(mean_train_loss(variant), 4)];
        row.extend(results(variant)?);
        Ok(row)
    };
    let rows = P2_2.iter().map(row).collect::<Result<_, ReportError>>()?;
    Ok(Cells::new(&[&["configuration", "#mean training loss"][..], &RESULTS].concat(), rows))
}

/// The split to the letter beside the shuffled ones.
pub(super) fn iris_splits(of: &Sources) -> Result<Cells, ReportError> {
    let row = |(activation, variant): (
        experiments::iris::Activation,
        &experiments::iris::studies::seeds::Variant,
    )| {
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

/// Shapes and counts, taken from a network and not from its documentation.
pub(super) fn p2_parameters() -> Result<Cells, ReportError> {
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
