//! The backward pass of every layer of the reference against central differences, in every coordinate, and wrong ones
//! refused. Activations, flattening and the loss are in `reference_pointwise_gradients.rs`.
//!
//! Each check takes the backward pass as an argument, so that a wrong one goes through the very check that the right one
//! passes. The cotangent is random: `f(x) = <dy, F(x)>`.

mod reference_support;

use cnn::reference::batch_norm::{self, BatchNorm};
use cnn::reference::conv2d::{self, Conv2d};
use cnn::reference::linear::{self, Linear};
use cnn::reference::max_pool::{self, MaxPool};
use ndarray::{Array, Array2, Array4, Axis, Dimension, Ix2, Ix4};
use reference_support::{Verdict, assert_refused, check, inner, random, spread};
use rstest::rstest;

type Dim4 = (usize, usize, usize, usize);

// The linear layer.

fn check_linear(
    (n, inputs, outputs): (usize, usize, usize),
    backward: impl Fn(&Linear, linear::Cache, &Array2<f64>) -> linear::Gradients,
) -> Verdict {
    let layer = Linear { weight: random((inputs, outputs), 1), bias: random(outputs, 2) };
    let (x, dy) = (random((n, inputs), 3), random((n, outputs), 4));
    let claimed = backward(&layer, layer.forward(&x).1, &dy);
    let f = |layer: &Linear, x: &Array2<f64>| inner(&dy, &layer.forward(x).0);
    check("dx", &x, &claimed.dx, |x| f(&layer, &x))?;
    check("dweight", &layer.weight, &claimed.dweight, |weight| f(&Linear { weight, ..layer.clone() }, &x))?;
    check("dbias", &layer.bias, &claimed.dbias, |bias| f(&Linear { bias, ..layer.clone() }, &x))
}

#[rstest]
#[case::wider(3, 2, 5)]
#[case::narrower(4, 5, 2)]
#[case::one_example(1, 3, 3)]
fn linear_gradients_are_central_differences(#[case] n: usize, #[case] i: usize, #[case] o: usize) -> Verdict {
    check_linear((n, i, o), Linear::backward)
}

type SpoilLinear = fn(&mut linear::Gradients);

#[rstest]
#[case::without_the_cotangent("dx", |g: &mut linear::Gradients| g.dx.fill(1.0))]
#[case::by_transposed_weights("dweight", |g: &mut linear::Gradients| g.dweight.swap_axes(0, 1))]
#[case::averaged_over_the_batch("dbias", |g: &mut linear::Gradients| g.dbias /= 3.0)]
fn a_wrong_linear_gradient_is_refused(#[case] gradient: &str, #[case] spoil: SpoilLinear) {
    let wrong = |layer: &Linear, cache, dy: &_| {
        let mut gradients = layer.backward(cache, dy);
        spoil(&mut gradients);
        gradients
    };
    assert_refused(check_linear((3, 4, 4), wrong), gradient);
}

// The convolution.

fn check_conv2d(
    x_dim: Dim4,
    (kh, kw, outputs): (usize, usize, usize),
    padding: usize,
    backward: impl Fn(&Conv2d, conv2d::Cache, &Array4<f64>) -> conv2d::Gradients,
) -> Verdict {
    let layer = Conv2d { weight: random((kh, kw, x_dim.3, outputs), 1), bias: random(outputs, 2), padding };
    let x = random(x_dim, 3);
    let (y, cache) = layer.forward(&x);
    let dy = random(y.dim(), 4);
    let claimed = backward(&layer, cache, &dy);
    let f = |layer: &Conv2d, x: &Array4<f64>| inner(&dy, &layer.forward(x).0);
    check("dx", &x, &claimed.dx, |x| f(&layer, &x))?;
    check("dweight", &layer.weight, &claimed.dweight, |weight| f(&Conv2d { weight, ..layer.clone() }, &x))?;
    check("dbias", &layer.bias, &claimed.dbias, |bias| f(&Conv2d { bias, ..layer.clone() }, &x))
}

