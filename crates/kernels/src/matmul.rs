//! Matrix products.
//!
//! Shapes: `a` is `(N, K)`, `b` is `(K, M)`, the result `(N, M)`, all row after row.

use super::isa::Isa;
use super::panels::{self, Panel};
use super::simd::{Kernel, Simd, dispatch};
use super::tile::{self, Left, Right, Start, runs, with_rows};

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
        let n = self.a.len() / self.depth.max(1);
        let (a, apart, along) = match self.layout {
            Layout::RowMajor => (&self.a[rows.start * self.depth..], self.depth, 1),
            Layout::Transposed => (&self.a[rows.start.min(self.a.len())..], 1, n),
        };
        let start = self.bias.map_or(Start::Zero, Start::Bias);
        let Self { b, depth, columns, .. } = *self;
        dispatch(isa, Product { a, apart, along, b, depth, columns, start, rows: rows.len(), c });
    }
}

/// `c[i, j] = start + Σ_k a[i apart + k along] b[k, j]` for `rows` rows `i` and all columns `j`; every element is one
/// chain over `k`.
pub(super) struct Product<'a> {
    pub(super) a: &'a [f32],
    pub(super) apart: usize,
    pub(super) along: usize,
    /// `(K, M)`.
    pub(super) b: &'a [f32],
    pub(super) depth: usize,
    pub(super) columns: usize,
    pub(super) start: Start<'a>,
    pub(super) rows: usize,
    /// `(N, M)`.
    pub(super) c: &'a mut [f32],
}

impl<'a> Product<'a> {
    /// `c = a b`, with `a` `(N, K)` and `b` `(K, columns)`.
    #[inline(always)]
    pub(super) fn rows(a: &'a [f32], depth: usize, b: &'a [f32], columns: usize, c: &'a mut [f32]) -> Self {
        let rows = c.len() / columns;
        Self { a, apart: depth, along: 1, b, depth, columns, start: Start::Zero, rows, c }
    }

    /// `c = a' b`, with `a` `(K, rows)` and `b` `(K, columns)`.
    #[inline(always)]
    pub(super) fn columns(a: &'a [f32], rows: usize, b: &'a [f32], columns: usize, c: &'a mut [f32]) -> Self {
        let depth = b.len() / columns;
        Self { a, apart: 1, along: rows, b, depth, columns, start: Start::Zero, rows, c }
    }
}

impl Kernel for Product<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        panels::for_each(simd, self.columns, &mut self);
    }
}

impl Panel for Product<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, column: usize) {
        let Self { a, apart, along, b, depth, columns, start, rows, ref mut c } = *self;
        let start = start.at_column(column);
        for (row, rows) in runs(rows, tile::most_rows::<S, V>()) {
            let c = &mut c[row * columns + column..];
            with_rows!(rows, R => {
                let left = Left { data: &a[row * apart..], rows: tile::evenly(apart), depth: along };
                let mut sums = tile::begin::<S, R, V>(simd, start, c, columns);
                tile::multiply(simd, &mut sums, depth, left, Right { data: &b[column..], depth: columns });
                tile::finish(simd, sums, c, columns);
            });
        }
    }
}
