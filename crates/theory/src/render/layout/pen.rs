//! Wires between placed nodes.

use super::orientation::{GAP, Location, Orientation, Point, RADIUS, label_width};
use super::ranks::{MARGIN, Ranks};
use super::tracks::Tracks;
use crate::graph::NodeId;
use crate::render::marks::{MarkedEdge, MarkedGraph, WireMarks};

/// A wire: an edge of the graph, or the open end at an input or at the output.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    /// The path, as the `d` of an SVG path.
    pub path: String,
    /// The middle of the label: on the wire where it is level, beside it where it is upright.
    pub label: Point,
    /// What stands on it.
    pub marks: WireMarks,
    /// Whether the wire is part of the path through the mean.
    pub by_mean: bool,
}

/// Draws wires.
pub(super) struct Pen<'a> {
    pub(super) of: &'a MarkedGraph<'a>,
    pub(super) orientation: Orientation,
    pub(super) ranks: &'a Ranks,
    pub(super) tracks: &'a Tracks,
    /// The track of the mean.
    pub(super) mean: f64,
    /// The middle of every node.
    pub(super) nodes: &'a [Location],
}

impl Pen<'_> {
    pub(super) fn edge(&self, edge: &MarkedEdge) -> Wire {
        let parts = self.of.parts;
        let (path, label) = if edge.to == parts.s {
            self.to_sum(edge)
        } else if edge.from == parts.mu {
            self.out_of_mean(edge)
        } else if edge.to == parts.t {
            self.to_total(edge)
        } else {
            self.straight(edge)
        };
        let by_mean = [parts.s, parts.mu].contains(&edge.to) || edge.from == parts.mu;
        Wire { by_mean, ..self.wire(path, label, &edge.marks) }
    }

    /// From an input, beside its row, to the sum.
    fn to_sum(&self, edge: &MarkedEdge) -> (String, Location) {
        let (from, to) = self.ends(edge);
        let side = self.side(&self.of.parts.x, edge.from);
        let across = from.across + side * self.tracks.offset;
        let (begin, end) = (self.ranks.s_zone, to.along - RADIUS - self.ranks.fan);
        let bend = self.curve(port(from, 1.0, side), Location { along: begin, across });
        let level = self.orientation.level(end);
        let fan = self.curve_on(Location { along: end, across }, before(to));
        (format!("{bend} {level} {fan}"), Location { along: (begin + end) / 2.0, across })
    }

    /// From the mean, beside a row, to the deviation.
    fn out_of_mean(&self, edge: &MarkedEdge) -> (String, Location) {
        let (from, to) = self.ends(edge);
        let side = self.side(&self.of.parts.d, edge.to);
        let across = to.across + side * self.tracks.offset;
        let (begin, end) = (self.ranks.d_zone, self.ranks.d_zone_end);
        let fan = self.curve(behind(from), Location { along: begin, across });
        let port = port(to, -1.0, side);
        let corner = self.at(Location { along: port.along - 8.0, across });
        let (level, port) = (self.orientation.level(end), self.at(port));
        (format!("{fan} {level} Q{corner} {port}"), Location { along: (begin + end) / 2.0, across })
    }

    /// From a square, along its row, to their total.
    fn to_total(&self, edge: &MarkedEdge) -> (String, Location) {
        let (from, to) = self.ends(edge);
        let (begin, end) = (behind(from), self.ranks.t_zone_end);
        let fan = self.curve_on(Location { along: end, ..from }, before(to));
        let level = self.orientation.level(end);
        (format!("M{} {level} {fan}", self.at(begin)), Location { along: (begin.along + end) / 2.0, ..from })
    }

    fn straight(&self, edge: &MarkedEdge) -> (String, Location) {
        let (from, to) = self.ends(edge);
        let (begin, end) = (behind(from), before(to));
        let along = if self.of.parts.x.contains(&edge.from) {
            (self.ranks.d_zone + self.ranks.d_zone_end) / 2.0
        } else {
            (begin.along + end.along) / 2.0
        };
        (self.line(begin, end.along), Location { along, ..from })
    }

    /// The open end at an input, which bears its total gradient.
    pub(super) fn input(&self, x: NodeId, marks: &WireMarks) -> Wire {
        let at = self.nodes[x.index()];
        self.open_end(marks, Location { along: MARGIN, ..at }, before(at).along)
    }

    /// The open end at the output, whose gradient by itself is 1.
    pub(super) fn output(&self) -> Wire {
        let at = self.nodes[self.of.parts.sigma.index()];
        self.open_end(&self.of.output, behind(at), self.ranks.end - MARGIN)
    }

    fn open_end(&self, marks: &WireMarks, begin: Location, end: f64) -> Wire {
        let label = Location { along: (begin.along + end) / 2.0, ..begin };
        self.wire(self.line(begin, end), label, marks)
    }

    /// A wire whose label stands on it, or beside it on the side that is away from the mean.
    fn wire(&self, path: String, on: Location, marks: &WireMarks) -> Wire {
        let mut label = self.orientation.point(on);
        if self.orientation == Orientation::Upright {
            let width = label_width(&marks.value.text).max(label_width(&marks.gradient.text));
            let side = if on.across < self.mean { -1.0 } else { 1.0 };
            label.x += side * (GAP + width / 2.0);
        }
        Wire { path, label, marks: marks.clone(), by_mean: false }
    }

    fn ends(&self, edge: &MarkedEdge) -> (Location, Location) {
        (self.nodes[edge.from.index()], self.nodes[edge.to.index()])
    }

    /// The direction to the mean from the row of a node.
    fn side(&self, nodes: &[NodeId], id: NodeId) -> f64 {
        nodes.iter().position(|&node| node == id).map_or(1.0, |i| self.tracks.side(i))
    }

    /// A place as a path has it.
    fn at(&self, place: Location) -> String {
        let Point { x, y } = self.orientation.point(place);
        format!("{x:.1} {y:.1}")
    }

    fn line(&self, begin: Location, end: f64) -> String {
        format!("M{} {}", self.at(begin), self.orientation.level(end))
    }

    /// A curve that begins and ends level.
    fn curve(&self, from: Location, to: Location) -> String {
        format!("M{} {}", self.at(from), self.curve_on(from, to))
    }

    /// The same, from where the path already is.
    fn curve_on(&self, from: Location, to: Location) -> String {
        let along = (from.along + to.along) / 2.0;
        let [first, second] = [from, to].map(|end| self.at(Location { along, ..end }));
        format!("C{first} {second} {}", self.at(to))
    }
}

/// Where a wire leaves a node that stands at this place.
fn behind(node: Location) -> Location {
    Location { along: node.along + RADIUS, ..node }
}

/// Where a wire comes in.
fn before(node: Location) -> Location {
    Location { along: node.along - RADIUS, ..node }
}

/// Where a wire leaves a node, or comes in, between the way and the side of the mean.
fn port(node: Location, onwards: f64, side: f64) -> Location {
    let diagonal = RADIUS * 0.5_f64.sqrt();
    Location { along: node.along + onwards * diagonal, across: node.across + side * diagonal }
}
