//! The backward passes of the activations, of flattening and of the loss against central differences, in every
//! coordinate, and wrong ones refused. The layers are in `reference_gradients.rs`.

mod reference_support;

use cnn::reference::activation::{self, Activation};
use cnn::reference::{flatten, softmax_cross_entropy};
use gradcheck::inputs_off_zero;
use ndarray::{Array, Array2, Dimension, Ix2, IxDyn};
use reference_support::{Verdict, assert_refused, check, inner, random};
use rstest::rstest;

// Activations.

fn check_activation<D: Dimension>(
    function: Activation,
    z: &Array<f64, D>,
    backward: impl Fn(&Activation, activation::Cache<D>, &Array<f64, D>) -> activation::Gradients<D>,
) -> Verdict {
    let dy = random(z.raw_dim(), 2);
    let claimed = backward(&function, function.forward(z).1, &dy);
    check("dz", z, &claimed.dz, |z| inner(&dy, &function.forward(&z).0))?;
    let (Activation::PRelu { slope }, Some(dslope)) = (function, claimed.dslope) else {
        assert_eq!(claimed.dslope, None, "{function:?} has no slope");
        return Ok(());
    };
    let (slope, dslope) = (Array::from_elem(1, slope), Array::from_elem(1, dslope));
    check("dslope", &slope, &dslope, |slope| inner(&dy, &Activation::PRelu { slope: slope[0] }.forward(z).0))
}

/// Away from the kink at 0 by more than twice the step of the difference.
fn off_zero(dim: &[usize]) -> Array<f64, IxDyn> {
    let entries = inputs_off_zero(dim.iter().product(), 0.01, 1);
    Array::from_shape_vec(IxDyn(dim), entries).expect("as many entries as places")
}

#[rstest]
fn activation_gradients_are_central_differences(
    #[values(
        Activation::Relu,
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::PRelu { slope: 0.25 },
        Activation::PRelu { slope: -0.6 }
    )]
    function: Activation,
    #[values(&[4, 5], &[2, 3, 2, 2])] dim: &[usize],
) -> Verdict {
    check_activation(function, &off_zero(dim), Activation::backward)
}

type SpoilActivation = fn(&mut activation::Gradients<IxDyn>);

#[rstest]
#[case::with_the_sign_lost("dz", |g: &mut activation::Gradients<IxDyn>| g.dz.mapv_inplace(f64::abs))]
#[case::with_a_slope_gradient_of_zero("dslope", |g: &mut activation::Gradients<IxDyn>| g.dslope = Some(0.0))]
#[case::with_a_mean_slope_gradient("dslope", |g: &mut activation::Gradients<IxDyn>| {
    g.dslope = g.dslope.map(|dslope| dslope / 20.0);
})]
fn a_wrong_activation_gradient_is_refused(#[case] gradient: &str, #[case] spoil: SpoilActivation) {
    let wrong = |function: &Activation, cache, dy: &_| {
        let mut gradients = function.backward(cache, dy);
        spoil(&mut gradients);
        gradients
    };
    assert_refused(check_activation(Activation::PRelu { slope: 0.25 }, &off_zero(&[4, 5]), wrong), gradient);
}

/// The original coursework's first error, as an activation meets it: `f'(z)` multiplied as a matrix, not entry by entry.
#[test]
fn a_matrix_product_with_the_derivative_is_refused() {
    let wrong = |function: &Activation, _, dy: &Array2<f64>| {
        let derivative = random((4, 4), 1).map(|&z| function.derivative(z)); // (4, 4)
        let product = |(n, j)| (0..4).map(|k| dy[[n, k]] * derivative[[k, j]]).sum();
        activation::Gradients { dz: Array2::from_shape_fn((4, 4), product), dslope: None }
    };
    assert_refused(check_activation::<Ix2>(Activation::Sigmoid, &random((4, 4), 1), wrong), "dz");
}

// Flattening.

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

// Softmax and cross-entropy.

fn check_loss(
    logits: &Array2<f64>,
    labels: &[usize],
    dloss: f64,
    backward: impl Fn(softmax_cross_entropy::Cache, f64) -> Array2<f64>,
) -> Verdict {
    let forward = |logits: &_| softmax_cross_entropy::forward(logits, labels).expect("labels of the classes");
    let dlogits = backward(forward(logits).1, dloss);
    check("dlogits", logits, &dlogits, |logits| dloss * forward(&logits).0.mean_nats)
}

#[rstest]
#[case::two_classes(5, 2, vec![0, 1, 1, 0, 1])]
#[case::more_classes_than_examples(2, 10, vec![9, 3])]
#[case::one_example(1, 4, vec![2])]
fn loss_gradients_are_central_differences(
    #[case] examples: usize,
    #[case] classes: usize,
    #[case] labels: Vec<usize>,
    #[values(0.7, -1.3)] dloss: f64,
) -> Verdict {
    check_loss(&random((examples, classes), 1), &labels, dloss, softmax_cross_entropy::backward)
}

#[rstest]
#[case::of_the_sum(|d: Array2<f64>| 3.0 * d)]
#[case::in_bits(|d: Array2<f64>| d / std::f64::consts::LN_2)]
#[case::of_the_negative(|d: Array2<f64>| -d)]
#[case::without_the_label(|mut d: Array2<f64>| { d[[0, 1]] += 1.0 / 3.0; d })]
fn a_wrong_loss_gradient_is_refused(#[case] spoil: fn(Array2<f64>) -> Array2<f64>) {
    let wrong = |cache, dloss| spoil(softmax_cross_entropy::backward(cache, dloss));
    assert_refused(check_loss(&random((3, 4), 1), &[1, 0, 3], 1.0, wrong), "dlogits");
}
