//! A labelled data set, checked once at the door so that training need not ask again.

use crate::error::{Error, check_shape};
use crate::labels::one_hot;
use ndarray::{Array2, ArrayView2};

// ANCHOR: examples
/// `N` inputs of length `D` with their labels and one-hot targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Examples {
    inputs: Array2<f64>,  // (N, D)
    labels: Vec<usize>,   // (N)
    targets: Array2<f64>, // (N, C)
}

impl Examples {
    /// The examples with `inputs` `(N, D)` and `labels` `(N)`, which are among `0..classes`.
    ///
    /// # Errors
    /// - [`Error::EmptyBatch`]: no rows.
    /// - [`Error::ShapeMismatch`]: not as many labels as rows.
    /// - [`Error::LabelOutOfRange`]: usually labels that count from 1.
    /// - [`Error::InputNotFinite`]: usually a missing value read as NaN.
    pub fn new(inputs: Array2<f64>, labels: Vec<usize>, classes: usize) -> Result<Self, Error> {
        check_shape("labels", &[inputs.nrows()], &[labels.len()])?;
        if labels.is_empty() {
            return Err(Error::EmptyBatch);
        }
        if let Some(((row, column), &value)) = inputs.indexed_iter().find(|(_, x)| !x.is_finite()) {
            return Err(Error::InputNotFinite { row, column, value });
        }
        let targets = one_hot(&labels, classes)?; // (N, C)
        Ok(Self { inputs, labels, targets })
    }
    // ANCHOR_END: examples

    // ANCHOR: parts
    /// The inputs, `(N, D)`.
    pub fn inputs(&self) -> ArrayView2<'_, f64> {
        self.inputs.view()
    }

    /// The labels, `(N)`.
    pub fn labels(&self) -> &[usize] {
        &self.labels
    }

    /// The one-hot targets, `(N, C)`.
    pub fn targets(&self) -> ArrayView2<'_, f64> {
        self.targets.view()
    }
    // ANCHOR_END: parts
}
