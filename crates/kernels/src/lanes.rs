//! Matrix products side by side: an entry is a vector of lanes, one number of each of several networks.
//!
//! Shapes: `L` lanes, which lie next to each other everywhere.
#![allow(unsafe_code)]

use super::isa::Isa;
use super::panels::{self, Panel};
use super::simd::{Kernel, Simd, dispatch};
use super::tile::runs;

/// `c[i, j] = start[j] + Σ_k a[i, k] b[k, j]` in every lane; an entry is one chain over `k`, with the bits of the
/// product that one network makes by itself.
pub struct LaneProduct<'a> {
    /// The left factor.
    pub a: &'a [f32],
    /// Entries from one row of `a` to the next, and along its sum.
    pub a_apart: (usize, usize),
    /// The right factor.
    pub b: &'a [f32],
    /// Entries along the sum of `b`, and from one of its columns to the next.
    pub b_apart: (usize, usize),
    /// The length of the sums.
    pub depth: usize,
    /// The columns of `c`.
    pub columns: usize,
    /// Lanes `L`.
    pub lanes: usize,
    /// What each column starts from, `(columns, L)`; without it, from 0.
    pub start: Option<&'a [f32]>,
}

impl LaneProduct<'_> {
    /// Writes the rows that `c`, `(rows, columns, L)`, holds.
    pub fn write(&self, isa: Isa, c: &mut [f32]) {
        dispatch(isa, Whole { product: self, c });
    }

    /// Refuses a tile whose last row and column, up to the lane `end`, leave a factor, the start, or a result of so
    /// many numbers.
    #[inline(always)]
    fn assert_inside(&self, (row, column): (usize, usize), end: usize, result: usize) {
        let &Self { a, a_apart, b, b_apart, depth, columns, lanes, start } = self;
        let last = depth.saturating_sub(1);
        let numbers = |entry: usize| entry * lanes + end;
        assert!(end <= lanes, "the lanes of a product");
        assert!(numbers(row * a_apart.0 + last * a_apart.1) <= a.len(), "the left factor of a product");
        assert!(numbers(column * b_apart.1 + last * b_apart.0) <= b.len(), "the right factor of a product");
        assert!(start.is_none_or(|start| numbers(column) <= start.len()), "the start of a product");
        assert!(numbers(row * columns + column) <= result, "the result of a product");
    }
}

struct Whole<'a> {
    product: &'a LaneProduct<'a>,
    c: &'a mut [f32],
}

impl Kernel for Whole<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        let lanes = self.product.lanes;
        panels::for_each_vector(simd, lanes, &mut self);
    }
}

/// Calls a block with the constants `$R` and `$C` equal to `$rows` and `$columns`, 1 to [`SIDE`] each.
macro_rules! with_sides {
    ($rows:expr, $columns:expr, $R:ident, $C:ident => $body:expr) => {
        with_side!($rows, $R => with_side!($columns, $C => $body))
    };
}

macro_rules! with_side {
    ($side:expr, $N:ident => $body:expr) => {
        match $side {
            1 => {
                const $N: usize = 1;
                $body
            }
            2 => {
                const $N: usize = 2;
                $body
            }
            3 => {
                const $N: usize = 3;
                $body
            }
            4 => {
                const $N: usize = 4;
                $body
            }
            side => unreachable!("a tile of {side} rows or columns"),
        }
    };
}

/// The most rows and columns of a tile: its sums, a row of the right factor and a number of the left stay in registers.
const fn side<S: Simd>() -> usize {
    if S::REGISTERS >= 32 { 4 } else { 3 }
}

impl Panel for Whole<'_> {
    #[inline(always)]
    fn panel<S: Simd, const V: usize>(&mut self, simd: S, lane: usize) {
        let LaneProduct { columns, lanes, .. } = *self.product;
        let rows = self.c.len() / (columns * lanes);
        for (row, rows) in runs(rows, side::<S>()) {
            for (column, columns) in runs(columns, side::<S>()) {
                with_sides!(rows, columns, R, C => {
                    tile::<S, R, C>(simd, self.product, (row, column), lane, self.c)
                });
            }
        }
    }
}

