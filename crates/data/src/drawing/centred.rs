//! The scaled ink in its field.

use super::fitted::{Fitted, placed};
use crate::images::SIDE;

/// The middle of the field, in pixels from its left and upper edge: **that of pixel 14, counted from 0**, as in MNIST,
/// whose centres of mass all lie within half a pixel of it. The sides have an even number of pixels, so no pixel's
/// middle is the field's.
pub const MIDDLE: f64 = SIDE as f64 / 2.0 + 0.5;

/// A digit as MNIST has them: 28 x 28 pixels with the centre of mass in the middle.
#[derive(Clone, Debug, PartialEq)]
pub struct Centred {
    /// The column at which the scaled ink begins.
    pub left: usize,
    /// Its row.
    pub top: usize,
    /// The centre of mass of the scaled ink, `(x, y)` from its upper left corner, in pixels.
    pub centre: (f64, f64),
    /// The pixels, `(28, 28)`: 0 background to 255 ink.
    pub pixels: Vec<u8>,
}

impl Centred {
    /// Puts the centre of mass as near to the middle as whole pixels can, and no ink over the edge.
    pub fn new(fitted: &Fitted) -> Self {
        let (mut sum, mut x, mut y) = (0.0, 0.0, 0.0);
        for (row, ink) in fitted.ink.chunks_exact(fitted.columns).enumerate() {
            for (column, ink) in ink.iter().enumerate() {
                let ink = f64::from(*ink);
                sum += ink;
                x += ink * (column as f64 + 0.5);
                y += ink * (row as f64 + 0.5);
            }
        }
        let centre = (x / sum, y / sum);
        let begins = |centre: f64, length: usize| {
            let begins = (MIDDLE - centre).round().max(0.0) as usize;
            begins.min(SIDE - length)
        };
        let (left, top) = (begins(centre.0, fitted.columns), begins(centre.1, fitted.rows));
        Self { left, top, centre, pixels: placed(fitted, left, top) }
    }
}
