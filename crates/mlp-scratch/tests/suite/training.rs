//! Laws of whole runs.

use crate::{Problem, relative_error};
use mlp_scratch::train::{evaluate, train};
use mlp_scratch::{Epoch, Examples, Hyperparameters, Loss, Network, Objective, Sizes, Training};
use ndarray::{Array2, Axis};
use numerics::random::{Purpose, Stream};
use rstest::rstest;

pub(crate) const SETTINGS: Hyperparameters = Hyperparameters {
    objective: Objective { loss: Loss::SoftmaxCrossEntropy, l2: 0.01 },
    learning_rate: 0.3,
    batch_size: 4,
    epochs: 6,
    seed: 1,
};

/// Three clusters of points in the plane, `n` examples, labels in turn.
pub(crate) fn clusters(n: usize) -> Examples {
    let centres = [[1.0, 0.0], [-0.5, 0.8], [-0.5, -0.8]];
    let mut stream = Stream::new(3, Purpose::Check);
    let inputs = Array2::from_shape_fn((n, 2), |(row, column)| {
        centres[row % 3][column] + 0.4 * stream.normal() //
    }); // (N, D)
    Examples::new(inputs, (0..n).map(|row| row % 3).collect(), 3).unwrap()
}

pub(crate) fn network(seed: u64) -> Network {
    Network::init(Sizes { inputs: 2, hidden: 5, outputs: 3 }, seed).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let bits = |seed| {
        let (trained, history) =
            train(network(1), clusters(11), Hyperparameters { seed, ..SETTINGS }).unwrap();
        let losses = history.iter().map(|epoch| epoch.loss);
        trained.to_vec().into_iter().chain(losses).map(f64::to_bits).collect::<Vec<u64>>()
    };
    assert_eq!(bits(1), bits(1));
    assert_ne!(bits(1), bits(2), "another seed is another order of the examples");
}

/// A second implementation of the run, from the primitives only: 11 examples in batches of 4, 4 and 3.
#[rstest]
#[case::without_a_penalty(0.0)]
#[case::with_a_penalty(SETTINGS.objective.l2)]
fn a_run_is_a_step_for_each_batch_of_a_new_order_in_each_epoch(#[case] l2: f64) {
    let settings = Hyperparameters { objective: Objective { l2, ..SETTINGS.objective }, ..SETTINGS };
    let examples = clusters(11);
    let mut by_hand = network(1);
    let mut stream = Stream::new(settings.seed, Purpose::Batches);
    for _ in 0..settings.epochs {
        let order = stream.permutation(11);
        for rows in [&order[0..4], &order[4..8], &order[8..11]] {
            let x = examples.inputs().select(Axis(0), rows); //        (B, D)
            let targets = examples.targets().select(Axis(0), rows); // (B, C)
            let (z2, cache) = by_hand.forward(x.view()).unwrap();
            let (_, dz2) = settings.objective.loss.value_and_gradient(z2.view(), targets.view()).unwrap();
            let mut gradients = cache.backward(dz2.view()).unwrap();
            gradients.dw1 += &(by_hand.w1() * l2); // (D, H)
            gradients.dw2 += &(by_hand.w2() * l2); // (H, C)
            by_hand.descend(&gradients, settings.learning_rate).unwrap();
        }
    }
    assert_eq!(train(network(1), examples, settings).unwrap().0, by_hand);
}

#[test]
fn an_epoch_reports_all_examples_after_its_last_step() {
    let mut training = Training::new(network(1), clusters(11), SETTINGS).unwrap();
    let mut numbers = Vec::new();
    while let Some(epoch) = training.next() {
        let Epoch { number, loss, accuracy } = epoch.unwrap();
        let (expected, counted) =
            evaluate(training.network(), &clusters(11), SETTINGS.objective.loss).unwrap();
        assert_eq!((loss, accuracy), (expected, counted));
        assert_eq!(accuracy.total, 11);
        let predictions = training.network().predict(clusters(11).inputs()).unwrap();
        assert_eq!(accuracy.correct, (0..11).filter(|&row| predictions[row] == row % 3).count());
        numbers.push(number);
    }
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    assert!(training.next().is_none(), "the run is over");
}

