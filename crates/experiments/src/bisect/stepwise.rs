//! A run that goes on step by step.

use super::mark::Mark;
use super::place::StepPlace;
use super::tensors::Tensor;
use crate::study::ExperimentError;
use cnn::kernels::Isa;

/// A training run that goes on step by step. A copy of it goes on in the same way.
pub trait Stepwise: Clone + Send {
    /// Computes with this instruction set from now on.
    fn go_on_with(&mut self, isa: Isa);

    /// The epochs of the run, and the batches of an epoch.
    fn extent(&self) -> (usize, usize);

    /// Epoch and batch of the next step, from 1; `None` after the last step.
    fn next_batch(&self) -> Option<(usize, usize)>;

    /// Makes the next step.
    ///
    /// # Errors
    /// When the run diverges.
    fn step(&mut self) -> Result<(), ExperimentError>;

    /// Every tensor of the last step, in the order in which they were computed. To be called before
    /// [`marks`](Self::marks).
    fn tensors(&self) -> Vec<Tensor<'_>>;

    /// What a record keeps of the state after the last step: nothing after most steps.
    ///
    /// # Errors
    /// When it cannot be measured.
    fn marks(&mut self) -> Result<Vec<Mark>, ExperimentError>;

    /// The place of the next step; `None` after the last step.
    fn next_place(&self) -> Option<StepPlace> {
        let (_, batches) = self.extent();
        self.next_batch().map(|(epoch, batch)| StepPlace {
            epoch,
            batch,
            step: (epoch - 1) * batches + batch,
        })
    }
}
