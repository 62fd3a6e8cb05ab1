//! Elementary functions that give the same bits on every machine.
//!
//! All of them have the bits of libm, which is plain Rust: no call into the system's mathematics library, no
//! instruction chosen by processor. Those that networks apply to whole arrays (`exp`, `expf`, `tanhf`) are written out
//! in `straight.rs` without branches, so that loops of them are vectorised. Names without suffix are double precision,
//! names ending in `f` single precision.

use crate::straight;

/// `e^x`.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    straight::exp(x)
}

/// `e^x` in single precision.
#[inline(always)]
pub fn expf(x: f32) -> f32 {
    straight::expf(x)
}

/// The natural logarithm `ln x`; `-inf` at 0 and NaN below.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// The natural logarithm in single precision.
#[inline(always)]
pub fn lnf(x: f32) -> f32 {
    libm::logf(x)
}

/// The hyperbolic tangent.
#[inline(always)]
pub fn tanh(x: f64) -> f64 {
    libm::tanh(x)
}

/// The hyperbolic tangent in single precision.
#[inline(always)]
pub fn tanhf(x: f32) -> f32 {
    straight::tanhf(x)
}

/// The cosine of `x` radians.
#[inline(always)]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// The logistic function `1 / (1 + e^-x)`.
///
/// The exponential is taken of `-|x|` only, so it never overflows and `sigmoid(-x) = 1 - sigmoid(x)` holds
/// with full relative precision for large negative `x` too.
#[inline(always)]
pub fn sigmoid(x: f64) -> f64 {
    let e = exp(-x.abs());
    if x >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
}

/// The logistic function in single precision; see [`sigmoid`].
#[inline(always)]
pub fn sigmoidf(x: f32) -> f32 {
    let e = expf(-x.abs());
    if x >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// The reference values are mpmath 1.3 at 50 digits, rounded to the nearest double: `float(mp.exp(x))` and so on.
    #[rstest]
    #[case::exp_of_one(exp(1.0), std::f64::consts::E)]
    #[case::ln_of_two(ln(2.0), std::f64::consts::LN_2)]
    #[case::ln_of_ten(ln(10.0), std::f64::consts::LN_10)]
    #[case::cos_of_pi(cos(std::f64::consts::PI), -1.0)]
    #[case::sigmoid_of_zero(sigmoid(0.0), 0.5)]
    fn agrees_with_the_correctly_rounded_value(#[case] ours: f64, #[case] reference: f64) {
        assert!((ours - reference).abs() <= f64::EPSILON * reference.abs(), "{ours:e} against {reference:e}");
    }

    #[rstest]
    #[case(-745.0)]
    #[case(-30.0)]
    #[case(-1.5)]
    #[case(0.25)]
    #[case(40.0)]
    fn sigmoid_is_half_of_one_plus_tanh_of_half(#[case] x: f64) {
        assert!((sigmoid(x) - 0.5 * (1.0 + tanh(0.5 * x))).abs() < 1e-15);
        assert!(sigmoid(x) > 0.0, "the tail keeps its relative precision and never rounds to zero");
    }

    /// Bits, not tolerances: a change of the libm version that moves a result must be seen here first.
    #[test]
    fn the_bits_are_pinned() {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for i in -400..400 {
            let x = f64::from(i) * 0.0371;
            for y in [exp(x), ln(x.abs() + 1e-3), tanh(x), sigmoid(x), cos(x)] {
                hash = (hash ^ y.to_bits()).wrapping_mul(0x0100_0000_01b3);
            }
            let x = x as f32;
            for y in [expf(x), lnf(x.abs() + 1e-3), tanhf(x), sigmoidf(x)] {
                hash = (hash ^ u64::from(y.to_bits())).wrapping_mul(0x0100_0000_01b3);
            }
        }
        assert_eq!(hash, PINNED, "elementary functions changed their bits: {hash:#x}");
    }

    /// Made by this test with libm 0.2.16 on x86-64 with rustc 1.95.
    const PINNED: u64 = 0x2ba8_cd59_d25f_4b66;
}
