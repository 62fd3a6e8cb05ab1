//! Every gradient against central differences.

use crate::{LOSSES, Problem, blocks, network_of};
use gradcheck::{GradientError, cotangent};
use mlp_scratch::{Gradients, Loss, Objective};
use ndarray::{Array2, ArrayView2};
use rstest::rstest;

/// Checks the claimed gradients of the objective block by block, so that a small block cannot hide behind the
/// largest entry of another: W1, b1, W2, b2 and x, in this order.
pub(crate) fn check_blocks(
    objective: Objective,
    problem: &Problem,
    gradients: &Gradients,
) -> [Result<gradcheck::Report, GradientError>; 5] {
    let Problem { network, x, targets } = problem;
    let sizes = network.sizes();
    let value = |parameters: &[f64], x: ArrayView2<f64>| {
        objective.value_and_gradients(&network_of(sizes, parameters), x, targets.view()).unwrap().0
    };
    let (parameters, claimed) = (network.to_vec(), gradients.to_vec());
    let [w1, b1, w2, b2] = blocks(sizes).map(|(name, range)| {
        let f = |block: &[f64]| {
            let mut moved = parameters.clone();
            moved[range.clone()].copy_from_slice(block);
            value(&moved, x.view())
        };
        gradcheck::check(name, f, &parameters[range.clone()], &claimed[range.clone()])
    });
    let of_input = |entries: &[f64]| value(&parameters, ArrayView2::from_shape(x.dim(), entries).unwrap());
    let entries = |a: &Array2<f64>| a.iter().copied().collect::<Vec<f64>>();
    [w1, b1, w2, b2, gradcheck::check("x", of_input, &entries(x), &entries(&gradients.dx))]
}

#[rstest]
#[case::one_example_one_input_one_hidden_unit(1, (1, 1, 2))]
#[case::more_examples_than_classes(5, (4, 3, 3))]
#[case::more_classes_than_examples(2, (3, 4, 6))]
#[case::as_many_hidden_units_as_examples(4, (3, 4, 2))]
#[case::one_hidden_unit(7, (2, 1, 3))]
fn all_gradients_of_the_objective_agree_with_central_differences(
    #[case] n: usize,
    #[case] sizes: (usize, usize, usize),
    #[values(Loss::MeanSquaredError, Loss::HalfSquaredErrorSum, Loss::SoftmaxCrossEntropy)] loss: Loss,
    #[values(0.0, 0.13, 0.7)] l2: f64,
) {
    let problem = Problem::random(n, sizes, 11);
    let objective = Objective { loss, l2 };
    let (_, gradients) =
        objective.value_and_gradients(&problem.network, problem.x.view(), problem.targets.view()).unwrap();
    let (d, h, c) = sizes;
    let reports = check_blocks(objective, &problem, &gradients).map(Result::unwrap);
    assert_eq!(reports.map(|report| report.coordinates), [d * h, h, h * c, c, n * d]);
}

#[test]
fn backward_agrees_with_central_differences_for_any_cotangent() {
    let Problem { network, x, .. } = Problem::random(4, (3, 5, 2), 12);
    let v = Array2::from_shape_vec((4, 2), cotangent(8, 12)).unwrap(); // (N, C)
    let gradients = network.forward(x.view()).unwrap().1.backward(v.view()).unwrap();
    let of_parameters = |parameters: &[f64]| {
        let moved = network_of(network.sizes(), parameters);
        (moved.forward(x.view()).unwrap().0 * &v).sum()
    };
    gradcheck::check("<v, z2>", of_parameters, &network.to_vec(), &gradients.to_vec()).unwrap();
}

#[rstest]
#[case::one_hot(0.0)]
#[case::smoothed(0.1)]
fn the_gradient_of_each_loss_by_the_outputs_agrees_with_central_differences(#[case] smoothing: f64) {
    let Problem { network, x, targets } = Problem::random(3, (2, 4, 5), 13);
    let z2 = network.forward(x.view()).unwrap().0; //        (N, C)
    let targets = targets * (1.0 - smoothing) + smoothing / 5.0; // (N, C)
    for loss in LOSSES {
        let (_, dz2) = loss.value_and_gradient(z2.view(), targets.view()).unwrap();
        let f = |z2: &[f64]| {
            let z2 = ArrayView2::from_shape((3, 5), z2).unwrap();
            loss.value_and_gradient(z2, targets.view()).unwrap().0
        };
        let (z2, dz2) = (z2.as_slice().unwrap(), dz2.as_slice().unwrap());
        gradcheck::check(&format!("{loss:?}"), f, z2, dz2).unwrap();
    }
}

#[rstest]
#[case::the_sum_instead_of_the_mean(|g: &mut Gradients, n: f64| g.dw2 *= n)]
#[case::one_per_mille_too_much(|g: &mut Gradients, _| g.dw1[[0, 0]] *= 1.001)]
#[case::the_wrong_sign(|g: &mut Gradients, _| g.db1 *= -1.0)]
#[case::a_forgotten_bias(|g: &mut Gradients, _| g.db2.fill(0.0))]
#[case::a_transposed_weight(|g: &mut Gradients, _| g.dw2 = g.dw2.t().to_owned())]
#[case::the_examples_in_reverse(|g: &mut Gradients, _| g.dx.invert_axis(ndarray::Axis(0)))]
fn a_spoilt_gradient_is_refused(#[case] spoil: fn(&mut Gradients, f64)) {
    let problem = Problem::random(5, (4, 3, 3), 14);
    let objective = Objective { loss: Loss::SoftmaxCrossEntropy, l2: 0.13 };
    let (_, mut gradients) =
        objective.value_and_gradients(&problem.network, problem.x.view(), problem.targets.view()).unwrap();
    spoil(&mut gradients, 5.0);
    let refused =
        check_blocks(objective, &problem, &gradients).into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert!(
        matches!(refused[..], [GradientError::Mismatch { .. }]),
        "exactly one block is wrong: {refused:?}"
    );
}
