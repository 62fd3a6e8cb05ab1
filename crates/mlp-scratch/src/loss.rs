//! The losses: what the outputs `z2` cost against the targets, and the gradient `dz2` that starts the way back.
//!
//! | loss | value | `dz2` |
//! |---|---|---|
//! | [`MeanSquaredError`](Loss::MeanSquaredError) | `1/(N C) Σ (z2 - t)²` | `2/(N C) (z2 - t)` |
//! | [`HalfSquaredErrorSum`](Loss::HalfSquaredErrorSum) | `1/2 Σ (z2 - t)²` | `z2 - t` |
//! | [`SoftmaxCrossEntropy`](Loss::SoftmaxCrossEntropy) | `-1/N Σ t ln softmax(z2)` | `1/N (softmax(z2) - t)` |
//!
//! Each sum runs over all `N` examples and `C` outputs; `t` are the targets.

use crate::error::{Error, check_shape};
use ndarray::{Array2, ArrayView2};
use numerics::elementary::{exp, ln};
use numerics::reduce::sum;

// ANCHOR: losses
/// A loss with its reduction: how the costs of a batch's examples become one number.
///
/// A **mean** keeps the gradient, and so the step, the same for a small and a large batch of like examples; a
/// **sum** ties the learning rate to the batch size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// The squared error, **mean over the examples and their outputs** (PyTorch's `MSELoss`).
    MeanSquaredError,
    /// Half the squared error, **sum over the examples and their outputs**: the original's loss, kept to reproduce
    /// its run. Doubling the batch doubles the gradient.
    HalfSquaredErrorSum,
    /// The cross-entropy of the softmax of the outputs, in nats, **mean over the examples** (PyTorch's
    /// `CrossEntropyLoss`). The rows of the targets must sum to 1.
    SoftmaxCrossEntropy,
}
// ANCHOR_END: losses

impl Loss {
    // ANCHOR: loss
    /// The loss of the outputs `z2`, `(N, C)`, against the targets, `(N, C)`, and its derivative by `z2`, `(N, C)`.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] when the two differ in shape, [`Error::EmptyBatch`] when they are empty,
    /// [`Error::TargetsNotNormalised`] for cross-entropy with a row of targets that does not sum to 1.
    pub fn value_and_gradient(
        self,
        z2: ArrayView2<f64>,
        targets: ArrayView2<f64>,
    ) -> Result<(f64, Array2<f64>), Error> {
        check_shape("targets", z2.shape(), targets.shape())?;
        if z2.is_empty() {
            return Err(Error::EmptyBatch);
        }
        // SOLUTION: P2.1 each loss and its gradient by the outputs
        Ok(match self {
            Self::MeanSquaredError => {
                let error = &z2 - &targets; //                      (N, C)
                let entries = error.len() as f64;
                (sum_of_squares(&error) / entries, error * (2.0 / entries))
            }
            Self::HalfSquaredErrorSum => {
                let error = &z2 - &targets; //                      (N, C)
                (0.5 * sum_of_squares(&error), error)
            }
            Self::SoftmaxCrossEntropy => {
                check_rows_sum_to_one(targets)?;
                let n = z2.nrows() as f64;
                let log_probs = log_softmax(z2); //                 (N, C)
                let value = -sum((&targets * &log_probs).iter().copied()) / n;
                let probs = log_probs.mapv_into(exp); //            (N, C)
                (value, (probs - targets) / n) //                   (N, C)
            }
        })
        // SOLUTION_END: P2.1
    }
    // ANCHOR_END: loss
}

// ANCHOR: softmax
/// The softmax of each row of `z`, `(N, C)`: `p[n, c] = e^z[n, c] / Σ_k e^z[n, k]`.
///
/// Each row is positive or 0 and sums to 1; adding a constant to a row of `z` changes nothing.
///
/// ```
/// let probs = mlp_scratch::loss::softmax(ndarray::array![[0.0, 3.0_f64.ln()]].view());
/// assert!((probs[[0, 1]] - 0.75).abs() < 1e-15);
/// ```
pub fn softmax(z: ArrayView2<f64>) -> Array2<f64> {
    log_softmax(z).mapv_into(exp) // (N, C)
}
// ANCHOR_END: softmax

// ANCHOR: log_softmax
/// `ln softmax(z)` row by row, `(N, C)`: `z - max - ln Σ e^(z - max)`.
///
/// The largest exponent is 0, so nothing overflows, and a probability that rounds to 0 keeps its logarithm.
fn log_softmax(z: ArrayView2<f64>) -> Array2<f64> {
    // SOLUTION: P2.1 the logarithm of softmax, row by row, without overflow
    let mut log_probs = z.to_owned(); // (N, C)
    for mut row in log_probs.rows_mut() {
        let largest = row.fold(f64::NEG_INFINITY, |largest, &z| largest.max(z));
        row -= largest; //                                      (C)
        let log_total = ln(sum(row.iter().map(|&z| exp(z))));
        row -= log_total; //                                    (C)
    }
    log_probs
    // SOLUTION_END: P2.1
}
// ANCHOR_END: log_softmax

// ANCHOR: checks
/// `Σ e²` over all entries of `(N, C)`.
pub(crate) fn sum_of_squares(e: &Array2<f64>) -> f64 {
    sum(e.iter().map(|e| e * e))
}

/// Refuses targets whose rows do not sum to 1: for them `softmax(z2) - t` is not the derivative.
fn check_rows_sum_to_one(targets: ArrayView2<f64>) -> Result<(), Error> {
    for (row, target) in targets.rows().into_iter().enumerate() {
        let total = sum(target.iter().copied());
        let off = (total - 1.0).abs();
        // 1e-12 is the rounding of a thousand probabilities.
        if off.is_nan() || off > 1e-12 {
            return Err(Error::TargetsNotNormalised { row, sum: total });
        }
    }
    Ok(())
}
// ANCHOR_END: checks
