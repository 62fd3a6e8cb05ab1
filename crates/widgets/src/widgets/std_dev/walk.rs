//! The graph as far as it was walked. **What was not walked is not known, and is drawn so**, never as 0.

use crate::html::refusal;
use maud::{Markup, PreEscaped, html};
use theory::graph::{Graph, NodeId};
use theory::render::layout::Orientation;
use theory::render::marks::MarkedGraph;
use theory::render::number::{short, short_gradient, short_or_zero, short_total, short_value};
use theory::render::svg::{GraphCaption, marked_graph};
use theory::render::table::symbol;
use theory::std_dev::{Ddof, StdDevError};
use theory::std_dev_graph::{Parts, StdDevGraph};

/// What stands below the wires of the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BelowWires {
    Gradient,
    LocalDerivative,
}

impl BelowWires {
    /// Names and labels.
    pub const CHOICES: [(&str, &str); 2] = [("gradient", "gradient"), ("local", "local derivative")];

    pub fn named(name: &str) -> Self {
        if name == "local" { Self::LocalDerivative } else { Self::Gradient }
    }

    pub fn name(self) -> &'static str {
        Self::CHOICES[self as usize].0
    }

    fn legend(self) -> &'static str {
        ["gradient of σ", "local derivative"][self as usize]
    }
}

/// With more inputs, an upright drawing is wider than a phone.
const MOST_UPRIGHT: usize = 2;
const HEADS: [&str; 4] = ["edge", "value", "local derivative", "gradient"];
const NOTHING: &str = "Nothing was walked yet, and only the inputs are known. A gradient that was not computed is a ?, \
                       not a 0.";
const NO_GRADIENT: &str = "Each square is 0, so the root stands at v = 0, where its local derivative 1 / (2√v) has no \
                           value. No gradient goes back from there: every edge keeps its ?, and 0 would be wrong.";

/// The graph of some inputs, and how many edges were walked forward, and back.
pub struct Walk {
    ddof: Ddof,
    graph: Graph,
    parts: Parts,
    forward: usize,
    back: usize,
    /// With the gradient, or why there is none.
    pub whole: Result<StdDevGraph, StdDevError>,
}

impl Walk {
    /// The walk over the inputs `x`, `(n)`.
    ///
    /// # Errors
    /// [`StdDevError`] when there is not even a value.
    pub fn new(x: &[f64], ddof: Ddof, forward: usize, back: usize) -> Result<Self, StdDevError> {
        let (graph, parts) = StdDevGraph::forward(x, ddof)?;
        Ok(Self { ddof, graph, parts, forward, back, whole: StdDevGraph::new(x, ddof) })
    }

    fn name(&self, id: NodeId) -> String {
        symbol(&self.graph.node(id).label)
    }

