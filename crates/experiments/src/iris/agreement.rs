//! P2.1's gradients against an independent second computation.
//!
//! The same network stands twice in this workspace: in `mlp-scratch`, and as layers of `cnn::reference`. The two know
//! nothing of each other and must give one gradient. (That it is the *right* gradient, central differences show in
//! the tests of both.)

use super::{HIDDEN, Prepared, RunError};
use crate::data::iris::{FEATURES, SPECIES};
use cnn::reference::{activation::Activation, linear::Linear, softmax_cross_entropy};
use mlp_scratch::{Loss, Network, Objective, Sizes, one_hot};
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
pub fn gradients(prepared: &Prepared, seed: u64) -> Result<Agreement, RunError> {
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
    let (_, loss_cache) = softmax_cross_entropy::forward(&z2, &prepared.train_y)
        .map_err(|error| RunError::Setting(error.to_string()))?;
    let dz2 = softmax_cross_entropy::backward(loss_cache, 1.0); //        (N, C)
    let above = second.backward(second_cache, &dz2);
    let dz1 = Activation::Sigmoid.backward(sigmoid_cache, &above.dx).dz; // (N, H)
    let below = first.backward(first_cache, &dz1);

    let pairs = [
        (ours.dw1.as_slice(), below.dweight.as_slice()),
        (ours.db1.as_slice(), below.dbias.as_slice()),
        (ours.dw2.as_slice(), above.dweight.as_slice()),
        (ours.db2.as_slice(), above.dbias.as_slice()),
        (ours.dx.as_slice(), below.dx.as_slice()),
    ];
    let mut agreement =
        Agreement { examples: prepared.train_y.len(), derivatives: 0, worst_relative_difference: 0.0 };
    for (ours, theirs) in pairs {
        let (Some(ours), Some(theirs)) = (ours, theirs) else {
            return Err(RunError::Setting("a gradient does not lie row after row".to_owned()));
        };
        agreement.derivatives += ours.len();
        agreement.worst_relative_difference =
            agreement.worst_relative_difference.max(relative_difference(ours, theirs));
    }
    Ok(agreement)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_relative_to_the_largest_entry() {
        assert_eq!(relative_difference(&[1.0, 4.5], &[1.0, 4.0]), 0.125);
        assert_eq!(relative_difference(&[1.0], &[1.0, 2.0]), f64::INFINITY);
        assert_eq!(relative_difference(&[f64::NAN], &[1.0]), f64::INFINITY);
    }
}
