//! Flattening.

use crate::support::double::{ROUNDING, Verdict, assert_close, assert_refused, check, inner, random};
use crate::support::golden::{Case, Computed, GoldenError, computed};
use crate::support::golden_layer::weighted;
use crate::support::kind::Kind;
use crate::support::layer::{maps, matrix, run, shapes, vectors};
use crate::support::single;
use crate::{conv2d, linear};
use cnn::Flatten;
use cnn::kernels::Isa;
use cnn::layer::Mode;
use cnn::reference::flatten;
use cnn::reference::linear::Linear;
use cnn::tensor::Shape;
use ndarray::{Array2, Array4};
use proptest::prelude::*;

// Gradients.

#[test]
fn flatten_gradients_are_central_differences() -> Verdict {
    let (x, dy) = (random((2, 3, 2, 4), 1), random((2, 24), 2));
    let dx = flatten::backward(flatten::forward(&x).1, &dy);
    check("dx", &x, &dx, |x| inner(&dy, &flatten::forward(&x).0))
}

#[test]
fn a_flatten_that_goes_back_in_the_order_of_the_memory_is_refused() {
    let (x, dy) = (random((2, 3, 2, 4), 1), random((2, 24), 2));
    let dx = dy.to_shape((2, 3, 2, 4)).expect("24 entries each").to_owned(); // (N, H, W, C)
    assert_refused(check("dx", &x, &dx, |x| inner(&dy, &flatten::forward(&x).0)), "dx");
}

// Laws.

#[test]
fn flattening_lists_channel_by_channel_and_comes_back() {
    let x = random((2, 3, 4, 2), 1);
    let (y, cache) = flatten::forward(&x);
    assert!(
        y.iter().eq(x.view().permuted_axes([0, 3, 1, 2]).iter()),
        "channels, height, width, the last fastest"
    );
    assert_eq!(flatten::backward(cache, &y), x);
}

/// The kernels `(KH, KW, CI, CO)` as a matrix `(CI KH KW, CO)`: rows in the order in which flattening lists an image.
fn flat(kernels: &Array4<f64>) -> Array2<f64> {
    let (kh, kw, ci, co) = kernels.dim();
    let by_channel = kernels.view().permuted_axes([2, 0, 1, 3]); //       (CI, KH, KW, CO)
    by_channel.to_shape((ci * kh * kw, co)).expect("as many entries as before").to_owned()
}

/// Two paths to the same numbers: a kernel as large as the image is a linear layer on the flattened image.
#[test]
fn a_convolution_with_the_whole_image_is_flatten_and_a_linear_layer() {
    let layer = conv2d::with_random_numbers((3, 4), (2, 5), 0);
    let x = random((3, 3, 4, 2), 3);
    let as_linear = Linear { weight: flat(&layer.weight), bias: layer.bias.clone() };
    let (vectors, shape) = flatten::forward(&x);
    let ((y, cache), (linear_y, linear_cache)) = (layer.forward(&x), as_linear.forward(&vectors));
    assert_close(&flatten::forward(&y).0, &linear_y, ROUNDING);

    let dy = random((3, 1, 1, 5), 4);
    let conv = layer.backward(cache, &dy);
    let linear = as_linear.backward(linear_cache, &flatten::forward(&dy).0);
    assert_close(&conv.dx, &flatten::backward(shape, &linear.dx), ROUNDING);
    assert_close(&flat(&conv.dweight), &linear.dweight, ROUNDING);
    assert_close(&conv.dbias, &linear.dbias, ROUNDING);
}

// Golden vectors: flattening before a linear layer, so that the order of the vectors is seen.

pub(crate) const GOLDEN: [Kind; 1] =
    [Kind { name: "flatten_linear", reference, f32_side, tolerance: linear::tolerance }];

fn reference(case: &Case) -> Result<Computed, GoldenError> {
    let layer = Linear { weight: case.array("weight")?, bias: case.array("bias")? };
    let (vectors, shape) = flatten::forward(&case.array("x")?);
    let (y, cache) = layer.forward(&vectors);
    let gradients = layer.backward(cache, &case.array("dy")?);
    Ok(computed([
        ("y", y.into_dyn()),
        ("dx", flatten::backward(shape, &gradients.dx).into_dyn()),
        ("dweight", gradients.dweight.into_dyn()),
        ("dbias", gradients.dbias.into_dyn()),
    ]))
}

fn f32_side(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    weighted(isa, case, &mut [&mut Flatten, &mut linear::of_case(case)?])
}

#[test]
fn the_reference_agrees_with_pytorch() -> Result<(), GoldenError> {
    GOLDEN[0].the_reference_agrees()
}

#[test]
fn the_f32_side_agrees_with_pytorch() -> Result<(), GoldenError> {
    GOLDEN[0].the_f32_side_agrees(2)
}

// The f32 layer.

proptest! {
    #![proptest_config(shapes())]

    #[test]
    fn flattening_agrees(input in maps(), seed: u64) {
        let x = single::random(input, seed);
        let dy = single::random(Shape::vectors(input.n, input.example_len()), seed ^ 1);
        let (y, cache) = flatten::forward(&x.to_f64());
        let dx = flatten::backward(cache, &matrix(&dy));
        for isa in Isa::available() {
            let computed = run(isa, &mut [&mut Flatten], &x, |_| dy.clone(), Mode::Train);
            prop_assert_eq!(&computed.y.to_f64(), &vectors(&y));
            prop_assert_eq!(&computed.dx.to_f64(), &dx);
        }
    }
}
