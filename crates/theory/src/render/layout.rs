//! Where the nodes and wires of the standard deviation's graph stand: a layout by rank, made by hand.
//!
//! ```text
//! x1 ───────────────────────── d1 ── q1 ─╮
//!   ╰──╮                    ╭──╯         │
//!      ╰─ s ──── mu ────────┤            ╰─ t ── v ── sigma
//!   ╭──╯                    ╰──╮         │
//! x2 ───────────────────────── d2 ── q2 ─╯
//! ```
//!
//! Every input has a row of its own, and the mean stands on the track between the two halves of the rows. Every wire
//! has a level stretch that no other wire runs along: its label stands there. Wires cross only where no label is.
//!
//! The same places make two drawings, see [`Orientation`]: from left to right, as above, with the value above the wire
//! and the gradient below it; and from top to bottom, with both beside the wire, on the side that is away from the
//! mean.
//!
//! Lengths are in SVG user units (CSS pixels at scale 1). `n` inputs.

mod orientation;
mod pen;
mod ranks;
mod tracks;

pub use orientation::{GAP, LABEL_HEIGHT, LABEL_TOP, Location, Orientation, Point, RADIUS, label_width};
pub use pen::Wire;

use super::marks::MarkedGraph;
use super::node_text::caption;
use crate::graph::{NodeId, Op};
use pen::Pen;
use ranks::Ranks;
use tracks::{Track, Tracks};

/// On which side of its point a text stands, as SVG's `text-anchor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The text begins at the point.
    Start,
    /// Half of it on either side.
    Middle,
    /// The text ends at the point.
    End,
}

/// What stands beside a node.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeCaption {
    /// One below the other.
    pub lines: Vec<String>,
    /// The point of the first line, on its base line.
    pub at: Point,
    /// On which side of that point the lines stand.
    pub anchor: Anchor,
}

/// From one line of a caption to the next.
pub const LINE: f64 = 14.0;

/// The whole drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphLayout {
    /// Which way it goes.
    pub orientation: Orientation,
    /// The width.
    pub width: f64,
    /// The height, without a legend.
    pub height: f64,
    /// The middle of every node, by [`NodeId::index`].
    pub nodes: Vec<Point>,
    /// What a node computes, by [`NodeId::index`]; nothing for an input.
    pub captions: Vec<Option<NodeCaption>>,
    /// Every wire: the inputs' open ends, the edges of the graph in its order, the output's open end.
    pub wires: Vec<Wire>,
}

impl GraphLayout {
    /// Lays out the graph.
    pub fn new(of: &MarkedGraph, orientation: Orientation) -> Self {
        let ranks = Ranks::new(of, orientation);
        let texts: Vec<Vec<String>> = of.graph.ids().map(|id| lines(of, id, orientation)).collect();
        let tracks = Tracks::new(of, orientation, texts.iter().flatten());
        let track_of = |id| ranks.node(of.parts, id).map_or(Track::Mean, |(_, track)| track);
        let place = |id| {
            let along = ranks.node(of.parts, id).map_or(0.0, |(rank, _)| rank);
            Location { along, across: tracks.across(track_of(id)) }
        };
        let nodes: Vec<Location> = of.graph.ids().map(place).collect();
        let mean = tracks.across(Track::Mean);
        let pen = Pen { of, orientation, ranks: &ranks, tracks: &tracks, mean, nodes: &nodes };
        let inputs = of.parts.x.iter().zip(&of.inputs).map(|(&x, marks)| pen.input(x, marks));
        let edges = of.edges.iter().map(|edge| pen.edge(edge));
        let wires = inputs.chain(edges).chain([pen.output()]).collect();
        let captions = of.graph.ids().zip(texts).map(|(id, lines)| {
            let after_mean = nodes[id.index()].across > mean;
            let node = orientation.point(nodes[id.index()]);
            let is_sum = of.graph.node(id).op == Op::Add;
            (!lines.is_empty()).then(|| match orientation {
                Orientation::Wide => above_or_below(lines, node, after_mean, is_sum),
                Orientation::Upright => beside(lines, node, track_of(id) == Track::Mean || after_mean),
            })
        });
        let end = orientation.point(Location { along: ranks.end, across: tracks.end() });
        let captions = captions.collect();
        let nodes = nodes.into_iter().map(|node| orientation.point(node)).collect();
        Self { orientation, width: end.x, height: end.y, nodes, captions, wires }
    }
}

/// The caption of a node: on one line, or with what it computes below its name.
fn lines(of: &MarkedGraph, id: NodeId, orientation: Orientation) -> Vec<String> {
    match caption(of.graph, id) {
        None => Vec::new(),
        Some((name, computes)) => match orientation {
            Orientation::Wide => vec![format!("{name} = {computes}")],
            Orientation::Upright => vec![name, format!("= {computes}")],
        },
    }
}

/// Away from the mean.
fn above_or_below(lines: Vec<String>, node: Point, below: bool, is_sum: bool) -> NodeCaption {
    // The wires into a sum come in steeply from the left.
    let x = if is_sum { node.x + 14.0 } else { node.x };
    let y = if below { node.y + RADIUS + 15.0 } else { node.y - RADIUS - 7.0 };
    NodeCaption { lines, at: Point { x, y }, anchor: Anchor::Middle }
}

/// Away from the mean; right of what stands on its track.
fn beside(lines: Vec<String>, node: Point, right: bool) -> NodeCaption {
    let (side, anchor) = if right { (1.0, Anchor::Start) } else { (-1.0, Anchor::End) };
    let at = Point { x: node.x + side * (RADIUS + GAP), y: node.y - 3.0 };
    NodeCaption { lines, at, anchor }
}
