//! P2.1's gradients, and its whole way, against an independent second computation.
//!
//! The same network stands twice in this workspace: in `mlp-scratch`, and as layers of `cnn::reference`. The two know
//! nothing of each other and must give one gradient. (That it is the *right* gradient, central differences show in
//! the tests of both.)

use super::{HIDDEN, Implementation, IrisRunError, Keep, Prepared, Settings, run};
use cnn::kernels::Isa;
use cnn::reference::{activation::Activation, linear::Linear, softmax_cross_entropy};
use data::iris::{FEATURES, SPECIES};
use mlp_scratch::{Loss, Network, Objective, Sizes, one_hot};
use ndarray::{Array, Dimension};
use serde::{Deserialize, Serialize};

/// How far two gradients of one function lie apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The examples of the batch.
    pub examples: usize,
    /// How many derivatives were compared: by every parameter and every input.
    pub derivatives: usize,
    /// The largest difference, relative to the largest entry of its array.
    pub worst_relative_difference: f64,
}

/// Compares the gradients of the mean cross-entropy over the training part, at the initial weights of `seed`.
///
/// # Errors
/// Those of `mlp-scratch`, and a label that is out of range.
pub fn gradients(prepared: &Prepared, seed: u64) -> Result<Agreement, IrisRunError> {
    let sizes = Sizes { inputs: FEATURES, hidden: HIDDEN, outputs: SPECIES.len() };
    let network = Network::init(sizes, seed)?;
    let targets = one_hot(&prepared.train_y, SPECIES.len())?; //          (N, C)
    let objective = Objective { loss: Loss::SoftmaxCrossEntropy, l2: 0.0 };
    let (_, ours) = objective.value_and_gradients(&network, prepared.train_x.view(), targets.view())?;

    let first = Linear { weight: network.w1().clone(), bias: network.b1().clone() };
    let second = Linear { weight: network.w2().clone(), bias: network.b2().clone() };
    let (z1, first_cache) = first.forward(&prepared.train_x); //          (N, H)
    let (a, sigmoid_cache) = Activation::Sigmoid.forward(&z1); //         (N, H)
    let (z2, second_cache) = second.forward(&a); //                       (N, C)
    let (_, loss_cache) = softmax_cross_entropy::forward(&z2, &prepared.train_y)?;
    let dz2 = softmax_cross_entropy::backward(loss_cache, 1.0); //        (N, C)
    let above = second.backward(second_cache, &dz2);
    let dz1 = Activation::Sigmoid.backward(sigmoid_cache, &above.dx).dz; // (N, H)
    let below = first.backward(first_cache, &dz1);

    let pairs = [
        (row_by_row(&ours.dw1), row_by_row(&below.dweight)),
        (row_by_row(&ours.db1), row_by_row(&below.dbias)),
        (row_by_row(&ours.dw2), row_by_row(&above.dweight)),
        (row_by_row(&ours.db2), row_by_row(&above.dbias)),
        (row_by_row(&ours.dx), row_by_row(&below.dx)),
    ];
    let mut agreement =
        Agreement { examples: prepared.train_y.len(), derivatives: 0, worst_relative_difference: 0.0 };
    for (ours, theirs) in pairs {
        agreement.derivatives += ours.len();
        agreement.worst_relative_difference =
            agreement.worst_relative_difference.max(relative_difference(&ours, &theirs));
    }
    Ok(agreement)
}

/// The entries of an array, row after row, however it lies in memory.
fn row_by_row<D: Dimension>(array: &Array<f64, D>) -> Vec<f64> {
    array.iter().copied().collect()
}

/// The largest difference, relative to the largest entry; infinite when one is not finite or the lengths differ.
fn relative_difference(ours: &[f64], theirs: &[f64]) -> f64 {
    let largest = theirs.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let difference = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs() / largest);
    if ours.len() != theirs.len() || difference.clone().any(|d| !d.is_finite()) {
        return f64::INFINITY;
    }
    difference.fold(0.0, f64::max)
}

/// How far apart two runs went that begin with the same weights and see the same flowers in the same order, one in
/// double precision by hand and one in single precision by layers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Divergence {
    /// Epochs compared.
    pub epochs: usize,
    /// The largest difference of the training losses after any epoch, relative to the loss by hand.
    pub largest_relative_loss_difference: f64,
    /// The epochs after which the two have another number of training flowers right.
    pub epochs_with_other_train_counts: usize,
    /// The epochs after which the two have another number of test flowers right.
    pub epochs_with_other_test_counts: usize,
}

impl Divergence {
    /// The larger of each.
    pub(super) fn or(self, other: Self) -> Self {
        let (a, b) = (&self, &other);
        Self {
            epochs: a.epochs.max(b.epochs),
            largest_relative_loss_difference: a
                .largest_relative_loss_difference
                .max(b.largest_relative_loss_difference),
            epochs_with_other_train_counts: a
                .epochs_with_other_train_counts
                .max(b.epochs_with_other_train_counts),
            epochs_with_other_test_counts: a
                .epochs_with_other_test_counts
                .max(b.epochs_with_other_test_counts),
        }
    }
}

