//! The cross-entropy of a batch under one-hot coding.
//!
//! ```text
//! H(p, q) = - sum_k p_k ln q_k          with p one-hot at class c:   H(p, q) = - ln q_c
//! sum     =   sum_b H(p_b, q_b)         mean = sum / B
//! ```
//!
//! Shapes: `B` examples, `C` classes; outputs `(B, C)`, labels `(B)`.
//!
//! What the outputs `y` of a network *are* must be said, since it changes the number: see [`Reading`].

use crate::softmax::{negative_log_softmax, softmax};
use numerics::{elementary::ln, reduce::sum};
use serde::{Deserialize, Serialize};

/// How a row `y` of outputs becomes the class probabilities `q`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reading {
    /// `q = y`. Each `y_k` lies in `(0, 1]`; **a row need not sum to 1**, as the rows of question T1 do not.
    Probabilities,
    /// `q_k = y_k / sum_j y_j`. Each `y_k` is above 0, of any size.
    Normalised,
    /// `q = softmax(y)`. Each `y_k` is any finite number.
    Logits,
}

impl Reading {
    /// The three readings, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Probabilities, Self::Normalised, Self::Logits];

    /// The name used on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Probabilities => "probabilities",
            Self::Normalised => "normalised",
            Self::Logits => "logits",
        }
    }

    /// What the reading does with the outputs, as half a sentence.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Probabilities => "outputs taken as the class probabilities",
            Self::Normalised => "outputs divided by their row's sum first",
            Self::Logits => "outputs taken as logits, through softmax",
        }
    }
}

/// The cross-entropy of a batch, in **nats** (natural logarithm).
///
/// Serialised it is `{"per_sample":[..],"sum":..,"mean":..,"reading":".."}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrossEntropy {
    /// `-ln q_c` of each example, `(B)`.
    pub per_sample: Vec<f64>,
    /// The sum of the terms.
    pub sum: f64,
    /// The sum divided by the number of examples `B`.
    pub mean: f64,
    /// How the outputs were read.
    pub reading: Reading,
}

/// Why a batch has no cross-entropy. Rows, columns and labels count **from 0 in the fields and from 1 in the
/// messages**.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CrossEntropyError {
    /// There is no example, so there is no mean.
    #[error("the batch is empty; give at least one row of outputs")]
    EmptyBatch,
    /// The numbers of rows and labels differ.
    #[error("{rows} rows of outputs but {labels} labels; give one label for each row")]
    LabelCount {
        /// Rows of outputs.
        rows: usize,
        /// Labels.
        labels: usize,
    },
    /// A row has another number of classes than the first row, or none at all.
    #[error("row {} has {found} outputs, expected {expected}; give every row one output for each class", .row + 1)]
    Ragged {
        /// The row.
        row: usize,
        /// Its number of outputs.
        found: usize,
        /// The number of outputs of the first row, and at least 1.
        expected: usize,
    },
    /// A label names no class.
    #[error(
        "row {} is labelled class {}, but the classes are 1 to {classes}; label it with one of them",
        .row + 1, .label.saturating_add(1)
    )]
    LabelOutOfRange {
        /// The row.
        row: usize,
        /// Its label, counted from 0.
        label: usize,
        /// The number of classes.
        classes: usize,
    },
    /// An output is infinite or not a number.
    #[error("row {}, column {}: the output {value} is not finite; give a finite number", .row + 1, .column + 1)]
    NotFinite {
        /// The row.
        row: usize,
        /// The column.
        column: usize,
        /// The output.
        value: f64,
    },
    /// A probability, or a share to be normalised, is 0 or below: its logarithm does not exist.
    #[error("row {}, column {}: {value} is not above 0; if the outputs are logits, say so", .row + 1, .column + 1)]
    NotPositive {
        /// The row.
        row: usize,
        /// The column.
        column: usize,
        /// The output.
        value: f64,
    },
    /// A probability is above 1; most likely the outputs are logits or counts.
    #[error("row {}, column {}: the probability {value} is above 1; read the outputs as normalised or logits", .row + 1, .column + 1)]
    AboveOne {
        /// The row.
        row: usize,
        /// The column.
        column: usize,
        /// The output.
        value: f64,
    },
    /// A row to be normalised has a sum that is 0, below 0 or infinite.
    #[error("row {} sums to {sum}, so it cannot be normalised; its sum must be above 0 and finite", .row + 1)]
    RowSum {
        /// The row.
        row: usize,
        /// Its sum.
        sum: f64,
    },
    /// The loss, or the sum up to this row, is too large for a double: outputs that differ by more than 1e308.
    #[error("row {}: the loss is too large for a double; the row's outputs differ too much", .row + 1)]
    Overflow {
        /// The row.
        row: usize,
    },
}

