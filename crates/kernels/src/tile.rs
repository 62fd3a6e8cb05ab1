//! The register tile: `R` rows by `V` vectors of running sums.
#![allow(unsafe_code)]

use super::simd::Simd;

/// Running sums of one tile, kept in registers.
pub(crate) type Sums<S, const R: usize, const V: usize> = [[<S as Simd>::Vector; V]; R];

/// The numbers in `V` vectors next to each other.
#[inline(always)]
pub(crate) fn width<S: Simd, const V: usize>(simd: S) -> usize {
    (V - 1) * S::LANES + simd.width()
}

/// The most rows of a tile `V` vectors wide: its sums, `V` vectors of the right factor and one of the left stay in
/// registers.
pub(crate) const fn most_rows<S: Simd, const V: usize>() -> usize {
    let fit = (S::REGISTERS - V - 1) / V;
    if fit < ROWS { fit } else { ROWS }
}

/// The left factor: element `(i, k)` is `data[rows[i] + k * depth]`.
#[derive(Clone, Copy)]
pub(crate) struct Left<'a, const R: usize> {
    pub(crate) data: &'a [f32],
    pub(crate) rows: [usize; R],
    pub(crate) depth: usize,
}

/// Rows that begin `apart` numbers after each other.
#[inline(always)]
pub(crate) fn evenly<const R: usize>(apart: usize) -> [usize; R] {
    std::array::from_fn(|i| i * apart)
}

/// The right factor: row `k` begins at `data[k * depth]`.
#[derive(Clone, Copy)]
pub(crate) struct Right<'a> {
    pub(crate) data: &'a [f32],
    pub(crate) depth: usize,
}

/// `sums[i][j] += Σ_k a[i, k] b[k, j]`, each sum one chain of fused multiply-adds in the order of `k`.
///
/// # Panics
/// When an element lies outside of `a` or `b`.
#[inline(always)]
pub(crate) fn multiply<S: Simd, const R: usize, const V: usize>(
    simd: S,
    sums: &mut Sums<S, R, V>,
    depth: usize,
    a: Left<R>,
    b: Right,
) {
    if depth == 0 {
        return;
    }
    let farthest = a.rows.into_iter().fold(0, usize::max);
    assert!(farthest + (depth - 1) * a.depth < a.data.len(), "the tile leaves its left factor");
    assert!((depth - 1) * b.depth + width::<S, V>(simd) <= b.data.len(), "the tile leaves its right factor");
    // Pointers that move with k, wrapping because the last step leaves the factors: a product k * depth in the loop
    // costs more than the sums.
    let (mut a_at, mut b_at) = (a.data.as_ptr(), b.data.as_ptr());
    for _ in 0..depth {
        let mut right = [simd.splat(0.0); V];
        for (v, vector) in right.iter_mut().enumerate() {
            // SAFETY: the last element read is (depth - 1) b.depth + width - 1, inside `b` by the second assertion.
            *vector = unsafe { simd.load(b_at.wrapping_add(v * S::LANES)) };
        }
        for (i, row) in sums.iter_mut().enumerate() {
            // SAFETY: no element read lies beyond farthest + (depth - 1) a.depth, inside `a` by the first assertion.
            let left = simd.splat(unsafe { *a_at.wrapping_add(a.rows[i]) });
            for (sum, &right) in row.iter_mut().zip(&right) {
                *sum = simd.mul_add(left, right, *sum);
            }
        }
        a_at = a_at.wrapping_add(a.depth);
        b_at = b_at.wrapping_add(b.depth);
    }
}

/// What a sum starts from.
#[derive(Clone, Copy)]
pub(crate) enum Start<'a> {
    /// The bias of its column.
    Bias(&'a [f32]),
    /// What the result holds already.
    Result,
    /// Zero.
    Zero,
}

impl Start<'_> {
    /// The same for a tile whose first column is `column`.
    #[inline(always)]
    pub(crate) fn at_column(self, column: usize) -> Self {
        match self {
            Self::Bias(bias) => Self::Bias(&bias[column..]),
            other => other,
        }
    }
}

/// The sums at their start; `c` begins at the tile's first element, its rows are `c_row` apart.
#[inline(always)]
pub(crate) fn begin<S: Simd, const R: usize, const V: usize>(
    simd: S,
    start: Start,
    c: &[f32],
    c_row: usize,
) -> Sums<S, R, V> {
    match start {
        Start::Zero => [[simd.splat(0.0); V]; R],
        Start::Bias(bias) => [read(simd, bias); R],
        Start::Result => {
            let mut sums = [[simd.splat(0.0); V]; R];
            for (i, row) in sums.iter_mut().enumerate() {
                *row = read(simd, &c[i * c_row..]);
            }
            sums
        }
    }
}

