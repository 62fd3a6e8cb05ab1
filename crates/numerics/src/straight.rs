//! `e^x` and `tanh x` without branches, so that a compiler can work on many numbers side by side.
//!
//! **The bits are libm's**, for every number: the operations are those of its `expf`, `exp`, `expm1f` and `tanhf`,
//! which come from FreeBSD's msun, and where those choose between formulas, here all are computed and one is taken.
//!
//! ```text
//! x = k ln 2 + r, |r| <= ln 2 / 2        e^x = 2^k e^r        e^r from a rational function of r
//! ```
//!
//! The formulas and their constants:
//!
//! ```text
//! Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved.
//!
//! Developed at SunPro, a Sun Microsystems, Inc. business.
//! Permission to use, copy, modify, and distribute this
//! software is freely granted, provided that this notice
//! is preserved.
//! ```

#![expect(clippy::excessive_precision, reason = "the digits are those of the original")]

use std::{f32, f64};

/// Numbers of this size have no digits after the point, so adding it rounds, and the last bits of the sum are the
/// integer: a conversion that every instruction set has, unlike `as`.
const INTEGERS_F: f32 = 12_582_912.0; //             1.5 * 2^23
const INTEGERS: f64 = 6_755_399_441_055_744.0; //    1.5 * 2^52

/// `x` without its digits after the point.
#[inline(always)]
fn whole_f(x: f32) -> f32 {
    let nearest = (x + INTEGERS_F) - INTEGERS_F;
    let one = if x < 0.0 { -1.0 } else { 1.0 };
    if nearest.abs() > x.abs() { nearest - one } else { nearest }
}

/// `x` without its digits after the point.
#[inline(always)]
fn whole(x: f64) -> f64 {
    let nearest = (x + INTEGERS) - INTEGERS;
    let one = if x < 0.0 { -1.0 } else { 1.0 };
    if nearest.abs() > x.abs() { nearest - one } else { nearest }
}

/// `2^k` for a whole `k`, `-126 <= k <= 127`.
#[inline(always)]
fn power_of_two_f(k: f32) -> f32 {
    f32::from_bits((k + INTEGERS_F + 127.0).to_bits() << 23)
}

/// `2^k` for a whole `k`, `-1022 <= k <= 1023`.
#[inline(always)]
fn power_of_two(k: f64) -> f64 {
    f64::from_bits((k + INTEGERS + 1023.0).to_bits() << 52)
}

/// `e^x` in single precision.
#[inline(always)]
pub(crate) fn expf(x: f32) -> f32 {
    const LN2_HI: f32 = 6.931_457_5e-1;
    const LN2_LO: f32 = 1.428_606_8e-6;
    const P1: f32 = 1.666_662_5e-1;
    const P2: f32 = -2.766_733_3e-3;
    let magnitude = x.to_bits() & 0x7fff_ffff;
    let one = if x < 0.0 { -1.0 } else { 1.0 };

    // k, as a number; 0 and ±1 are told by the size of x, as in the original.
    let rounded = whole_f((f32::consts::LOG2_E * x + 0.5 * one).clamp(-151.0, 129.0));
    let near = if magnitude > 0x3eb1_7218 { one } else { 0.0 }; // |x| > ln 2 / 2
    let k = if magnitude > 0x3f85_1592 { rounded } else { near }; //   |x| > 3 ln 2 / 2
    let (hi, lo) = (x - k * LN2_HI, k * LN2_LO);
    let r = hi - lo;

    let rr = r * r;
    let c = r - rr * (P1 + rr * P2);
    let y = 1.0 + (r * c / (2.0 - c) - lo + hi);
    // In two steps, of which the first is exact: the result may be subnormal.
    let half = whole_f(0.5 * k);
    let scaled = y * power_of_two_f(half) * power_of_two_f(k - half);

    let y = if magnitude > 0x3900_0000 { scaled } else { 1.0 + x }; // |x| > 2^-14
    let y = if x >= f32::from_bits(0x42b1_7218) { f32::INFINITY } else { y };
    let y = if x <= f32::from_bits(0xc2cf_f1b5) { 0.0 } else { y };
    if x.is_nan() { x } else { y }
}

