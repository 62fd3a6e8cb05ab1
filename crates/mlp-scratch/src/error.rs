//! Everything that bad input can cause, one variant each, with the place and the remedy in its message.
//!
//! `Display` and `std::error::Error` are written by hand because this crate depends on ndarray and `numerics` only.

use std::fmt;

/// Why a call of this crate was refused, or a training run stopped.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// A label is not one of the classes; labels **count from 0**. Usual cause: labels that count from 1.
    LabelOutOfRange {
        /// The row of the label, from 0.
        row: usize,
        /// The label.
        label: usize,
        /// How many classes there are.
        classes: usize,
    },
    /// There is no example, so a mean over examples does not exist.
    EmptyBatch,
    /// An array has another shape than its partner asks for.
    ShapeMismatch {
        /// What the array is.
        what: &'static str,
        /// The shape it should have.
        expected: Vec<usize>,
        /// The shape it has.
        found: Vec<usize>,
    },
    /// An input is infinite or NaN: it would spread to every parameter in one step.
    InputNotFinite {
        /// The row, from 0.
        row: usize,
        /// The column, from 0.
        column: usize,
        /// The value.
        value: f64,
    },
    /// A row of targets does not sum to 1, so cross-entropy's gradient is not `softmax(z2) - targets`.
    TargetsNotNormalised {
        /// The row, from 0.
        row: usize,
        /// What it sums to.
        sum: f64,
    },
    /// A size or a hyper-parameter has a value that no run can have.
    InvalidSetting {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        allowed: &'static str,
    },
    /// The objective is infinite or NaN: the steps were too long.
    Diverged {
        /// The epoch, **from 1**.
        epoch: usize,
        /// The learning rate of the run.
        learning_rate: f64,
        /// The objective that was seen.
        objective: f64,
        /// What is not finite first: a parameter, the hidden units, the outputs, or the objective itself.
        first: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LabelOutOfRange { row, label, classes } => write!(
                f,
                "row {row}: label {label} is out of range for {classes} classes; labels count from 0, so use 0 to {}",
                classes.saturating_sub(1)
            ),
            Self::EmptyBatch => write!(f, "the batch is empty; give at least one example"),
            Self::ShapeMismatch { what, expected, found } => {
                write!(f, "{what}: expected shape {}, found {}", Shape(expected), Shape(found))
            }
            Self::InputNotFinite { row, column, value } => {
                write!(f, "row {row}, column {column}: input {value} is not finite; remove or mend the row")
            }
            Self::TargetsNotNormalised { row, sum } => write!(
                f,
                "row {row}: the targets sum to {sum}, not to 1; cross-entropy needs one-hot rows or probabilities"
            ),
            Self::InvalidSetting { name, value, allowed } => {
                write!(f, "{name} = {value} cannot be; it must be {allowed}")
            }
            Self::Diverged { epoch, learning_rate, objective, first } => write!(
                f,
                "epoch {epoch}: the objective is {objective} at learning rate {learning_rate:?}, and the first that is \
                 not finite is {first}; the run diverged, so lower the learning rate (try {:?})",
                learning_rate / 10.0
            ),
        }
    }
}

impl std::error::Error for Error {}

/// A shape as the field writes it: `(5, 3)` for a matrix, `(3)` for a vector.
pub(crate) struct Shape<'a>(pub(crate) &'a [usize]);

impl fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: Vec<String> = self.0.iter().map(usize::to_string).collect();
        f.pad(&format!("({})", sizes.join(", ")))
    }
}

/// Refuses `found` unless it is `expected`.
pub(crate) fn check_shape(what: &'static str, expected: &[usize], found: &[usize]) -> Result<(), Error> {
    if expected == found {
        return Ok(());
    }
    Err(Error::ShapeMismatch { what, expected: expected.to_vec(), found: found.to_vec() })
}