#[rstest]
#[case::kernel_2((2, 4, 3, 2), (2, 2, 3))]
#[case::kernel_3((2, 4, 5, 2), (3, 3, 2))]
#[case::kernel_2x3((1, 3, 5, 3), (2, 3, 2))]
#[case::kernel_3x1((1, 4, 2, 2), (3, 1, 3))]
fn conv2d_gradients_are_central_differences(
    #[case] x_dim: Dim4,
    #[case] kernel: (usize, usize, usize),
    #[values(0, 1, 2)] padding: usize,
) -> Verdict {
    check_conv2d(x_dim, kernel, padding, Conv2d::backward)
}

type SpoilConv2d = fn(&mut conv2d::Gradients);

#[rstest]
#[case::with_rows_and_columns_swapped("dweight", |g: &mut conv2d::Gradients| g.dweight.swap_axes(0, 1))]
#[case::with_channels_swapped("dweight", |g: &mut conv2d::Gradients| g.dweight.swap_axes(2, 3))]
#[case::of_the_flipped_kernel("dweight", |g: &mut conv2d::Gradients| g.dweight.invert_axis(Axis(0)))]
#[case::with_the_image_transposed("dx", |g: &mut conv2d::Gradients| g.dx.swap_axes(1, 2))]
#[case::averaged_over_the_batch("dbias", |g: &mut conv2d::Gradients| g.dbias /= 2.0)]
fn a_wrong_conv2d_gradient_is_refused(#[case] gradient: &str, #[case] spoil: SpoilConv2d) {
    let wrong = |layer: &Conv2d, cache, dy: &_| {
        let mut gradients = layer.backward(cache, dy);
        spoil(&mut gradients);
        gradients
    };
    assert_refused(check_conv2d((2, 4, 4, 2), (3, 3, 2), 1, wrong), gradient);
}

// Batch normalisation.

#[derive(Clone, Copy, Debug)]
enum Mode {
    Training,
    Inference,
}

fn batch_norm(channels: usize, eps: f64) -> BatchNorm {
    BatchNorm {
        gamma: random(channels, 1),
        beta: random(channels, 2),
        running_mean: random(channels, 3),
        running_var: random(channels, 4).map(|x| 0.5 + x * x),
        momentum: 0.3,
        eps,
    }
}

fn forward<D: Dimension>(
    layer: &BatchNorm,
    mode: Mode,
    x: &Array<f64, D>,
) -> (Array<f64, D>, batch_norm::Cache<D>) {
    match mode {
        Mode::Training => layer.clone().forward_training(x).expect("at least two values a channel"),
        Mode::Inference => layer.forward_inference(x),
    }
}

fn check_batch_norm<D: Dimension>(
    x: &Array<f64, D>,
    eps: f64,
    mode: Mode,
    backward: impl Fn(&BatchNorm, &Array<f64, D>, &Array<f64, D>) -> batch_norm::Gradients<D>,
) -> Verdict {
    let layer = batch_norm(x.shape()[x.ndim() - 1], eps);
    let dy = random(x.raw_dim(), 6);
    let claimed = backward(&layer, x, &dy);
    let f = |layer: &BatchNorm, x: &Array<f64, D>| inner(&dy, &forward(layer, mode, x).0);
    check("dx", x, &claimed.dx, |x| f(&layer, &x))?;
    check("dgamma", &layer.gamma, &claimed.dgamma, |gamma| f(&BatchNorm { gamma, ..layer.clone() }, x))?;
    check("dbeta", &layer.beta, &claimed.dbeta, |beta| f(&BatchNorm { beta, ..layer.clone() }, x))
}

#[rstest]
fn batch_norm_gradients_are_central_differences(
    #[values(Mode::Training, Mode::Inference)] mode: Mode,
    #[values(1e-5, 0.1)] eps: f64,
) -> Verdict {
    let (maps, vectors) = (random((2, 3, 2, 3), 5), random((6, 4), 5));
    check_batch_norm::<Ix4>(&maps, eps, mode, |layer, x, dy| layer.backward(forward(layer, mode, x).1, dy))?;
    check_batch_norm::<Ix2>(&vectors, eps, mode, |layer, x, dy| layer.backward(forward(layer, mode, x).1, dy))
}

