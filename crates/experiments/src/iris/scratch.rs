//! The 4-40-3 network of P2.1: `mlp-scratch`.

use super::observer::{Observer, Wanted};
use super::{Epoch, IrisRunError, Loss, Prepared, Settings};
use data::iris::{FEATURES, SPECIES};
use mlp_scratch::train::{Hyperparameters, Training, evaluate};
use mlp_scratch::{Accuracy, Examples, Network, Objective, Sizes};
use numerics::sha256_hex;
use records::Count;

/// Trains; returns the hash of the weights.
pub(super) fn train(
    prepared: &Prepared,
    settings: &Settings,
    observer: &mut Observer,
) -> Result<String, IrisRunError> {
    let sizes = Sizes { inputs: FEATURES, hidden: settings.hidden, outputs: SPECIES.len() };
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
    let mut training = Training::new(initial(sizes, settings)?, examples, hyperparameters)?;
    while let Some(epoch) = training.next() {
        let epoch = epoch?;
        let (number, train) = (epoch.number, count(epoch.accuracy));
        match observer.wants(number) {
            Wanted::Epoch => {
                let (test_loss, test) = evaluate(training.network(), &test, loss)?;
                let (train_loss, test) = (epoch.loss, count(test));
                observer.epoch(Epoch { epoch: number, train_loss, train, test_loss, test });
            }
            // The training part is measured anyway.
            Wanted::TrainCount | Wanted::Nothing => observer.train_count(number, train),
        }
    }
    let weights = training.network().to_vec();
    Ok(sha256_hex(&weights.iter().flat_map(|weight| weight.to_le_bytes()).collect::<Vec<u8>>()))
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
