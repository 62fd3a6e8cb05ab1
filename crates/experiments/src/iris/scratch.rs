//! The 4-40-3 network of P2.1: `mlp-scratch`.

use super::{Count, Epoch, HIDDEN, Loss, Prepared, RunError, Settings};
use crate::data::checksum::sha256_hex;
use crate::data::iris::{FEATURES, SPECIES};
use mlp_scratch::train::{Hyperparameters, Training, evaluate};
use mlp_scratch::{Accuracy, Examples, Network, Objective, Sizes};

/// Trains; `observe` sees every epoch. Returns the hash of the weights.
pub(super) fn train(
    prepared: &Prepared,
    settings: &Settings,
    observe: &mut impl FnMut(Epoch),
) -> Result<String, RunError> {
    let sizes = Sizes { inputs: FEATURES, hidden: HIDDEN, outputs: SPECIES.len() };
    let examples = Examples::new(prepared.train_x.clone(), prepared.train_y.clone(), SPECIES.len())?;
    let test = Examples::new(prepared.test_x.clone(), prepared.test_y.clone(), SPECIES.len())?;
    let loss = match settings.loss {
        Loss::CrossEntropy => mlp_scratch::Loss::SoftmaxCrossEntropy,
        Loss::HalfSquaredErrorSum => mlp_scratch::Loss::HalfSquaredErrorSum,
    };
    let hyperparameters = Hyperparameters {
        objective: Objective { loss, l2: settings.weight_decay },
        learning_rate: settings.learning_rate,
        batch_size: settings.batch_size,
        epochs: settings.epochs,
        seed: settings.seed,
    };
    let mut training = Training::new(Network::init(sizes, settings.seed)?, examples, hyperparameters)?;
    while let Some(epoch) = training.next() {
        let epoch = epoch?;
        let (test_loss, test_accuracy) = evaluate(training.network(), &test, loss)?;
        observe(Epoch {
            epoch: epoch.number,
            train_loss: epoch.loss,
            train: count(epoch.accuracy),
            test_loss,
            test: count(test_accuracy),
        });
    }
    let weights = training.network().to_vec();
    Ok(sha256_hex(&weights.iter().flat_map(|weight| weight.to_le_bytes()).collect::<Vec<u8>>()))
}

fn count(accuracy: Accuracy) -> Count {
    Count { correct: accuracy.correct, total: accuracy.total }
}
