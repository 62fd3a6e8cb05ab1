//! The golden vectors from PyTorch, and how an implementation is held to them.
//!
//! `tests/golden/layers.py` made `tests/golden/layers.json` and says what a case holds and in which layouts. An
//! implementation joins by one function from a [`Case`] to [`Computed`] tensors in double precision; [`Case::hold`]
//! demands that it computed everything the case expects, and compares.

use ndarray::{Array, ArrayD, Dimension, IxDyn};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The file of golden vectors.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Golden {
    /// What made the file: generator, versions, precision.
    #[expect(dead_code, reason = "people read it")]
    pub(crate) header: BTreeMap<String, String>,
    /// Layers and activations.
    pub(crate) layers: Vec<Case>,
    /// Losses.
    pub(crate) losses: Vec<Case>,
    /// Optimisers, five steps each.
    pub(crate) optimisers: Vec<Case>,
    /// Learning-rate schedules.
    pub(crate) schedules: Vec<Case>,
}

/// One layer, loss, optimiser or schedule with settings and inputs, and what PyTorch computed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What is computed: `conv2d`, `adam`, ...
    pub(crate) kind: String,
    /// The case's name, unlike every other.
    pub(crate) name: String,
    /// The hyper-parameters; flags are 0 or 1.
    pub(crate) settings: BTreeMap<String, f64>,
    /// Inputs, parameters and cotangents.
    pub(crate) given: BTreeMap<String, Tensor>,
    /// Outputs, gradients and states.
    pub(crate) expected: BTreeMap<String, Tensor>,
}

/// A tensor in row-major order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tensor {
    /// The length of every axis.
    pub(crate) shape: Vec<usize>,
    /// The entries, the last axis fastest.
    pub(crate) data: Vec<f64>,
}

/// What an implementation computed for a case, by the names of [`Case::expected`].
pub(crate) type Computed = BTreeMap<String, ArrayD<f64>>;

/// What was computed, by its names.
pub(crate) fn computed<const N: usize>(tensors: [(&str, ArrayD<f64>); N]) -> Computed {
    tensors.into_iter().map(|(name, tensor)| (name.to_owned(), tensor)).collect()
}

/// Why golden vectors cannot be read, or an implementation is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GoldenError {
    /// The file is no JSON of this form.
    #[error("tests/golden/layers.json: {0}; make it again with tests/golden/layers.py")]
    Unreadable(#[from] serde_json::Error),
    /// The case lacks what the implementation asks for, or has it in another form.
    #[error("{case}: no {what} of the form asked for")]
    Missing {
        /// The case's name.
        case: String,
        /// The setting or tensor.
        what: String,
    },
    /// No implementation for this kind.
    #[error("{case}: nothing computes {kind:?}")]
    UnknownKind {
        /// The case's name.
        case: String,
        /// Its kind.
        kind: String,
    },
    /// The implementation refused the case's data.
    #[error("{case}: {reason}")]
    Refused {
        /// The case's name.
        case: String,
        /// The implementation's own message.
        reason: String,
    },
    /// Other tensors were computed than expected.
    #[error("{case}: computed {computed:?}, expected {expected:?}")]
    OtherTensors {
        /// The case's name.
        case: String,
        /// The computed tensors' names.
        computed: Vec<String>,
        /// The expected tensors' names.
        expected: Vec<String>,
    },
    /// A tensor has another shape.
    #[error("{case}: {tensor} has shape {computed:?}, expected {expected:?}")]
    OtherShape {
        /// The case's name.
        case: String,
        /// The tensor's name.
        tensor: String,
        /// The computed shape.
        computed: Vec<usize>,
        /// The expected shape.
        expected: Vec<usize>,
    },
    /// A tensor has other values.
    #[error(
        "{case}: {tensor}[{index}] is {computed:e}, expected {expected:e} \
         (error {relative_error:e} of the largest entry, allowed {tolerance:e})"
    )]
    OtherValue {
        /// The case's name.
        case: String,
        /// The tensor's name.
        tensor: String,
        /// The first refused entry, in row-major order.
        index: usize,
        /// The computed value there.
        computed: f64,
        /// The expected value there.
        expected: f64,
        /// The error relative to the tensor's largest entry.
        relative_error: f64,
        /// What was allowed.
        tolerance: f64,
    },
}

