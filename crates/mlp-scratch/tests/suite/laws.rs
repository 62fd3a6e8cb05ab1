//! What holds for every network, loss and batch.

use crate::{LOSSES, Problem, relative_error};
use mlp_scratch::loss::softmax;
use mlp_scratch::{Loss, Network, Objective, Sizes};
use ndarray::{Array2, Axis};
use numerics::random::{Purpose, Stream};
use proptest::prelude::*;

fn logits(rows: usize, columns: usize, scale: f64) -> impl Strategy<Value = Array2<f64>> {
    prop::collection::vec(-scale..scale, rows * columns)
        .prop_map(move |z| Array2::from_shape_vec((rows, columns), z).unwrap())
}

fn any_loss() -> impl Strategy<Value = Loss> {
    prop::sample::select(LOSSES.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn softmax_rows_are_probabilities(z in logits(3, 5, 700.0)) {
        let probs = softmax(z.view()); // (N, C)
        prop_assert!(probs.iter().all(|p| (0.0..=1.0).contains(p)));
        prop_assert!(probs.sum_axis(Axis(1)).iter().all(|total| (total - 1.0).abs() < 1e-13));
    }

    #[test]
    fn adding_a_constant_to_the_logits_changes_neither_softmax_nor_cross_entropy(
        z in logits(2, 4, 10.0), constant in -100.0..100.0,
    ) {
        let targets = mlp_scratch::one_hot(&[1, 3], 4).unwrap(); // (N, C)
        let of = |z: Array2<f64>| Loss::SoftmaxCrossEntropy.value_and_gradient(z.view(), targets.view()).unwrap();
        let ((value, dz2), (moved, moved_dz2)) = (of(z.clone()), of(z + constant));
        // The sum rounds to a unit in the last place of 110, and so do the differences of logits.
        prop_assert!((value - moved).abs() < 1e-13);
        prop_assert!((dz2 - moved_dz2).iter().all(|d| d.abs() < 1e-13));
    }

    #[test]
    fn the_gradient_of_cross_entropy_sums_to_zero_in_each_row(z in logits(3, 5, 20.0)) {
        let targets = mlp_scratch::one_hot(&[0, 4, 2], 5).unwrap(); // (N, C)
        let (value, dz2) = Loss::SoftmaxCrossEntropy.value_and_gradient(z.view(), targets.view()).unwrap();
        prop_assert!(value > 0.0);
        prop_assert!(dz2.sum_axis(Axis(1)).iter().all(|total| total.abs() < 1e-15));
    }

    #[test]
    fn permuting_the_batch_permutes_the_input_gradient_and_leaves_the_others(seed: u64, loss in any_loss()) {
        let Problem { network, x, targets } = Problem::random(6, (3, 4, 3), seed);
        let order = Stream::new(seed, Purpose::Check).permutation(6);
        let rows = |a: &Array2<f64>| a.select(Axis(0), &order);
        let objective = Objective { loss, l2: 0.2 };
        let (value, gradients) = objective.value_and_gradients(&network, x.view(), targets.view()).unwrap();
        let (permuted_value, permuted) =
            objective.value_and_gradients(&network, rows(&x).view(), rows(&targets).view()).unwrap();
        prop_assert!((value - permuted_value).abs() < 1e-14 * value);
        prop_assert!(relative_error(&permuted.to_vec(), &gradients.to_vec()) < 1e-13);
        prop_assert_eq!(permuted.dx, rows(&gradients.dx), "an example's own gradient does not see its neighbours");
    }

    #[test]
    fn renaming_the_hidden_units_changes_no_output(seed: u64) {
        let Problem { network, x, .. } = Problem::random(4, (3, 5, 2), seed);
        let order = Stream::new(seed, Purpose::Check).permutation(5);
        let renamed = Network::new(
            network.w1().select(Axis(1), &order), // (D, H)
            network.b1().select(Axis(0), &order), // (H)
            network.w2().select(Axis(0), &order), // (H, C)
            network.b2().clone(), //                 (C)
        ).unwrap();
        let outputs = |network: &Network| network.forward(x.view()).unwrap().0; // (N, C)
        prop_assert!(relative_error(&outputs(&renamed), &outputs(&network)) < 1e-13);
    }

    #[test]
    fn a_step_takes_the_learning_rate_times_its_derivative_off_every_parameter(seed: u64, rate in 0.01..2.0) {
        let Problem { mut network, x, targets } = Problem::random(3, (2, 4, 3), seed);
        let gradients = network.forward(x.view()).unwrap().1.backward(targets.view()).unwrap();
        let expected: Vec<f64> =
            network.to_vec().iter().zip(gradients.to_vec()).map(|(w, dw)| w - rate * dw).collect();
        network.descend(&gradients, rate).unwrap();
        prop_assert_eq!(network.to_vec(), expected);
    }

    #[test]
    fn a_short_step_downhill_lowers_the_objective(seed: u64, loss in any_loss(), l2 in 0.0..0.5) {
        let Problem { mut network, x, targets } = Problem::random(5, (3, 4, 3), seed);
        let objective = Objective { loss, l2 };
        let (before, gradients) = objective.value_and_gradients(&network, x.view(), targets.view()).unwrap();
        network.descend(&gradients, 1e-3).unwrap();
        let (after, _) = objective.value_and_gradients(&network, x.view(), targets.view()).unwrap();
        prop_assert!(after < before, "{after} after {before}");
        network.descend(&gradients, -2e-3).unwrap();
        let (uphill, _) = objective.value_and_gradients(&network, x.view(), targets.view()).unwrap();
        prop_assert!(uphill > before, "{uphill} uphill of {before}");
    }

    #[test]
    fn initial_parameters_stay_within_one_over_the_root_of_fan_in(seed: u64) {
        let network = Network::init(Sizes { inputs: 4, hidden: 9, outputs: 3 }, seed).unwrap();
        prop_assert!(network.w1().iter().chain(network.b1()).all(|w| w.abs() <= 1.0 / 2.0));
        prop_assert!(network.w2().iter().chain(network.b2()).all(|w| w.abs() <= 1.0 / 3.0));
    }
}

#[test]
fn initial_parameters_fill_their_interval_evenly() {
    let network = Network::init(Sizes { inputs: 100, hidden: 100, outputs: 1 }, 1).unwrap();
    let n = network.w1().len() as f64;
    let (mean, variance) = (network.w1().sum() / n, network.w1().mapv(|w| w * w).sum() / n);
    // Uniform on ±0.1: variance 0.1²/3, standard error of the mean sqrt(variance/n), of the variance 0.1² sqrt(4/45n).
    assert!(mean.abs() < 5.0 * (0.01 / 3.0 / n).sqrt(), "mean {mean}");
    assert!((variance - 0.01 / 3.0).abs() < 5.0 * 0.01 * (4.0 / 45.0 / n).sqrt(), "variance {variance}");
}

#[test]
fn initial_parameters_are_drawn_in_the_order_w1_b1_w2_b2() {
    let sizes = Sizes { inputs: 2, hidden: 3, outputs: 2 };
    let mut stream = Stream::new(5, Purpose::Init);
    let mut next = |fan_in: f64| stream.uniform(-1.0 / fan_in.sqrt(), 1.0 / fan_in.sqrt());
    let expected: Vec<f64> = (0..17).map(|i| next(if i < 9 { 2.0 } else { 3.0 })).collect();
    assert_eq!(Network::init(sizes, 5).unwrap().to_vec(), expected);
}

#[test]
fn zero_outputs_cost_the_logarithm_of_the_number_of_classes() {
    for classes in [2, 3, 10] {
        let zeros = Array2::zeros((4, classes)); // (N, C)
        let targets = mlp_scratch::one_hot(&[0, 1, 1, 0], classes).unwrap();
        let (value, _) = Loss::SoftmaxCrossEntropy.value_and_gradient(zeros.view(), targets.view()).unwrap();
        assert!((value - (classes as f64).ln()).abs() < 1e-15);
    }
}

#[test]
fn half_the_squared_error_summed_is_the_mean_times_half_the_number_of_entries() {
    let Problem { network, x, targets } = Problem::random(4, (2, 3, 5), 31);
    let z2 = network.forward(x.view()).unwrap().0; // (N, C)
    let value = |loss: Loss| loss.value_and_gradient(z2.view(), targets.view()).unwrap().0;
    let ratio = value(Loss::HalfSquaredErrorSum) / value(Loss::MeanSquaredError);
    assert!((ratio - 0.5 * 4.0 * 5.0).abs() < 1e-14 * ratio, "half the number of entries: {ratio}");
}

#[test]
fn huge_logits_keep_a_finite_cross_entropy() {
    let z2 = ndarray::array![[1e300, -1e300], [0.0, 800.0]]; // (N, C)
    let targets = mlp_scratch::one_hot(&[0, 0], 2).unwrap(); //  (N, C)
    let (value, dz2) = Loss::SoftmaxCrossEntropy.value_and_gradient(z2.view(), targets.view()).unwrap();
    assert_eq!(value, (0.0 + 800.0) / 2.0);
    assert_eq!(dz2, ndarray::array![[0.0, 0.0], [-0.5, 0.5]]);
}

#[test]
fn where_the_error_is_zero_only_the_penalty_pulls_and_only_at_the_weights() {
    let Problem { network, x, .. } = Problem::random(3, (2, 4, 2), 32);
    let targets = network.forward(x.view()).unwrap().0; // (N, C)
    let objective = Objective { loss: Loss::MeanSquaredError, l2: 0.3 };
    let (_, gradients) = objective.value_and_gradients(&network, x.view(), targets.view()).unwrap();
    assert_eq!((&gradients.dw1, &gradients.dw2), (&(network.w1() * 0.3), &(network.w2() * 0.3)));
    assert!(gradients.db1.iter().chain(&gradients.db2).chain(&gradients.dx).all(|&g| g == 0.0));
}
