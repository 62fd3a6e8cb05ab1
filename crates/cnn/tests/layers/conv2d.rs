//! The convolution.

use crate::support::board::{board, image, kernel};
use crate::support::double::{Dim4, ROUNDING, Verdict, assert_close, assert_refused, check, inner, random};
use crate::support::golden::{Case, Computed, GoldenError, computed};
use crate::support::golden_layer::{weighted, with_parameters};
use crate::support::kind::{DOUBLE, Kind, Precision, Spoil, golden, of_sums};
use crate::support::layer::{gradient, init, maps, parameter, run, shapes};
use crate::support::single;
use crate::support::winograd::{self, magnitudes_added};
use cnn::kernels::{Isa, Way};
use cnn::layer::{Layer, Mode};
use cnn::reference::conv2d::{self, Conv2d};
use cnn::tensor::Shape;
use ndarray::{Array1, Array4, ArrayD, Axis, Ix4, array, s};
use proptest::prelude::*;
use rstest::rstest;

// Gradients.

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

// Laws.

/// A convolution with random numbers.
pub(crate) fn with_random_numbers(
    kernel: (usize, usize),
    channels: (usize, usize),
    padding: usize,
) -> Conv2d {
    let weight = random((kernel.0, kernel.1, channels.0, channels.1), 1);
    Conv2d { weight, bias: random(channels.1, 2), padding }
}

#[rstest]
fn the_backward_pass_of_a_convolution_is_its_adjoint(
    #[values((2, 2), (3, 3), (3, 1))] kernel: (usize, usize),
    #[values(0, 1, 2)] padding: usize,
) {
    let layer = Conv2d { bias: Array1::zeros(3), ..with_random_numbers(kernel, (2, 3), padding) };
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
    let layer = with_random_numbers((3, 2), (2, 3), 1);
    let (a, b) = (random((2, 4, 5, 2), 3), random((2, 4, 5, 2), 4));
    let of = |x: &Array4<f64>| layer.forward(x).0 - &layer.bias;
    assert_close(&of(&(2.5 * &a - 0.5 * &b)), &(2.5 * of(&a) - 0.5 * of(&b)), ROUNDING);
}

