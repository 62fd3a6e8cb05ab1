//! Laws that the activations, the loss and the optimisers of the reference obey, whatever the numbers.

mod reference_support;

use cnn::reference::ReferenceError;
use cnn::reference::activation::Activation;
use cnn::reference::adam::{self, Adam};
use cnn::reference::sgd::{self, Sgd};
use cnn::reference::softmax_cross_entropy::{Loss, backward, forward};
use ndarray::{Array2, Axis, array};
use numerics::elementary::ln;
use reference_support::{assert_close, random};
use rstest::rstest;

// Activations.

#[rstest]
#[case::prelu_of_slope_0_is_relu(Activation::PRelu { slope: 0.0 }, |z: f64| Activation::Relu.value(z))]
#[case::prelu_of_slope_1_is_the_identity(Activation::PRelu { slope: 1.0 }, |z: f64| z)]
#[case::sigmoid_is_half_of_one_plus_tanh_of_half(
    Activation::Sigmoid,
    |z: f64| 0.5 * (1.0 + Activation::Tanh.value(0.5 * z))
)]
#[case::tanh_is_odd(Activation::Tanh, |z: f64| -Activation::Tanh.value(-z))]
#[case::relu_is_half_of_z_plus_its_size(Activation::Relu, |z: f64| 0.5 * (z + z.abs()))]
fn an_activation_equals_another_expression(#[case] function: Activation, #[case] other: fn(f64) -> f64) {
    let z = 3.0 * random((5, 8), 1);
    assert_close(&function.forward(&z).0, &z.map(|&z| other(z)), 1e-15);
}

#[rstest]
#[case::relu(Activation::Relu, 0.0)]
#[case::prelu(Activation::PRelu { slope: 0.25 }, 0.25)]
fn at_the_kink_the_left_derivative_is_taken(#[case] function: Activation, #[case] left: f64) {
    assert_eq!([function.derivative(0.0), function.derivative(-0.0)], [left; 2]);
    assert_eq!(function.derivative(f64::MIN_POSITIVE), 1.0);
}

#[rstest]
#[case(Activation::Relu)]
#[case(Activation::PRelu { slope: 0.25 })]
#[case(Activation::Sigmoid)]
#[case(Activation::Tanh)]
fn a_nan_is_not_lost_in_an_activation(#[case] function: Activation) {
    assert!(function.value(f64::NAN).is_nan());
}

// Softmax and cross-entropy.

fn loss(logits: &Array2<f64>, labels: &[usize]) -> Loss {
    forward(logits, labels).expect("labels of the classes").0
}

fn dlogits(logits: &Array2<f64>, labels: &[usize]) -> Array2<f64> {
    backward(forward(logits, labels).expect("labels of the classes").1, 1.0)
}

#[rstest]
fn equal_logits_cost_the_logarithm_of_the_number_of_classes(#[values(2, 3, 10)] classes: usize) {
    let loss = loss(&Array2::from_elem((4, classes), -1.7), &[0, 1, 1, 0]);
    assert_close(&loss.per_sample_nats, &ndarray::Array1::from_elem(4, ln(classes as f64)), 1e-15);
}

#[rstest]
fn a_constant_added_to_a_row_of_logits_changes_nothing(#[values(-700.0, 3.5, 1e4)] constant: f64) {
    let (logits, labels) = (random((3, 4), 1), [1, 3, 0]);
    let mut moved = logits.clone();
    moved.row_mut(1).mapv_inplace(|z| z + constant);
    // The sum z + constant itself is rounded to the spacing of doubles of that size.
    let rounding = 1e-15 * (1.0 + f64::abs(constant));
    assert_close(&loss(&moved, &labels).per_sample_nats, &loss(&logits, &labels).per_sample_nats, rounding);
    assert_close(&dlogits(&moved, &labels), &dlogits(&logits, &labels), rounding);
}

#[test]
fn every_row_of_the_gradient_sums_to_0() {
    let sums = dlogits(&(4.0 * random((6, 5), 1)), &[0, 4, 2, 2, 1, 3]).sum_axis(Axis(1));
    assert!(sums.iter().all(|sum| sum.abs() < 1e-16), "{sums}");
}

#[test]
fn only_the_labels_entry_of_a_row_is_pushed_up() {
    let labels = [0, 4, 2];
    for ((n, k), d) in dlogits(&random((3, 5), 1), &labels).indexed_iter() {
        assert_eq!(*d < 0.0, k == labels[n], "row {n}, class {k}: {d}");
    }
}

#[test]
fn the_loss_is_the_mean_of_its_terms_and_follows_a_permuted_batch() {
    let (logits, labels) = (random((3, 4), 1), [1, 3, 0]);
    let straight = loss(&logits, &labels);
    assert!((straight.mean_nats - straight.per_sample_nats.sum() / 3.0).abs() < 1e-15);
    let permuted = loss(&logits.select(Axis(0), &[2, 0, 1]), &[0, 1, 3]);
    assert_eq!(permuted.per_sample_nats, straight.per_sample_nats.select(Axis(0), &[2, 0, 1]));
}

#[test]
fn a_hopelessly_wrong_answer_costs_its_distance_and_stays_finite() {
    let logits = array![[0.0, 5000.0]];
    assert_eq!(loss(&logits, &[0]).mean_nats, 5000.0);
    assert_eq!(dlogits(&logits, &[0]), array![[-1.0, 1.0]]);
}

