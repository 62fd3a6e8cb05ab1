//! Which settings go together.

use super::{Activation, Implementation, IrisRunError, Optimiser, Settings};
use cnn::Decayed;

/// Refuses settings that do not go together.
pub(super) fn check(settings: &Settings) -> Result<(), IrisRunError> {
    let refuse = |why: &str| Err(IrisRunError::Setting(why.to_owned()));
    if settings.epochs == 0 || settings.batch_size == 0 || settings.hidden == 0 {
        return refuse("a run needs at least 1 epoch, 1 example in a batch and 1 hidden unit");
    }
    if !(settings.initial_scale.is_finite() && settings.initial_scale > 0.0) {
        return refuse("the initial weights' scale must be a finite number above 0");
    }
    if !(settings.learning_rate.is_finite() && settings.learning_rate > 0.0) {
        return refuse("the learning rate must be a finite number above 0");
    }
    if !(settings.weight_decay.is_finite() && settings.weight_decay >= 0.0) {
        return refuse("the weight decay must be a finite number, 0 or above");
    }
    match settings.implementation {
        Implementation::Scratch if settings.activation != Activation::Sigmoid => refuse(
            "mlp-scratch has sigmoid hidden units only: use --activation sigmoid or --network framework",
        ),
        Implementation::Scratch if settings.decayed != Decayed::Weights => refuse(
            "mlp-scratch has weight decay of weights only: use --decayed weights or --network framework",
        ),
        Implementation::Scratch if settings.optimiser != Optimiser::Sgd => {
            refuse("mlp-scratch has plain gradient descent only: use --optimiser sgd or --network framework")
        }
        _ => Ok(()),
    }
}