/// The committed golden vectors.
///
/// # Errors
/// [`GoldenError::Unreadable`] when the file was edited into something else.
pub(crate) fn load() -> Result<Golden, GoldenError> {
    Ok(serde_json::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/golden/layers.json"
    )))?)
}

impl Case {
    /// A hyper-parameter.
    ///
    /// # Errors
    /// [`GoldenError::Missing`].
    pub(crate) fn setting(&self, name: &str) -> Result<f64, GoldenError> {
        self.settings.get(name).copied().ok_or_else(|| self.missing(name))
    }

    /// A hyper-parameter that is a count.
    ///
    /// # Errors
    /// [`GoldenError::Missing`] when it does not exist or is no count.
    pub(crate) fn count(&self, name: &str) -> Result<usize, GoldenError> {
        as_count(self.setting(name)?).ok_or_else(|| self.missing(name))
    }

    /// A given tensor with its number of axes.
    ///
    /// # Errors
    /// [`GoldenError::Missing`] when it does not exist or has another number of axes.
    pub(crate) fn array<D: Dimension>(&self, name: &str) -> Result<Array<f64, D>, GoldenError> {
        let dynamic = self.given.get(name).and_then(Tensor::array);
        dynamic.and_then(|array| array.into_dimensionality().ok()).ok_or_else(|| self.missing(name))
    }

    /// A given list of class indices.
    ///
    /// # Errors
    /// [`GoldenError::Missing`] when it does not exist or holds something else than counts.
    pub(crate) fn indices(&self, name: &str) -> Result<Vec<usize>, GoldenError> {
        let tensor = self.given.get(name).ok_or_else(|| self.missing(name))?;
        tensor.data.iter().map(|&x| as_count(x).ok_or_else(|| self.missing(name))).collect()
    }

    /// Compares everything expected with what was computed: each entry has to lie within `tolerance`, relative to the
    /// largest entry of its tensor.
    ///
    /// # Errors
    /// [`GoldenError::OtherTensors`], [`GoldenError::OtherShape`] or [`GoldenError::OtherValue`].
    pub(crate) fn hold(&self, computed: &Computed, tolerance: f64) -> Result<(), GoldenError> {
        if !computed.keys().eq(self.expected.keys()) {
            let names = computed.keys().cloned().collect();
            let expected = self.expected.keys().cloned().collect();
            return Err(GoldenError::OtherTensors { case: self.name.clone(), computed: names, expected });
        }
        computed
            .iter()
            .try_for_each(|(name, array)| self.hold_tensor(name, array, &self.expected[name], tolerance))
    }

    fn hold_tensor(
        &self,
        name: &str,
        computed: &ArrayD<f64>,
        expected: &Tensor,
        tolerance: f64,
    ) -> Result<(), GoldenError> {
        let (case, tensor) = (self.name.clone(), name.to_owned());
        if computed.shape() != expected.shape {
            let (computed, expected) = (computed.shape().to_vec(), expected.shape.clone());
            return Err(GoldenError::OtherShape { case, tensor, computed, expected });
        }
        let largest = expected.data.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
        for (index, (&computed, &expected)) in computed.iter().zip(&expected.data).enumerate() {
            // A tensor of zeros has no scale: it must be met exactly.
            let relative_error =
                if computed == expected { 0.0 } else { (computed - expected).abs() / largest };
            if relative_error > tolerance || relative_error.is_nan() {
                return Err(GoldenError::OtherValue {
                    case,
                    tensor,
                    index,
                    computed,
                    expected,
                    relative_error,
                    tolerance,
                });
            }
        }
        Ok(())
    }

    /// The implementation refuses the case's data.
    pub(crate) fn refused(&self, reason: impl ToString) -> GoldenError {
        GoldenError::Refused { case: self.name.clone(), reason: reason.to_string() }
    }

    fn missing(&self, what: &str) -> GoldenError {
        GoldenError::Missing { case: self.name.clone(), what: what.to_owned() }
    }
}

impl Tensor {
    /// The tensor as an array; `None` when the shape does not fit the entries.
    pub(crate) fn array(&self) -> Option<ArrayD<f64>> {
        Array::from_shape_vec(IxDyn(&self.shape), self.data.clone()).ok()
    }
}

/// A number that is a count, as one.
fn as_count(x: f64) -> Option<usize> {
    (x >= 0.0 && x.fract() == 0.0 && x < 1e9).then_some(x as usize)
}
