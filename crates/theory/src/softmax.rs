//! Softmax and its negative logarithm.
//!
//! ```text
//! softmax(z)_k = e^(z_k) / sum_j e^(z_j)
//! ```
//!
//! Shapes: `C` classes.

use numerics::{
    elementary::{exp, ln},
    reduce::sum,
};

/// `-ln softmax(z)_c` of logits `(C)`: the cross-entropy of one example of class `c`, **counted from 0**.
///
/// ```text
/// -ln softmax(z)_c = ln sum_j e^(z_j - max z) + (max z - z_c)
/// ```
///
/// No exponential overflows and at least one of them is 1; both terms are 0 or above, so nothing cancels, however
/// large the logits are or however far apart. A result far below 1e-16 rounds to 0.
///
/// # Panics
/// When there is no logit `z_c`.
///
/// ```
/// use theory::softmax::negative_log_softmax;
/// assert_eq!(negative_log_softmax(&[1000.0, 1000.0], 0), 2f64.ln());
/// assert_eq!(negative_log_softmax(&[1000.0, -1000.0], 1), 2000.0);
/// ```
pub fn negative_log_softmax(z: &[f64], c: usize) -> f64 {
    // SOLUTION: T1b minus the logarithm of softmax, without overflow
    let max = largest(z);
    ln(sum(z.iter().map(|z| exp(z - max)))) + (max - z[c])
    // SOLUTION_END: T1b
}

/// The softmax `(C)` of logits `(C)`: positive numbers of sum 1 in the same order.
///
/// Adding a constant to every logit changes nothing, which is what makes the subtraction of the largest one
/// harmless. A logit more than 745 below the largest gets probability 0, as `e^-746` is no double.
///
/// ```
/// use theory::softmax::softmax;
/// assert_eq!(softmax(&[3.0, 3.0]), [0.5, 0.5]);
/// assert_eq!(softmax(&[1003.0, 1003.0]), [0.5, 0.5]);
/// ```
pub fn softmax(z: &[f64]) -> Vec<f64> {
    // SOLUTION: T1b softmax, without overflow
    let max = largest(z);
    let e: Vec<f64> = z.iter().map(|z| exp(z - max)).collect(); //  (C)
    let total = sum(e.iter().copied());
    e.into_iter().map(|e| e / total).collect() //                   (C)
    // SOLUTION_END: T1b
}

fn largest(z: &[f64]) -> f64 {
    z.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}
