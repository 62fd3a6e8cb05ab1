//! Tables for a terminal.

use super::number::{full, short, short_gradient, short_or_zero, short_total, short_value};
use crate::{
    cross_entropy::CrossEntropy,
    graph::{Edge, Graph, Node, NodeId, Op},
    std_dev_graph::{InputPaths, StdDevGraph},
};

/// The loss of a batch: a row for each example, then sum and mean, every number in full.
///
/// `q` are the [class probabilities](crate::cross_entropy::class_probabilities) `(B, C)` and `labels (B)` **count
/// from 0**; the table counts examples and classes from 1.
pub fn cross_entropy(loss: &CrossEntropy, q: &[Vec<f64>], labels: &[usize]) -> String {
    let mut rows = Vec::new();
    for (b, (term, &c)) in loss.per_sample.iter().zip(labels).enumerate() {
        let of_class = q.get(b).and_then(|q| q.get(c)).map_or_else(String::new, |&q| full(q));
        rows.push([(b + 1).to_string(), (c + 1).to_string(), of_class, full(*term)].to_vec());
    }
    for (name, value) in [("sum", loss.sum), ("mean", loss.mean)] {
        rows.push([name.to_owned(), String::new(), String::new(), full(value)].to_vec());
    }
    let reading = loss.reading;
    let head = ["example", "class", "q of the class", "-ln q (nats)"];
    format!("Reading: {} ({})\n\n{}", reading.name(), reading.explanation(), table(&head, "lrll", &rows))
}

/// Every node of the graph: what it computes, its value, and the total gradient of `sigma` by it.
pub fn nodes(graph: &StdDevGraph) -> String {
    let row = |(id, node): (NodeId, &Node)| {
        let total = short_total(&graph.backward, id);
        vec![symbol(&node.label), expression(&graph.graph, id, symbol), short_value(node), total]
    };
    let rows: Vec<_> = graph.graph.ids().zip(graph.graph.nodes()).map(row).collect();
    table(&["node", "is", "value", "gradient of σ"], "llrr", &rows)
}

/// Every edge of the graph: the gradient of `sigma` by each input of each node, as the product it is.
pub fn edges(graph: &StdDevGraph) -> String {
    let row = |edge: &Edge| {
        let (from_node, to) = (graph.graph.node(edge.from), graph.graph.node(edge.to));
        // A square's derivative is 0 when what is squared is only rounding.
        let partial = if to.op == Op::Square {
            short_or_zero(edge.partial, 2.0 * from_node.magnitude)
        } else {
            short(edge.partial)
        };
        let (from, to) = (symbol(&from_node.label), symbol(&to.label));
        let adjoint = short_total(&graph.backward, edge.to);
        vec![format!("{from} → {to}"), short_value(from_node), adjoint, partial, short_gradient(edge)]
    };
    let rows: Vec<_> = graph.backward.edges.iter().map(row).collect();
    table(&["edge u → w", "value u", "∂σ/∂w", "∂w/∂u", "gradient"], "lrrrr", &rows)
}

/// The two paths of each input, and why the second contributes nothing.
pub fn paths(graph: &StdDevGraph) -> String {
    let label = |id| symbol(&graph.graph.node(id).label);
    let term = |edge: &Edge| format!("{} (μ → {})", short_gradient(edge), label(edge.to));
    let by_mean: Vec<String> = graph.by_mean().iter().map(term).collect();
    let total = short_total(&graph.backward, graph.parts.mu);
    let mut text = format!("Gradient by the mean: {} = {total}\n\n", by_mean.join(" + "));
    let row = |paths: &InputPaths| {
        let (deviation, mean) = (short_gradient(&paths.deviation), short_gradient(&paths.mean));
        vec![label(paths.mean.from), deviation, mean, short_total(&graph.backward, paths.mean.from)]
    };
    let rows: Vec<_> = graph.paths().iter().map(row).collect();
    text += &table(&["input", "by its own deviation", "by the mean", "total"], "lrrr", &rows);
    text
}

/// A label as it is shown: `mu` as μ, `sigma` as σ.
pub fn symbol(label: &str) -> String {
    match label {
        "mu" => "μ".to_owned(),
        "sigma" => "σ".to_owned(),
        other => other.to_owned(),
    }
}

/// What a node computes, in terms of its inputs' labels as `show` shows them.
pub fn expression(graph: &Graph, id: NodeId, show: fn(&str) -> String) -> String {
    let node = graph.node(id);
    let of: Vec<String> = node.inputs.iter().map(|&input| show(&graph.node(input).label)).collect();
    match node.op {
        Op::Input => "input".to_owned(),
        Op::Add => of.join(" + "),
        Op::Sub => of.join(" - "),
        Op::Mul => of.join(" · "),
        Op::Div => of.join(" / "),
        Op::DivideBy(c) => format!("{} / {}", of[0], short(c)),
        Op::Square => format!("{}²", of[0]),
        Op::Sqrt => format!("√{}", of[0]),
        Op::Exp => format!("e^{}", of[0]),
        Op::Ln => format!("ln {}", of[0]),
    }
}

/// Aligned columns under a head and a rule; `align` holds `l` or `r` for each column.
fn table(head: &[&str], align: &str, rows: &[Vec<String>]) -> String {
    let length = |text: &str| text.chars().count();
    let width = |column: usize| {
        rows.iter().map(|row| length(&row[column])).chain([length(head[column])]).max().unwrap_or(0)
    };
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells
            .zip(align.chars())
            .enumerate()
            .map(|(column, (cell, align))| {
                let blanks = " ".repeat(width(column) - length(cell));
                if align == 'r' { blanks + cell } else { cell.to_owned() + &blanks }
            })
            .collect();
        format!("  {}\n", padded.join("   ").trim_end())
    };
    let rule: Vec<String> = (0..head.len()).map(|column| "─".repeat(width(column))).collect();
    let mut text = line(&mut head.iter().copied());
    text += &line(&mut rule.iter().map(String::as_str));
    for row in rows {
        text += &line(&mut row.iter().map(String::as_str));
    }
    text
}
