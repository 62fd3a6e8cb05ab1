//! Laws that the linear layers, pooling and batch normalisation of the reference obey, whatever the numbers.

mod reference_support;

use cnn::reference::batch_norm::BatchNorm;
use cnn::reference::conv2d::Conv2d;
use cnn::reference::linear::Linear;
use cnn::reference::max_pool::MaxPool;
use cnn::reference::{ReferenceError, flatten};
use ndarray::{Array1, Array2, Array4, Axis, array, s};
use numerics::elementary::tanh;
use reference_support::{assert_close, inner, random, spread};
use rstest::rstest;

/// The roundings of sums of some dozen products.
const ROUNDING: f64 = 1e-14;

fn conv2d(kernel: (usize, usize), channels: (usize, usize), padding: usize) -> Conv2d {
    let weight = random((kernel.0, kernel.1, channels.0, channels.1), 1);
    Conv2d { weight, bias: random(channels.1, 2), padding }
}

// Convolution.

#[rstest]
fn the_backward_pass_of_a_convolution_is_its_adjoint(
    #[values((2, 2), (3, 3), (3, 1))] kernel: (usize, usize),
    #[values(0, 1, 2)] padding: usize,
) {
    let layer = Conv2d { bias: Array1::zeros(3), ..conv2d(kernel, (2, 3), padding) };
    let x = random((2, 4, 5, 2), 3);
    let (y, cache) = layer.forward(&x);
    let dy = random(y.dim(), 4);
    let gradients = layer.backward(cache, &dy);
    // Linear in the image and linear in the kernel: <conv(x), dy> is both <x, dx> and <w, dw>.
    let product = inner(&y, &dy);
    let scale = ROUNDING * inner(&y.map(|y| y.abs()), &dy.map(|dy| dy.abs()));
    assert!((product - inner(&x, &gradients.dx)).abs() <= scale);
    assert!((product - inner(&layer.weight, &gradients.dweight)).abs() <= scale);
}

#[test]
fn a_convolution_is_linear_but_for_its_bias() {
    let layer = conv2d((3, 2), (2, 3), 1);
    let (a, b) = (random((2, 4, 5, 2), 3), random((2, 4, 5, 2), 4));
    let of = |x: &Array4<f64>| layer.forward(x).0 - &layer.bias;
    assert_close(&of(&(2.5 * &a - 0.5 * &b)), &(2.5 * of(&a) - 0.5 * of(&b)), ROUNDING);
}

#[test]
fn padding_is_a_frame_of_zeros() {
    let x = random((2, 3, 4, 2), 3);
    let mut framed = Array4::zeros((2, 7, 8, 2)); //                     (N, H + 4, W + 4, CI)
    framed.slice_mut(s![.., 2..5, 2..6, ..]).assign(&x);
    let padded = conv2d((3, 3), (2, 2), 2);
    let plain = Conv2d { padding: 0, ..padded.clone() };
    assert_eq!(padded.forward(&x).0, plain.forward(&framed).0);
}

#[test]
fn the_kernel_is_not_flipped() {
    // A single 1 in the upper left corner of the kernel reads the pixel above and to the left of the window's centre.
    let mut weight = Array4::zeros((3, 3, 1, 1));
    weight[[0, 0, 0, 0]] = 1.0;
    let x = random((1, 5, 5, 1), 3);
    let (y, _) = Conv2d { weight, bias: array![0.0], padding: 0 }.forward(&x);
    assert_eq!(y, x.slice(s![.., ..3, ..3, ..]));
}

/// The kernels `(KH, KW, CI, CO)` as a matrix `(CI KH KW, CO)`: rows in the order in which flattening lists an image.
fn flat(kernels: &Array4<f64>) -> Array2<f64> {
    let (kh, kw, ci, co) = kernels.dim();
    let by_channel = kernels.view().permuted_axes([2, 0, 1, 3]); //       (CI, KH, KW, CO)
    by_channel.to_shape((ci * kh * kw, co)).expect("as many entries as before").to_owned()
}

