//! `one-batch.json`: the batch of T1b through the network by hand: loss, gradient, and one step of descent.
//!
//! The three rows of the batch are taken as logits. A network has them as its outputs when each example switches on
//! one hidden unit of its own: then the hidden layer is the identity, and the weights of the second layer **are** the
//! batch.
//!
//! ```text
//! x = I    W1 = 1600 I     b1 = -800    a = sigmoid(x W1 + b1) = I
//!          W2 = batch      b2 = 0       z2 = a W2 + b2 = batch
//! ```

use crate::context::Context;
use crate::registry::{Computed, Experiment};
use crate::study::{self, ExperimentError, FileLayout, OfASubmission, Progress, Study, typed};
use mlp_scratch::ndarray::{Array1, Array2};
use mlp_scratch::{Error, Loss, Network, loss, one_hot};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use theory::render::worked::{LABELS, OUTPUTS};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "one-batch",
    question: "T1, P2.1: the batch of T1b through the network by hand: its loss, its gradient and one step",
    hypothesis: "loss and gradient are those of T1 to the last bits, and one step lowers the loss of every example",
    refuted_by: "another loss or gradient, or an example whose loss does not fall",
    chosen_on: "nothing was chosen",
    data: &[],
    files: &["one-batch.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = Study {
    of_a_submission: OfASubmission::ALL,
    ..Study::in_full(parts, compute, FileLayout::Parts(conclude))
};

/// The only part.
const PART: &str = "step";

/// The learning rate of the step.
pub const LEARNING_RATE: f64 = 1.0;

/// What switches a hidden unit on, and what keeps it off: the sigmoid of ±800 is 1 and 0 in double precision.
const ON: f64 = 800.0;

/// The batch before and after one step of descent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DescentStep {
    pub id: String,
    pub learning_rate: f64,
    /// The outputs, the loss and its terms before the step.
    pub before: BatchState,
    /// The derivative of the loss by the outputs, `(N, C)`.
    pub dz2: Vec<Vec<f64>>,
    /// The largest entry of the derivative by the first layer's weights: its units are saturated.
    pub largest_dw1: f64,
    /// After the step.
    pub after: BatchState,
}

/// A batch and its loss.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchState {
    /// The outputs, taken as logits, `(N, C)`.
    pub z2: Vec<Vec<f64>>,
    /// Their softmax, `(N, C)`.
    pub softmax: Vec<Vec<f64>>,
    /// The loss, the mean over the batch.
    pub loss: f64,
    /// The loss of each example, `(N)`.
    pub terms: Vec<f64>,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepConclusions {
    /// By how much the loss falls.
    pub fall: f64,
    /// By how much it would fall if the loss were a plane: the rate times the squared length of the gradient.
    pub fall_of_a_plane: f64,
    /// How many of the examples have a smaller loss after the step.
    pub examples_that_fall: usize,
}

fn parts() -> Vec<study::Part> {
    vec![study::Part { id: PART.to_owned(), work: 1 }]
}

fn compute(_: &Context, part: &study::Part, done: Progress) -> Result<Value, ExperimentError> {
    let step = step().map_err(ExperimentError::failed)?;
    done(part.work);
    Ok(serde_json::to_value(step)?)
}

/// One step of the network by hand.
fn step() -> Result<DescentStep, Error> {
    let n = LABELS.len();
    let x = Array2::eye(n); //                                               (N, D), N = D
    let w1 = Array2::eye(n) * (2.0 * ON); //                                 (D, H), D = H
    let w2 = Array2::from_shape_fn((n, OUTPUTS[0].len()), |(row, class)| OUTPUTS[row][class]); // (H, C)
    let b2 = Array1::zeros(w2.ncols()); //                                   (C)
    let mut network = Network::new(w1, Array1::from_elem(n, -ON), w2, b2)?;
    let targets = one_hot(&LABELS, network.sizes().outputs)?; //             (N, C)
    let (z2, cache) = network.forward(x.view())?; //                         (N, C)
    let (_, dz2) = Loss::SoftmaxCrossEntropy.value_and_gradient(z2.view(), targets.view())?; // (N, C)
    let gradients = cache.backward(dz2.view())?;
    let before = state(&z2)?;
    network.descend(&gradients, LEARNING_RATE)?;
    let (after, _) = network.forward(x.view())?; //                          (N, C)
    Ok(DescentStep {
        id: PART.to_owned(),
        learning_rate: LEARNING_RATE,
        before,
        dz2: rows(&dz2),
        largest_dw1: gradients.dw1.fold(0.0, |largest, entry: &f64| largest.max(entry.abs())),
        after: state(&after)?,
    })
}

