//! Where everything stands along the way from the inputs to the output.

use super::orientation::{Orientation, RADIUS};
use super::tracks::Track;
use crate::graph::NodeId;
use crate::render::marks::{MarkedEdge, MarkedGraph};
use crate::render::number::short;
use crate::std_dev_graph::Parts;

/// The room in which a wire bends between a row and its level stretch.
const BEND: f64 = 22.0;
/// The empty border before the inputs and behind the output.
pub(super) const MARGIN: f64 = 14.0;

/// The ranks of the nodes, in order. `*_zone` is where the level stretch of a wire begins.
pub(super) struct Ranks {
    pub(super) fan: f64,
    x: f64,
    pub(super) s_zone: f64,
    s: f64,
    mu: f64,
    pub(super) d_zone: f64,
    pub(super) d_zone_end: f64,
    d: f64,
    q: f64,
    pub(super) t_zone_end: f64,
    t: f64,
    v: f64,
    sigma: f64,
    /// Where the drawing ends.
    pub(super) end: f64,
}

impl Ranks {
    pub(super) fn new(of: &MarkedGraph, orientation: Orientation) -> Self {
        let parts = of.parts;
        let length = |text: &str| orientation.label_length(text);
        // The longest label on the wires that leave the given nodes, with room for an arrow head and for the captions.
        let zone = |from: &[NodeId]| {
            let edges = of.edges.iter().filter(|edge| from.contains(&edge.from));
            let lengths = edges.flat_map(|MarkedEdge { marks, .. }| {
                [length(&marks.value.text), length(&marks.gradient.text)]
            });
            lengths.fold(32.0, f64::max) + 16.0
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
        let end = sigma + RADIUS + length(&short(of.graph.value(parts.sigma))) + 14.0 + MARGIN;
        Self { fan, x, s_zone, s, mu, d_zone, d_zone_end, d, q, t_zone_end, t, v, sigma, end }
    }

    /// The rank of a node, and its track.
    pub(super) fn node(&self, parts: &Parts, id: NodeId) -> Option<(f64, Track)> {
        let alone = [(parts.s, self.s), (parts.mu, self.mu), (parts.t, self.t), (parts.v, self.v)];
        let alone = alone.into_iter().chain([(parts.sigma, self.sigma)]);
        let rows = [(&parts.x, self.x), (&parts.d, self.d), (&parts.q, self.q)];
        let in_row = |(nodes, rank): (&Vec<NodeId>, f64)| {
            Some((rank, Track::Input(nodes.iter().position(|&node| node == id)?)))
        };
        let on_mean = |(node, rank): (NodeId, f64)| (node == id).then_some((rank, Track::Mean));
        alone.into_iter().find_map(on_mean).or_else(|| rows.into_iter().find_map(in_row))
    }
}
