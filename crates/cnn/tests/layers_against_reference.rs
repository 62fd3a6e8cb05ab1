//! Every f32 layer is held to its plain f64 reference, on random shapes and with every instruction set.

mod common;

use cnn::kernels::{Isa, Way};
use cnn::layer::{Layer, Mode};
use cnn::layers::{Activation, ActivationKind, BatchNorm, Conv2d, Flatten, Linear, MaxPool2d, PRelu};
use cnn::reference::{self, activation};
use cnn::tensor::{Shape, Tensor};
use common::*;
use numerics::random::{Purpose, Stream};
use proptest::prelude::*;
use rstest::rstest;

fn init(seed: u64) -> Stream {
    Stream::new(seed, Purpose::Init)
}

/// One to nine rows and columns, odd numbers of channels among the even ones, whole and cut chunks of the batch.
fn maps() -> impl Strategy<Value = Shape> {
    (1_usize..=9, 1_usize..=9, 1_usize..=9, prop_oneof![1_usize..=5, Just(16), 17_usize..=27])
        .prop_map(|(n, h, w, c)| Shape::maps(n, h, w, c))
}

/// Forward and backward of a convolution against the reference, with every instruction set.
fn compare_convolution(way: Way, input: Shape, outputs: usize, kernel: usize, padding: usize, seed: u64) {
    let x = random(input, seed);
    for isa in Isa::available() {
        let mut layer = Conv2d::new(input.c, outputs, kernel, padding, &mut init(seed)).computed(way);
        let weight_dim = (kernel, kernel, input.c, outputs);
        let weight = parameter(&layer, 0).into_shape_with_order(weight_dim).unwrap();
        let oracle = reference::conv2d::Conv2d { weight, bias: parameter(&layer, 1), padding };
        let dy = random(layer.output_shape(input).unwrap(), seed ^ 1);
        let (y, cache) = oracle.forward(&x.to_f64());
        let expected = oracle.backward(cache, &dy.to_f64());
        let magnitudes = reference::conv2d::Conv2d {
            weight: oracle.weight.mapv(f64::abs),
            bias: oracle.bias.mapv(f64::abs),
            padding,
        };
        let (size, cache) = magnitudes.forward(&x.to_f64().mapv(f64::abs));
        let sizes = magnitudes.backward(cache, &dy.to_f64().mapv(f64::abs));
        let computed = run(isa, &mut layer, &x, |_| dy.clone(), Mode::Train);
        // A tile's transforms add up 16 numbers before, and 16 after its products.
        let transforms = if way == Way::Winograd { 16 } else { 1 };
        let taps = kernel * kernel * transforms;
        assert_close_to_sums("y", &computed.y.to_f64(), &y, &size, taps * input.c);
        assert_close_to_sums("dx", &computed.dx.to_f64(), &expected.dx, &sizes.dx, taps * outputs);
        let pixels = transforms * dy.shape().len() / outputs;
        assert_close_to_sums("dw", &gradient(&layer, 0), &expected.dweight, &sizes.dweight, pixels);
        assert_close_to_sums("db", &gradient(&layer, 1), &expected.dbias, &sizes.dbias, pixels);
    }
}

/// The outputs of layers one after the other, and the shape of the last.
fn forward_all(isa: Isa, layers: &mut [&mut dyn Layer], x: &Tensor, mode: Mode) -> (Vec<Tensor>, Shape) {
    let mut ys: Vec<Tensor> = Vec::new();
    for layer in layers {
        let x = ys.last().unwrap_or(x);
        let mut y = Tensor::zeros(layer.output_shape(x.shape()).unwrap());
        layer.forward(isa, x, &mut y, mode);
        ys.push(y);
    }
    let shape = ys.last().unwrap().shape();
    (ys, shape)
}

/// The gradient by the first layer's input.
fn backward_all(isa: Isa, layers: &mut [&mut dyn Layer], x: &Tensor, ys: &[Tensor], dy: &Tensor) -> Tensor {
    let mut dy = dy.clone();
    for (i, layer) in layers.iter_mut().enumerate().rev() {
        let x = if i == 0 { x } else { &ys[i - 1] };
        let mut dx = Tensor::zeros(x.shape());
        layer.backward(isa, x, &ys[i], &dy, Some(&mut dx));
        dy = dx;
    }
    dy
}

