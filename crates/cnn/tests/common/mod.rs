//! What the tests of the f32 layers share: random inputs that both precisions hold exactly, and the comparison.
#![allow(dead_code, reason = "each test file uses its part")]

use cnn::kernels::Isa;
use cnn::layer::{Layer, Mode};
use cnn::tensor::{Shape, Tensor};
use ndarray::{Array1, Array2, Array4};
use numerics::random::{Purpose, Stream};

/// Seeded normal deviates, rounded to single precision.
pub fn random(shape: Shape, seed: u64) -> Tensor {
    let mut stream = Stream::new(seed, Purpose::Check);
    Tensor::new(shape, (0..shape.len()).map(|_| stream.normal() as f32).collect())
}

/// A vector batch as a matrix.
pub fn matrix(tensor: &Tensor) -> Array2<f64> {
    let Shape { n, c, .. } = tensor.shape();
    tensor.to_f64().into_shape_with_order((n, c)).unwrap()
}

/// A matrix as a vector batch.
pub fn vectors(matrix: &Array2<f64>) -> Array4<f64> {
    matrix.clone().into_shape_with_order((matrix.nrows(), 1, 1, matrix.ncols())).unwrap()
}

/// Parameter `i` of a layer, in double precision.
pub fn parameter(layer: &dyn Layer, i: usize) -> Array1<f64> {
    layer.parameters()[i].value.iter().map(|&x| f64::from(x)).collect()
}

/// The gradient of parameter `i`.
pub fn gradient(layer: &dyn Layer, i: usize) -> Array1<f64> {
    layer.parameters()[i].gradient.iter().map(|&x| f64::from(x)).collect()
}

/// What a layer computes for `x` and the cotangent `dy`.
pub struct Computed {
    pub y: Tensor,
    pub dx: Tensor,
}

/// Runs a layer forward and backward. Outputs begin as NaN, so what is not written is seen.
pub fn run(
    isa: Isa,
    layer: &mut dyn Layer,
    x: &Tensor,
    dy: impl Fn(Shape) -> Tensor,
    mode: Mode,
) -> Computed {
    let nan = |shape: Shape| Tensor::new(shape, vec![f32::NAN; shape.len()]);
    let mut y = nan(layer.output_shape(x.shape()).unwrap());
    layer.forward(isa, x, &mut y, mode);
    let mut dx = nan(x.shape());
    layer.backward(isa, x, &y, &dy(y.shape()), Some(&mut dx));
    Computed { y, dx }
}

/// Demands that `ours` lies within the rounding of sums of `terms` numbers in single precision of `reference`, on the scale of
/// the largest entry: [`assert_close_to_sums`] for results whose sums do not cancel.
#[track_caller]
pub fn assert_close<'a>(
    what: &str,
    ours: impl IntoIterator<Item = &'a f64>,
    reference: impl IntoIterator<Item = &'a f64>,
    terms: usize,
) {
    let reference: Vec<_> = reference.into_iter().collect();
    assert_close_to_sums(what, ours, reference.iter().copied(), reference.iter().copied(), terms);
}

/// Demands that `ours` lies within `8 eps sqrt(terms)` of `reference`, times the largest of the `magnitudes`: the sums of the
/// terms' magnitudes, which is what roundings scale with. **Where terms of both signs cancel, the sum itself may be as small
/// as one likes, and its rounding is not.** With `u = eps / 2` that is 16 standard deviations of a sum of `terms` independent
/// roundings of at most `u` times the sum of the magnitudes (N. Higham and T. Mary, "A new approach to probabilistic rounding
/// error analysis", 2019).
#[track_caller]
pub fn assert_close_to_sums<'a>(
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
