//! Where everything stands across the way: a track for each input, and that of the mean between the halves of them.

use super::orientation::{GAP, Orientation, RADIUS, label_width};
use crate::render::marks::MarkedGraph;
use crate::render::node_text::line_width;

/// What runs along one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Track {
    /// What belongs to one input.
    Input(usize),
    /// The mean, and what all inputs have in common.
    Mean,
}

/// The distances between tracks.
pub(super) struct Tracks {
    n: usize,
    /// From one row to the next: two wires with their labels.
    pitch: f64,
    /// From the mean's track to the rows beside it.
    beside_mean: f64,
    /// From a row to the level stretch of its wire to or from the mean.
    pub(super) offset: f64,
    /// Beyond the first row and the last, where captions and labels stand.
    border: f64,
}

impl Tracks {
    /// The tracks; `captions` are the lines of all captions.
    pub(super) fn new<'a>(
        of: &MarkedGraph,
        orientation: Orientation,
        captions: impl Iterator<Item = &'a String>,
    ) -> Self {
        let n = of.parts.x.len();
        match orientation {
            Orientation::Wide => Self { n, pitch: 92.0, beside_mean: 92.0, offset: 45.0, border: 60.0 },
            Orientation::Upright => {
                let wires =
                    of.inputs.iter().chain(of.edges.iter().map(|edge| &edge.marks)).chain([&of.output]);
                let widths = wires
                    .flat_map(|marks| [label_width(&marks.value.text), label_width(&marks.gradient.text)]);
                let label = widths.fold(0.0, f64::max) + 2.0 * GAP;
                let caption = captions.map(|line| line_width(line)).fold(0.0, f64::max) + RADIUS + 2.0 * GAP;
                // A label stands beside its wire, on the side that is away from the mean.
                let beside_mean = caption.max(label + 2.0 * GAP);
                let pitch = (2.0 * label).max(caption + RADIUS);
                Self { n, pitch, beside_mean, offset: label, border: label.max(caption) }
            }
        }
    }

    /// The place of a track.
    pub(super) fn across(&self, track: Track) -> f64 {
        let before = self.before_mean();
        let mean = self.border + self.pitch * (before as f64 - 1.0) + self.beside_mean;
        match track {
            Track::Mean => mean,
            Track::Input(i) if i < before => self.border + self.pitch * i as f64,
            Track::Input(i) => mean + self.beside_mean + self.pitch * (i - before) as f64,
        }
    }

    /// How many rows stand before the mean.
    fn before_mean(&self) -> usize {
        self.n.div_ceil(2)
    }

    /// The direction from a row to the mean: 1 for onwards, -1 for back.
    pub(super) fn side(&self, i: usize) -> f64 {
        if i < self.before_mean() { 1.0 } else { -1.0 }
    }

    /// Where the drawing ends.
    pub(super) fn end(&self) -> f64 {
        let last = if self.n > 1 { Track::Input(self.n - 1) } else { Track::Mean };
        self.across(last) + self.border
    }
}
