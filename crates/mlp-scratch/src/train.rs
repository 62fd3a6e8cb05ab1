//! Mini-batch gradient descent.
//!
//! An epoch is one pass through the examples in a new random order, cut into batches; after each batch every
//! parameter goes `learning_rate` times its gradient downhill.
//!
//! Shapes: `N` examples, `B` examples of a batch, `D` inputs, `C` outputs.

use crate::diverged::first_not_finite;
use crate::error::Error;
use crate::examples::Examples;
use crate::labels::{Accuracy, arg_max};
use crate::loss::Loss;
use crate::network::Network;
use crate::objective::Objective;
use ndarray::Axis;
use numerics::random::{Purpose, Stream};

// ANCHOR: hyperparameters
/// How a run is made. With the examples and the initial network it fixes every bit of the result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyperparameters {
    /// What is minimised.
    pub objective: Objective,
    /// The length of a step in gradients, above 0.
    pub learning_rate: f64,
    /// The examples of a batch, at least 1; **the last batch of an epoch is smaller** when it does not divide `N`.
    pub batch_size: usize,
    /// The number of epochs.
    pub epochs: usize,
    /// The seed of the order of the examples ([`Purpose::Batches`]).
    pub seed: u64,
}

/// What an epoch reached, measured **on all training examples after its last step** and **without the penalty**.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// Which epoch this is, **from 1**.
    pub number: usize,
    /// The loss, in its own reduction.
    pub loss: f64,
    /// The examples classified as labelled.
    pub accuracy: Accuracy,
}
// ANCHOR_END: hyperparameters

// ANCHOR: training
/// A run in progress: an iterator that trains one epoch for each item it yields.
///
/// Between two items the caller may look at [`network`](Self::network), draw a curve, or stop. After an error the
/// iterator ends.
#[derive(Clone, Debug)]
pub struct Training {
    network: Network,
    examples: Examples,
    hyperparameters: Hyperparameters,
    order: Stream,
    epochs_done: usize,
    failed: bool,
}

impl Training {
    /// A run that has not begun.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] when network and examples differ in `D` or `C`; [`Error::InvalidSetting`] when the
    /// learning rate is not above 0, `l2` is negative, or the batch size is 0.
    pub fn new(
        network: Network,
        examples: Examples,
        hyperparameters: Hyperparameters,
    ) -> Result<Self, Error> {
        hyperparameters.check()?;
        evaluate(&network, &examples, hyperparameters.objective.loss)?;
        let order = Stream::new(hyperparameters.seed, Purpose::Batches);
        Ok(Self { network, examples, hyperparameters, order, epochs_done: 0, failed: false })
    }
    // ANCHOR_END: training

    // ANCHOR: trained
    /// The network as it is now.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The network as it is now, ending the run.
    pub fn into_network(self) -> Network {
        self.network
    }
    // ANCHOR_END: trained

    // ANCHOR: epoch
    /// One epoch: shuffle, then for every batch forward, backward and one step down.
    fn train_epoch(&mut self) -> Result<Epoch, Error> {
        let Hyperparameters { objective, learning_rate, batch_size, .. } = self.hyperparameters;
        // SOLUTION: P2.2 one epoch: shuffle, then forward, backward and a step for each batch
        let order = self.order.permutation(self.examples.labels().len());
        for rows in order.chunks(batch_size) {
            let x = self.examples.inputs().select(Axis(0), rows); //        (B, D)
            let targets = self.examples.targets().select(Axis(0), rows); // (B, C)
            let (value, gradients) =
                objective.value_and_gradients(&self.network, x.view(), targets.view())?;
            self.check_finite(value)?;
            self.network.descend(&gradients, learning_rate)?;
        }
        let (loss, accuracy) = evaluate(&self.network, &self.examples, objective.loss)?;
        self.check_finite(loss)?;
        self.epochs_done += 1;
        Ok(Epoch { number: self.epochs_done, loss, accuracy })
        // SOLUTION_END: P2.2
    }
    // ANCHOR_END: epoch

    // ANCHOR: iterator
    /// Refuses an objective that has left the numbers.
    fn check_finite(&self, objective: f64) -> Result<(), Error> {
        if objective.is_finite() {
            return Ok(());
        }
        let Hyperparameters { learning_rate, .. } = self.hyperparameters;
        let first = first_not_finite(&self.network, self.examples.inputs());
        Err(Error::Diverged { epoch: self.epochs_done + 1, learning_rate, objective, first })
    }
}

impl Iterator for Training {
    type Item = Result<Epoch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.epochs_done == self.hyperparameters.epochs {
            return None;
        }
        let epoch = self.train_epoch();
        self.failed = epoch.is_err();
        Some(epoch)
    }
}
// ANCHOR_END: iterator

impl Hyperparameters {
    // ANCHOR: settings
    /// Refuses values that no run can have.
    fn check(&self) -> Result<(), Error> {
        let settings = [
            ("learning rate", self.learning_rate, self.learning_rate > 0.0, "a finite number above 0"),
            ("l2", self.objective.l2, self.objective.l2 >= 0.0, "a finite number, 0 or above"),
            ("batch size", self.batch_size as f64, self.batch_size > 0, "at least 1"),
        ];
        match settings.into_iter().find(|(_, value, holds, _)| !(*holds && value.is_finite())) {
            Some((name, value, _, allowed)) => Err(Error::InvalidSetting { name, value, allowed }),
            None => Ok(()),
        }
    }
    // ANCHOR_END: settings
}

// ANCHOR: train
/// Trains to the last epoch and returns the network with the history of all epochs.
///
/// # Errors
/// Those of [`Training::new`], and [`Error::Diverged`] in the epoch in which the objective is no longer finite.
pub fn train(
    network: Network,
    examples: Examples,
    hyperparameters: Hyperparameters,
) -> Result<(Network, Vec<Epoch>), Error> {
    let mut training = Training::new(network, examples, hyperparameters)?;
    let history = training.by_ref().collect::<Result<Vec<Epoch>, Error>>()?;
    Ok((training.into_network(), history))
}

/// The loss of a network on any examples, without the penalty, and how many it classifies as labelled.
///
/// # Errors
/// [`Error::ShapeMismatch`] when network and examples differ in `D` or `C`.
pub fn evaluate(network: &Network, examples: &Examples, loss: Loss) -> Result<(f64, Accuracy), Error> {
    let (z2, _) = network.forward(examples.inputs())?; //                            (N, C)
    let (value, _) = loss.value_and_gradient(z2.view(), examples.targets())?;
    Ok((value, Accuracy::of(&arg_max(z2.view()), examples.labels())?))
}
// ANCHOR_END: train