/// What is left of the training gradient when the batch's mean and variance are taken for constants: that of inference
/// with just these statistics.
fn with_constant_statistics(
    layer: &BatchNorm,
    x: &Array2<f64>,
    dy: &Array2<f64>,
) -> batch_norm::Gradients<Ix2> {
    let (running_mean, running_var) = (x.mean_axis(Axis(0)).expect("not empty"), x.var_axis(Axis(0), 0.0));
    let frozen = BatchNorm { running_mean, running_var, ..layer.clone() };
    frozen.backward(frozen.forward_inference(x).1, dy)
}

#[test]
fn batch_statistics_taken_for_constants_are_refused() {
    assert_refused(check_batch_norm(&random((6, 4), 5), 0.1, Mode::Training, with_constant_statistics), "dx");
}

/// The road through the mean alone: what is missing is the road through the variance.
#[test]
fn a_batch_variance_taken_for_constant_is_refused() {
    let wrong = |layer: &BatchNorm, x: &_, dy: &_| {
        let mut gradients = with_constant_statistics(layer, x, dy);
        gradients.dx = &gradients.dx - &gradients.dx.mean_axis(Axis(0)).expect("not empty");
        gradients
    };
    assert_refused(check_batch_norm(&random((6, 4), 5), 0.1, Mode::Training, wrong), "dx");
}

/// The other way round: inference must not differentiate through the batch.
#[test]
fn a_training_backward_pass_in_inference_is_refused() {
    let wrong = |layer: &BatchNorm, x: &_, dy: &_| layer.backward(forward(layer, Mode::Training, x).1, dy);
    assert_refused(check_batch_norm::<Ix2>(&random((6, 4), 5), 0.1, Mode::Inference, wrong), "dx");
}

// Max-pooling.

fn check_max_pool(
    x_dim: Dim4,
    window: usize,
    backward: impl Fn(&MaxPool, max_pool::Cache, &Array4<f64>) -> Array4<f64>,
) -> Verdict {
    let (layer, x) = (MaxPool { window }, spread(x_dim, 1));
    let (y, cache) = layer.forward(&x);
    let dy = random(y.dim(), 2);
    check("dx", &x, &backward(&layer, cache, &dy), |x| inner(&dy, &layer.forward(&x).0))
}

#[rstest]
#[case::window_2((2, 4, 6, 2), 2)]
#[case::window_3((2, 6, 3, 2), 3)]
#[case::window_2_of_odd_sides((1, 5, 7, 2), 2)]
fn max_pool_gradients_are_central_differences(#[case] x_dim: Dim4, #[case] window: usize) -> Verdict {
    check_max_pool(x_dim, window, MaxPool::backward)
}

#[test]
fn a_max_pool_that_routes_to_a_corner_of_the_window_is_refused() {
    let corner = |layer: &MaxPool, _, dy: &Array4<f64>| {
        let k = layer.window;
        let mut dx = Array4::zeros((2, 4, 6, 2)); //                    (N, H, W, C)
        dy.indexed_iter().for_each(|((n, i, j, c), dy)| dx[[n, k * i, k * j, c]] = *dy);
        dx
    };
    assert_refused(check_max_pool((2, 4, 6, 2), 2, corner), "dx");
}

/// A neighbouring channel is the mistake that a wrong stride makes.
#[test]
fn a_max_pool_that_routes_to_another_channel_is_refused() {
    let swapped = |layer: &MaxPool, cache, dy: &_| {
        let mut dx = layer.backward(cache, dy);
        dx.invert_axis(Axis(3));
        dx
    };
    assert_refused(check_max_pool((2, 4, 6, 2), 2, swapped), "dx");
}
