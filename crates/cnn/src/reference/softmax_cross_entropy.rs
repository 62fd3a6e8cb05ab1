//! Softmax and cross-entropy in one: the loss of a classifier, from its logits.
//!
//! ```text
//! p[n, k] = e^z[n, k] / sum_j e^z[n, j]        l[n] = -ln p[n, t[n]]        L = (1/N) sum_n l[n]
//! ```
//!
//! Shapes: `N` examples, `C` classes; logits `z`, `(N, C)`; labels `t`, `(N)`, classes **counted from 0**. The loss is
//! in nats, and **the mean over the batch, not the sum**: the gradient carries a factor `1/N`.

use super::ReferenceError;
use ndarray::{Array1, Array2, ArrayView1};
use numerics::elementary::{exp, ln};
use numerics::reduce::sum;

/// The loss of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The mean over the batch, in nats.
    pub mean_nats: f64,
    /// The loss of each example, `(N)`, in nats.
    pub per_sample_nats: Array1<f64>,
}

/// What [`backward`] needs of the forward pass.
#[derive(Debug)]
pub struct Cache {
    probs: Array2<f64>, //                                              (N, C)
    labels: Vec<usize>, //                                              (N)
}

/// The loss of the logits, `(N, C)`, for the labels, `(N)`.
///
/// `l[n] = ln(sum_j e^(z[n, j] - max)) - (z[n, t] - max)`: the largest exponent is 0, so nothing overflows, and the
/// probability itself, which may round to 0, is never put into a logarithm.
///
/// ```
/// use cnn::reference::softmax_cross_entropy::{backward, forward};
/// use ndarray::array;
/// let (loss, cache) = forward(&array![[7.0, 7.0]], &[1])?;
/// assert_eq!(loss.mean_nats, std::f64::consts::LN_2);
/// assert_eq!(backward(cache, 1.0), array![[0.5, -0.5]]);
/// # Ok::<(), cnn::reference::ReferenceError>(())
/// ```
///
/// # Errors
/// [`ReferenceError::EmptyBatch`], [`ReferenceError::LabelCount`], or [`ReferenceError::LabelOutOfRange`] with the row.
pub fn forward(logits: &Array2<f64>, labels: &[usize]) -> Result<(Loss, Cache), ReferenceError> {
    check_labels(logits.dim(), labels)?;
    // SOLUTION: P1.1 the loss of each example and their mean, without overflow
    let mut probs = logits.clone(); //                                  (N, C)
    let mut per_sample_nats = Array1::zeros(labels.len()); //           (N)
    for (n, &t) in labels.iter().enumerate() {
        let z = logits.row(n); //                                       (C)
        let max = z.fold(f64::NEG_INFINITY, |max, &z| max.max(z));
        let total = exp_sum(z, max);
        per_sample_nats[n] = ln(total) - (z[t] - max);
        probs.row_mut(n).mapv_inplace(|z| exp(z - max) / total);
    }
    let mean_nats = sum(per_sample_nats.iter().copied()) / labels.len() as f64;
    Ok((Loss { mean_nats, per_sample_nats }, Cache { probs, labels: labels.to_vec() }))
    // SOLUTION_END: P1.1
}

/// The gradient by the logits, `(N, C)`, for the cotangent `dloss` of the mean loss (1 when it is what is minimised):
///
/// ```text
/// dz[n, k] = dloss (p[n, k] - [k = t[n]]) / N
/// ```
pub fn backward(cache: Cache, dloss: f64) -> Array2<f64> {
    // SOLUTION: P1.1 the gradient by the logits
    let Cache { probs, labels } = cache;
    let mut dlogits = probs; //                                         (N, C)
    for (n, &t) in labels.iter().enumerate() {
        dlogits[[n, t]] -= 1.0;
    }
    dlogits.mapv_inplace(|d| dloss * d / labels.len() as f64);
    dlogits
    // SOLUTION_END: P1.1
}

/// `sum_j e^(z[j] - max)` of one row.
fn exp_sum(z: ArrayView1<f64>, max: f64) -> f64 {
    sum(z.iter().map(|z| exp(z - max)))
}

/// Every row must have a label, and every label a class.
fn check_labels((rows, classes): (usize, usize), labels: &[usize]) -> Result<(), ReferenceError> {
    if rows == 0 {
        return Err(ReferenceError::EmptyBatch);
    }
    if labels.len() != rows {
        return Err(ReferenceError::LabelCount { labels: labels.len(), rows });
    }
    match labels.iter().copied().enumerate().find(|&(_, label)| label >= classes) {
        Some((row, label)) => Err(ReferenceError::LabelOutOfRange { row, label, classes }),
        None => Ok(()),
    }
}