/// `e^x` in double precision.
#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    const LN2_HI: f64 = 6.931_471_803_691_238_164_90e-1;
    const LN2_LO: f64 = 1.908_214_929_270_587_700_02e-10;
    const P1: f64 = 1.666_666_666_666_660_190_37e-1;
    const P2: f64 = -2.777_777_777_701_559_338_42e-3;
    const P3: f64 = 6.613_756_321_437_934_361_17e-5;
    const P4: f64 = -1.653_390_220_546_525_153_90e-6;
    const P5: f64 = 4.138_136_797_057_238_460_39e-8;
    let magnitude = (x.to_bits() >> 32) as u32 & 0x7fff_ffff;
    let one = if x < 0.0 { -1.0 } else { 1.0 };

    let rounded = whole((f64::consts::LOG2_E * x + 0.5 * one).clamp(-1076.0, 1025.0));
    let near = if magnitude > 0x3fd6_2e42 { one } else { 0.0 }; // |x| > ln 2 / 2
    let k = if magnitude >= 0x3ff0_a2b2 { rounded } else { near }; //  |x| >= 3 ln 2 / 2
    let (hi, lo) = (x - k * LN2_HI, k * LN2_LO);
    let r = hi - lo;

    let rr = r * r;
    let c = r - rr * (P1 + rr * (P2 + rr * (P3 + rr * (P4 + rr * P5))));
    let y = 1.0 + (r * c / (2.0 - c) - lo + hi);
    let half = whole(0.5 * k);
    let scaled = y * power_of_two(half) * power_of_two(k - half);

    let y = if magnitude > 0x3e30_0000 { scaled } else { 1.0 + x }; // |x| > 2^-28
    let y = if x > 709.782_712_893_383_973_096 { f64::INFINITY } else { y };
    let y = if x < -745.133_219_101_941_108_42 { 0.0 } else { y };
    if x.is_nan() { x } else { y }
}

/// `e^x - 1` in single precision for `-0.52 <= x <= 20`, which is all that [`tanhf`] needs.
#[inline(always)]
fn expm1f(x: f32) -> f32 {
    const LN2_HI: f32 = 6.931_381_2e-1;
    const LN2_LO: f32 = 9.058_000_6e-6;
    const Q1: f32 = -3.333_321_2e-2;
    const Q2: f32 = 1.580_717_0e-3;
    let magnitude = x.to_bits() & 0x7fff_ffff;
    let one = if x < 0.0 { -1.0 } else { 1.0 };

    let rounded = whole_f((f32::consts::LOG2_E * x + 0.5 * one).clamp(-2.0, 30.0));
    let near = if magnitude > 0x3eb1_7218 { one } else { 0.0 }; // |x| > ln 2 / 2
    let k = if magnitude >= 0x3f85_1592 { rounded } else { near }; //  |x| >= 3 ln 2 / 2
    let (hi, lo) = (x - k * LN2_HI, k * LN2_LO);
    let r = hi - lo;
    let c = (hi - r) - lo;

    let half = 0.5 * r;
    let square = r * half;
    let r1 = 1.0 + square * (Q1 + square * Q2);
    let t = 3.0 - r1 * half;
    let e = square * ((r1 - t) / (6.0 - r * t));
    let e = (r * (e - c) - c) - square;

    // e^x ~ 2^k (r - e + 1)
    let (up, down) = (power_of_two_f(k), power_of_two_f(-k));
    let above = if r < -0.25 { -2.0 * (e - (r + 0.5)) } else { 1.0 + 2.0 * (r - e) };
    let small = (r - e + (1.0 - down)) * up;
    let y = if k < 23.0 { small } else { (r - (e + down) + 1.0) * up };
    let y = if k == 1.0 { above } else { y };
    let y = if k == 0.0 { r - e } else { y };
    let y = if k == -1.0 { 0.5 * (r - e) - 0.5 } else { y };
    if magnitude < 0x3300_0000 { x } else { y } // |x| < 2^-25
}