/// Trains both implementations with the same settings and compares them epoch by epoch.
///
/// # Errors
/// When a run diverges, or the settings are not those of a network by hand.
pub fn trajectories(isa: Isa, prepared: &Prepared, settings: &Settings) -> Result<Divergence, IrisRunError> {
    let with =
        |implementation| run(isa, prepared, &Settings { implementation, ..settings.clone() }, Keep::All);
    let (by_hand, by_layers) = (with(Implementation::Scratch)?, with(Implementation::Framework)?);
    let mut apart = Divergence { epochs: by_hand.history.len(), ..Divergence::default() };
    for (hand, layers) in by_hand.history.iter().zip(&by_layers.history) {
        let difference = (hand.train_loss - layers.train_loss).abs() / hand.train_loss;
        apart.largest_relative_loss_difference = apart.largest_relative_loss_difference.max(difference);
        apart.epochs_with_other_train_counts += usize::from(hand.train != layers.train);
        apart.epochs_with_other_test_counts += usize::from(hand.test != layers.test);
    }
    Ok(apart)
}

#[cfg(test)]
mod tests {
    use super::super::Activation;
    use super::*;
    use crate::context::repository_data;
    use cnn::Decayed;
    use data::{iris::Iris, split::Split};
    use rstest::rstest;

    /// 200 epochs of 24 steps. Each step rounds to 2^-24; the losses stay together to some thousand times that.
    #[rstest]
    #[case::cross_entropy(Settings::scratch())]
    #[case::the_originals_recipe(Settings::scratch_as_in_the_original())]
    #[case::larger_initial_weights(Settings { initial_scale: 3.0, ..Settings::scratch() })]
    #[case::decaying_weights(Settings { weight_decay: 0.01, ..Settings::scratch() })]
    #[case::fewer_units(Settings { hidden: 7, ..Settings::scratch() })]
    fn the_two_implementations_go_one_way(#[case] settings: Settings) {
        let settings = Settings { epochs: 200, ..settings };
        let iris = Iris::load(repository_data()).unwrap();
        let prepared = Prepared::new(&iris, &settings).unwrap();
        let apart = trajectories(Isa::detect(), &prepared, &settings).unwrap();
        assert_eq!(apart.epochs, 200);
        assert!(apart.largest_relative_loss_difference < 1e-4, "{apart:?}");
    }

    /// The control of the case `decaying_weights`: with decay of all parameters the layers go another way than the
    /// network by hand, whose penalty is of its weights alone, and by hand that setting is refused.
    #[test]
    fn decay_of_all_parameters_is_another_penalty() {
        let settings = Settings { weight_decay: 0.01, epochs: 20, ..Settings::scratch() };
        let iris = Iris::load(repository_data()).unwrap();
        let prepared = Prepared::new(&iris, &settings).unwrap();
        let loss = |settings: Settings| {
            Ok::<f64, IrisRunError>(run(Isa::detect(), &prepared, &settings, Keep::Last)?.last().train_loss)
        };
        let all = Settings { decayed: Decayed::All, ..settings.clone() };
        let by_hand = loss(settings).unwrap();
        let by_layers = loss(Settings { implementation: Implementation::Framework, ..all.clone() }).unwrap();
        assert!((by_hand - by_layers).abs() > 1e-4 * by_hand, "{by_hand} {by_layers}");
        assert!(loss(all).is_err());
    }

    /// The control: what the network by hand does not have is refused, and another order of the flowers is another way.
    #[test]
    fn another_seed_is_another_way() {
        let iris = Iris::load(repository_data()).unwrap();
        let settings = Settings { epochs: 5, ..Settings::scratch() };
        let split = Split::shuffled(iris.labels.len(), settings.seed);
        let prepared = Prepared::of_rows(&iris, &split.train, &split.test, settings.features).unwrap();
        let run = |implementation, seed| {
            let settings = Settings { implementation, ..settings.with_seed(seed) };
            run(Isa::detect(), &prepared, &settings, Keep::Last).unwrap().last().train_loss
        };
        let (hand, other) = (run(Implementation::Scratch, 1), run(Implementation::Framework, 2));
        assert!((hand - other).abs() > 1e-4 * hand, "{hand} {other}");
        let relu = Settings { activation: Activation::Relu, ..settings };
        assert!(trajectories(Isa::detect(), &prepared, &relu).is_err());
    }

    #[test]
    fn a_difference_is_relative_to_the_largest_entry() {
        assert_eq!(relative_difference(&[1.0, 4.5], &[1.0, 4.0]), 0.125);
        assert_eq!(relative_difference(&[1.0], &[1.0, 2.0]), f64::INFINITY);
        assert_eq!(relative_difference(&[f64::NAN], &[1.0]), f64::INFINITY);
    }
}
