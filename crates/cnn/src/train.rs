//! One training step, and the evaluation of a data set.

use crate::kernels::Isa;
use crate::layer::{Mode, ShapeError};
use crate::loss::{Score, Targets, argmax, softmax_cross_entropy};
use crate::network::{Network, Pass};
use crate::optimiser::Optimiser;

/// Why a step could not be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TrainError {
    /// The batch does not fit the network.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The batch holds no example, so it has no mean loss.
    #[error("the batch is empty: give at least one example")]
    EmptyBatch,
    /// The loss is infinite or NaN.
    #[error("the run diverged: the loss of a batch is {loss} at learning rate {rate}; use a smaller rate")]
    Diverged {
        /// The loss.
        loss: f64,
        /// The learning rate.
        rate: f64,
    },
}

/// One step: forward, loss, backward, update, for the batch in [`Pass::input`]. Returns the score of the batch *before*
/// the update.
///
/// # Errors
/// When the batch is empty or does not fit, or its loss is not finite. The parameters are then as they were; **the
/// running statistics of batch-norm have followed a batch that diverged**, as they do in every forward pass.
///
/// # Panics
/// When there are not as many labels as examples, or a label is no class: see [`softmax_cross_entropy`].
pub fn step<'a>(
    isa: Isa,
    network: &mut Network,
    optimiser: &mut Optimiser,
    rate: f64,
    pass: &mut Pass,
    targets: impl Into<Targets<'a>>,
) -> Result<Score, TrainError> {
    if pass.input().shape().n == 0 {
        return Err(TrainError::EmptyBatch);
    }
    // SOLUTION: P1.1 forward, loss, backward, update
    network.forward(isa, pass, Mode::Train)?;
    let (logits, dlogits) = pass.logits_and_gradient();
    let score = softmax_cross_entropy(isa, logits, targets, Some(dlogits));
    if !score.loss_sum_nats.is_finite() {
        return Err(TrainError::Diverged { loss: score.loss_mean_nats(), rate });
    }
    network.backward(isa, pass);
    optimiser.step(isa, rate, network.parameters_mut());
    Ok(score)
    // SOLUTION_END: P1.1
}

/// The score of the batch in [`Pass::input`], with running statistics.
///
/// # Errors
/// When the batch does not fit.
///
/// # Panics
/// As [`step`].
pub fn evaluate(
    isa: Isa,
    network: &mut Network,
    pass: &mut Pass,
    labels: &[usize],
) -> Result<Score, ShapeError> {
    let logits = network.forward(isa, pass, Mode::Infer)?;
    Ok(softmax_cross_entropy(isa, logits, labels, None))
}

/// How many examples of the batch in [`Pass::input`] are put into their class, as [`evaluate`] counts them; the loss is
/// not computed.
///
/// # Errors
/// When the batch does not fit.
pub fn count_correct(
    isa: Isa,
    network: &mut Network,
    pass: &mut Pass,
    labels: &[usize],
) -> Result<usize, ShapeError> {
    let logits = network.forward(isa, pass, Mode::Infer)?;
    Ok(labels.iter().enumerate().filter(|&(n, &label)| argmax(logits.example(n)) == label).count())
}
