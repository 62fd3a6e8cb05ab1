//! Columns cut into panels that a tile can hold.
//!
//! A panel is as wide as two vectors, one vector or one number, in this order from the left; a packed matrix lists
//! its panels one after the other, each with its rows `(depth, width)`, so the panel of column `j` begins at
//! `depth * j`.

use super::isa::Isa;
use super::simd::{Kernel, Scalar, Simd, dispatch};

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
pub(crate) fn pack<F>(isa: Isa, depth: usize, columns: usize, packed: &mut [f32], element: F)
where
    F: Fn(usize, usize) -> f32,
{
    assert_eq!(packed.len(), depth * columns, "packing {depth} x {columns}");
    dispatch(isa, Pack { depth, columns, packed, element });
}

struct Pack<'a, F> {
    depth: usize,
    columns: usize,
    packed: &'a mut [f32],
    element: F,
}

impl<F: Fn(usize, usize) -> f32> Kernel for Pack<'_, F> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        for_each(simd, self.columns, &mut self);
    }
}

impl<F: Fn(usize, usize) -> f32> Panel for Pack<'_, F> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, _: S, column: usize) {
        let width = V * S::LANES;
        let panel = &mut self.packed[self.depth * column..][..self.depth * width]; // (depth, width)
        for (k, row) in panel.chunks_exact_mut(width).enumerate() {
            for (j, to) in row.iter_mut().enumerate() {
                *to = (self.element)(k, column + j);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eight lanes cut 3 x 25 into 16, 8 and 1 columns, four into 3 times 8 and 1, one into 12 times 2 and 1.
    #[test]
    fn a_packed_matrix_lists_its_panels_one_after_the_other() {
        let (depth, columns) = (3, 25);
        let element = |k: usize, j: usize| (100 * k + j) as f32;
        for isa in Isa::available() {
            let lanes = match isa {
                Isa::Scalar => 1,
                Isa::Neon => 4,
                Isa::Avx2 => 8,
            };
            let mut packed = vec![f32::NAN; depth * columns];
            pack(isa, depth, columns, &mut packed, element);
            let (mut rest, mut column) = (&packed[..], 0);
            while column < columns {
                let width = [2 * lanes, lanes, 1].into_iter().find(|w| column + w <= columns).unwrap();
                let (panel, after) = rest.split_at(depth * width);
                for (at, &x) in panel.iter().enumerate() {
                    assert_eq!(x, element(at / width, column + at % width), "{isa}, column {column}");
                }
                (rest, column) = (after, column + width);
            }
        }
    }
}