/// The cross-entropy of the batch `outputs (B, C)`, `labels (B)`: every term, their sum and their mean, in nats.
///
/// **Labels count classes from 0** (the command line counts from 1). **The entries of every class must be above
/// 0** in the readings `Probabilities` and `Normalised`, not only that of the labelled class: `H(p, .)` is defined
/// on positive `q`, and its gradient `-p_k/q_k` would be 0/0. **A probability above 1 is refused**, since its
/// term would be negative; that a row of `Probabilities` sums to 1 is not asked for.
///
/// Numerical notes: logits go through [`negative_log_softmax`]; normalised outputs are `ln(sum / y_c)`. A term far
/// below 1e-16 rounds to 0.
///
/// # Errors
/// [`CrossEntropyError`], naming the row.
///
/// ```
/// use theory::cross_entropy::{Reading, cross_entropy};
/// let loss = cross_entropy(&[[0.5, 0.5], [0.75, 0.25]], &[0, 1], Reading::Probabilities)?;
/// assert_eq!(loss.per_sample, [2f64.ln(), 4f64.ln()]);
/// assert_eq!(loss.mean, 8f64.ln() / 2.0);
/// # Ok::<(), theory::cross_entropy::CrossEntropyError>(())
/// ```
// ANCHOR: cross_entropy
pub fn cross_entropy<R: AsRef<[f64]>>(
    outputs: &[R],
    labels: &[usize],
    reading: Reading,
) -> Result<CrossEntropy, CrossEntropyError> {
    check(outputs, labels, reading)?;
    // SOLUTION: T1b the terms, their sum and their mean; a sum that is not finite is refused
    let rows = outputs.iter().map(AsRef::as_ref).zip(labels);
    let per_sample: Vec<f64> = rows.map(|(y, &c)| term(y, c, reading)).collect(); // (B)
    let total = sum(per_sample.iter().copied());
    if !total.is_finite() {
        let row = per_sample.iter().position(|term| !term.is_finite());
        return Err(CrossEntropyError::Overflow { row: row.unwrap_or(per_sample.len() - 1) });
    }
    let mean = total / per_sample.len() as f64;
    Ok(CrossEntropy { per_sample, sum: total, mean, reading })
    // SOLUTION_END: T1b
}
// ANCHOR_END: cross_entropy

/// The class probabilities `q (B, C)` that the reading makes of the outputs `(B, C)`.
///
/// # Errors
/// Those of [`cross_entropy`], without a label's.
pub fn class_probabilities<R: AsRef<[f64]>>(
    outputs: &[R],
    reading: Reading,
) -> Result<Vec<Vec<f64>>, CrossEntropyError> {
    check(outputs, &vec![0; outputs.len()], reading)?;
    // SOLUTION: T1b the class probabilities that each reading makes of a row
    let q = |y: &[f64]| match reading {
        Reading::Probabilities => y.to_vec(),
        Reading::Normalised => {
            let total = sum(y.iter().copied());
            y.iter().map(|y| y / total).collect()
        }
        Reading::Logits => softmax(y),
    };
    Ok(outputs.iter().map(|y| q(y.as_ref())).collect()) //  (B, C)
    // SOLUTION_END: T1b
}

