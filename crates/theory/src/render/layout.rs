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
//! Every input has a row of its own, and the mean stands on the lane between the upper and the lower half of the
//! rows. Every wire has a level stretch that no other wire runs along: its label stands there, the value above the
//! wire and the gradient below. Wires cross only where no label is.
//!
//! Lengths are in SVG user units (CSS pixels at scale 1). `n` inputs.

use super::{
    marks::{MarkedEdge, MarkedGraph, WireMarks},
    number::short,
};
use crate::{graph::NodeId, std_dev_graph::Parts};

/// The radius of a node.
pub const RADIUS: f64 = 19.0;
/// From one row to the next: two wires with their labels.
const PITCH: f64 = 92.0;
/// From a row to the level stretch of its wire to or from the mean.
const OFFSET: f64 = 45.0;
/// The horizontal room in which a wire bends between a row and its level stretch.
const BEND: f64 = 22.0;
/// The empty border.
const MARGIN: f64 = 14.0;
/// Above the first row and below the last, where captions and labels stand.
const HEADROOM: f64 = 46.0;

/// A point; `y` grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A wire: an edge of the graph, or the open end at an input or at the output.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    /// The path, as the `d` of an SVG path.
    pub path: String,
    /// The middle of the label, on the wire.
    pub label: Point,
    /// What stands on it.
    pub marks: WireMarks,
    /// Whether the wire is part of the path through the mean.
    pub by_mean: bool,
}

/// The whole drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphLayout {
    /// The width.
    pub width: f64,
    /// The height, without a legend.
    pub height: f64,
    /// The middle of every node, by [`NodeId::index`].
    pub nodes: Vec<Point>,
    /// Whether a node's caption stands below it, by [`NodeId::index`].
    pub captions_below: Vec<bool>,
    /// Every wire: the inputs' open ends, the edges of the graph in its order, the output's open end.
    pub wires: Vec<Wire>,
}

/// The width of a label of `text` with its pill.
pub fn label_width(text: &str) -> f64 {
    7.4 * text.chars().count() as f64 + 12.0
}

impl GraphLayout {
    /// Lays out the graph.
    pub fn new(of: &MarkedGraph) -> Self {
        let columns = Columns::new(of);
        let rows = Rows { n: of.parts.x.len() };
        let place = |id: NodeId| columns.node(of.parts, id).map(|(x, row)| Point { x, y: rows.y(row) });
        let centre = Point { x: 0.0, y: 0.0 };
        let nodes: Vec<Point> = of.graph.ids().map(|id| place(id).unwrap_or(centre)).collect();
        let below =
            |id| columns.node(of.parts, id).is_some_and(|(_, row)| row.is_some_and(|i| rows.side(i) < 0.0));
        let captions_below = of.graph.ids().map(below).collect();
        let pen = Pen { of, columns: &columns, rows, nodes: &nodes };
        let inputs = of.parts.x.iter().zip(&of.inputs).map(|(&x, marks)| pen.input(x, marks));
        let edges = of.edges.iter().map(|edge| pen.edge(edge));
        let wires = inputs.chain(edges).chain([pen.output()]).collect();
        Self { width: columns.width, height: rows.height(), nodes, captions_below, wires }
    }
}

/// The rows of the inputs with the mean's lane between them.
#[derive(Clone, Copy)]
struct Rows {
    n: usize,
}

impl Rows {
    /// The height of the row of an input, or of the lane.
    fn y(self, row: Option<usize>) -> f64 {
        let upper = self.n.div_ceil(2);
        let slot = row.map_or(upper, |i| if i < upper { i } else { i + 1 });
        MARGIN + HEADROOM + PITCH * slot as f64
    }

    /// The direction from a row to the lane: 1 for downwards, -1 for upwards.
    fn side(self, i: usize) -> f64 {
        if i < self.n.div_ceil(2) { 1.0 } else { -1.0 }
    }

    fn height(self) -> f64 {
        2.0 * (MARGIN + HEADROOM) + PITCH * self.n as f64
    }
}

/// The horizontal place of everything, from left to right. `*_zone` is where the level stretch of a wire begins.
struct Columns {
    fan: f64,
    x: f64,
    s_zone: f64,
    s: f64,
    mu: f64,
    d_zone: f64,
    d_zone_end: f64,
    d: f64,
    q: f64,
    t_zone_end: f64,
    t: f64,
    v: f64,
    sigma: f64,
    width: f64,
}

impl Columns {
    fn new(of: &MarkedGraph) -> Self {
        let parts = of.parts;
        // The widest label on the wires that leave the given nodes, with room for an arrow head and for the captions.
        let zone = |from: &[NodeId]| {
            let edges = of.edges.iter().filter(|edge| from.contains(&edge.from));
            let widths = edges.flat_map(|MarkedEdge { marks, .. }| {
                [label_width(&marks.value.text), label_width(&marks.gradient.text)]
            });
            widths.fold(32.0, f64::max) + 16.0
        };
        let fan = 46.0 + 8.0 * (parts.x.len() as f64 - 2.0).min(6.0);
        let x_zone = zone(&parts.x);
        let x = MARGIN + x_zone + RADIUS;
        let s_zone = x + RADIUS + BEND;
        let s = s_zone + x_zone + fan + RADIUS;
        let mu = s + zone(&[parts.s]) + 2.0 * RADIUS;
        let d_zone = mu + RADIUS + fan;
        let d_zone_end = d_zone + zone(&[parts.mu]).max(x_zone);
        let d = d_zone_end + BEND + RADIUS;
        let q = d + zone(&parts.d) + 2.0 * RADIUS;
        let t_zone_end = q + RADIUS + zone(&parts.q);
        let t = t_zone_end + fan + RADIUS;
        let v = t + zone(&[parts.t]) + 2.0 * RADIUS;
        let sigma = v + zone(&[parts.v]) + 2.0 * RADIUS;
        let width = sigma + RADIUS + label_width(&short(of.graph.value(parts.sigma))) + 14.0 + MARGIN;
        Self { fan, x, s_zone, s, mu, d_zone, d_zone_end, d, q, t_zone_end, t, v, sigma, width }
    }

