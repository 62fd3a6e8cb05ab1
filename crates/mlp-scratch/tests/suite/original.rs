//! The errors of the homework's first answer, written out as it had them and refused by the gradient checker.
//! Beside each stands the right formula in the same frame, which passes: the frame is not what is refused.

use crate::gradients::check_blocks;
use crate::{LOSSES, Problem, relative_error};
use gradcheck::GradientError;
use mlp_scratch::{Gradients, Loss, Network, Objective};
use ndarray::{Array2, Axis, concatenate};
use numerics::linalg::{matmul, matmul_nt, matmul_tn, sum_rows};
use rstest::rstest;

/// Back-propagation with `dz1` left open: from `da` `(N, H)` and the slope `sigmoid'(z1)` `(N, H)`.
fn backward_with(dz1_of: fn(Array2<f64>, Array2<f64>) -> Array2<f64>, problem: &Problem) -> Gradients {
    let Problem { network, x, targets } = problem;
    let (z2, cache) = network.forward(x.view()).unwrap();
    let (_, dz2) = Loss::SoftmaxCrossEntropy.value_and_gradient(z2.view(), targets.view()).unwrap();
    let a = cache.hidden(); //                                                  (N, H)
    let da = matmul_nt(dz2.view(), network.w2().view()); //                     (N, H) = (N, C)(C, H)
    let dz1 = dz1_of(da, a.mapv(|a| a * (1.0 - a))); //                         (N, H)
    Gradients {
        dw1: matmul_tn(x.view(), dz1.view()), //                                (D, H)
        db1: sum_rows(dz1.view()),            //                                           (H)
        dw2: matmul_tn(a, dz2.view()),        //                                       (H, C)
        db2: sum_rows(dz2.view()),            //                                           (C)
        dx: matmul_nt(dz1.view(), network.w1().view()), //                      (N, D)
    }
}

/// As many examples as hidden units: only then can the wrong product be computed at all.
fn square_problem() -> Problem {
    Problem::random(4, (3, 4, 2), 21)
}

#[test]
fn the_slope_multiplied_element_by_element_passes() {
    let problem = square_problem();
    let gradients = backward_with(|da, slope| da * slope, &problem);
    let objective = Objective { loss: Loss::SoftmaxCrossEntropy, l2: 0.0 };
    for passed in check_blocks(objective, &problem, &gradients) {
        passed.unwrap();
    }
}

/// Error 1: `dz1 = np.dot(da, sigmoid'(z1))`.
#[test]
fn the_slope_multiplied_as_a_matrix_is_refused_in_everything_below_the_hidden_layer() {
    let problem = square_problem();
    let gradients = backward_with(|da, slope| matmul(da.view(), slope.view()), &problem);
    let objective = Objective { loss: Loss::SoftmaxCrossEntropy, l2: 0.0 };
    let [w1, b1, w2, b2, x] = check_blocks(objective, &problem, &gradients);
    for refused in [w1, b1, x] {
        assert!(matches!(refused, Err(GradientError::Mismatch { .. })), "{refused:?}");
    }
    assert!(w2.is_ok() && b2.is_ok(), "the layer above does not pass through the slope");
}

/// The penalty's share of the gradients.
type Penalty = fn(&mut Gradients, &Network, f64);

fn l2_times_the_weights(g: &mut Gradients, network: &Network, l2: f64) {
    g.dw1.scaled_add(l2, network.w1()); // (D, H)
    g.dw2.scaled_add(l2, network.w2()); // (H, C)
}

/// Error 2: `dW += reg * dW` rescales the gradient and never looks at the weights.
fn l2_times_the_gradients(g: &mut Gradients, _: &Network, l2: f64) {
    g.dw1 *= 1.0 + l2; // (D, H)
    g.dw2 *= 1.0 + l2; // (H, C)
}

fn nothing(_: &mut Gradients, _: &Network, _: f64) {}

fn l2_times_the_weights_and_biases(g: &mut Gradients, network: &Network, l2: f64) {
    l2_times_the_weights(g, network, l2);
    g.db1.scaled_add(l2, network.b1()); // (H)
    g.db2.scaled_add(l2, network.b2()); // (C)
}

/// The gradient of `l2 Σ W²`, a penalty without its half.
fn twice_l2_times_the_weights(g: &mut Gradients, network: &Network, l2: f64) {
    l2_times_the_weights(g, network, 2.0 * l2);
}

/// Which of W1, b1, W2, b2 and x the checker must refuse.
#[rstest]
#[case::l2_times_the_weights(l2_times_the_weights, [false; 5])]
#[case::l2_times_the_gradients(l2_times_the_gradients, [true, false, true, false, false])]
#[case::nothing(nothing, [true, false, true, false, false])]
#[case::l2_times_the_weights_and_biases(l2_times_the_weights_and_biases, [false, true, false, true, false])]
#[case::twice_l2_times_the_weights(twice_l2_times_the_weights, [true, false, true, false, false])]
fn of_all_penalties_only_l2_times_the_weights_passes(
    #[case] penalty: Penalty,
    #[case] wrong: [bool; 5],
    #[values(0.05, 0.4)] l2: f64,
) {
    let problem = Problem::random(5, (4, 3, 3), 22);
    let Problem { network, x, targets } = &problem;
    let loss = Loss::MeanSquaredError;
    let without = Objective { loss, l2: 0.0 };
    let (_, mut gradients) = without.value_and_gradients(network, x.view(), targets.view()).unwrap();
    penalty(&mut gradients, network, l2);
    let results = check_blocks(Objective { loss, l2 }, &problem, &gradients);
    let refused = results.each_ref().map(|result| matches!(result, Err(GradientError::Mismatch { .. })));
    assert_eq!(refused, wrong, "{results:?}");
}

/// Error 8: with a sum over the batch the step grows with the batch, with a mean it does not.
#[test]
fn a_batch_twice_over_leaves_the_gradient_of_a_mean_and_doubles_that_of_a_sum() {
    let Problem { network, x, targets } = Problem::random(3, (4, 5, 3), 23);
    let twice = |a: &Array2<f64>| concatenate![Axis(0), *a, *a]; // (2N, ..)
    for loss in LOSSES {
        let objective = Objective { loss, l2: 0.0 };
        let (one_value, one) = objective.value_and_gradients(&network, x.view(), targets.view()).unwrap();
        let (x, targets) = (twice(&x), twice(&targets));
        let (two_value, two) = objective.value_and_gradients(&network, x.view(), targets.view()).unwrap();
        let factor = if loss == Loss::HalfSquaredErrorSum { 2.0 } else { 1.0 };
        let expected: Vec<f64> = one.to_vec().iter().map(|g| factor * g).collect();
        assert!(relative_error(&two.to_vec(), &expected) < 1e-14, "{loss:?}");
        assert!((two_value - factor * one_value).abs() < 1e-14 * two_value, "{loss:?}");
    }
}
