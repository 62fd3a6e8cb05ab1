//! Where a run that diverged left the numbers.

use crate::network::Network;
use ndarray::{ArrayRef, ArrayView2, Dimension};

/// What is not finite first of a network and of its pass through the inputs, `(N, D)`, in the order in which it is
/// computed. **Looked for after a divergence alone**, when all inputs are known to be finite.
pub(crate) fn first_not_finite(network: &Network, inputs: ArrayView2<f64>) -> &'static str {
    let parameters = [
        ("the weights W1", finite(network.w1())),
        ("the biases b1", finite(network.b1())),
        ("the weights W2", finite(network.w2())),
        ("the biases b2", finite(network.b2())),
    ];
    if let Some((name, _)) = parameters.into_iter().find(|(_, finite)| !finite) {
        return name;
    }
    match network.forward(inputs) {
        Ok((_, cache)) if !finite(&cache.hidden()) => "the hidden units a",
        Ok((z2, _)) if !finite(&z2) => "the outputs z2",
        _ => "the objective itself",
    }
}

fn finite<D: Dimension>(values: &ArrayRef<f64, D>) -> bool {
    values.iter().all(|value| value.is_finite())
}
