//! The memory of a pass through a network.

use crate::tensor::{Shape, Tensor};

/// Why there is no backward pass through a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackwardError {
    /// No forward pass through this network came before, or another backward pass has used its results.
    #[error("backward needs a forward pass of its own: call forward first, once for each backward")]
    NoForward,
    /// The gradient that the backward pass begins with has another shape than the logits.
    #[error("the gradient by the logits is {gradient}, the logits are {logits}: write all of it")]
    Gradient {
        /// The gradient's shape.
        gradient: Shape,
        /// The shape of the logits.
        logits: Shape,
    },
}

/// The memory of a pass through a network: input, all activations, and two cotangents.
#[derive(Clone, Debug, Default)]
pub struct Pass {
    pub(super) activations: Vec<Tensor>,
    pub(super) dy: Tensor,
    pub(super) dx: Tensor,
    pub(super) forward_done: bool,
}

impl Pass {
    /// The batch to work on.
    pub fn input(&mut self) -> &mut Tensor {
        if self.activations.is_empty() {
            self.activations.push(Tensor::default());
        }
        self.forward_done = false;
        &mut self.activations[0]
    }

    /// The numbers of the batch to work on, for a batch of the given shape: **write them all**, what stands there is
    /// not specified. The memory of the last batch is used again.
    pub fn write(&mut self, shape: Shape) -> &mut [f32] {
        let input = self.input(); // (N, H, W, C)
        input.reshape_for_writing(shape);
        input.data_mut()
    }

    /// Refuses a backward pass through a network of so many stages that has no forward pass of its own.
    pub(super) fn check_backward(&self, stages: usize) -> Result<(), BackwardError> {
        let logits = self.activations.last().map(Tensor::shape);
        match logits.filter(|_| self.forward_done && self.activations.len() == stages + 1) {
            None => Err(BackwardError::NoForward),
            Some(logits) if logits != self.dy.shape() => {
                Err(BackwardError::Gradient { gradient: self.dy.shape(), logits })
            }
            Some(_) => Ok(()),
        }
    }

    /// The input, then what each layer gave in the last forward pass.
    pub fn activations(&self) -> &[Tensor] {
        &self.activations
    }

    /// The logits `(N, C)` of the last forward pass, and where their gradient `(N, C)` goes.
    ///
    /// # Panics
    /// When there was neither a batch nor a forward pass.
    pub fn logits_and_gradient(&mut self) -> (&Tensor, &mut Tensor) {
        (self.activations.last().expect("a forward pass was made"), &mut self.dy)
    }
}
