//! From labels to one-hot targets, from outputs to labels, and the count of those that agree.

use crate::error::{Error, check_shape};
use ndarray::{Array2, ArrayView2};
use std::fmt;

// ANCHOR: one_hot
/// The one-hot targets, `(N, C)`, of `N` labels: row `n` is 1 at column `labels[n]` and 0 elsewhere.
///
/// **Labels count from 0.**
///
/// # Errors
/// [`Error::LabelOutOfRange`], naming the first row whose label is `classes` or more.
///
/// ```
/// let targets = mlp_scratch::one_hot(&[2, 0], 3)?;
/// assert_eq!(targets, ndarray::array![[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]);
/// # Ok::<(), mlp_scratch::Error>(())
/// ```
pub fn one_hot(labels: &[usize], classes: usize) -> Result<Array2<f64>, Error> {
    let mut targets = Array2::zeros((labels.len(), classes)); // (N, C)
    for (row, &label) in labels.iter().enumerate() {
        if label >= classes {
            return Err(Error::LabelOutOfRange { row, label, classes });
        }
        targets[[row, label]] = 1.0;
    }
    Ok(targets)
}
// ANCHOR_END: one_hot

// ANCHOR: arg_max
/// The place of the largest entry of each row of `outputs`, `(N, C)`; **the first one of equals**.
pub fn arg_max(outputs: ArrayView2<f64>) -> Vec<usize> {
    let first_largest = |row: ndarray::ArrayView1<f64>| {
        (1..row.len()).fold(0, |best, column| if row[column] > row[best] { column } else { best })
    };
    outputs.rows().into_iter().map(first_largest).collect()
}
// ANCHOR_END: arg_max

// ANCHOR: accuracy
/// How many of how many: **an accuracy is a count over a count**, never a mean of batches' rates, which is a
/// number of its own as soon as the last batch is smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accuracy {
    /// The examples whose predicted class is their label.
    pub correct: usize,
    /// All examples.
    pub total: usize,
}

impl Accuracy {
    /// Counts the predictions that equal their label.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] when there are not as many of both, [`Error::EmptyBatch`] when there are none.
    pub fn of(predictions: &[usize], labels: &[usize]) -> Result<Self, Error> {
        check_shape("predictions", &[labels.len()], &[predictions.len()])?;
        if labels.is_empty() {
            return Err(Error::EmptyBatch);
        }
        let correct = predictions.iter().zip(labels).filter(|(p, l)| p == l).count();
        Ok(Self { correct, total: labels.len() })
    }

    /// `correct / total`.
    pub fn rate(self) -> f64 {
        self.correct as f64 / self.total as f64
    }
}

impl fmt::Display for Accuracy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.correct, self.total)
    }
}
// ANCHOR_END: accuracy
