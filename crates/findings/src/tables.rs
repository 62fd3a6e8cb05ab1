//! The tables of the report, cell by cell.

use super::cells::{count, epoch, grouped, number, p_value, percent, points};
use super::predicates::{activations, mean_train_loss, variant};
use super::tables_iris::{iris_splits, p2_parameters};
use super::tables_mnist::{mnist_confusion, mnist_epochs, mnist_layers, mnist_mistakes};
use super::tables_recompute::recomputed;
use super::tables_studies::study_tables;
use super::{ReportError, Sources, mnist_studies};
use experiments::iris::epoch_quantile;
use experiments::iris::studies::seeds::{ACTIVATION_PAIRS, BY_HAND_PAIRS, Comparison, Variant};
use records::findings::{Cells, Table};
use theory::render::json::StdDevRecord;

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

fn t1_losses(of: &Sources) -> Cells {
    let row = |loss: &experiments::worked::Loss| {
        let loss = &loss.loss;
        let mut row = vec![loss.reading.name().to_owned()];
        row.extend(loss.per_sample.iter().map(|term| number(*term, 6)));
        row.extend([number(loss.sum, 6), number(loss.mean, 6)]);
        row
    };
    Cells::new(
        &["reading", "#x1", "#x2", "#x3", "#sum", "#mean"],
        of.theory.cross_entropy.iter().map(row).collect(),
    )
}

fn convention(deviation: &StdDevRecord) -> &'static str {
    if deviation.ddof == 0 { "population, divisor n" } else { "sample, divisor n − 1" }
}

fn t2_totals(of: &Sources) -> Cells {
    let row = |deviation: &StdDevRecord| {
        let mut row = vec![convention(deviation).to_owned(), number(deviation.value, 6)];
        row.extend(deviation.gradient.iter().map(|gradient| number(*gradient, 6)));
        row
    };
    Cells::new(&["convention", "#σ", "#∂σ/∂x1", "#∂σ/∂x2"], of.theory.std_dev.iter().map(row).collect())
}

/// A node's name as the chapter writes it.
fn greek(name: &str) -> String {
    name.replace("sigma", "σ").replace("mu", "μ")
}

pub(super) fn t2_nodes(of: &Sources) -> Cells {
    let population = of.theory.std_dev.iter().find(|deviation| deviation.ddof == 0);
    let row = |node: &theory::render::json::NodeRecord| {
        vec![greek(&node.id), greek(&node.expression), number(node.value, 3), number(node.gradient, 3)]
    };
    let rows = population.map_or(Vec::new(), |deviation| deviation.nodes.iter().map(row).collect());
    Cells::new(&["node", "is", "#value", "#∂σ/∂(node)"], rows)
}

pub(super) fn t2_edges(of: &Sources) -> Cells {
    edges(of, 0)
}

/// Every edge of the graph with this divisor.
pub(super) fn edges(of: &Sources, ddof: usize) -> Cells {
    let deviation = of.theory.std_dev.iter().find(|deviation| deviation.ddof == ddof);
    let rows = deviation.map_or(Vec::new(), |deviation| {
        let total =
            |id: &str| deviation.nodes.iter().find(|node| node.id == id).map_or(0.0, |node| node.gradient);
        let row = |edge: &theory::render::json::EdgeRecord| {
            let numbers = [edge.value, total(&edge.to), edge.partial, edge.gradient];
            let mut row = vec![format!("{} → {}", greek(&edge.from), greek(&edge.to))];
            row.extend(numbers.map(|value| number(value, 3)));
            row
        };
        deviation.edges.iter().map(row).collect()
    });
    Cells::new(&["edge", "#value", "#∂σ/∂(end)", "#local derivative", "#gradient"], rows)
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
