//! A run in progress, on either implementation: an epoch at a time, and what can be measured between two.

use super::{Epoch, IrisRunError};
use cnn::DeadLayer;
use ndarray::{Array2, ArrayView1, ArrayView2};
use records::Count;

/// The size of the gradient of the loss over all training flowers, **without the weight decay's part**.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientNorms {
    /// The Euclidean norm of the gradient by the first layer's weights, `(4, H)`.
    pub first: f64,
    /// By the second layer's weights, `(H, 3)`.
    pub second: f64,
    /// By all parameters, biases and slope too.
    pub all: f64,
}

/// The class of the largest of an example's outputs, the first of equals; one that is no number is never the largest.
pub fn prediction(outputs: ArrayView1<f64>) -> usize {
    (1..outputs.len()).fold(0, |best, class| if outputs[class] > outputs[best] { class } else { best })
}

/// A run in progress. **What is measured between two epochs changes nothing of the run.**
pub trait InProgress {
    /// One pass through the training part in a new order.
    fn next_epoch(&mut self) -> Result<(), IrisRunError>;

    /// Loss and right answers on both parts.
    fn measure(&mut self) -> Result<Epoch, IrisRunError>;

    /// The right answers on the training part.
    fn train_count(&mut self) -> Result<Count, IrisRunError>;

    /// The size of the gradient.
    fn gradient(&mut self) -> Result<GradientNorms, IrisRunError>;

    /// The outputs `(N, 3)` for prepared features `x`, `(N, 4)`; the largest is the [`prediction`].
    fn outputs(&mut self, x: ArrayView2<f64>) -> Result<Array2<f64>, IrisRunError>;

    /// A layer of ReLUs that is 0 on the whole training part.
    fn dead_layer(&mut self) -> Result<Option<DeadLayer>, IrisRunError>;

    /// The SHA-256 of the weights as they are now.
    fn weights_sha256(&self) -> String;

    /// The same run, to go on by itself from here.
    fn fork(&self) -> Box<dyn InProgress>;
}