/// Writes the sums to `c`, whose rows are `c_row` apart.
#[inline(always)]
pub(crate) fn finish<S: Simd, const R: usize, const V: usize>(
    simd: S,
    sums: Sums<S, R, V>,
    c: &mut [f32],
    c_row: usize,
) {
    for (i, row) in sums.into_iter().enumerate() {
        let to = &mut c[i * c_row..][..width::<S, V>(simd)];
        for (v, vector) in row.into_iter().enumerate() {
            // SAFETY: `to` holds the numbers of V vectors, and v < V.
            unsafe { simd.store(to.as_mut_ptr().add(v * S::LANES), vector) };
        }
    }
}

/// The first `V` vectors of `from`.
#[inline(always)]
fn read<S: Simd, const V: usize>(simd: S, from: &[f32]) -> [S::Vector; V] {
    let from = &from[..width::<S, V>(simd)];
    let mut vectors = [simd.splat(0.0); V];
    for (v, vector) in vectors.iter_mut().enumerate() {
        // SAFETY: `from` holds the numbers of V vectors, and v < V.
        *vector = unsafe { simd.load(from.as_ptr().add(v * S::LANES)) };
    }
    vectors
}

/// Splits `0..len` into runs of at most `most`, of sizes that differ by at most one.
#[inline(always)]
pub(crate) fn runs(len: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = len.div_ceil(most);
    (0..count).map(move |i| {
        let (from, to) = (i * len / count, (i + 1) * len / count);
        (from, to - from)
    })
}

/// Calls a block with the constant `$R` equal to the number of rows `$rows`, which must be 1 to [`ROWS`].
macro_rules! with_rows {
    ($rows:expr, $R:ident => $body:expr) => {
        match $rows {
            1 => {
                const $R: usize = 1;
                $body
            }
            2 if $crate::tile::ROWS >= 2 => {
                const $R: usize = 2;
                $body
            }
            3 if $crate::tile::ROWS >= 3 => {
                const $R: usize = 3;
                $body
            }
            4 if $crate::tile::ROWS >= 4 => {
                const $R: usize = 4;
                $body
            }
            5 if $crate::tile::ROWS >= 5 => {
                const $R: usize = 5;
                $body
            }
            6 if $crate::tile::ROWS >= 6 => {
                const $R: usize = 6;
                $body
            }
            7 if $crate::tile::ROWS >= 7 => {
                const $R: usize = 7;
                $body
            }
            8 if $crate::tile::ROWS >= 8 => {
                const $R: usize = 8;
                $body
            }
            rows => unreachable!("a tile of {rows} rows"),
        }
    };
}
pub(crate) use with_rows;

/// The most rows of any tile: eight sums at a time hide the latency of a fused multiply-add. In WebAssembly, where
/// there is no such instruction, each further row is code that a page has to load, and one image at a time can do
/// without. **The bits do not depend on it**: each sum is a chain of its own.
pub(crate) const ROWS: usize = if cfg!(target_arch = "wasm32") { 1 } else { 8 };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Scalar;

    #[test]
    fn runs_cover_everything_evenly() {
        assert_eq!(runs(8, 6).collect::<Vec<_>>(), [(0, 4), (4, 4)]);
        assert_eq!(runs(26, 6).map(|run| run.1).sum::<usize>(), 26);
        assert_eq!(runs(0, 6).count(), 0);
    }

    #[test]
    #[should_panic(expected = "the tile leaves its left factor")]
    fn a_tile_beyond_its_left_factor_is_refused() {
        let a = Left { data: &[0.0; 5], rows: evenly(3), depth: 1 };
        multiply::<Scalar, 2, 1>(Scalar, &mut [[0.0]; 2], 3, a, Right { data: &[0.0; 3], depth: 1 });
    }

    #[test]
    #[should_panic(expected = "the tile leaves its right factor")]
    fn a_tile_beyond_its_right_factor_is_refused() {
        let a = Left { data: &[0.0; 6], rows: evenly(3), depth: 1 };
        multiply::<Scalar, 2, 1>(Scalar, &mut [[0.0]; 2], 3, a, Right { data: &[0.0; 2], depth: 1 });
    }
}
