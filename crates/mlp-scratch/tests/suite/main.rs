//! The tests of `mlp-scratch`: gradients against central differences, laws, the original's errors, bad input,
//! and what a person would read.

mod errors;
mod gradients;
mod labels;
mod laws;
mod original;
mod snapshots;
mod training;

use mlp_scratch::{Loss, Network, Sizes, one_hot};
use ndarray::{Array1, Array2};
use numerics::random::{Purpose, Stream};
use std::ops::Range;

const LOSSES: [Loss; 3] = [Loss::MeanSquaredError, Loss::HalfSquaredErrorSum, Loss::SoftmaxCrossEntropy];

/// A random network with a random batch of `n` examples.
struct Problem {
    network: Network,
    x: Array2<f64>,       // (N, D)
    targets: Array2<f64>, // (N, C)
}

impl Problem {
    fn random(n: usize, (inputs, hidden, outputs): (usize, usize, usize), seed: u64) -> Self {
        let network = Network::init(Sizes { inputs, hidden, outputs }, seed).unwrap();
        let mut stream = Stream::new(seed, Purpose::Check);
        let x = Array2::from_shape_simple_fn((n, inputs), || stream.normal()); // (N, D)
        let labels: Vec<usize> = (0..n).map(|_| stream.below(outputs as u64) as usize).collect();
        let targets = one_hot(&labels, outputs).unwrap(); //                      (N, C)
        Self { network, x, targets }
    }
}

/// The network of these sizes whose [`Network::to_vec`] is `parameters`.
fn network_of(sizes: Sizes, parameters: &[f64]) -> Network {
    let Sizes { inputs: d, hidden: h, outputs: c } = sizes;
    let [w1, b1, w2, b2] = blocks(sizes).map(|(_, range)| parameters[range].to_vec());
    Network::new(
        Array2::from_shape_vec((d, h), w1).unwrap(),
        Array1::from_vec(b1),
        Array2::from_shape_vec((h, c), w2).unwrap(),
        Array1::from_vec(b2),
    )
    .unwrap()
}

/// Where W1, b1, W2 and b2 stand in [`Network::to_vec`].
fn blocks(sizes: Sizes) -> [(&'static str, Range<usize>); 4] {
    let Sizes { inputs: d, hidden: h, outputs: c } = sizes;
    let ends = [d * h, d * h + h, d * h + h + h * c, sizes.parameter_count()];
    [("W1", 0..ends[0]), ("b1", ends[0]..ends[1]), ("W2", ends[1]..ends[2]), ("b2", ends[2]..ends[3])]
}

/// The largest difference of two lists, relative to the largest entry of the second; NaN when anything is.
fn relative_error<'a>(
    found: impl IntoIterator<Item = &'a f64>,
    expected: impl IntoIterator<Item = &'a f64>,
) -> f64 {
    let expected: Vec<f64> = expected.into_iter().copied().collect();
    let differences: Vec<f64> = found.into_iter().zip(&expected).map(|(f, e)| (f - e).abs()).collect();
    assert_eq!(differences.len(), expected.len());
    // `f64::max` would drop a NaN.
    let largest =
        |xs: &[f64]| xs.iter().fold(0.0, |m: f64, x| if x.is_nan() || x.abs() > m { x.abs() } else { m });
    largest(&differences) / largest(&expected)
}

#[test]
fn a_relative_error_sees_a_difference_and_a_nan() {
    assert_eq!(relative_error(&[1.0, 2.0], &[1.0, 4.0]), 0.5);
    assert!(relative_error(&[f64::NAN, 4.0], &[1.0, 4.0]).is_nan());
}