/// The loss of these outputs, `(N, C)`, as a batch and row by row.
fn state(z2: &Array2<f64>) -> Result<BatchState, Error> {
    let of = |rows: &[usize], labels: &[usize]| -> Result<f64, Error> {
        let z2 = z2.select(mlp_scratch::ndarray::Axis(0), rows); //          (rows, C)
        let targets = one_hot(labels, z2.ncols())?; //                       (rows, C)
        Ok(Loss::SoftmaxCrossEntropy.value_and_gradient(z2.view(), targets.view())?.0)
    };
    let all: Vec<usize> = (0..LABELS.len()).collect();
    Ok(BatchState {
        z2: rows(z2),
        softmax: rows(&loss::softmax(z2.view())),
        loss: of(&all, &LABELS)?,
        terms: all.iter().map(|&row| of(&[row], &[LABELS[row]])).collect::<Result<_, _>>()?,
    })
}

fn rows(of: &Array2<f64>) -> Vec<Vec<f64>> {
    of.rows().into_iter().map(|row| row.to_vec()).collect()
}

fn conclude(values: &[Value]) -> Result<Value, ExperimentError> {
    let steps: Vec<DescentStep> = typed(values)?;
    let step = steps.first().ok_or_else(|| ExperimentError::Parts(format!("there is no part `{PART}`")))?;
    let falls = step.before.terms.iter().zip(&step.after.terms).filter(|(before, after)| after < before);
    // The gradient by W2 is dz2, because the hidden layer is the identity; that by b2 is the sum of its rows.
    let columns = (0..step.dz2.first().map_or(0, Vec::len)).map(|c| step.dz2.iter().map(|row| row[c]).sum());
    let squares: f64 =
        step.dz2.iter().flatten().copied().chain(columns).map(|entry: f64| entry * entry).sum();
    Ok(serde_json::to_value(StepConclusions {
        fall: step.before.loss - step.after.loss,
        fall_of_a_plane: step.learning_rate * squares,
        examples_that_fall: falls.count(),
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use theory::cross_entropy::{Reading, cross_entropy, gradient_of_mean};

    fn conclusions(step: &DescentStep) -> StepConclusions {
        serde_json::from_value(conclude(&[serde_json::to_value(step).unwrap()]).unwrap()).unwrap()
    }

    /// Two crates that know nothing of each other.
    #[test]
    fn loss_and_gradient_are_those_of_t1() {
        let step = step().unwrap();
        let loss = cross_entropy(&OUTPUTS, &LABELS, Reading::Logits).unwrap();
        let gradient = gradient_of_mean(&OUTPUTS, &LABELS, Reading::Logits).unwrap();
        assert_eq!(step.before.z2, OUTPUTS.map(|row| row.to_vec()), "the outputs are the batch");
        assert!((step.before.loss - loss.mean).abs() < 1e-15);
        let apart = step.dz2.iter().flatten().zip(gradient.iter().flatten()).map(|(a, b)| (a - b).abs());
        assert!(apart.fold(0.0, f64::max) < 1e-15);
        // The control: the batch in another reading has another gradient.
        let other = gradient_of_mean(&OUTPUTS, &LABELS, Reading::Probabilities).unwrap();
        let apart = step.dz2.iter().flatten().zip(other.iter().flatten()).map(|(a, b)| (a - b).abs());
        assert!(apart.fold(0.0, f64::max) > 0.1);
    }

    /// The hidden layer is the identity, so each output moves by its own derivative and by the bias's.
    #[test]
    fn the_step_moves_each_output_by_its_derivative_and_the_biass() {
        let step = step().unwrap();
        assert_eq!(step.largest_dw1, 0.0);
        for (row, moved) in step.after.z2.iter().enumerate() {
            for (class, moved) in moved.iter().enumerate() {
                let bias: f64 = step.dz2.iter().map(|row| row[class]).sum();
                let expected = OUTPUTS[row][class] - LEARNING_RATE * (step.dz2[row][class] + bias);
                assert!((moved - expected).abs() < 1e-15, "{row} {class}");
            }
        }
    }

    #[test]
    fn an_example_whose_loss_rises_is_not_counted() {
        let mut step = step().unwrap();
        assert_eq!(conclusions(&step).examples_that_fall, 3);
        step.after.terms[1] = step.before.terms[1];
        assert_eq!(conclusions(&step).examples_that_fall, 2);
        std::mem::swap(&mut step.before, &mut step.after);
        assert!(conclusions(&step).fall < 0.0);
    }
}
