//! A box of ink, scaled: each pixel of the result is the average of what it covers.

use super::ink::{InkBox, InkMap};
use crate::images::{PIXELS, SIDE};

/// The longer side of a digit in MNIST, in pixels.
pub const BOX_SIDE: usize = 20;

/// The ink in its box, scaled so that the longer side is [`BOX_SIDE`] pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Columns; **the last may be covered in part**, so that the proportions are kept exactly.
    pub columns: usize,
    /// Rows; the last as the last column.
    pub rows: usize,
    /// The ink, `(rows, columns)`, each from 0 to 1.
    pub ink: Vec<f32>,
}

impl Fitted {
    /// The ink in the box, scaled.
    pub fn new(map: &InkMap, ink_box: InkBox) -> Self {
        Self::to_side(map, ink_box, BOX_SIDE)
    }

    fn to_side(map: &InkMap, ink_box: InkBox, side: usize) -> Self {
        let InkBox { left, top, width, height } = ink_box;
        let longer = width.max(height);
        let [across, down] = [(left, width), (top, height)].map(|(_, length)| covers(length, longer, side));
        let mut ink = Vec::with_capacity(across.len() * down.len());
        let rows = (0..height).map(|row| {
            let row = &map.row(top + row)[left..left + width];
            across.iter().map(|cover| cover.average(|at| row[at])).collect::<Vec<f32>>()
        });
        let rows: Vec<Vec<f32>> = rows.collect(); // (height, columns)
        for cover in &down {
            ink.extend((0..across.len()).map(|column| cover.average(|at| rows[at][column])));
        }
        Self { columns: across.len(), rows: down.len(), ink }
    }
}

/// The whole drawing, shrunk to 28 x 28 pixels with its proportions kept, in the middle: what a network gets that knows
/// nothing of MNIST's preparation. `(28, 28)`, 0 background to 255 ink.
pub fn shrunk(map: &InkMap) -> Vec<u8> {
    let whole = InkBox { left: 0, top: 0, width: map.width(), height: map.height() };
    let fitted = Fitted::to_side(map, whole, SIDE);
    placed(&fitted, (SIDE - fitted.columns) / 2, (SIDE - fitted.rows) / 2)
}

/// The ink at a place of the field, as bytes: `(28, 28)`.
pub(super) fn placed(fitted: &Fitted, left: usize, top: usize) -> Vec<u8> {
    let mut pixels = vec![0; PIXELS];
    for (row, ink) in fitted.ink.chunks_exact(fitted.columns).enumerate() {
        for (pixel, ink) in pixels[(top + row) * SIDE + left..].iter_mut().zip(ink) {
            *pixel = (255.0 * ink).round() as u8;
        }
    }
    pixels
}

/// The pixels that one scaled pixel covers, with their shares of it.
struct Cover {
    first: usize,
    shares: Vec<f64>,
}

impl Cover {
    fn average(&self, ink: impl Fn(usize) -> f32) -> f32 {
        let terms = self.shares.iter().enumerate().map(|(i, share)| share * f64::from(ink(self.first + i)));
        terms.sum::<f64>() as f32
    }
}

/// How `length` pixels are covered when `longer` of them become `side`. In units of `1 / side` of a pixel all bounds
/// are whole: scaled pixel `i` reaches from `i longer` to `(i + 1) longer`, pixel `k` from `k side` to `(k + 1) side`.
fn covers(length: usize, longer: usize, side: usize) -> Vec<Cover> {
    let scaled = (length * side).div_ceil(longer);
    let cover = |i: usize| {
        let (from, to) = (i * longer, ((i + 1) * longer).min(length * side));
        let (first, last) = (from / side, to.div_ceil(side));
        let share = |k: usize| to.min((k + 1) * side) - from.max(k * side);
        Cover { first, shares: (first..last).map(|k| share(k) as f64 / longer as f64).collect() }
    };
    (0..scaled).map(cover).collect()
}
