//! `a b + c` with one rounding, where the processor has no instruction for it and the library's is a call: WebAssembly.

/// The smallest normal `f32`, 2^-126, as a double.
const NORMAL: f64 = f32::MIN_POSITIVE as f64;

/// The same bits as `a.mul_add(b, c)`, mostly by double precision.
///
/// The product of two `f32` is exact in double precision, and the sum is rounded there. To round it once more to `f32`
/// gives the right answer unless that sum lies exactly between two neighbouring `f32`, where the first rounding may
/// have hidden on which side the true sum lies. Such a sum, and one below the normal numbers, whose neighbours lie
/// elsewhere, goes the slow way.
///
/// Source: S. Boldo, G. Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to
/// odd", IEEE Transactions on Computers 57 (4), 2008, on why two roundings are not one.
#[inline(always)]
pub(crate) fn fused(a: f32, b: f32, c: f32) -> f32 {
    let sum = f64::from(a) * f64::from(b) + f64::from(c);
    // Of the 52 bits of the fraction an f32 keeps 23; between two of them the other 29 are a one and zeros.
    let between = sum.to_bits() & 0x1fff_ffff == 0x1000_0000;
    if between || sum.abs() < NORMAL { a.mul_add(b, c) } else { sum as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use numerics::random::{Purpose, Stream};

    /// NaNs are one, whatever their bits.
    fn same(a: f32, b: f32, c: f32, fused: f32) -> bool {
        let exact = a.mul_add(b, c);
        exact.to_bits() == fused.to_bits() || exact.is_nan() && fused.is_nan()
    }

    /// Any bits at all; numbers near 1; sums that nearly cancel; sums a little below the middle between two `f32`.
    fn triples(count: usize) -> impl Iterator<Item = [f32; 3]> {
        let mut stream = Stream::new(1, Purpose::Check);
        let mut half = move || stream.uniform(0.0, 65536.0) as u32;
        let mut bits = move || f32::from_bits(half() << 16 | half());
        let near_one = |x: f32| f32::from_bits(0x3f80_0000 | x.to_bits() & 0x807f_ffff);
        (0..count).map(move |i| {
            let [a, b, c] = [bits(), bits(), bits()];
            match i % 4 {
                0 => [a, b, c],
                1 => [a, b, c].map(near_one),
                2 => [near_one(a), near_one(b), -near_one(a) * near_one(b)],
                _ => {
                    // (1 + m)(1 - m) = 1 - m^2, and half of the last bit of numbers near 1 is 2^-24.
                    let m = (a.to_bits() % 256) as f32 * f32::EPSILON;
                    [(1.0 + m) * 2f32.powi(-24).copysign(b), 1.0 - m, near_one(c)]
                }
            }
        })
    }

    #[test]
    fn it_has_the_bits_of_the_library() {
        for [a, b, c] in triples(4_000_000) {
            assert!(same(a, b, c, fused(a, b, c)), "{a:e} * {b:e} + {c:e}");
        }
    }

    #[test]
    fn it_has_the_bits_of_the_library_at_the_edges() {
        let edges =
            [0.0, 1.0, 3.0, f32::MAX, f32::MIN_POSITIVE, f32::from_bits(1), f32::from_bits(0x007f_ffff)];
        let edges =
            edges.iter().chain(&[1.0 + f32::EPSILON, 1.0 - f32::EPSILON / 2.0, f32::INFINITY, f32::NAN]);
        let edges: Vec<f32> = edges.flat_map(|&x| [x, -x, x / 2.0, 2.0 * x]).collect();
        for &a in &edges {
            for &b in &edges {
                for &c in &edges {
                    assert!(same(a, b, c, fused(a, b, c)), "{a:e} * {b:e} + {c:e}");
                }
            }
        }
    }

    /// Control: without the slow way some of these have other bits.
    #[test]
    fn two_roundings_are_not_one() {
        let twice = |a: f32, b: f32, c: f32| (f64::from(a) * f64::from(b) + f64::from(c)) as f32;
        assert!(triples(400).any(|[a, b, c]| !same(a, b, c, twice(a, b, c))));
    }
}