#[test]
fn padding_is_a_frame_of_zeros() {
    let x = random((2, 3, 4, 2), 3);
    let mut framed = Array4::zeros((2, 7, 8, 2)); //                     (N, H + 4, W + 4, CI)
    framed.slice_mut(s![.., 2..5, 2..6, ..]).assign(&x);
    let padded = with_random_numbers((3, 3), (2, 2), 2);
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

#[test]
fn permuting_the_batch_permutes_the_input_gradient_and_leaves_the_parameter_gradients() {
    let layer = with_random_numbers((2, 2), (2, 3), 1);
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
    with_random_numbers((3, 3), (2, 2), padding).forward(&random(x_dim, 3));
}

#[test]
fn a_convolution_of_4x4_pixels_forward_and_backward() {
    let x = image(&[[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 1.0], [2.0, 0.0, 1.0, 2.0], [1.0, 1.0, 0.0, 3.0]]);
    let weight = kernel(&[[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]);
    let layer = Conv2d { weight, bias: Array1::from_elem(1, 10.0), padding: 0 };
    let (y, cache) = layer.forward(&x);
    let dy = image(&[[1.0, 0.0], [0.0, -2.0]]);
    let gradients = layer.backward(cache, &dy);
    insta::assert_snapshot!(format!(
        "{}\nb = {}, db = {}\n",
        board(&[
            ("x", &x),
            ("w", &layer.weight),
            ("y = x * w + b", &y),
            ("dy", &dy),
            ("dx", &gradients.dx),
            ("dw", &gradients.dweight),
        ]),
        layer.bias,
        gradients.dbias
    ));
}

// Golden vectors.

pub(crate) const GOLDEN: [Kind; 1] = [Kind { name: "conv2d", reference, f32_side, tolerance }];

fn reference(case: &Case) -> Result<Computed, GoldenError> {
    let (weight, bias) = (case.array("weight")?, case.array("bias")?);
    let layer = Conv2d { weight, bias, padding: case.count("padding")? };
    let (y, cache) = layer.forward(&case.array("x")?);
    let gradients = layer.backward(cache, &case.array("dy")?);
    Ok(computed([
        ("y", y.into_dyn()),
        ("dx", gradients.dx.into_dyn()),
        ("dweight", gradients.dweight.into_dyn()),
        ("dbias", gradients.dbias.into_dyn()),
    ]))
}

fn f32_side(isa: Isa, case: &Case) -> Result<Computed, GoldenError> {
    let (weight, padding) = (case.array::<Ix4>("weight")?, case.count("padding")?);
    let (kh, kw, inputs, outputs) = weight.dim();
    if kh != kw {
        return Err(case.refused("the f32 convolution has square kernels only"));
    }
    let layer = cnn::Conv2d::new(inputs, outputs, kh, padding, &mut init(0));
    weighted(isa, case, &mut [&mut with_parameters(case, layer)?])
}

/// y sums over the kernel's places and input channels, dx over them and output channels, dweight over all pixels.
fn tolerance(case: &Case) -> f64 {
    let [kh, kw, ci, co] = [0, 1, 2, 3].map(|axis| case.given["weight"].shape[axis]);
    of_sums((kh * kw * ci.max(co)).max(case.given["dy"].data.len() / co))
}

#[test]
fn the_reference_agrees_with_pytorch() -> Result<(), GoldenError> {
    GOLDEN[0].the_reference_agrees()
}

#[test]
fn the_f32_side_agrees_with_pytorch() -> Result<(), GoldenError> {
    GOLDEN[0].the_f32_side_agrees(4)
}

/// Negative controls: mistakes that an implementation can make.
#[rstest]
#[case::a_gradient_of_zeros("dweight", |dw: &ArrayD<f64>| 0.0 * dw)]
#[case::a_gradient_of_nan("dweight", |dw: &ArrayD<f64>| f64::NAN * dw)]
fn a_wrong_tensor_is_refused(
    #[case] name: &str,
    #[case] spoil: Spoil,
    #[values(Precision::Double, Precision::Single)] precision: Precision,
) -> Result<(), GoldenError> {
    GOLDEN[0].refuses(precision, name, spoil)
}

/// Negative control: PyTorch's weights taken over without changing their layout.
#[test]
fn kernels_in_pytorchs_layout_are_refused() -> Result<(), GoldenError> {
    let case =
        golden().layers.into_iter().find(|case| case.name == "conv2d_3x3_padding_1").expect("it is there");
    let weight: Array4<f64> = case.array("weight")?; //        (KH, KW, CI, CO)
    let mut spoilt = case.clone();
    let data = &mut spoilt.given.get_mut("weight").expect("it is there").data;
    *data = weight.permuted_axes([3, 2, 0, 1]).iter().copied().collect(); // (CO, CI, KH, KW) under the old shape
    assert!(matches!(spoilt.hold(&reference(&spoilt)?, DOUBLE), Err(GoldenError::OtherValue { .. })));
    Ok(())
}

// The f32 layer.

/// Forward and backward of a convolution against the reference, with every instruction set.
fn compare_convolution(way: Way, input: Shape, outputs: usize, kernel: usize, padding: usize, seed: u64) {
    let x = single::random(input, seed);
    for isa in Isa::available() {
        let mut layer = cnn::Conv2d::new(input.c, outputs, kernel, padding, &mut init(seed)).computed(way);
        let weight_dim = (kernel, kernel, input.c, outputs);
        let weight = parameter(&layer, 0).into_shape_with_order(weight_dim).unwrap();
        let oracle = Conv2d { weight, bias: parameter(&layer, 1), padding };
        let dy = single::random(layer.output_shape(input).unwrap(), seed ^ 1);
        let (y, cache) = oracle.forward(&x.to_f64());
        let expected = oracle.backward(cache, &dy.to_f64());
        let magnitudes =
            Conv2d { weight: oracle.weight.mapv(f64::abs), bias: oracle.bias.mapv(f64::abs), padding };
        let sizes =
            magnitudes_added(way, &magnitudes, &x.to_f64().mapv(f64::abs), &dy.to_f64().mapv(f64::abs));
        let db_size = dy.to_f64().mapv(f64::abs).sum_axis(Axis(0)).sum_axis(Axis(0)).sum_axis(Axis(0));
        let computed = run(isa, &mut [&mut layer], &x, |_| dy.clone(), Mode::Train);
        // The length of the chain of products, and the roundings of the maps around it.
        let pixels = dy.shape().len() / outputs;
        let [forward, back, over_pixels] = match way {
            Way::Direct => [kernel * kernel * input.c, kernel * kernel * outputs, pixels],
            Way::Winograd => [input.c, outputs, pixels].map(|chain| chain + winograd::ROUNDINGS),
        };
        single::assert_close_to_sums("y", &computed.y.to_f64(), &y, &sizes.y, forward);
        single::assert_close_to_sums("dx", &computed.dx.to_f64(), &expected.dx, &sizes.dx, back);
        single::assert_close_to_sums(
            "dw",
            &gradient(&layer, 0),
            &expected.dweight,
            &sizes.dweight,
            over_pixels,
        );
        single::assert_close_to_sums("db", &gradient(&layer, 1), &expected.dbias, &db_size, pixels);
    }
}

proptest! {
    #![proptest_config(shapes())]

    #[test]
    fn convolutions_agree(
        input in maps(), outputs in prop_oneof![1_usize..=5, Just(16), 19_usize..=41], kernel in 1_usize..=3,
        padding in 0_usize..=2, seed: u64,
    ) {
        prop_assume!(padding < kernel && input.h.min(input.w) + 2 * padding >= kernel);
        for way in [Way::Direct, Way::Winograd] {
            if kernel == 3 || way == Way::Direct {
                compare_convolution(way, input, outputs, kernel, padding, seed);
            }
        }
    }
}
