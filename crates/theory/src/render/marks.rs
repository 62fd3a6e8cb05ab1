//! What stands on the wires of the standard deviation's graph: all of it, or as much as was computed so far.

use super::number::{short, short_gradient, short_total, short_value};
use crate::{
    graph::{Graph, NodeId},
    std_dev::Ddof,
    std_dev_graph::{Parts, StdDevGraph},
};

/// A number on a wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireMark {
    /// As it is printed, once it is known.
    pub text: String,
    /// Whether it was computed. **What was not is drawn as such, never as 0.**
    pub known: bool,
}

/// What stands on one wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireMarks {
    /// The value that goes forward.
    pub value: WireMark,
    /// The gradient that comes back.
    pub gradient: WireMark,
    /// Whether the wire is drawn as the one that was computed last.
    pub current: bool,
}

/// An edge with its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedEdge {
    /// The node that is the input.
    pub from: NodeId,
    /// The node that has it as input.
    pub to: NodeId,
    /// What stands on it.
    pub marks: WireMarks,
}

/// The graph as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkedGraph<'a> {
    /// The convention.
    pub ddof: Ddof,
    /// The nodes.
    pub graph: &'a Graph,
    /// Where each part of the formula stands in the graph.
    pub parts: &'a Parts,
    /// The open ends at the inputs, `(n)`.
    pub inputs: Vec<WireMarks>,
    /// The edges, by their end: `5n + 3`.
    pub edges: Vec<MarkedEdge>,
    /// The open end at the output.
    pub output: WireMarks,
}

impl<'a> MarkedGraph<'a> {
    /// The graph with all values, and no gradient known.
    pub fn forward(graph: &'a Graph, parts: &'a Parts, ddof: Ddof) -> Self {
        let open_end = |&id: &NodeId| WireMarks::forward(short(graph.value(id)));
        let edges = graph.edges().map(|(from, to)| {
            let marks = WireMarks::forward(short_value(graph.node(from)));
            MarkedEdge { from, to, marks }
        });
        Self {
            ddof,
            graph,
            parts,
            inputs: parts.x.iter().map(open_end).collect(),
            edges: edges.collect(),
            output: open_end(&parts.sigma),
        }
    }
}

impl<'a> From<&'a StdDevGraph> for MarkedGraph<'a> {
    fn from(of: &'a StdDevGraph) -> Self {
        let mut marked = Self::forward(&of.graph, &of.parts, of.ddof);
        for (marks, &x) in marked.inputs.iter_mut().zip(&of.parts.x) {
            marks.gradient = WireMark::known(short_total(&of.backward, x));
        }
        for (marked, edge) in marked.edges.iter_mut().zip(&of.backward.edges) {
            marked.marks.gradient = WireMark::known(short_gradient(edge));
        }
        marked.output.gradient = WireMark::known(short_total(&of.backward, of.parts.sigma));
        marked
    }
}

impl WireMarks {
    fn forward(value: String) -> Self {
        Self {
            value: WireMark::known(value),
            gradient: WireMark { text: "?".to_owned(), known: false },
            current: false,
        }
    }
}

impl WireMark {
    fn known(text: String) -> Self {
        Self { text, known: true }
    }
}
