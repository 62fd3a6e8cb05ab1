//! Columns cut into panels that a tile can hold.
//!
//! A panel is as wide as two vectors, one vector or one number, in this order from the left; a packed matrix lists
//! its panels one after the other, each with its rows `(depth, width)`, so the panel of column `j` begins at
//! `depth * j`.

use super::isa::Isa;
use super::simd::{Scalar, Simd};

/// Work on one panel of columns; `V` vectors of `S` wide.
pub(crate) trait Panel {
    /// Does the columns from `column` on.
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, column: usize);
}

/// Calls `work` for every panel of `columns` columns.
#[inline(always)]
pub(crate) fn for_each<S: Simd>(simd: S, columns: usize, work: &mut impl Panel) {
    let mut column = 0;
    while column + 2 * S::LANES <= columns {
        work.panel::<S, 2>(simd, column);
        column += 2 * S::LANES;
    }
    while column + S::LANES <= columns {
        work.panel::<S, 1>(simd, column);
        column += S::LANES;
    }
    while column < columns {
        work.panel::<Scalar, 1>(Scalar, column);
        column += 1;
    }
}

/// Copies a matrix into panels: `element(k, j)` gives row `k`, column `j`.
pub(crate) fn pack(isa: Isa, depth: usize, columns: usize, packed: &mut [f32], element: impl Fn(usize, usize) -> f32) {
    let lanes = match isa {
        Isa::Scalar => Scalar::LANES,
        Isa::Avx2 => 8,
    };
    assert_eq!(packed.len(), depth * columns, "packing {depth} x {columns}");
    let mut column = 0;
    while column < columns {
        let width = [2 * lanes, lanes, 1].into_iter().find(|w| column + w <= columns).unwrap_or(1);
        let panel = &mut packed[depth * column..][..depth * width];
        for (k, row) in panel.chunks_exact_mut(width).enumerate() {
            for (j, to) in row.iter_mut().enumerate() {
                *to = element(k, column + j);
            }
        }
        column += width;
    }
}