/// The hyperbolic tangent in single precision.
#[inline(always)]
pub(crate) fn tanhf(x: f32) -> f32 {
    let magnitude = x.to_bits() & 0x7fff_ffff;
    let a = x.abs();
    let is_small = magnitude <= 0x3e82_c578; // |x| <= ln(5/3) / 2
    let t = expm1f((if is_small { -2.0 } else { 2.0 }) * a.min(10.0));
    let is_large = magnitude > 0x3f0c_9f54; //  |x| > ln(3) / 2
    let dividend = if is_small { -t } else { t };
    let quotient = (if is_large { 2.0 } else { dividend }) / (t + 2.0);
    let y = if is_large { 1.0 - quotient } else { quotient };
    let y = if magnitude > 0x4120_0000 { 1.0 } else { y }; // |x| > 10
    let y = if magnitude < 0x0080_0000 { a } else { y };
    let y = if x.is_nan() { x } else { y };
    if x.is_sign_negative() { -y } else { y }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers at which the originals change their formula, with their neighbours, and what is no number.
    fn edges() -> impl Iterator<Item = u32> {
        let at = [
            0,
            0x0080_0000,
            0x3280_0000,
            0x3300_0000,
            0x3900_0000,
            0x3e82_c578,
            0x3eb1_7218,
            0x3f0c_9f54,
            0x3f85_1592,
            0x4120_0000,
            0x4195_b844,
            0x42ae_ac50,
            0x42b1_7218,
            0x42cf_f1b5,
            0x7f80_0000,
            0x7fff_fff0,
        ];
        at.into_iter().flat_map(|bits: u32| bits.saturating_sub(9)..bits + 9)
    }

    #[track_caller]
    fn assert_libms(x: f32) {
        let same =
            |ours: f32, libms: f32| ours.to_bits() == libms.to_bits() || (ours.is_nan() && libms.is_nan());
        assert!(same(expf(x), libm::expf(x)), "e^{x:e}: {:e}, not {:e}", expf(x), libm::expf(x));
        assert!(same(tanhf(x), libm::tanhf(x)), "tanh {x:e}: {:e}, not {:e}", tanhf(x), libm::tanhf(x));
    }

    #[test]
    fn the_bits_are_libms() {
        for bits in (0..=u32::MAX).step_by(1009).chain(edges()) {
            assert_libms(f32::from_bits(bits));
            assert_libms(-f32::from_bits(bits));
        }
    }

    #[test]
    #[ignore = "all 4,294,967,296 numbers: a minute or two"]
    fn the_bits_are_libms_for_every_number() {
        (0..=u32::MAX).for_each(|bits| assert_libms(f32::from_bits(bits)));
    }

    #[test]
    fn the_bits_are_libms_in_double_precision() {
        let same = |x: f64| {
            let (ours, libms) = (exp(x), libm::exp(x));
            assert!(
                ours.to_bits() == libms.to_bits() || (ours.is_nan() && libms.is_nan()),
                "e^{x:e}: {ours:e}"
            );
        };
        // A step that is no multiple of anything runs through all exponents and many fractions.
        (0..u64::MAX).step_by(0x0000_1234_5678_9abd).for_each(|bits| same(f64::from_bits(bits)));
        (-800_000..800_000).for_each(|i| same(f64::from(i) * 1.000_123_4e-3));
        for edge in [
            0.0,
            2f64.powi(-28),
            0.346_573_6,
            1.039_720_8,
            708.396_418_532_264,
            709.782_712_893_384,
            745.133_219_101_941_1,
        ] {
            for bits in edge.to_bits().saturating_sub(9)..edge.to_bits() + 9 {
                same(f64::from_bits(bits));
                same(-f64::from_bits(bits));
            }
        }
        // The originals look at the upper half of a number only.
        for high in [0x3fd6_2e42_u64, 0x3ff0_a2b2, 0x3e30_0000] {
            for bits in (high << 32) - 9..(high << 32) + 9 {
                same(f64::from_bits(bits));
                same(f64::from_bits(bits + (1 << 32)));
            }
        }
    }
}