    /// Everything that is known at the end, with the marks of what was walked.
    fn marked(&self, below: BelowWires) -> MarkedGraph<'_> {
        let (mut marked, back) = match &self.whole {
            Ok(whole) => (MarkedGraph::from(whole), self.back),
            Err(_) => (MarkedGraph::forward(&self.graph, &self.parts, self.ddof), 0),
        };
        let edges = marked.edges.len();
        for (i, edge) in marked.edges.iter_mut().enumerate() {
            edge.marks.value.known = i < self.forward;
            edge.marks.gradient.known = i >= edges - back;
            edge.marks.current = if back > 0 { i == edges - back } else { i + 1 == self.forward };
            if let (BelowWires::LocalDerivative, Ok(whole)) = (below, &self.whole) {
                edge.marks.gradient.text = short(whole.backward.edges[i].partial);
            }
        }
        // The gradient by an input is complete when both of its edges were walked back.
        for (marks, &x) in marked.inputs.iter_mut().zip(&self.parts.x) {
            marks.gradient.known =
                marked.edges.iter().all(|edge| edge.from != x || edge.marks.gradient.known);
        }
        marked.output.value.known = self.forward == edges;
        marked.output.gradient.known = back > 0;
        if below == BelowWires::LocalDerivative {
            // The open ends are no operations, so they have no local derivative.
            let ends = marked.inputs.iter_mut().chain([&mut marked.output]);
            ends.for_each(|marks| marks.gradient.text.clear());
        }
        marked
    }

    /// What the last step did.
    fn said(&self) -> String {
        match (self.forward, self.back, &self.whole) {
            (0, _, _) => NOTHING.to_owned(),
            (forward, 0, _) => self.said_forward(forward - 1),
            (_, back, Ok(whole)) => self.said_back(whole, back),
            (_, _, Err(error)) => format!("There is no step back from σ: {error}."),
        }
    }

    fn said_forward(&self, place: usize) -> String {
        let Some((from, to)) = self.graph.edges().nth(place) else { return String::new() };
        let value = |id| short_value(self.graph.node(id));
        let goes = format!(
            "Forward along {0} → {1}: {0} = {2} goes on.",
            self.name(from),
            self.name(to),
            value(from)
        );
        if self.graph.node(to).inputs.last() == Some(&from) {
            format!("{goes} Now {0} has all of its inputs: {0} = {1}.", self.name(to), value(to))
        } else {
            goes
        }
    }

    fn said_back(&self, whole: &StdDevGraph, back: usize) -> String {
        let walked = &whole.backward.edges[whole.backward.edges.len() - back..];
        let [edge, ..] = walked else { return String::new() };
        let (from, to) = (self.name(edge.from), self.name(edge.to));
        let same = || walked.iter().filter(|other| other.from == edge.from);
        let so_far = same().rev().fold(0.0, |total, edge| total + edge.gradient);
        let magnitude = same().fold(0.0, |total, edge| total + edge.magnitude);
        let [total, partial, gradient, so_far] = [
            short_total(&whole.backward, edge.to),
            short(edge.partial),
            short_gradient(edge),
            short_or_zero(so_far, magnitude),
        ];
        format!(
            "Back along {from} → {to}: the gradient by {to}, {total}, times the local derivative, {partial}, is \
             {gradient}. The gradient by {from} so far is {so_far}."
        )
    }

    /// What was walked, in words, as a drawing and as a table.
    pub fn view(&self, below: BelowWires) -> Markup {
        html! {
            p.said aria-live="polite" { (self.said()) }
            @if let (Err(StdDevError::NoGradient { .. }), 1..) = (&self.whole, self.back) {
                (refusal(&NO_GRADIENT))
            }
            @if self.parts.x.len() <= MOST_UPRIGHT {
                div.frame.for-wide tabindex="0" { (self.drawing(below, Orientation::Wide)) }
                div.frame.for-narrow tabindex="0" { (self.drawing(below, Orientation::Upright)) }
            } @else {
                div.frame tabindex="0" { (self.drawing(below, Orientation::Wide)) }
            }
            (self.table())
        }
    }

    fn drawing(&self, below: BelowWires, orientation: Orientation) -> PreEscaped<String> {
        let inputs: Vec<String> = self.parts.x.iter().map(|&x| short(self.graph.value(x))).collect();
        let (name, inputs) = (self.ddof.name(), inputs.join(", "));
        let arrow_head = match orientation {
            Orientation::Wide => "live-head",
            Orientation::Upright => "live-upright-head",
        };
        let words = GraphCaption {
            title: format!("Computation graph of the {name} standard deviation of {inputs}"),
            description: "What was computed so far; the table below holds the same.".to_owned(),
            below: below.legend(),
            arrow_head: arrow_head.to_owned(),
        };
        PreEscaped(marked_graph(&self.marked(below), orientation, &words))
    }

    /// The edges in their order.
    fn table(&self) -> Markup {
        let (gradients, partials) =
            (self.marked(BelowWires::Gradient), self.marked(BelowWires::LocalDerivative));
        let cell = |mark: &theory::render::marks::WireMark| {
            let text = if mark.known { &mark.text } else { "not computed yet" };
            html! { td { (text) } }
        };
        html! {
            details {
                summary { "The edges as a table" }
                div.table-wrapper tabindex="0" {
                    table {
                        thead { tr { @for head in HEADS { th scope="col" { (head) } } } }
                        tbody {
                            @for (edge, local) in gradients.edges.iter().zip(&partials.edges) {
                                tr aria-current=[edge.marks.current.then_some("step")] {
                                    th scope="row" { (self.name(edge.from)) " → " (self.name(edge.to)) }
                                    (cell(&edge.marks.value)) (cell(&local.marks.gradient)) (cell(&edge.marks.gradient))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
