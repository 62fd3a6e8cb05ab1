//! What the tests of the f32 layers share: their numbers in double precision, and layers that run forth and back.

use cnn::kernels::Isa;
use cnn::layer::{Layer, Mode};
use cnn::tensor::{Shape, Tensor};
use ndarray::{Array1, Array2, Array4};
use numerics::random::{Purpose, Stream};
use proptest::prelude::*;

/// A stream for initial weights.
pub(crate) fn init(seed: u64) -> Stream {
    Stream::new(seed, Purpose::Init)
}

/// How many random shapes each property is tried on.
pub(crate) fn shapes() -> ProptestConfig {
    ProptestConfig { cases: 48, max_global_rejects: u32::MAX, ..ProptestConfig::default() }
}

/// One to nine rows and columns, odd numbers of channels among the even ones, whole and cut chunks of the batch.
pub(crate) fn maps() -> impl Strategy<Value = Shape> {
    (1_usize..=9, 1_usize..=9, 1_usize..=9, prop_oneof![1_usize..=5, Just(16), 17_usize..=27])
        .prop_map(|(n, h, w, c)| Shape::maps(n, h, w, c))
}

/// A vector batch as a matrix.
pub(crate) fn matrix(tensor: &Tensor) -> Array2<f64> {
    let Shape { n, c, .. } = tensor.shape();
    tensor.to_f64().into_shape_with_order((n, c)).unwrap()
}

/// A matrix as a vector batch.
pub(crate) fn vectors(matrix: &Array2<f64>) -> Array4<f64> {
    matrix.clone().into_shape_with_order((matrix.nrows(), 1, 1, matrix.ncols())).unwrap()
}

/// Parameter `i` of a layer, in double precision.
pub(crate) fn parameter(layer: &dyn Layer, i: usize) -> Array1<f64> {
    layer.parameters()[i].value.iter().map(|&x| f64::from(x)).collect()
}

/// The gradient of parameter `i`.
pub(crate) fn gradient(layer: &dyn Layer, i: usize) -> Array1<f64> {
    layer.parameters()[i].gradient.iter().map(|&x| f64::from(x)).collect()
}

/// Gives the parameters of a layer random numbers.
pub(crate) fn randomise(layer: &mut dyn Layer, seed: u64) {
    for (i, parameter) in layer.parameters_mut().into_iter().enumerate() {
        let shape = Shape::vectors(1, parameter.value.len());
        parameter.value = super::single::random(shape, seed ^ (2 + i as u64)).data().to_vec();
    }
}

/// What layers in a row compute for `x` and the cotangent `dy`.
pub(crate) struct Passed {
    pub(crate) y: Tensor,
    pub(crate) dx: Tensor,
}

/// Runs layers in a row forward and backward; `dy` is asked for with the shape of the last output. Outputs begin as
/// NaN, so what is not written is seen.
pub(crate) fn run(
    isa: Isa,
    layers: &mut [&mut dyn Layer],
    x: &Tensor,
    dy: impl FnOnce(Shape) -> Tensor,
    mode: Mode,
) -> Passed {
    let nan = |shape: Shape| Tensor::new(shape, vec![f32::NAN; shape.len()]);
    let mut passed = vec![x.clone()];
    for layer in &mut *layers {
        let x = &passed[passed.len() - 1];
        let mut y = nan(layer.output_shape(x.shape()).unwrap());
        layer.forward(isa, x, &mut y, mode);
        passed.push(y);
    }
    let mut cotangent = dy(passed[layers.len()].shape());
    for (i, layer) in layers.iter_mut().enumerate().rev() {
        let mut dx = nan(passed[i].shape());
        layer.backward(isa, &passed[i], &passed[i + 1], &cotangent, Some(&mut dx));
        cotangent = dx;
    }
    Passed { y: passed.pop().expect("the input at least"), dx: cotangent }
}
