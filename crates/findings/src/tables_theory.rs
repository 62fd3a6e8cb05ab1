//! Tables of T1 and T2.

use super::Sources;
use super::cells::number;
use records::findings::{Cells, Table};
use theory::render::json::StdDevRecord;

/// The tables of T1 and T2.
pub(super) fn tables(of: &Sources) -> Vec<Table> {
    let table = Table::new;
    vec![
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
    ]
}

pub(super) fn t1_losses(of: &Sources) -> Cells {
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

pub(super) fn t2_totals(of: &Sources) -> Cells {
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
