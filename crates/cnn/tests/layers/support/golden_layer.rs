//! From a golden case to what f32 layers compute for it.
//!
//! The inputs of a case are doubles and are rounded to single precision on the way in.

use super::golden::{Case, Computed, GoldenError, computed};
use super::layer::run;
use cnn::kernels::Isa;
use cnn::layer::{Layer, Mode, Parameter};
use cnn::tensor::{Shape, Tensor};
use ndarray::{ArrayD, IxDyn};

/// The layer with the parameters that the case has under the same names.
pub(crate) fn with_parameters<L: Layer>(case: &Case, mut layer: L) -> Result<L, GoldenError> {
    for parameter in layer.parameters_mut() {
        parameter.value = rounded(&case.array::<IxDyn>(parameter.name)?);
    }
    Ok(layer)
}

/// Layers in a row of which the last has weight and bias, with the case's `x` and `dy`.
pub(crate) fn weighted(
    isa: Isa,
    case: &Case,
    layers: &mut [&mut dyn Layer],
) -> Result<Computed, GoldenError> {
    let [y, dx] = forth_and_back(isa, case, layers, ("x", "dy"), Mode::Train)?;
    let parameters = layers.last().map(|layer| layer.parameters()).unwrap_or_default();
    let [weight, bias] = parameters[..] else {
        return Err(case.refused("the last layer has no weight and bias"));
    };
    let gradient = |p: &Parameter| doubled(&p.gradient, &p.shape);
    Ok(computed([("y", y), ("dx", dx), ("dweight", gradient(weight)), ("dbias", gradient(bias))]))
}

/// Output and input gradient of layers in a row, in the shapes of `dy` and `x`.
pub(crate) fn forth_and_back(
    isa: Isa,
    case: &Case,
    layers: &mut [&mut dyn Layer],
    (x, dy): (&str, &str),
    mode: Mode,
) -> Result<[ArrayD<f64>; 2], GoldenError> {
    let (x, dy) = (&case.array::<IxDyn>(x)?, &case.array::<IxDyn>(dy)?);
    let passed = run(isa, layers, &batch(x), |_| batch(dy), mode);
    Ok([doubled(passed.y.data(), dy.shape()), doubled(passed.dx.data(), x.shape())])
}

/// The numbers of an array, rounded to single precision.
pub(crate) fn rounded(array: &ArrayD<f64>) -> Vec<f32> {
    array.iter().map(|&x| x as f32).collect()
}

/// Numbers in single precision as an array of this shape.
pub(crate) fn doubled(values: &[f32], shape: &[usize]) -> ArrayD<f64> {
    let values = values.iter().map(|&x| f64::from(x)).collect();
    ArrayD::from_shape_vec(IxDyn(shape), values).expect("as many numbers as the case's tensor")
}

/// Maps `(N, H, W, C)` or vectors `(N, D)`.
pub(crate) fn batch(array: &ArrayD<f64>) -> Tensor {
    let shape = match *array.shape() {
        [n, h, w, c] => Shape::maps(n, h, w, c),
        [n, d] => Shape::vectors(n, d),
        ref other => panic!("a batch of shape {other:?}"),
    };
    Tensor::new(shape, rounded(array))
}
