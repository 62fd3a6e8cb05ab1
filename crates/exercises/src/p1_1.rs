//! Exercises of P1.1: `cargo test --package exercises exercise_p1_1`.

use ndarray::{Array1, Array2};
use numerics::linalg::matmul;

/// A linear layer `y = W x + b`.
#[derive(Clone, Debug, PartialEq)]
pub struct Affine {
    /// The weights `W`, `(outputs, inputs)`.
    pub weights: Array2<f64>,
    /// The biases `b`, `(outputs)`.
    pub biases: Array1<f64>,
}

/// Exercise 1, why a nonlinearity: return the one layer that computes what `first` and then `second` compute.
// ANCHOR: exercise_1
pub fn collapse(first: &Affine, second: &Affine) -> Affine {
    // SOLUTION: exercise_p1_1_1 the weights and the biases of the one layer
    let weights = matmul(second.weights.view(), first.weights.view());
    let moved = matmul(second.weights.view(), first.biases.view().insert_axis(ndarray::Axis(1)));
    Affine { weights, biases: moved.column(0).to_owned() + &second.biases }
    // SOLUTION_END: exercise_p1_1_1
}
// ANCHOR_END: exercise_1

/// Exercise 2, what more splits cannot do: with Nadeau and Bengio's correction the standard error of a mean over `J`
/// splits is `s sqrt(1/J + test/train)`.
///
/// Returns the least number of splits whose standard error is at most `times` that of infinitely many splits. `times`
/// is above 1; `train` and `test` are the sizes of the two parts.
// ANCHOR: exercise_2
pub fn splits_for(times: f64, train: usize, test: usize) -> usize {
    // SOLUTION: exercise_p1_1_2 the least such number
    let floor = test as f64 / train as f64;
    (1.0 / (floor * (times * times - 1.0))).ceil() as usize
    // SOLUTION_END: exercise_p1_1_2
}
// ANCHOR_END: exercise_2
