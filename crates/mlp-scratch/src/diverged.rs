//! Where a run that diverged left the numbers.

use crate::network::Network;
use ndarray::{ArrayRef, ArrayView2, Dimension};

// ANCHOR: diverged
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
// ANCHOR_END: diverged

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{arr1, arr2};
    use rstest::rstest;

    const NAN: f64 = f64::NAN;

    /// Parameters `w1`, `b1`, `w2` and `b2` of a network with one unit in each layer: what comes later is spoilt too.
    #[rstest]
    #[case::first_weights([NAN; 4], "the weights W1")]
    #[case::first_biases([1.0, NAN, NAN, NAN], "the biases b1")]
    #[case::second_weights([1.0, 0.0, f64::INFINITY, NAN], "the weights W2")]
    #[case::second_biases([1.0, 0.0, 1.0, NAN], "the biases b2")]
    #[case::outputs([1.0, 800.0, f64::MAX, f64::MAX], "the outputs z2")]
    #[case::nothing([1.0, 0.0, 1.0, 0.0], "the objective itself")]
    fn the_first_that_is_not_finite_is_named(#[case] parameters: [f64; 4], #[case] name: &str) {
        let [w1, b1, w2, b2] = parameters;
        let network = Network::new(arr2(&[[w1]]), arr1(&[b1]), arr2(&[[w2]]), arr1(&[b2])).unwrap();
        assert_eq!(first_not_finite(&network, arr2(&[[1.0]]).view()), name);
    }
}
