//! The matrices `B`, `G` and `A` of the formula, forward and transposed.

use crate::simd::Simd;

// ANCHOR: points
/// The points 0, `±P`, `±Q` and infinity. All powers of `P` and `Q` that the maps of pixels and of results need are
/// numbers of single precision, so that these maps' numbers are exact.
const P: f32 = 5.0 / 8.0;
const Q: f32 = 3.0 / 2.0;
const P2: f32 = P * P;
const Q2: f32 = Q * Q;
const SUM: f32 = P2 + Q2;
const PRODUCT: f32 = P2 * Q2;

/// What the kernel's map divides by at a point: the product of its distances from all other finite points.
const AT_0: f32 = 1.0 / PRODUCT;
const AT_P: f32 = 1.0 / (2.0 * P2 * (P2 - Q2));
const AT_Q: f32 = 1.0 / (2.0 * Q2 * (Q2 - P2));
// ANCHOR_END: points

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

/// `a + x b`.
#[inline(always)]
fn plus<S: Simd>(s: S, a: S::Vector, x: f32, b: S::Vector) -> S::Vector {
    s.mul_add(s.splat(x), b, a)
}

/// A polynomial at `p` and at `-p`, from its even part and its odd part by `p`: `even ± p odd`.
#[inline(always)]
fn at_both<S: Simd>(s: S, even: S::Vector, p: f32, odd: S::Vector) -> [S::Vector; 2] {
    [plus(s, even, p, odd), plus(s, even, -p, odd)]
}

/// `a + b` and `a - b`.
#[inline(always)]
fn sum_and_difference<S: Simd>(s: S, a: S::Vector, b: S::Vector) -> [S::Vector; 2] {
    [s.add(a, b), s.sub(a, b)]
}

/// `x a + y b`.
#[inline(always)]
fn combine<S: Simd>(s: S, x: f32, a: S::Vector, y: f32, b: S::Vector) -> S::Vector {
    plus(s, s.mul(s.splat(x), a), y, b)
}

// ANCHOR: input
/// `B'`.
pub(super) struct InputForward;

impl InputForward {
    /// `P2 Q2 a - (P2 + Q2) b + c`: at 0 and at infinity.
    #[inline(always)]
    fn outer<S: Simd>(s: S, a: S::Vector, b: S::Vector, c: S::Vector) -> S::Vector {
        plus(s, plus(s, c, -SUM, b), PRODUCT, a)
    }
}

impl Transform<6, 6> for InputForward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, d: [S::Vector; 6]) -> [S::Vector; 6] {
        let [p, minus_p] = at_both(s, plus(s, d[4], -Q2, d[2]), P, plus(s, d[3], -Q2, d[1]));
        let [q, minus_q] = at_both(s, plus(s, d[4], -P2, d[2]), Q, plus(s, d[3], -P2, d[1]));
        [Self::outer(s, d[0], d[2], d[4]), p, minus_p, q, minus_q, Self::outer(s, d[1], d[3], d[5])]
    }
}
// ANCHOR_END: input

// ANCHOR: input_transposed
/// `B`.
pub(super) struct InputBackward;

impl Transform<6, 6> for InputBackward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, v: [S::Vector; 6]) -> [S::Vector; 6] {
        let [p_sum, p_difference] = sum_and_difference(s, v[1], v[2]);
        let [q_sum, q_difference] = sum_and_difference(s, v[3], v[4]);
        let first = combine(s, -P * Q2, p_difference, -Q * P2, q_difference);
        let second = combine(s, -Q2, p_sum, -P2, q_sum);
        let third = combine(s, P, p_difference, Q, q_difference);
        [
            s.mul(s.splat(PRODUCT), v[0]),
            plus(s, first, PRODUCT, v[5]),
            plus(s, second, -SUM, v[0]),
            plus(s, third, -SUM, v[5]),
            s.add(s.add(p_sum, q_sum), v[0]),
            v[5],
        ]
    }
}
// ANCHOR_END: input_transposed

// ANCHOR: output
/// `A'`.
pub(super) struct OutputForward;

impl Transform<6, 4> for OutputForward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, m: [S::Vector; 6]) -> [S::Vector; 4] {
        let [p_sum, p_difference] = sum_and_difference(s, m[1], m[2]);
        let [q_sum, q_difference] = sum_and_difference(s, m[3], m[4]);
        [
            s.add(s.add(p_sum, q_sum), m[0]),
            combine(s, P, p_difference, Q, q_difference),
            combine(s, P2, p_sum, Q2, q_sum),
            s.add(combine(s, P * P2, p_difference, Q * Q2, q_difference), m[5]),
        ]
    }
}

/// `A`.
pub(super) struct OutputBackward;

impl Transform<4, 6> for OutputBackward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, y: [S::Vector; 4]) -> [S::Vector; 6] {
        let [p, minus_p] = at_both(s, plus(s, y[0], P2, y[2]), P, plus(s, y[1], P2, y[3]));
        let [q, minus_q] = at_both(s, plus(s, y[0], Q2, y[2]), Q, plus(s, y[1], Q2, y[3]));
        [y[0], p, minus_p, q, minus_q, y[3]]
    }
}
// ANCHOR_END: output

// ANCHOR: kernel
/// `G`.
pub(super) struct KernelForward;

impl Transform<3, 6> for KernelForward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, g: [S::Vector; 3]) -> [S::Vector; 6] {
        let [p_even, q_even] = [plus(s, g[0], P2, g[2]), plus(s, g[0], Q2, g[2])];
        let [p, minus_p] = at_both(s, p_even, P, g[1]);
        let [q, minus_q] = at_both(s, q_even, Q, g[1]);
        let [at_p, at_q] = [s.splat(AT_P), s.splat(AT_Q)];
        [
            s.mul(s.splat(AT_0), g[0]),
            s.mul(at_p, p),
            s.mul(at_p, minus_p),
            s.mul(at_q, q),
            s.mul(at_q, minus_q),
            g[2],
        ]
    }
}

/// `G'`.
pub(super) struct KernelBackward;

impl Transform<6, 3> for KernelBackward {
    #[inline(always)]
    fn apply<S: Simd>(s: S, u: [S::Vector; 6]) -> [S::Vector; 3] {
        let [p_sum, p_difference] = sum_and_difference(s, u[1], u[2]);
        let [q_sum, q_difference] = sum_and_difference(s, u[3], u[4]);
        let [p_sum, q_sum] = [s.mul(s.splat(AT_P), p_sum), s.mul(s.splat(AT_Q), q_sum)];
        [
            plus(s, s.add(p_sum, q_sum), AT_0, u[0]),
            combine(s, P * AT_P, p_difference, Q * AT_Q, q_difference),
            s.add(combine(s, P2, p_sum, Q2, q_sum), u[5]),
        ]
    }
}
// ANCHOR_END: kernel