    /// The column of a node, and its row unless it stands on the lane.
    fn node(&self, parts: &Parts, id: NodeId) -> Option<(f64, Option<usize>)> {
        let alone = [(parts.s, self.s), (parts.mu, self.mu), (parts.t, self.t), (parts.v, self.v)];
        let alone = alone.into_iter().chain([(parts.sigma, self.sigma)]);
        let rows = [(&parts.x, self.x), (&parts.d, self.d), (&parts.q, self.q)];
        let in_row =
            |(nodes, x): (&Vec<NodeId>, f64)| Some((x, Some(nodes.iter().position(|&node| node == id)?)));
        let on_lane = |(node, x): (NodeId, f64)| (node == id).then_some((x, None));
        alone.into_iter().find_map(on_lane).or_else(|| rows.into_iter().find_map(in_row))
    }
}

/// Draws wires between placed nodes.
struct Pen<'a> {
    of: &'a MarkedGraph<'a>,
    columns: &'a Columns,
    rows: Rows,
    nodes: &'a [Point],
}

impl Pen<'_> {
    fn edge(&self, edge: &MarkedEdge) -> Wire {
        let (parts, columns) = (self.of.parts, self.columns);
        let (from, to) = (self.nodes[edge.from.index()], self.nodes[edge.to.index()]);
        let row_of = |nodes: &[NodeId], id| nodes.iter().position(|&node| node == id);
        let diagonal = RADIUS * 0.5_f64.sqrt();
        let (left, right) = (to.x - RADIUS, from.x + RADIUS);
        let (path, x, y) = if edge.to == parts.s {
            let side = row_of(&parts.x, edge.from).map_or(1.0, |i| self.rows.side(i));
            let (level, end) = (from.y + side * OFFSET, left - columns.fan);
            let start = Point { x: from.x + diagonal, y: from.y + side * diagonal };
            let bend = curve(start, Point { x: columns.s_zone, y: level });
            let fan = curve_on(Point { x: end, y: level }, Point { x: left, y: to.y });
            (format!("{bend} H{end:.1} {fan}"), (columns.s_zone + end) / 2.0, level)
        } else if edge.from == parts.mu {
            let side = row_of(&parts.d, edge.to).map_or(1.0, |i| self.rows.side(i));
            let level = to.y + side * OFFSET;
            let (begin, end) = (columns.d_zone, columns.d_zone_end);
            let fan = curve(Point { x: right, y: from.y }, Point { x: begin, y: level });
            let port = Point { x: to.x - diagonal, y: to.y + side * diagonal };
            let bend = format!("Q{:.1} {level:.1} {:.1} {:.1}", port.x - 8.0, port.x, port.y);
            (format!("{fan} H{end:.1} {bend}"), (begin + end) / 2.0, level)
        } else if edge.to == parts.t {
            let begin = columns.t_zone_end;
            let fan = curve_on(Point { x: begin, y: from.y }, Point { x: left, y: to.y });
            (format!("M{right:.1} {:.1} H{begin:.1} {fan}", from.y), (right + begin) / 2.0, from.y)
        } else {
            let middle = if row_of(&parts.x, edge.from).is_some() {
                (columns.d_zone + columns.d_zone_end) / 2.0
            } else {
                (right + left) / 2.0
            };
            (format!("M{right:.1} {:.1} H{left:.1}", from.y), middle, from.y)
        };
        let by_mean = [parts.s, parts.mu].contains(&edge.to) || edge.from == parts.mu;
        Wire { path, label: Point { x, y }, marks: edge.marks.clone(), by_mean }
    }

    /// The open end at an input, which bears its total gradient.
    fn input(&self, x: NodeId, marks: &WireMarks) -> Wire {
        let at = self.nodes[x.index()];
        let (begin, end) = (MARGIN, at.x - RADIUS);
        open_end(marks, begin, end, at.y)
    }

    /// The open end at the output, whose gradient by itself is 1.
    fn output(&self) -> Wire {
        let sigma = self.of.parts.sigma;
        let at = self.nodes[sigma.index()];
        open_end(&self.of.output, at.x + RADIUS, self.columns.width - MARGIN, at.y)
    }
}

fn open_end(marks: &WireMarks, begin: f64, end: f64, y: f64) -> Wire {
    let path = format!("M{begin:.1} {y:.1} H{end:.1}");
    let label = Point { x: (begin + end) / 2.0, y };
    Wire { path, label, marks: marks.clone(), by_mean: false }
}

/// A curve that begins and ends level.
fn curve(from: Point, to: Point) -> String {
    format!("M{:.1} {:.1} {}", from.x, from.y, curve_on(from, to))
}

/// The same, from where the path already is.
fn curve_on(from: Point, to: Point) -> String {
    let middle = (from.x + to.x) / 2.0;
    format!("C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}", from.y, to.y, to.x, to.y)
}
