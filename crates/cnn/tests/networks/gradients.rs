//! Whole networks: central differences hold the reference network, and the reference network holds the f32 one.
//!
//! The chain of trust has two links. The f64 network's gradient by every parameter is compared with central differences
//! of its loss; then the f32 network with the same parameters must give that gradient, up to the rounding of its sums.

use crate::reference_network::{Link, ReferenceNetwork};
use crate::single::{assert_close, random};
use cnn::kernels::Isa;
use cnn::layer::Mode;
use cnn::layers::{Activation, ActivationKind, BatchNorm, Conv2d, Flatten, Linear, MaxPool2d};
use cnn::loss::softmax_cross_entropy;
use cnn::models::{Hidden, iris_network, mnist_network};
use cnn::network::{Network, Pass};
use cnn::reference::activation;
use cnn::reference::max_pool::MaxPool;
use cnn::tensor::{Shape, Tensor};
use gradcheck::{GradientError, Settings, check_with};
use numerics::random::{Purpose, Stream};
use rstest::rstest;

/// Convolution, batch-norm, ReLU, pooling, flatten, linear: every kind of layer of the P1.2 network, on 8 x 8 pixels.
fn small() -> (Network, ReferenceNetwork) {
    let seed = 2;
    let init = &mut Stream::new(seed, Purpose::Init);
    let mut network = Network::default()
        .with("conv", Conv2d::new(1, 3, 3, 1, init)) //        (N, 8, 8, 3)
        .with("norm", BatchNorm::new(3, 0.1, 1e-5))
        .with("relu", Activation(ActivationKind::Relu))
        .with("pool", MaxPool2d::new(2)) //                    (N, 4, 4, 3)
        .with("flatten", Flatten) //                           (N, 48)
        .with("fc", Linear::new(48, 4, init)); //              (N, 4)
    // Scale 1 and shift 0 would hide a gradient that forgets them. They are the parameters behind the convolution's
    // two.
    for (i, parameter) in network.parameters_mut().enumerate().skip(2).take(2) {
        parameter.value = random(Shape::vectors(1, 3), seed + i as u64).data().to_vec();
    }
    let links = vec![
        Link::conv2d(1, 3, 3, 1),
        Link::batch_norm(3),
        Link::Activation(activation::Activation::Relu),
        Link::MaxPool(MaxPool { window: 2 }),
        Link::Flatten,
        Link::linear(48, 4),
    ];
    let reference = ReferenceNetwork(links).with_parameters_of(&network);
    (network, reference)
}

/// Two images of 8 x 8 pixels and their labels.
fn images() -> (Tensor, Vec<usize>) {
    (random(Shape::maps(2, 8, 8, 1), 5), vec![1, 3])
}

/// The f32 network's gradients, a list a parameter.
fn single_gradient(isa: Isa, network: &mut Network, x: &Tensor, labels: &[usize]) -> Vec<(String, Vec<f64>)> {
    let mut pass = Pass::default();
    *pass.input() = x.clone();
    network.forward(isa, &mut pass, Mode::Train).unwrap();
    let (logits, dlogits) = pass.logits_and_gradient();
    softmax_cross_entropy(Isa::detect(), logits, labels, Some(dlogits));
    network.backward(isa, &mut pass);
    network.parameters().map(|(name, p)| (name, p.gradient.iter().map(|&g| f64::from(g)).collect())).collect()
}

/// The step is small because a kink lies between two parameter values when a unit changes its sign: see the test
/// below. The rounding of the difference, about `2^-52 / step`, is still a hundred times below the tolerance.
const SETTINGS: Settings = Settings { step: 1e-5, tolerance: 1e-8 };

/// Checks a claimed gradient of the reference network's loss by all its parameters.
fn check(
    reference: &ReferenceNetwork,
    x: &Tensor,
    labels: &[usize],
    claimed: &[f64],
) -> Result<(), GradientError> {
    let (x, mut moved) = (x.to_f64(), reference.clone());
    let loss = |parameters: &[f64]| {
        moved.set(parameters);
        moved.loss(&x, labels)
    };
    check_with(SETTINGS, "network", loss, &reference.parameters(), claimed).map(|_| ())
}

