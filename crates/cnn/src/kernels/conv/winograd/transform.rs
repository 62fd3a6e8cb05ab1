//! The matrices `B`, `G` and `A` of the formula, forward and transposed.

use crate::kernels::simd::Simd;

// ANCHOR: both_sides
/// A linear map of a few vectors, applied to every column of a matrix and then to every row. These are plain loops:
/// a closure given to `array::map` would be compiled without the caller's instruction set.
pub(super) trait Transform<const N: usize, const M: usize> {
    fn apply<S: Simd>(simd: S, x: [S::Vector; N]) -> [S::Vector; M];

    /// The map of both sides of a matrix.
    #[inline(always)]
    fn both_sides<S: Simd>(simd: S, x: [[S::Vector; N]; N]) -> [[S::Vector; M]; M] {
        let zero = simd.splat(0.0);
        let mut half = [[zero; N]; M];
        for j in 0..N {
            let mut column = [zero; N];
            for i in 0..N {
                column[i] = x[i][j];
            }
            let column = Self::apply(simd, column);
            for i in 0..M {
                half[i][j] = column[i];
            }
        }
        let mut whole = [[zero; M]; M];
        for i in 0..M {
            whole[i] = Self::apply(simd, half[i]);
        }
        whole
    }
}
// ANCHOR_END: both_sides

// ANCHOR: input
/// `B'`.
pub(super) struct InputForward;

impl Transform<4, 4> for InputForward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, d: [S::Vector; 4]) -> [S::Vector; 4] {
        [s.sub(d[0], d[2]), s.add(d[1], d[2]), s.sub(d[2], d[1]), s.sub(d[3], d[1])]
    }
}

/// `B`.
pub(super) struct InputBackward;

impl Transform<4, 4> for InputBackward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, v: [S::Vector; 4]) -> [S::Vector; 4] {
        [v[0], s.sub(s.sub(v[1], v[2]), v[3]), s.sub(s.add(v[1], v[2]), v[0]), v[3]]
    }
}
// ANCHOR_END: input

// ANCHOR: output
/// `A'`.
pub(super) struct OutputForward;

impl Transform<4, 2> for OutputForward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, m: [S::Vector; 4]) -> [S::Vector; 2] {
        [s.add(s.add(m[0], m[1]), m[2]), s.add(s.sub(m[1], m[2]), m[3])]
    }
}

/// `A`.
pub(super) struct OutputBackward;

impl Transform<2, 4> for OutputBackward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, y: [S::Vector; 2]) -> [S::Vector; 4] {
        [y[0], s.add(y[0], y[1]), s.sub(y[0], y[1]), y[1]]
    }
}
// ANCHOR_END: output

// ANCHOR: kernel
/// `G`.
pub(super) struct KernelForward;

impl Transform<3, 4> for KernelForward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, g: [S::Vector; 3]) -> [S::Vector; 4] {
        let half = s.splat(0.5);
        let outer = s.add(g[0], g[2]);
        [g[0], s.mul(half, s.add(outer, g[1])), s.mul(half, s.sub(outer, g[1])), g[2]]
    }
}

/// `G'`.
pub(super) struct KernelBackward;

impl Transform<4, 3> for KernelBackward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, u: [S::Vector; 4]) -> [S::Vector; 3] {
        let half = s.splat(0.5);
        let (sum, difference) = (s.mul(half, s.add(u[1], u[2])), s.mul(half, s.sub(u[1], u[2])));
        [s.add(u[0], sum), difference, s.add(sum, u[3])]
    }
}
// ANCHOR_END: kernel