/// The entries of `R` rows and `C` columns from `(row, column)` on, in the lanes of a vector.
#[inline(always)]
fn tile<S: Simd, const R: usize, const C: usize>(
    simd: S,
    product: &LaneProduct,
    (row, column): (usize, usize),
    lane: usize,
    c: &mut [f32],
) {
    let &LaneProduct { a, a_apart, b, b_apart, depth, columns, lanes, start } = product;
    product.assert_inside((row + R - 1, column + C - 1), lane + simd.width(), c.len());
    let at = |entry: usize| entry * lanes + lane;
    let mut first = [simd.splat(0.0); C];
    if let Some(start) = start {
        for (j, sum) in first.iter_mut().enumerate() {
            // SAFETY: the lanes of the last column lie inside of `start` by the assertion.
            *sum = unsafe { simd.load(start.as_ptr().add(at(column + j))) };
        }
    }
    let mut sums = [first; R];
    for k in 0..depth {
        let (a_at, b_at) = (at(row * a_apart.0 + k * a_apart.1), at(column * b_apart.1 + k * b_apart.0));
        let mut right = [simd.splat(0.0); C];
        for (j, vector) in right.iter_mut().enumerate() {
            // SAFETY: the farthest column and the last number of the sum lie inside of `b` by the assertion.
            *vector = unsafe { simd.load(b.as_ptr().add(b_at + j * b_apart.1 * lanes)) };
        }
        for (i, row) in sums.iter_mut().enumerate() {
            // SAFETY: the farthest row and the last number of the sum lie inside of `a` by the assertion.
            let left = unsafe { simd.load(a.as_ptr().add(a_at + i * a_apart.0 * lanes)) };
            for (sum, &right) in row.iter_mut().zip(&right) {
                *sum = simd.mul_add(left, right, *sum);
            }
        }
    }
    for (i, sums) in sums.into_iter().enumerate() {
        for (j, sum) in sums.into_iter().enumerate() {
            // SAFETY: the entry lies inside of `c` by the assertion.
            unsafe { simd.store(c.as_mut_ptr().add(at((row + i) * columns + column + j)), sum) };
        }
    }
}

/// `z[n, c] - max z[n]` in every lane, in double precision.
pub struct Shifted<'a> {
    /// `(N, C, L)`.
    pub logits: &'a [f32],
    /// Classes `C`.
    pub classes: usize,
    /// Memory for the largest logits of an example, `(L)`.
    pub largest: &'a mut [f32],
    /// `(N, C, L)`.
    pub shifted: &'a mut [f64],
}

impl Shifted<'_> {
    /// Writes the differences.
    pub fn write(self, isa: Isa) {
        dispatch(isa, self);
    }
}

impl Kernel for Shifted<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        let Self { logits, classes, largest, shifted } = self;
        let lanes = largest.len();
        let rows = logits.chunks_exact(classes * lanes).zip(shifted.chunks_exact_mut(classes * lanes));
        for (z, shifted) in rows {
            largest.copy_from_slice(&z[..lanes]);
            for z in z.chunks_exact(lanes).skip(1) {
                for (largest, &z) in largest.iter_mut().zip(z) {
                    *largest = if z > *largest { z } else { *largest };
                }
            }
            for (to, z) in shifted.chunks_exact_mut(lanes).zip(z.chunks_exact(lanes)) {
                for ((to, &z), &largest) in to.iter_mut().zip(z).zip(&*largest) {
                    *to = f64::from(z) - f64::from(largest);
                }
            }
        }
    }
}

/// The gradient of the mean cross-entropy in every lane, from the powers of the shifted logits.
pub struct Differences<'a> {
    /// `e^{z[n, c] - max z[n]}`, `(N, C, L)`.
    pub powers: &'a [f64],
    /// The target's share without what all classes get alike, `(N, C, L)`.
    pub targets: &'a [f64],
    /// Classes `C`.
    pub classes: usize,
    /// The share that all classes get alike.
    pub everyone: f64,
    /// The examples over which the mean is taken.
    pub examples: f64,
    /// Memory for the sum of an example's powers, `(L)`.
    pub normaliser: &'a mut [f64],
    /// `(N, C, L)`.
    pub to: &'a mut [f32],
}

impl Differences<'_> {
    /// Writes the gradient.
    pub fn write(self, isa: Isa) {
        dispatch(isa, self);
    }
}

impl Kernel for Differences<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, _: S) {
        let Self { powers, targets, classes, everyone, examples, normaliser, to } = self;
        let lanes = normaliser.len();
        let row = classes * lanes;
        let rows = powers.chunks_exact(row).zip(targets.chunks_exact(row)).zip(to.chunks_exact_mut(row));
        for ((powers, targets), to) in rows {
            let entries = powers.chunks_exact(lanes);
            normaliser.fill(0.0);
            for powers in entries.clone() {
                normaliser.iter_mut().zip(powers).for_each(|(sum, power)| *sum += power);
            }
            let entries = entries.zip(targets.chunks_exact(lanes)).zip(to.chunks_exact_mut(lanes));
            for ((powers, targets), to) in entries {
                let numbers = powers.iter().zip(targets).zip(&*normaliser).zip(to);
                for (((power, target), normaliser), to) in numbers {
                    *to = ((power / normaliser - everyone - target) / examples) as f32;
                }
            }
        }
    }
}