#[test]
fn the_reference_networks_gradient_is_its_central_difference() -> Result<(), GradientError> {
    let ((network, reference), (x, labels)) = (small(), images());
    let gradient = reference.gradient(&x.to_f64(), &labels).concat();
    assert_eq!(gradient.len(), network.parameter_count());
    check(&reference, &x, &labels, &gradient)
}

/// What the check above takes for granted: within its step no unit changes its sign and no window its winner.
#[test]
fn the_point_of_the_check_lies_off_all_kinks() {
    let ((_, reference), (x, _)) = (small(), images());
    let activations = reference.activations(&x.to_f64());
    let margin = 100.0 * SETTINGS.step;
    assert!(activations[2].iter().all(|z| z.abs() > margin), "a unit at the kink of ReLU");
    for window in activations[3].exact_chunks((1, 2, 2, 1)) {
        let mut values: Vec<f64> = window.iter().copied().collect();
        values.sort_by(f64::total_cmp);
        // Where all are 0, ReLU has stopped the gradient already.
        assert!(values[3] == 0.0 || values[3] - values[2] > margin, "two winners in a window: {values:?}");
    }
}

/// Negative controls: mistakes in one layer, seen through the whole network.
#[rstest]
#[case::off_by_one_per_mille_in_one_entry(|g: &mut [Vec<f64>]| {
    let largest = g[4].iter_mut().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap();
    *largest *= 1.001;
})]
#[case::with_kernel_rows_and_columns_swapped(|g: &mut [Vec<f64>]| {
    let kernel = g[0].clone(); //                              (3, 3, 1, 3)
    (0..27).for_each(|i| g[0][i] = kernel[(i / 3 % 3 * 3 + i / 9) * 3 + i % 3]);
})]
#[case::with_vectors_in_the_order_of_the_memory(|g: &mut [Vec<f64>]| {
    let weight = g[4].clone(); //                              (48, 4)
    (0..192).for_each(|i| g[4][i] = weight[(i / 4 % 3 * 16 + i / 12) * 4 + i % 4]);
})]
#[case::with_scale_and_shift_swapped(|g: &mut [Vec<f64>]| g.swap(2, 3))]
#[case::of_the_sum_for_the_mean(|g: &mut [Vec<f64>]| g.iter_mut().flatten().for_each(|g| *g *= 2.0))]
fn a_wrong_gradient_of_the_network_is_refused(#[case] spoil: fn(&mut [Vec<f64>])) {
    let ((_, reference), (x, labels)) = (small(), images());
    let mut gradient = reference.gradient(&x.to_f64(), &labels);
    spoil(&mut gradient);
    let verdict = check(&reference, &x, &labels, &gradient.concat());
    assert!(matches!(verdict, Err(GradientError::Mismatch { .. })), "{verdict:?}");
}

/// Holds the f32 network's gradients to the reference network's, with every instruction set. `terms` is the length of
/// the longest sum.
#[track_caller]
fn assert_gradients_agree(
    (mut network, reference): (Network, ReferenceNetwork),
    (x, labels): (&Tensor, &[usize]),
    terms: usize,
) {
    let expected = reference.gradient(&x.to_f64(), labels);
    for isa in Isa::available() {
        let ours = single_gradient(isa, &mut network, x, labels);
        let pairs: Vec<_> =
            ours.iter().zip(&expected).map(|((name, ours), expected)| (name, ours, expected)).collect();
        // Weight and bias of a layer are compared on one scale: the bias in front of batch-norm has gradient 0, a sum
        // of terms that cancel, and what their rounding leaves is small beside the weight's.
        for layer in pairs
            .chunk_by(|(a, ..), (b, ..)| a.rsplit_once('.').map(|x| x.0) == b.rsplit_once('.').map(|x| x.0))
        {
            let ours = layer.iter().flat_map(|(_, ours, _)| ours.iter());
            let expected = layer.iter().flat_map(|(_, _, expected)| expected.iter());
            assert_close(&format!("{isa}: {}", layer[0].0), ours, expected, terms);
        }
    }
}

