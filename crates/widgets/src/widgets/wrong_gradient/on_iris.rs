//! Training with the lines as they stand, beside the crate's own training.
//!
//! Shapes: `B` examples of a batch, `D` inputs, `C` outputs.

use crate::flowers::flowers;
use data::split::Split;
use data::standardise::Standardiser;
use faults::puzzle::Chosen;
use faults::trial::{BATCH, SIZES};
use faults::way_back::WayBack;
use mlp_scratch::train::{evaluate, train};
use mlp_scratch::{Accuracy, Epoch, Examples, Hyperparameters, Loss, Network, Objective};
use ndarray::Axis;
use numerics::random::{Purpose, Stream};

/// Of split, initial weights and the order of the batches.
const SEED: u64 = 1;

/// How both are trained.
pub const HYPERPARAMETERS: Hyperparameters = Hyperparameters {
    objective: Objective { loss: Loss::SoftmaxCrossEntropy, l2: 0.01 },
    learning_rate: 0.1,
    batch_size: BATCH,
    epochs: 50,
    seed: SEED,
};

/// Two trainings from one start.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainedTwice {
    /// With the lines as they stand; fewer epochs when they left the numbers.
    pub as_they_stand: Vec<Epoch>,
    /// With those of `mlp-scratch`.
    pub right: Vec<Epoch>,
}

impl TrainedTwice {
    /// Trains both.
    ///
    /// # Errors
    /// What the crates refuse: of this file and these settings, nothing.
    pub fn with(lines: Chosen) -> Result<Self, String> {
        let examples = training_part()?;
        let network = Network::init(SIZES, SEED).map_err(text)?;
        let (_, right) = train(network.clone(), examples.clone(), HYPERPARAMETERS).map_err(text)?;
        let as_they_stand = train_with(lines, network, &examples)?;
        Ok(Self { as_they_stand, right })
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// The 120 flowers of the training part, standardised.
fn training_part() -> Result<Examples, String> {
    let iris = flowers().map_err(text)?;
    let part = iris.subset(&Split::shuffled(iris.labels.len(), SEED).train);
    let standardiser = Standardiser::fit(part.features.view()).map_err(text)?;
    let inputs = standardiser.apply(part.features.view()).map_err(text)?; // (120, D)
    Examples::new(inputs, part.labels, SIZES.outputs).map_err(text)
}

/// The crate's training, with the lines in place of its way back.
fn train_with(lines: Chosen, mut network: Network, examples: &Examples) -> Result<Vec<Epoch>, String> {
    let Hyperparameters { objective, learning_rate, batch_size, epochs, seed } = HYPERPARAMETERS;
    let mut order = Stream::new(seed, Purpose::Batches);
    let mut history = Vec::new();
    for number in 1..=epochs {
        for rows in order.permutation(examples.labels().len()).chunks(batch_size) {
            let x = examples.inputs().select(Axis(0), rows); //        (B, D)
            let targets = examples.targets().select(Axis(0), rows); // (B, C)
            let mut batch = WayBack::begin(&network, objective.l2, x.view(), targets.view()).map_err(text)?;
            lines.compute(&mut batch);
            let gradients = batch.gradients();
            network.descend(&gradients, learning_rate).map_err(text)?;
        }
        let (loss, accuracy): (f64, Accuracy) = evaluate(&network, examples, objective.loss).map_err(text)?;
        if !loss.is_finite() {
            break;
        }
        history.push(Epoch { number, loss, accuracy });
    }
    Ok(history)
}