/// The bits of a tensor, or of a parameter's gradient.
fn bits(numbers: &[f32]) -> Vec<u32> {
    numbers.iter().map(|x| x.to_bits()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_global_rejects: u32::MAX, ..ProptestConfig::default() })]

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

    #[test]
    fn linear_layers_agree(n in 1_usize..=19, inputs in 1_usize..=40, outputs in 1_usize..=40, seed: u64) {
        let x = random(Shape::vectors(n, inputs), seed);
        let dy = random(Shape::vectors(n, outputs), seed ^ 1);
        for isa in Isa::available() {
            let mut layer = Linear::new(inputs, outputs, &mut init(seed));
            let weight = parameter(&layer, 0).into_shape_with_order((inputs, outputs)).unwrap();
            let oracle = reference::linear::Linear { weight, bias: parameter(&layer, 1) };
            let (y, cache) = oracle.forward(&matrix(&x));
            let expected = oracle.backward(cache, &matrix(&dy));
            let magnitudes = reference::linear::Linear {
                weight: oracle.weight.mapv(f64::abs),
                bias: oracle.bias.mapv(f64::abs),
            };
            let (size, cache) = magnitudes.forward(&matrix(&x).mapv(f64::abs));
            let sizes = magnitudes.backward(cache, &matrix(&dy).mapv(f64::abs));
            let computed = run(isa, &mut layer, &x, |_| dy.clone(), Mode::Train);
            assert_close_to_sums("y", &computed.y.to_f64(), &y, &size, inputs);
            assert_close_to_sums("dx", &computed.dx.to_f64(), &expected.dx, &sizes.dx, outputs);
            assert_close_to_sums("dw", &gradient(&layer, 0), &expected.dweight, &sizes.dweight, n);
            assert_close_to_sums("db", &gradient(&layer, 1), &expected.dbias, &sizes.dbias, n);
        }
    }

    #[test]
    fn max_poolings_agree(input in maps(), window in 1_usize..=3, seed: u64) {
        prop_assume!(input.h.min(input.w) >= window);
        let x = random(input, seed);
        let mut layer = MaxPool2d::new(window);
        let dy = random(layer.output_shape(input).unwrap(), seed ^ 1);
        let oracle = reference::max_pool::MaxPool { window };
        let (y, cache) = oracle.forward(&x.to_f64());
        let computed = run(Isa::detect(), &mut layer, &x, |_| dy.clone(), Mode::Train);
        prop_assert_eq!(computed.y.to_f64(), y);
        prop_assert_eq!(computed.dx.to_f64(), oracle.backward(cache, &dy.to_f64()));
    }

    #[test]
    fn a_batch_norm_computes_the_layers_that_it_absorbed(input in maps(), seed: u64, train: bool, pools: bool) {
        prop_assume!(input.h.min(input.w) > 1);
        let mode = if train { Mode::Train } else { Mode::Infer };
        let x = random(input, seed);
        let norm = || {
            let mut layer = BatchNorm::new(input.c, 0.1, 1e-5);
            for (i, parameter) in layer.parameters_mut().into_iter().enumerate() {
                parameter.value = random(Shape::vectors(1, input.c), seed ^ (2 + i as u64)).data().to_vec();
            }
            layer
        };
        for isa in Isa::available() {
            let (mut one, mut relu, mut pool) = (norm(), Activation(ActivationKind::Relu), MaxPool2d::new(2));
            let mut last: Vec<&mut dyn Layer> = vec![&mut relu];
            if pools {
                last.push(&mut pool);
            }
            for layer in &last {
                prop_assert!(one.absorb(layer.as_epilogue().unwrap()));
            }
            let mut apart = norm();
            let mut layers: Vec<&mut dyn Layer> = vec![&mut apart];
            layers.extend(last);
            let (ys, shape) = forward_all(isa, &mut layers, &x, mode);
            let dy = random(shape, seed ^ 1);
            let dx = backward_all(isa, &mut layers, &x, &ys, &dy);

            let mut y = Tensor::new(shape, vec![f32::NAN; shape.len()]);
            let mut fused_dx = Tensor::new(input, vec![f32::NAN; input.len()]);
            one.forward(isa, &x, &mut y, mode);
            one.backward(isa, &x, &y, &dy, Some(&mut fused_dx));
            prop_assert_eq!(bits(y.data()), bits(ys.last().unwrap().data()));
            if !pools {
                prop_assert_eq!(bits(fused_dx.data()), bits(dx.data()));
            }
            // What the gradients of scale and shift add up: `dy xhat` and `dy`, both within a few standard deviations of 1.
            let terms = input.len() / input.c;
            let size = [terms as f64];
            assert_close("dx", &fused_dx.to_f64(), &dx.to_f64(), 16 * terms);
            assert_close_to_sums("dgamma", &gradient(&one, 0), &gradient(&apart, 0), &size, 16 * terms);
            assert_close_to_sums("dbeta", &gradient(&one, 1), &gradient(&apart, 1), &size, 16 * terms);
        }
    }

    #[test]
    fn batch_norms_agree(input in maps(), seed: u64, momentum in 0.05_f32..0.9, eps in 1e-5_f32..0.1, train: bool) {
        prop_assume!(input.len() / input.c > 4);
        let x = random(input, seed);
        let dy = random(input, seed ^ 1);
        let mode = if train { Mode::Train } else { Mode::Infer };
        for isa in Isa::available() {
            let mut layer = BatchNorm::new(input.c, momentum, eps);
            for (i, parameter) in layer.parameters_mut().into_iter().enumerate() {
                parameter.value = random(Shape::vectors(1, input.c), seed ^ (2 + i as u64)).data().to_vec();
            }
            let mut oracle = reference::batch_norm::BatchNorm {
                gamma: parameter(&layer, 0),
                beta: parameter(&layer, 1),
                running_mean: ndarray::Array1::zeros(input.c),
                running_var: ndarray::Array1::ones(input.c),
                momentum: f64::from(momentum),
                eps: f64::from(eps),
            };
            let (y, cache) = match mode {
                Mode::Train => oracle.forward_training(&x.to_f64()).unwrap(),
                Mode::Infer => oracle.forward_inference(&x.to_f64()),
            };
            let expected = oracle.backward(cache, &dy.to_f64());
            let computed = run(isa, &mut layer, &x, |_| dy.clone(), mode);
            let terms = input.len() / input.c;
            let (values, size) = (16 * terms, [terms as f64]);
            assert_close("y", &computed.y.to_f64(), &y, values);
            assert_close("dx", &computed.dx.to_f64(), &expected.dx, values);
            assert_close_to_sums("dgamma", &gradient(&layer, 0), &expected.dgamma, &size, values);
            assert_close_to_sums("dbeta", &gradient(&layer, 1), &expected.dbeta, &size, values);
            let buffer = |i: usize| layer.buffers()[i].1.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
            assert_close_to_sums("running mean", &buffer(0), &oracle.running_mean, &[1.0], values);
            assert_close("running variance", &buffer(1), &oracle.running_var, values);
        }
    }

    #[test]
    fn flattening_agrees(input in maps(), seed: u64) {
        let x = random(input, seed);
        let dy = random(Shape::vectors(input.n, input.example_len()), seed ^ 1);
        let (y, cache) = reference::flatten::forward(&x.to_f64());
        let computed = run(Isa::detect(), &mut Flatten, &x, |_| dy.clone(), Mode::Train);
        prop_assert_eq!(computed.y.to_f64(), vectors(&y));
        prop_assert_eq!(computed.dx.to_f64(), reference::flatten::backward(cache, &matrix(&dy)));
    }
}

