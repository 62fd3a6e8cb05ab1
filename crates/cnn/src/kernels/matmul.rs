//! Matrix products.
//!
//! Shapes: `a` is `(N, K)`, `b` is `(K, M)`, the result `(N, M)`, all row after row.

use super::isa::Isa;
use super::panels::{self, Panel};
use super::simd::{Kernel, Simd, dispatch};
use super::tile::{self, Left, ROWS, Right, Start, runs, with_rows};

/// How the left factor is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `(N, K)`, row after row.
    RowMajor,
    /// `(K, N)`: the product is `aᵀ b`.
    Transposed,
}

/// `c = start + a b` for the rows `c.len() / columns` that `c` holds.
///
/// `a` and `b` are used where they lie; every element of `c` is one chain over `k`, starting from the bias of its
/// column or from 0.
///
/// # Panics
/// When the lengths do not fit.
pub struct Matmul<'a> {
    /// Left factor, `(N, K)` or, transposed, `(K, N)`.
    pub a: &'a [f32],
    /// How it is stored.
    pub layout: Layout,
    /// Right factor `(K, M)`.
    pub b: &'a [f32],
    /// The length `K` of the sums.
    pub depth: usize,
    /// The number `M` of columns.
    pub columns: usize,
    /// Added to every row, `(M)`.
    pub bias: Option<&'a [f32]>,
}

impl Matmul<'_> {
    /// Computes the rows `rows` of the product into `c`.
    pub fn rows(&self, isa: Isa, rows: std::ops::Range<usize>, c: &mut [f32]) {
        assert_eq!(c.len(), rows.len() * self.columns, "the result of a matrix product");
        assert_eq!(self.b.len(), self.depth * self.columns, "the right factor of a matrix product");
        assert_eq!(self.a.len() % self.depth.max(1), 0, "the left factor of a matrix product");
        dispatch(isa, Rows { matmul: self, first: rows.start, count: rows.len(), c });
    }
}

struct Rows<'a> {
    matmul: &'a Matmul<'a>,
    first: usize,
    count: usize,
    c: &'a mut [f32],
}

impl Kernel for Rows<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        panels::for_each(simd, self.matmul.columns, &mut self);
    }
}

impl Panel for Rows<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, column: usize) {
        let Matmul { a, layout, b, depth, columns, bias } = *self.matmul;
        let n = a.len().checked_div(depth).unwrap_or(0);
        for (row, rows) in runs(self.count, ROWS) {
            let first = self.first + row;
            let (data, apart, along) = match layout {
                Layout::RowMajor => (&a[first * depth..], depth, 1),
                Layout::Transposed => (&a[first..], 1, n),
            };
            let right = Right { data: &b[column..], depth: columns };
            let start = bias.map_or(Start::Zero, |bias| Start::Bias(&bias[column..]));
            let c = &mut self.c[row * columns + column..];
            with_rows!(rows, R => {
                let left = Left { data, rows: tile::evenly(apart), depth: along };
                let mut sums = tile::begin::<S, R, V>(simd, start, c, columns);
                tile::multiply(simd, &mut sums, depth, left, right);
                tile::finish(simd, sums, c, columns);
            });
        }
    }
}
