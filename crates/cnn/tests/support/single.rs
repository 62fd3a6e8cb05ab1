//! What tests of single precision share: random tensors, and a comparison that knows how far rounding goes.

use cnn::tensor::{Shape, Tensor};
use numerics::random::{Purpose, Stream};

/// Seeded normal deviates, rounded to single precision.
pub(crate) fn random(shape: Shape, seed: u64) -> Tensor {
    let mut stream = Stream::new(seed, Purpose::Check);
    Tensor::new(shape, (0..shape.len()).map(|_| stream.normal() as f32).collect())
}

/// Demands that `ours` lies within the rounding of sums of `terms` numbers in single precision of `reference`, on the
/// scale of the largest entry: [`assert_close_to_sums`] for results whose sums do not cancel.
#[track_caller]
pub(crate) fn assert_close<'a>(
    what: &str,
    ours: impl IntoIterator<Item = &'a f64>,
    reference: impl IntoIterator<Item = &'a f64>,
    terms: usize,
) {
    let reference: Vec<_> = reference.into_iter().collect();
    assert_close_to_sums(what, ours, reference.iter().copied(), reference.iter().copied(), terms);
}

/// Demands that `ours` lies within `8 eps sqrt(terms)` of `reference`, times the largest of the `magnitudes`: the sums
/// of the terms' magnitudes, which is what roundings scale with. **Where terms of both signs cancel, the sum itself may
/// be as small as one likes, and its rounding is not.** With `u = eps / 2` that is 16 standard deviations of a sum of
/// `terms` independent roundings of at most `u` times the sum of the magnitudes (N. Higham and T. Mary, "A new approach
/// to probabilistic rounding error analysis", 2019).
#[track_caller]
pub(crate) fn assert_close_to_sums<'a>(
    what: &str,
    ours: impl IntoIterator<Item = &'a f64>,
    reference: impl IntoIterator<Item = &'a f64>,
    magnitudes: impl IntoIterator<Item = &'a f64>,
    terms: usize,
) {
    let (ours, reference): (Vec<_>, Vec<_>) = (ours.into_iter().collect(), reference.into_iter().collect());
    assert_eq!(ours.len(), reference.len(), "{what}: the lengths differ");
    let largest = magnitudes.into_iter().fold(1e-3, |largest: f64, x| largest.max(x.abs()));
    let allowed = 8.0 * f64::from(f32::EPSILON) * (terms.max(1) as f64).sqrt() * largest;
    for (i, (&&a, &&b)) in ours.iter().zip(&reference).enumerate() {
        assert!((a - b).abs() <= allowed, "{what}[{i}]: {a:e} against {b:e}, allowed {allowed:e}");
    }
}