#[rstest]
#[case::relu(Some(ActivationKind::Relu), activation::Activation::Relu)]
#[case::sigmoid(Some(ActivationKind::Sigmoid), activation::Activation::Sigmoid)]
#[case::tanh(Some(ActivationKind::Tanh), activation::Activation::Tanh)]
#[case::prelu(None, activation::Activation::PRelu { slope: 0.25 })]
#[case::prelu_with_another_slope(None, activation::Activation::PRelu { slope: 0.625 })]
fn activations_agree(#[case] kind: Option<ActivationKind>, #[case] oracle: activation::Activation) {
    let shape = Shape::maps(11, 3, 5, 7);
    let (x, dy) = (random(shape, 1), random(shape, 2));
    let (y, cache) = oracle.forward(&x.to_f64());
    let expected = oracle.backward(cache, &dy.to_f64());
    for isa in Isa::available() {
        let mut layer: Box<dyn Layer> = match (kind, oracle) {
            (Some(kind), _) => Box::new(Activation(kind)),
            (None, activation::Activation::PRelu { slope }) => Box::new(PRelu::new(slope as f32)),
            _ => unreachable!("the table names a kind for every activation without parameter"),
        };
        let computed = run(isa, &mut *layer, &x, |_| dy.clone(), Mode::Train);
        assert_close("y", &computed.y.to_f64(), &y, 1);
        assert_close("dx", &computed.dx.to_f64(), &expected.dz, 1);
        if let Some(dslope) = expected.dslope {
            let negative = x.to_f64().mapv(|x| f64::max(-x, 0.0));
            let size = (negative * dy.to_f64().mapv(f64::abs)).sum();
            assert_close_to_sums("da", &gradient(&*layer, 0), &[dslope], &[size], shape.len());
        }
    }
}

#[test]
#[should_panic(expected = "y[3]")]
fn the_comparison_sees_a_single_wrong_entry() {
    let reference: Vec<f64> = (1..=9).map(f64::from).collect();
    let mut ours = reference.clone();
    ours[3] *= 1.0 + 1e-4;
    assert_close("y", &ours, &reference, 9);
}