/// Two roads to the same numbers: a kernel as large as the image is a linear layer on the flattened image.
#[test]
fn a_convolution_with_the_whole_image_is_flatten_and_a_linear_layer() {
    let layer = conv2d((3, 4), (2, 5), 0);
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

#[test]
fn permuting_the_batch_permutes_the_input_gradient_and_leaves_the_parameter_gradients() {
    let layer = conv2d((2, 2), (2, 3), 1);
    let (x, dy) = (random((3, 3, 3, 2), 3), random((3, 4, 4, 3), 4));
    let straight = layer.backward(layer.forward(&x).1, &dy);
    let order = [2, 0, 1];
    let (x, dy) = (x.select(Axis(0), &order), dy.select(Axis(0), &order));
    let permuted = layer.backward(layer.forward(&x).1, &dy);
    assert_eq!(permuted.dx, straight.dx.select(Axis(0), &order));
    assert_close(&permuted.dweight, &straight.dweight, ROUNDING);
    assert_close(&permuted.dbias, &straight.dbias, ROUNDING);
}

#[rstest]
#[case::channels((1, 4, 4, 3), 1)]
#[case::an_image_smaller_than_the_kernel((1, 2, 2, 2), 0)]
#[should_panic(expected = "kernel")]
fn a_convolution_names_the_shapes_that_do_not_fit(
    #[case] x_dim: (usize, usize, usize, usize),
    #[case] padding: usize,
) {
    conv2d((3, 3), (2, 2), padding).forward(&random(x_dim, 3));
}

// Flattening.

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

// Max-pooling.

#[rstest]
fn max_pooling_commutes_with_a_rising_function(#[values(2, 3)] window: usize) {
    let (layer, x) = (MaxPool { window }, random((2, 6, 7, 2), 1));
    assert_eq!(layer.forward(&x.map(|&x| tanh(x))).0, layer.forward(&x).0.map(|&y| tanh(y)));
}

#[rstest]
fn the_gradient_of_a_max_pool_is_the_cotangent_moved_about(#[values(2, 3)] window: usize) {
    let (layer, x) = (MaxPool { window }, spread((2, 6, 6, 2), 1));
    let (y, cache) = layer.forward(&x);
    let dy = random(y.dim(), 2);
    let dx = layer.backward(cache, &dy);
    // Euler: the maximum is homogeneous of degree 1.
    assert!((inner(&x, &dx) - inner(&y, &dy)).abs() <= 1e-12);
    let nonzero = dx.iter().filter(|&&d| d != 0.0).count();
    assert_eq!(nonzero, y.len(), "one winner a window");
}

#[test]
fn of_equal_maxima_the_first_in_row_major_order_wins() {
    let layer = MaxPool { window: 2 };
    let x = array![[0.0, 7.0], [7.0, 7.0]].into_shape_with_order((1, 2, 2, 1)).expect("four pixels");
    let dx = layer.backward(layer.forward(&x).1, &Array4::from_elem((1, 1, 1, 1), 5.0));
    assert_eq!(dx.into_raw_vec_and_offset().0, [0.0, 5.0, 0.0, 0.0]);
}

#[test]
fn a_nan_is_not_lost_in_a_max_pool() {
    let mut x = random((1, 2, 2, 1), 1);
    x[[0, 1, 0, 0]] = f64::NAN;
    assert!(MaxPool { window: 2 }.forward(&x).0[[0, 0, 0, 0]].is_nan());
}

#[test]
fn rows_and_columns_that_fill_no_window_are_dropped_and_get_no_gradient() {
    let layer = MaxPool { window: 2 };
    let x = random((1, 5, 7, 1), 1);
    let (y, cache) = layer.forward(&x);
    assert_eq!(y.dim(), (1, 2, 3, 1));
    let dx = layer.backward(cache, &Array4::ones(y.dim()));
    assert!(dx.slice(s![.., 4, .., ..]).iter().chain(dx.slice(s![.., .., 6, ..])).all(|&d| d == 0.0));
}

// Batch normalisation.

fn batch_norm(channels: usize, momentum: f64, eps: f64) -> BatchNorm {
    let (ones, zeros) = (Array1::ones(channels), Array1::zeros(channels));
    let (gamma, running_var) = (ones.clone(), ones);
    BatchNorm { gamma, beta: zeros.clone(), running_mean: zeros, running_var, momentum, eps }
}

#[rstest]
fn a_normalised_batch_has_mean_0_and_variance_almost_1(#[values(1e-5, 0.3)] eps: f64) {
    let x = 3.0 * random((4, 3, 2, 2), 1) + 5.0;
    let (y, _) = batch_norm(2, 0.1, eps).forward_training(&x).expect("24 values a channel");
    for c in 0..2 {
        let (x, y) = (x.slice(s![.., .., .., c]), y.slice(s![.., .., .., c]));
        let var = x.var(0.0);
        assert!(y.mean().expect("not empty").abs() < 1e-14);
        // Not 1 but var / (var + eps).
        assert!((y.var(0.0) - var / (var + eps)).abs() < 1e-13, "channel {c}");
    }
}

#[test]
fn neither_shift_nor_scale_of_the_input_changes_a_normalised_batch() {
    let mut layer = batch_norm(3, 0.1, 1e-9);
    let x = random((5, 3), 1);
    let (y, _) = layer.forward_training(&x).expect("5 values a channel");
    let (moved, _) = layer.forward_training(&(7.0 * &x - 40.0)).expect("5 values a channel");
    // What is left is eps: 1e-9 against variances of about 1.
    assert_close(&moved, &y, 1e-8);
}

/// The infinitesimal form of the law above: the gradient is orthogonal to every shift and every scaling.
#[test]
fn the_training_gradient_has_mean_0_and_no_part_along_the_input() {
    let mut layer = batch_norm(2, 0.1, 1e-12);
    let (x, dy) = (random((6, 2), 1), random((6, 2), 2));
    let (y, cache) = layer.forward_training(&x).expect("6 values a channel");
    let dx = layer.backward(cache, &dy).dx;
    for c in 0..2 {
        assert!(dx.column(c).sum().abs() < 1e-13);
        assert!(inner(&dx.column(c).to_owned(), &y.column(c).to_owned()).abs() < 1e-10);
    }
}

#[rstest]
fn the_running_statistics_move_by_the_momentum_towards_an_unbiased_variance(#[values(0.1, 0.4)] m: f64) {
    let mut layer = batch_norm(1, m, 1e-5);
    // Mean 4, squared deviations 9 + 1 + 1 + 9 = 20: biased variance 5, unbiased 20 / 3.
    let x: Array2<f64> = array![[1.0], [3.0], [5.0], [7.0]];
    layer.forward_training(&x).expect("4 values a channel");
    assert_close(&layer.running_mean, &array![(1.0 - m) * 0.0 + m * 4.0], 1e-15);
    assert_close(&layer.running_var, &array![(1.0 - m) * 1.0 + m * 20.0 / 3.0], 1e-15);
}

#[test]
fn inference_treats_every_example_by_itself_and_learns_nothing() {
    let mut layer = batch_norm(3, 0.1, 1e-5);
    layer.forward_training(&random((8, 3), 1)).expect("8 values a channel");
    let before = layer.clone();
    let x = random((4, 3), 2);
    let (y, _) = layer.forward_inference(&x);
    for n in 0..4 {
        assert_eq!(layer.forward_inference(&x.slice(s![n..n + 1, ..]).to_owned()).0.row(0), y.row(n));
    }
    assert_eq!(layer, before);
}

#[test]
fn one_value_a_channel_has_no_variance() {
    let refused = batch_norm(2, 0.1, 1e-5).forward_training(&random((1, 2), 1)).map(|_| ());
    assert_eq!(refused, Err(ReferenceError::TooFewValues { values: 1 }));
}
