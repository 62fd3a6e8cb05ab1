//! Arrays in double precision, and the check of a claimed gradient by central differences.
//!
//! Each check of a layer takes the backward pass as an argument, so that a wrong one goes through the very check that
//! the right one passes. The cotangent is random: `f(x) = <dy, F(x)>`.

use gradcheck::GradientError;
use ndarray::{Array, Dimension, IntoDimension};
use numerics::random::{Purpose, Stream};
use numerics::reduce::sum;

/// The roundings of sums of some dozen products.
pub(crate) const ROUNDING: f64 = 1e-14;

/// The shape of maps, `(N, H, W, C)`.
pub(crate) type Dim4 = (usize, usize, usize, usize);

/// A seeded array of standard normal entries.
pub(crate) fn random<I: IntoDimension>(dim: I, seed: u64) -> Array<f64, I::Dim> {
    let mut stream = Stream::new(seed, Purpose::Check);
    Array::from_shape_simple_fn(dim.into_dimension(), || stream.normal())
}

/// A seeded array of entries that keep 0.1 from each other and 0.05 from zero: no ties, no kinks.
pub(crate) fn spread<I: IntoDimension>(dim: I, seed: u64) -> Array<f64, I::Dim> {
    let dim = dim.into_dimension();
    let order = Stream::new(seed, Purpose::Check).permutation(dim.size());
    let entries = order.into_iter().map(|place| 0.1 * (place as f64 - dim.size() as f64 / 2.0) + 0.05);
    Array::from_iter(entries).into_shape_with_order(dim).expect("as many entries as places")
}

/// `<a, b>`: the sum of the products of corresponding entries.
pub(crate) fn inner<D: Dimension>(a: &Array<f64, D>, b: &Array<f64, D>) -> f64 {
    assert_eq!(a.shape(), b.shape(), "inner product of arrays of two shapes");
    sum(a.iter().zip(b).map(|(a, b)| a * b))
}

/// Every entry within `tolerance` of its counterpart, relative to the largest entry of `b`.
pub(crate) fn assert_close<D: Dimension>(a: &Array<f64, D>, b: &Array<f64, D>, tolerance: f64) {
    assert_eq!(a.shape(), b.shape(), "comparison of arrays of two shapes");
    let largest = b.iter().fold(0.0, |largest: f64, b| largest.max(b.abs()));
    for ((place, a), b) in a.indexed_iter().zip(b) {
        assert!((a - b).abs() <= tolerance * largest, "at {place:?}: {a:e} for {b:e}");
    }
}

/// What a gradient check comes to.
pub(crate) type Verdict = Result<(), GradientError>;

/// A wrong backward pass was refused, and for the gradient that is wrong.
pub(crate) fn assert_refused(verdict: Verdict, gradient: &str) {
    let error = verdict.expect_err("a wrong gradient passed");
    assert!(error.to_string().starts_with(&format!("{gradient}: ")), "refused for another reason: {error}");
}

/// Checks the claimed gradient of `f` at `x`.
pub(crate) fn check<D: Dimension>(
    name: &str,
    x: &Array<f64, D>,
    gradient: &Array<f64, D>,
    mut f: impl FnMut(Array<f64, D>) -> f64,
) -> Verdict {
    let of_flat = |x: &Array<f64, D>| -> Vec<f64> { x.iter().copied().collect() };
    let at = |flat: &[f64]| {
        f(Array::from_shape_vec(x.raw_dim(), flat.to_vec()).expect("the entries of an array of this shape"))
    };
    gradcheck::check(name, at, &of_flat(x), &of_flat(gradient)).map(|_| ())
}
