//! The tables of the report, cell by cell.

use super::cells::{count, epoch, grouped, number, p_value, percent, points};
use super::predicates::{activations, mean_train_loss, variant};
use super::tables_iris::{iris_splits, p2_parameters};
use super::tables_mnist::{mnist_confusion, mnist_epochs, mnist_layers, mnist_mistakes};
use super::tables_recompute::recomputed;
use super::tables_studies::study_tables;
use super::tables_theory::{t1_losses, t2_edges, t2_nodes, t2_totals};
use super::{ReportError, Sources, mnist_studies};
use experiments::iris::epoch_quantile;
use experiments::iris::studies::seeds::{ACTIVATION_PAIRS, BY_HAND_PAIRS, Comparison, Variant};
use records::findings::{Cells, Table};

/// All tables.
///
/// # Errors
/// [`ReportError::Missing`] when the records lack what a table shows.
pub fn tables(of: &Sources) -> Result<Vec<Table>, ReportError> {
    let table = Table::new;
    let mut all = vec![
        table(
            "t1-losses",
            "The loss of the question's batch in the three readings, in nats.",
            "theory",
            t1_losses(of),
        ),
        table(
            "t2-totals",
            "The deviation of (−1, 3) and its gradient, by convention.",
            "theory",
            t2_totals(of),
        ),
        table("t2-nodes", "Every node of the population's graph.", "theory", t2_nodes(of)),
        table("t2-edges", "Every edge of the population's graph.", "theory", t2_edges(of)),
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
        table(
            "mnist-layers",
            "The network, layer by layer, computed from the network itself; shapes are of one picture.",
            "mnist",
            mnist_layers(of),
        ),
        table("mnist-epochs", "Every epoch.", "mnist", mnist_epochs(of)),
        table(
            "mnist-confusion",
            "Answers on the test part: a row for each label, a column for each answer.",
            "mnist",
            mnist_confusion(of),
        ),
        table(
            "mnist-mistakes",
            "Every test picture that the network gets wrong.",
            "mnist",
            mnist_mistakes(of),
        ),
    ];
    all.extend(study_tables(of)?);
    all.extend(mnist_studies::tables(of)?);
    all.push(recomputed());
    Ok(all)
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