#[rstest]
#[case::no_rows((0, 3), vec![], ReferenceError::EmptyBatch)]
#[case::a_label_too_few((2, 3), vec![0], ReferenceError::LabelCount { labels: 1, rows: 2 })]
#[case::a_label_too_large((2, 3), vec![0, 3], ReferenceError::LabelOutOfRange { row: 1, label: 3, classes: 3 })]
fn labels_that_do_not_fit_are_refused(
    #[case] dim: (usize, usize),
    #[case] labels: Vec<usize>,
    #[case] error: ReferenceError,
) {
    assert_eq!(forward(&random(dim, 1), &labels).map(|_| ()), Err(error));
}

// Optimisers.

fn sgd(momentum: f64, weight_decay: f64, nesterov: bool) -> Sgd {
    Sgd::new(sgd::Settings { momentum, weight_decay, nesterov }, 2)
}

const DEFAULT_ADAM: adam::Settings =
    adam::Settings { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 };

#[test]
fn without_momentum_and_decay_a_step_is_the_learning_rate_times_the_gradient() {
    let mut w = [1.0, -2.0];
    sgd(0.0, 0.0, false).step(0.5, &mut w, &[0.25, 3.0]);
    assert_eq!(w, [1.0 - 0.5 * 0.25, -2.0 - 0.5 * 3.0]);
}

/// Under a constant gradient `v_t = g (1 - mu^t) / (1 - mu)`.
#[rstest]
fn the_velocity_under_a_constant_gradient_is_a_geometric_sum(#[values(0.5, 0.9)] mu: f64) {
    let (mut optimiser, mut w) = (sgd(mu, 0.0, false), [0.0, 0.0]);
    for t in 1..=20 {
        optimiser.step(0.1, &mut w, &[3.0, -1.0]);
        let sum = (1.0 - f64::powi(mu, t)) / (1.0 - mu);
        assert!((optimiser.velocity()[0] - 3.0 * sum).abs() < 1e-13, "step {t}");
    }
}

#[test]
fn nesterovs_first_step_is_longer_by_the_momentum() {
    let (mut plain, mut ahead) = ([0.0, 0.0], [0.0, 0.0]);
    sgd(0.9, 0.0, false).step(0.1, &mut plain, &[1.0, -2.0]);
    sgd(0.9, 0.0, true).step(0.1, &mut ahead, &[1.0, -2.0]);
    assert_close(&array![ahead[0], ahead[1]], &(1.9 * array![plain[0], plain[1]]), 1e-15);
}

#[test]
fn under_a_gradient_of_0_weight_decay_shrinks_every_weight_by_the_same_factor() {
    let mut w = [4.0, -1.0];
    sgd(0.0, 0.25, false).step(0.5, &mut w, &[0.0, 0.0]);
    assert_eq!(w, [4.0 * 0.875, -0.875]);
}

#[test]
fn a_lower_learning_rate_slows_the_gathered_momentum_at_once() {
    let (mut optimiser, mut w) = (sgd(0.9, 0.0, false), [0.0, 0.0]);
    optimiser.step(1.0, &mut w, &[1.0, 1.0]);
    optimiser.step(0.0, &mut w, &[1.0, 1.0]);
    assert_eq!(w, [-1.0, -1.0], "a rate of 0 stops, whatever the velocity");
}

#[test]
fn adams_first_step_is_the_learning_rate_whatever_the_size_of_the_gradient() {
    let (mut optimiser, mut w) = (Adam::new(DEFAULT_ADAM, 2), [0.0, 0.0]);
    optimiser.step(0.01, &mut w, &[1e3, -1e-3]);
    // eps is 1e-8 against a gradient of 1e-3.
    assert_close(&array![w[0], w[1]], &array![-0.01, 0.01], 1.1e-5);
}

/// A formula with `eps` inside the root would give `1 / sqrt(1 + 3)`.
#[test]
fn adams_eps_stands_outside_the_root() {
    let mut optimiser = Adam::new(adam::Settings { eps: 3.0, ..DEFAULT_ADAM }, 1);
    let mut w = [0.0];
    optimiser.step(1.0, &mut w, &[1.0]);
    assert!((w[0] + 1.0 / (1.0 + 3.0)).abs() < 1e-13, "{}", w[0]);
}

#[test]
fn both_optimisers_find_the_bottom_of_a_bowl() {
    let gradient = |w: [f64; 2]| [2.0 * (w[0] - 3.0), 20.0 * (w[1] + 1.0)];
    let (mut a, mut b) = ([0.0, 0.0], [0.0, 0.0]);
    let (mut momentum, mut adam) = (sgd(0.8, 0.0, true), Adam::new(DEFAULT_ADAM, 2));
    for _ in 0..3000 {
        let (da, db) = (gradient(a), gradient(b));
        momentum.step(0.02, &mut a, &da);
        adam.step(0.02, &mut b, &db);
    }
    assert_close(&array![a[0], a[1]], &array![3.0, -1.0], 1e-12);
    assert_close(&array![b[0], b[1]], &array![3.0, -1.0], 1e-6);
}

#[test]
#[should_panic(expected = "weights and gradient of the optimiser")]
fn an_optimiser_refuses_another_number_of_parameters() {
    sgd(0.9, 0.0, false).step(0.1, &mut [0.0; 3], &[0.0; 3]);
}