/// The gradient `(B, C)` of the **mean** loss by the outputs `(B, C)`, as the reading sees them; multiply by `B`
/// for the gradient of the sum.
///
/// | reading | derivative by `y_k` of an example of class `c`, times `1/B` |
/// |---|---|
/// | `Probabilities` | `-[k = c] / y_c`: the entries are free of each other, **not tied to a sum of 1** |
/// | `Normalised` | `1 / sum_j y_j - [k = c] / y_c` |
/// | `Logits` | `softmax(y)_k - [k = c]`, which sums to 0 |
///
/// # Errors
/// Those of [`cross_entropy`].
///
/// ```
/// use theory::cross_entropy::{Reading, gradient_of_mean};
/// assert_eq!(gradient_of_mean(&[[7.0, 7.0]], &[1], Reading::Logits)?, [[0.5, -0.5]]);
/// # Ok::<(), theory::cross_entropy::CrossEntropyError>(())
/// ```
pub fn gradient_of_mean<R: AsRef<[f64]>>(
    outputs: &[R],
    labels: &[usize],
    reading: Reading,
) -> Result<Vec<Vec<f64>>, CrossEntropyError> {
    check(outputs, labels, reading)?;
    let batch = outputs.len() as f64;
    let rows = outputs.iter().map(AsRef::as_ref).zip(labels);
    Ok(rows.map(|(y, &c)| dterm(y, c, reading).into_iter().map(|d| d / batch).collect()).collect()) // (B, C)
}

// ANCHOR: term
/// `-ln q_c` of one checked row `y (C)`.
fn term(y: &[f64], c: usize, reading: Reading) -> f64 {
    // SOLUTION: T1b the cross-entropy of one row in each reading
    match reading {
        // `0 - x` and not `-x`: a certain prediction costs 0, not -0.
        Reading::Probabilities => 0.0 - ln(y[c]),
        Reading::Normalised => ln(sum(y.iter().copied()) / y[c]),
        Reading::Logits => negative_log_softmax(y, c),
    }
    // SOLUTION_END: T1b
}
// ANCHOR_END: term

/// The derivative `(C)` of [`term`] by `y (C)`.
fn dterm(y: &[f64], c: usize, reading: Reading) -> Vec<f64> {
    // SOLUTION: T1b the derivative of that term by each output of the row
    let mut dy = match reading {
        Reading::Probabilities => vec![0.0; y.len()],
        Reading::Normalised => vec![1.0 / sum(y.iter().copied()); y.len()],
        Reading::Logits => softmax(y),
    };
    dy[c] -= if reading == Reading::Logits { 1.0 } else { 1.0 / y[c] };
    dy
    // SOLUTION_END: T1b
}

fn check<R: AsRef<[f64]>>(
    outputs: &[R],
    labels: &[usize],
    reading: Reading,
) -> Result<(), CrossEntropyError> {
    let first = outputs.first().ok_or(CrossEntropyError::EmptyBatch)?;
    if outputs.len() != labels.len() {
        return Err(CrossEntropyError::LabelCount { rows: outputs.len(), labels: labels.len() });
    }
    let classes = first.as_ref().len();
    for (row, (y, &label)) in outputs.iter().map(AsRef::as_ref).zip(labels).enumerate() {
        if y.len() != classes || y.is_empty() {
            return Err(CrossEntropyError::Ragged { row, found: y.len(), expected: classes.max(1) });
        }
        if label >= classes {
            return Err(CrossEntropyError::LabelOutOfRange { row, label, classes });
        }
        check_row(row, y, reading)?;
    }
    Ok(())
}

fn check_row(row: usize, y: &[f64], reading: Reading) -> Result<(), CrossEntropyError> {
    let find = |bad: fn(f64) -> bool| y.iter().copied().enumerate().find(|&(_, value)| bad(value));
    if let Some((column, value)) = find(|v| !v.is_finite()) {
        return Err(CrossEntropyError::NotFinite { row, column, value });
    }
    if reading == Reading::Logits {
        return Ok(());
    }
    let total = sum(y.iter().copied());
    if reading == Reading::Normalised && !(total > 0.0 && total.is_finite()) {
        return Err(CrossEntropyError::RowSum { row, sum: total });
    }
    if let Some((column, value)) = find(|v| v <= 0.0) {
        return Err(CrossEntropyError::NotPositive { row, column, value });
    }
    match find(|v| v > 1.0) {
        Some((column, value)) if reading == Reading::Probabilities => {
            Err(CrossEntropyError::AboveOne { row, column, value })
        }
        _ => Ok(()),
    }
}
