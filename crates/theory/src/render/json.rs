//! What `std-dev --json` prints: the value, the gradient, and every node and edge with all its digits.

use super::table::expression;
use crate::std_dev_graph::StdDevGraph;
use serde::{Deserialize, Serialize};

/// The graph of a standard deviation. Every number is as computed: **a 0 that rounding missed is not made 0**.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StdDevRecord {
    /// The standard deviation.
    pub value: f64,
    /// Its gradient by the inputs, `(n)`.
    pub gradient: Vec<f64>,
    /// The inputs, `(n)`.
    pub inputs: Vec<f64>,
    /// 0 for the population, 1 for a sample.
    pub ddof: usize,
    /// Every node, in an order in which inputs come first.
    pub nodes: Vec<NodeRecord>,
    /// Every edge, by its end.
    pub edges: Vec<EdgeRecord>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeRecord {
    /// Its name: `x1`, `s`, `mu`, `d1`, `q1`, `t`, `v`, `sigma`.
    pub id: String,
    /// What it computes.
    pub expression: String,
    /// Its value.
    pub value: f64,
    /// The total gradient of the deviation by it.
    pub gradient: f64,
}

/// An edge: one input of one node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EdgeRecord {
    /// The node that is the input.
    pub from: String,
    /// The node that has it as input.
    pub to: String,
    /// The value that goes along the edge.
    pub value: f64,
    /// The derivative of `to` by this input.
    pub partial: f64,
    /// The gradient of the deviation by this input of `to`: the total gradient of `to` times `partial`.
    pub gradient: f64,
}

impl From<&StdDevGraph> for StdDevRecord {
    fn from(of: &StdDevGraph) -> Self {
        let graph = &of.graph;
        let label = |id| graph.node(id).label.clone();
        let nodes = graph.ids().map(|id| NodeRecord {
            id: label(id),
            expression: expression(graph, id, str::to_owned),
            value: graph.value(id),
            gradient: of.backward.adjoints[id.index()],
        });
        let edges = of.backward.edges.iter().map(|edge| EdgeRecord {
            from: label(edge.from),
            to: label(edge.to),
            value: graph.value(edge.from),
            partial: edge.partial,
            gradient: edge.gradient,
        });
        Self {
            value: of.value(),
            gradient: of.gradient(),
            inputs: of.parts.x.iter().map(|&x| graph.value(x)).collect(),
            ddof: of.ddof.get(),
            nodes: nodes.collect(),
            edges: edges.collect(),
        }
    }
}
