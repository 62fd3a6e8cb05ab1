//! Columns cut into panels that a tile can hold.
//!
//! A panel is four vectors wide where there are registers for it, then two, one, and at the right edge a part of one;
//! a packed matrix lists its panels one after the other, each with its rows `(depth, width)`, so the panel of column
//! `j` begins at `depth * j`.

use super::isa::Isa;
use super::simd::{First, Kernel, Simd, dispatch};
use super::tile;

/// Work on one panel of columns; `V` vectors of `S` wide.
pub(crate) trait Panel {
    /// Does the columns from `column` on.
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, column: usize);
}

/// One panel of `work`, as a kernel of its own.
struct One<'a, W, const V: usize> {
    work: &'a mut W,
    column: usize,
}

impl<W: Panel, const V: usize> Kernel for One<'_, W, V> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        self.work.panel::<S, V>(simd, self.column);
    }
}

/// Calls `work` for every panel of `columns` columns.
#[inline(always)]
pub(crate) fn for_each<S: Simd>(simd: S, columns: usize, work: &mut impl Panel) {
    let mut column = 0;
    while S::REGISTERS >= 32 && column + 4 * S::LANES <= columns {
        simd.call(simd, One::<_, 4> { work, column });
        column += 4 * S::LANES;
    }
    while S::REGISTERS >= 16 && column + 2 * S::LANES <= columns {
        simd.call(simd, One::<_, 2> { work, column });
        column += 2 * S::LANES;
    }
    each_vector_from(simd, column, columns, work);
}

/// Calls `work` for every single vector of `columns` columns, and for the part of one at the end.
#[inline(always)]
pub(crate) fn for_each_vector<S: Simd>(simd: S, columns: usize, work: &mut impl Panel) {
    each_vector_from(simd, 0, columns, work);
}

#[inline(always)]
fn each_vector_from<S: Simd>(simd: S, mut column: usize, columns: usize, work: &mut impl Panel) {
    while column + S::LANES <= columns {
        simd.call(simd, One::<_, 1> { work, column });
        column += S::LANES;
    }
    // One lane has no parts: without the condition, every kernel would be compiled for them.
    if S::LANES > 1 && column < columns {
        simd.call(First::new(simd, columns - column), One::<_, 1> { work, column });
    }
}

/// Copies a matrix into panels: `element(k, j)` gives row `k`, column `j`.
pub(crate) fn pack<F>(isa: Isa, depth: usize, columns: usize, packed: &mut Vec<f32>, element: F)
where
    F: Fn(usize, usize) -> f32,
{
    packed.resize(depth * columns, 0.0);
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
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, column: usize) {
        let width = tile::width::<S, V>(simd);
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

    /// Widths of panels from the left, for each instruction set, as the head of this file says.
    fn widths(lanes: usize, registers: usize, columns: usize) -> Vec<usize> {
        let whole = [(4, 32), (2, 16), (1, 0)].into_iter().filter(|&(_, needed)| registers >= needed);
        let mut widths = Vec::new();
        for width in whole.map(|(vectors, _)| vectors * lanes) {
            while widths.iter().sum::<usize>() + width <= columns {
                widths.push(width);
            }
        }
        let rest = columns - widths.iter().sum::<usize>();
        widths.extend((rest > 0).then_some(rest));
        widths
    }

    struct Probe<'a>(&'a mut (usize, usize));

    impl Kernel for Probe<'_> {
        fn run<S: Simd>(self, _: S) {
            *self.0 = (S::LANES, S::REGISTERS);
        }
    }

    #[test]
    fn a_packed_matrix_lists_its_panels_one_after_the_other() {
        let (depth, columns) = (3, 121);
        let element = |k: usize, j: usize| (1000 * k + j) as f32;
        for isa in Isa::available() {
            let mut sizes = (0, 0);
            dispatch(isa, Probe(&mut sizes));
            let mut packed = Vec::new();
            pack(isa, depth, columns, &mut packed, element);
            let (mut rest, mut column) = (&packed[..], 0);
            for width in widths(sizes.0, sizes.1, columns) {
                let (panel, after) = rest.split_at(depth * width);
                for (at, &x) in panel.iter().enumerate() {
                    assert_eq!(x, element(at / width, column + at % width), "{isa}, column {column}");
                }
                (rest, column) = (after, column + width);
            }
            assert_eq!((rest.len(), column), (0, columns), "{isa}");
        }
    }
}