/// Each of the 128 values of a channel takes part in two sums forward and two backward: 16 times the square of one's
/// error.
const SMALL_TERMS: usize = 16 * 128;

#[test]
fn the_f32_network_has_the_reference_networks_gradient() {
    let (x, labels) = images();
    assert_gradients_agree(small(), (&x, &labels), SMALL_TERMS);
}

/// Negative control: one entry of the reference's gradient off by one per mille.
#[test]
#[should_panic(expected = "fc.weight[")]
fn the_comparison_sees_one_per_mille_in_one_entry() {
    let ((mut network, reference), (x, labels)) = (small(), images());
    let (name, ours) = single_gradient(Isa::detect(), &mut network, &x, &labels).swap_remove(4);
    let mut expected = reference.gradient(&x.to_f64(), &labels).swap_remove(4);
    assert_close("before", &ours, &expected, SMALL_TERMS);
    let largest = expected.iter_mut().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap();
    *largest *= 1.001;
    assert_close(&name, &ours, &expected, SMALL_TERMS);
}

#[rstest]
#[case::relu(Hidden::Relu, Some(activation::Activation::Relu))]
#[case::sigmoid(Hidden::Sigmoid, Some(activation::Activation::Sigmoid))]
#[case::tanh(Hidden::Tanh, Some(activation::Activation::Tanh))]
#[case::prelu(Hidden::PRelu, Some(activation::Activation::PRelu { slope: 0.25 }))]
#[case::identity(Hidden::Identity, None)]
fn the_iris_network_has_the_gradient_of_central_differences(
    #[case] hidden: Hidden,
    #[case] function: Option<activation::Activation>,
) -> Result<(), GradientError> {
    let network = iris_network(4, 5, 3, hidden, 1);
    let mut links = vec![Link::linear(4, 5)];
    links.extend(function.map(Link::Activation));
    links.push(Link::linear(5, 3));
    let reference = ReferenceNetwork(links).with_parameters_of(&network);
    let (x, labels) = (random(Shape::vectors(6, 4), 7), [0, 1, 2, 2, 1, 0]);
    check(&reference, &x, &labels, &reference.gradient(&x.to_f64(), &labels).concat())?;
    assert_gradients_agree((network, reference), (&x, &labels), 16);
    Ok(())
}

/// The network of P1.2 layer by layer, from the reference.
fn mnist_links() -> Vec<Link> {
    let relu = || Link::Activation(activation::Activation::Relu);
    let pool = || Link::MaxPool(MaxPool { window: 2 });
    let convolution = |inputs, outputs, padding| {
        [Link::conv2d(inputs, outputs, 3, padding), Link::batch_norm(outputs), relu()].into_iter()
    };
    let mut links: Vec<Link> = convolution(1, 16, 0).chain(convolution(16, 16, 0)).chain([pool()]).collect();
    links.extend(convolution(16, 64, 0).chain(convolution(64, 64, 0)).chain(convolution(64, 64, 1)));
    links.extend([pool(), Link::Flatten]);
    links.extend([Link::linear(1024, 128), relu(), Link::linear(128, 128), relu(), Link::linear(128, 10)]);
    links
}

/// The longest sum of a gradient is over the 26 x 26 pixels. One image, because the reference takes seconds for each
/// where nothing is optimised; the networks above have more.
#[test]
fn the_mnist_network_has_the_reference_networks_gradient() {
    let network = mnist_network(1);
    let reference = ReferenceNetwork(mnist_links()).with_parameters_of(&network);
    let (x, labels) = (random(Shape::maps(1, 28, 28, 1), 9), [3]);
    assert_gradients_agree((network, reference), (&x, &labels), 16 * 26 * 26);
}
