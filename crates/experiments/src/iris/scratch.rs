//! The 4-40-3 network of P2.1: `mlp-scratch`.

use super::in_progress::{GradientNorms, InProgress};
use super::{Epoch, IrisRunError, Loss, Prepared, Settings};
use cnn::DeadLayer;
use data::iris::{FEATURES, SPECIES};
use mlp_scratch::train::{Hyperparameters, Training, evaluate};
use mlp_scratch::{Accuracy, Examples, Network, Objective, Sizes};
use ndarray::{Array2, ArrayView2};
use numerics::{reduce, sha256_hex};
use records::Count;

/// A run of the network by hand.
#[derive(Clone)]
pub(super) struct ByHand {
    training: Training,
    objective: Objective,
    /// Training and test part, to be measured on.
    parts: [Examples; 2],
    /// The epoch that was trained last, which the training part is measured after anyway; none before the first.
    last: Option<mlp_scratch::train::Epoch>,
}

impl ByHand {
    /// A run that has not begun, and ends after so many epochs.
    pub(super) fn new(prepared: &Prepared, settings: &Settings, epochs: usize) -> Result<Self, IrisRunError> {
        let sizes = Sizes { inputs: FEATURES, hidden: settings.hidden, outputs: SPECIES.len() };
        let train = Examples::new(prepared.train_x.clone(), prepared.train_y.clone(), SPECIES.len())?;
        let test = Examples::new(prepared.test_x.clone(), prepared.test_y.clone(), SPECIES.len())?;
        let loss = match settings.loss {
            Loss::CrossEntropy => mlp_scratch::Loss::SoftmaxCrossEntropy,
            Loss::HalfSquaredErrorSum => mlp_scratch::Loss::HalfSquaredErrorSum,
        };
        let objective = Objective { loss, l2: settings.weight_decay };
        let hyperparameters = Hyperparameters {
            objective,
            learning_rate: settings.learning_rate,
            batch_size: settings.batch_size,
            epochs,
            seed: settings.seed,
        };
        let training = Training::new(initial(sizes, settings)?, train.clone(), hyperparameters)?;
        Ok(Self { training, objective, parts: [train, test], last: None })
    }

    fn score(&self, part: &Examples) -> Result<(f64, Accuracy), IrisRunError> {
        Ok(evaluate(self.training.network(), part, self.objective.loss)?)
    }

    /// Epoch, loss and right answers on the training part.
    fn trained(&self) -> Result<(usize, f64, Count), IrisRunError> {
        let (number, (loss, accuracy)) = match &self.last {
            Some(epoch) => (epoch.number, (epoch.loss, epoch.accuracy)),
            None => (0, self.score(&self.parts[0])?),
        };
        Ok((number, loss, count(accuracy)))
    }
}

impl InProgress for ByHand {
    fn next_epoch(&mut self) -> Result<(), IrisRunError> {
        self.last = self.training.next().transpose()?.or(self.last);
        Ok(())
    }

    fn measure(&mut self) -> Result<Epoch, IrisRunError> {
        let (epoch, train_loss, train) = self.trained()?;
        let (test_loss, test) = self.score(&self.parts[1])?;
        Ok(Epoch { epoch, train_loss, train, test_loss, test: count(test) })
    }

    fn train_count(&mut self) -> Result<Count, IrisRunError> {
        Ok(self.trained()?.2)
    }

    fn gradient(&mut self) -> Result<GradientNorms, IrisRunError> {
        let without_decay = Objective { l2: 0.0, ..self.objective };
        let (inputs, targets) = (self.parts[0].inputs(), self.parts[0].targets()); // (N, D), (N, C)
        let (_, gradients) = without_decay.value_and_gradients(self.training.network(), inputs, targets)?;
        let norm = |values: &mut dyn Iterator<Item = &f64>| reduce::sum(values.map(|g| g * g)).sqrt();
        Ok(GradientNorms {
            first: norm(&mut gradients.dw1.iter()),
            second: norm(&mut gradients.dw2.iter()),
            all: norm(&mut gradients.to_vec().iter()),
        })
    }

    fn outputs(&mut self, x: ArrayView2<f64>) -> Result<Array2<f64>, IrisRunError> {
        Ok(self.training.network().forward(x)?.0)
    }

    /// A sigmoid is never 0.
    fn dead_layer(&mut self) -> Result<Option<DeadLayer>, IrisRunError> {
        Ok(None)
    }

    fn weights_sha256(&self) -> String {
        let weights = self.training.network().to_vec();
        sha256_hex(&weights.iter().flat_map(|weight| weight.to_le_bytes()).collect::<Vec<u8>>())
    }

    fn fork(&self) -> Box<dyn InProgress> {
        Box::new(self.clone())
    }
}

/// The initial network; a scale of 1 leaves every bit as it is.
fn initial(sizes: Sizes, settings: &Settings) -> Result<Network, IrisRunError> {
    let (network, scale) = (Network::init(sizes, settings.seed)?, settings.initial_scale);
    let (w1, b1) = (network.w1() * scale, network.b1() * scale);
    let (w2, b2) = (network.w2() * scale, network.b2() * scale);
    Ok(Network::new(w1, b1, w2, b2)?)
}

fn count(accuracy: Accuracy) -> Count {
    Count { correct: accuracy.correct, total: accuracy.total }
}