#[test]
fn a_batch_of_more_than_all_examples_is_a_batch_of_all() {
    let run =
        |batch_size| train(network(1), clusters(11), Hyperparameters { batch_size, ..SETTINGS }).unwrap();
    assert_eq!(run(11), run(1000));
    assert_ne!(run(11), run(10));
}

/// With a mean the step of a full batch does not depend on how often the data set is repeated; with a sum it does.
#[rstest]
#[case::a_mean(Loss::SoftmaxCrossEntropy, true)]
#[case::a_sum(Loss::HalfSquaredErrorSum, false)]
fn a_data_set_twice_over_gives_the_same_run_with(#[case] loss: Loss, #[case] same: bool) {
    let objective = Objective { loss, l2: 0.0 };
    let settings = Hyperparameters { objective, learning_rate: 0.02, batch_size: 1000, ..SETTINGS };
    let once = clusters(9);
    let inputs = ndarray::concatenate![Axis(0), once.inputs(), once.inputs()]; // (2N, D)
    let twice = Examples::new(inputs, once.labels().repeat(2), 3).unwrap();
    let run = |examples| train(network(1), examples, settings).unwrap().0.to_vec();
    assert_eq!(relative_error(&run(twice), &run(once)) < 1e-13, same);
}

#[rstest]
#[case::mean_squared_error(Loss::MeanSquaredError, 1.0, 1e-9)]
#[case::half_squared_error_sum(Loss::HalfSquaredErrorSum, 0.1, 1e-9)]
// Cross-entropy reaches zero at infinite weights only, and falls like 1 / steps.
#[case::softmax_cross_entropy(Loss::SoftmaxCrossEntropy, 5.0, 1e-4)]
fn one_batch_can_be_overfitted(#[case] loss: Loss, #[case] learning_rate: f64, #[case] bar: f64) {
    let Problem { network, x, .. } = Problem::random(5, (4, 12, 3), 41);
    let batch = Examples::new(x, vec![0, 1, 2, 1, 0], 3).unwrap();
    let objective = Objective { loss, l2: 0.0 };
    let settings = Hyperparameters { objective, learning_rate, batch_size: 5, epochs: 8000, seed: 1 };
    let (_, history) = train(network, batch, settings).unwrap();
    let last = history.last().unwrap();
    assert!(last.loss < bar, "{}", last.loss);
    assert_eq!(last.accuracy.correct, 5);
}

/// The negative control of the test above: with wrong labels on equal inputs no network can reach zero.
#[test]
fn contradictory_examples_cannot_be_fitted_below_their_entropy() {
    let batch = Examples::new(Array2::ones((2, 4)), vec![0, 1], 2).unwrap();
    let network = Network::init(Sizes { inputs: 4, hidden: 12, outputs: 2 }, 1).unwrap();
    let objective = Objective { loss: Loss::SoftmaxCrossEntropy, l2: 0.0 };
    let settings = Hyperparameters { objective, learning_rate: 1.0, batch_size: 2, epochs: 500, seed: 1 };
    let (_, history) = train(network, batch, settings).unwrap();
    assert!((history.last().unwrap().loss - 2f64.ln()).abs() < 1e-12);
}

#[test]
fn a_stronger_penalty_ends_with_smaller_weights() {
    let squares = |l2| {
        let objective = Objective { loss: Loss::SoftmaxCrossEntropy, l2 };
        let settings = Hyperparameters { objective, epochs: 200, ..SETTINGS };
        let (trained, _) = train(network(1), clusters(30), settings).unwrap();
        trained.w1().iter().chain(trained.w2()).map(|w| w * w).sum::<f64>()
    };
    let [none, weak, strong] = [0.0, 0.003, 0.03].map(squares);
    assert!(none > weak && weak > strong, "{none} {weak} {strong}");
}
