//! One training step, and the evaluation of a batch. [`Trainer`](crate::Trainer) makes whole epochs of them.

use crate::average::OtherNetwork;
use crate::layer::{Mode, ShapeError};
use crate::loss::{Loss, Score, TargetError, Targets, argmax, softmax_cross_entropy};
use crate::network::{BackwardError, Network, Pass};
use crate::optimiser::{Optimiser, OtherParameters};
use crate::origin::Origin;
use crate::tensor::Tensor;
use kernels::Isa;

/// Why a step could not be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TrainError {
    /// The batch does not fit the network.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The batch holds no example, so it has no mean loss.
    #[error("the batch is empty: give at least one example")]
    EmptyBatch,
    /// The labels do not fit the network's outputs.
    #[error(transparent)]
    Targets(#[from] TargetError),
    /// The learning rate cannot be.
    #[error("the learning rate {rate:?} cannot be: give a finite number above 0")]
    Rate {
        /// The rate.
        rate: f64,
    },
    /// The loss is infinite or NaN.
    #[error(
        "the run diverged: the loss of a batch is {loss} at learning rate {rate:?}, and the first tensor that is not \
         finite is {origin}; {}", .origin.remedy()
    )]
    Diverged {
        /// The mean loss of an example.
        loss: f64,
        /// The learning rate.
        rate: f64,
        /// Where the numbers were left.
        origin: Origin,
    },
    /// The loss is finite, and a gradient is not.
    #[error(
        "the run diverged: the loss of a batch is {loss} at learning rate {rate:?}, and the first tensor of its \
         backward pass that is not finite is {origin}; {}", .origin.remedy()
    )]
    DivergedBackwards {
        /// The mean loss of an example.
        loss: f64,
        /// The learning rate.
        rate: f64,
        /// Where the numbers were left.
        origin: Origin,
    },
    /// The last step left the numbers: its own loss was still finite.
    #[error("the run diverged in its last step: the first tensor that is not finite is {origin}; {}", .origin.remedy())]
    LastStep {
        /// Where the numbers were left.
        origin: Origin,
    },
    /// A loss wrote no gradient of the outputs' shape.
    #[error(transparent)]
    Backward(#[from] BackwardError),
    /// The optimiser has made steps with another network.
    #[error(transparent)]
    Optimiser(#[from] OtherParameters),
    /// The average is of another network.
    #[error(transparent)]
    Average(#[from] OtherNetwork),
}

/// One step: forward, loss, backward, update, for the batch in [`Pass::input`]. Returns the score of the batch *before*
/// the update.
///
/// # Errors
/// When the batch is empty or does not fit, or a label is no class, or the loss or a gradient is not finite. **Nothing
/// has moved then**: parameters, running statistics and what the optimiser remembers are as they were before.
pub fn step<'a>(
    isa: Isa,
    network: &mut Network,
    optimiser: &mut Optimiser,
    rate: f64,
    pass: &mut Pass,
    targets: impl Into<Targets<'a>>,
) -> Result<Score, TrainError> {
    let targets = targets.into();
    step_by(isa, network, optimiser, rate, pass, |logits, dlogits| {
        targets.check(logits.shape())?;
        Ok(softmax_cross_entropy(isa, logits, targets, Some(dlogits)))
    })
}

/// [`step`] with any loss: `loss` gets the outputs `(N, C)` and writes their gradient `(N, C)`.
pub(crate) fn step_by(
    isa: Isa,
    network: &mut Network,
    optimiser: &mut Optimiser,
    rate: f64,
    pass: &mut Pass,
    loss: impl FnOnce(&Tensor, &mut Tensor) -> Result<Score, TargetError>,
) -> Result<Score, TrainError> {
    if pass.input().shape().n == 0 {
        return Err(TrainError::EmptyBatch);
    }
    if !(rate.is_finite() && rate > 0.0) {
        return Err(TrainError::Rate { rate });
    }
    learn(isa, network, optimiser, rate, pass, loss).inspect_err(|_| network.take_back_batch())
}

/// [`step_by`] at a rate that can be; what a batch that is refused has moved of the running statistics stays moved.
fn learn(
    isa: Isa,
    network: &mut Network,
    optimiser: &mut Optimiser,
    rate: f64,
    pass: &mut Pass,
    loss: impl FnOnce(&Tensor, &mut Tensor) -> Result<Score, TargetError>,
) -> Result<Score, TrainError> {
    // SOLUTION: P1.1 forward, loss, backward, update
    network.forward(isa, pass, Mode::Train)?;
    let (logits, dlogits) = pass.logits_and_gradient(); // (N, C), twice
    let score = loss(logits, dlogits)?;
    if !score.loss_sum_nats.is_finite() {
        let origin = Origin::of_step(network, pass.activations());
        return Err(TrainError::Diverged { loss: score.loss_mean_nats(), rate, origin });
    }
    network.try_backward(isa, pass)?;
    if let Some(origin) = Origin::of_step_back(network) {
        return Err(TrainError::DivergedBackwards { loss: score.loss_mean_nats(), rate, origin });
    }
    optimiser.try_step(isa, rate, network.parameters_mut())?;
    Ok(score)
    // SOLUTION_END: P1.1
}

/// The score of the batch in [`Pass::input`], with running statistics.
///
/// # Errors
/// When the batch does not fit, or a label is no class.
pub fn evaluate(
    isa: Isa,
    network: &mut Network,
    pass: &mut Pass,
    labels: &[usize],
) -> Result<Score, TrainError> {
    evaluate_by(isa, network, pass, labels, Loss::CROSS_ENTROPY)
}

/// [`evaluate`] with any loss.
pub(crate) fn evaluate_by(
    isa: Isa,
    network: &mut Network,
    pass: &mut Pass,
    labels: &[usize],
    loss: Loss,
) -> Result<Score, TrainError> {
    let logits = network.forward(isa, pass, Mode::Infer)?; // (N, C)
    Ok(loss.score(isa, logits, labels, None)?)
}

/// How many examples of the batch in [`Pass::input`] are put into their class, as [`evaluate`] counts them; the loss is
/// not computed. **A label that is no class is never right**; of fewer labels than examples, the first examples count.
///
/// # Errors
/// When the batch does not fit.
pub fn count_correct(
    isa: Isa,
    network: &mut Network,
    pass: &mut Pass,
    labels: &[usize],
) -> Result<usize, ShapeError> {
    let logits = network.forward(isa, pass, Mode::Infer)?; // (N, C)
    let labelled = labels.iter().take(logits.shape().n).enumerate();
    Ok(labelled.filter(|&(n, &label)| argmax(logits.example(n)) == label).count())
}
