//! Recipes: everything that determines a training run but its seed.

use super::augment::AugmentRanges;
use cnn::Decayed;
use cnn::models::{Block, conv_network, mnist_network};
use cnn::network::Network;
use cnn::optimiser::Rule;
use cnn::schedule::Schedule;
use serde::{Deserialize, Serialize};

/// Which network is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    /// The network of the assignment: 235,066 parameters.
    Assignment,
    /// The same plan with so many channels before and after the first pooling, and one linear layer on the largest of
    /// each channel.
    Narrow {
        /// Channels of the first two convolutions.
        before: usize,
        /// Channels of the last three.
        after: usize,
    },
    /// Three convolutions and one linear layer, 17,722 parameters: for the shortest run to 99.0 %.
    Sprint,
    /// Four convolutions and one linear layer, 49,274 parameters: for the shortest run to 99.4 %.
    LongSprint,
}

/// The update rule.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "rule")]
pub enum Optimiser {
    /// Gradient descent with Nesterov's momentum.
    Nesterov {
        /// The share of the last step that is kept.
        momentum: f64,
        /// The coefficient of the L2 term.
        weight_decay: f64,
        /// Of which parameters that is; of all, where a record does not say.
        #[serde(default, skip_serializing_if = "is_of_all")]
        decayed: Decayed,
    },
    /// Adam with the coefficients of its paper, but for those named.
    Adam {
        /// Decay of the first moment.
        beta1: f64,
        /// Decay of the second moment.
        beta2: f64,
    },
}

/// Whether decay is of all parameters.
fn is_of_all(decayed: &Decayed) -> bool {
    *decayed == Decayed::All
}

/// The learning rates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "schedule")]
pub enum Rates {
    /// One rate always.
    Constant { rate: f64 },
    /// One cycle: up to a peak, then down to nearly nothing.
    OneCycle {
        /// The largest rate.
        peak: f64,
        /// The share of the steps in which the rate rises.
        warm_up: f64,
    },
}

/// Everything that determines a training run but its seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    pub network: Architecture,
    /// Passes through the training images: **the result is that of the last one.**
    pub epochs: usize,
    /// Images in a batch; the last batch of an epoch may be smaller.
    pub batch_size: usize,
    /// The update rule.
    pub optimiser: Optimiser,
    /// The learning rates.
    pub rates: Rates,
    /// Random distortions of the images, if any.
    pub augmentation: Option<AugmentRanges>,
    /// So many epochs at the end see the images as they are.
    pub clean_epochs: usize,
    /// The share of the target that all classes get alike.
    pub label_smoothing: f64,
    /// The result is the average of the weights along the way, which keeps at most this share of itself in a step.
    pub averaging: Option<f64>,
}

impl Recipe {
    /// The registered recipe of P1.2. Schedule, momentum and weight decay are those usual for this size of network
    /// (L. Smith, "A disciplined approach to neural network hyper-parameters", 2018); none was tuned here, and the
    /// number of epochs was fixed before the first run.
    pub fn registered() -> Self {
        Self {
            network: Architecture::Assignment,
            epochs: 3,
            batch_size: 64,
            optimiser: Optimiser::Nesterov { momentum: 0.9, weight_decay: 5e-4, decayed: Decayed::All },
            rates: Rates::OneCycle { peak: 0.05, warm_up: 0.2 },
            augmentation: None,
            clean_epochs: 0,
            label_smoothing: 0.0,
            averaging: None,
        }
    }

    /// The update rule as `cnn` has it.
    pub(super) fn rule(&self) -> Rule {
        match self.optimiser {
            Optimiser::Nesterov { momentum, weight_decay, .. } => {
                Rule::Sgd { momentum, weight_decay, nesterov: true }
            }
            Optimiser::Adam { beta1, beta2 } => Rule::Adam { beta1, beta2, eps: 1e-8, weight_decay: 0.0 },
        }
    }

    /// The parameters that its weight decay is taken of.
    pub(super) fn decayed(&self) -> Decayed {
        match self.optimiser {
            Optimiser::Nesterov { decayed, .. } => decayed,
            Optimiser::Adam { .. } => Decayed::All,
        }
    }

    /// The learning rates of so many steps.
    pub(super) fn schedule(&self, steps: usize) -> Schedule {
        match self.rates {
            Rates::Constant { rate } => Schedule::Constant { rate },
            Rates::OneCycle { peak, warm_up } => Schedule::OneCycle { peak, steps, warm_up },
        }
    }

    /// The distortions of an epoch, counted from 1.
    pub(super) fn augmentation_in(&self, epoch: usize) -> Option<AugmentRanges> {
        self.augmentation.filter(|_| epoch.saturating_add(self.clean_epochs) <= self.epochs)
    }
}

impl Architecture {
    /// Whether so many bytes can hold its weights: **a size that a file names is not trusted before.**
    pub fn fits_in(self, bytes: usize) -> bool {
        let Self::Narrow { before, after } = self else { return true };
        let product = |a: usize, b: usize| (a as u128).saturating_mul(b as u128);
        // The kernels of 3 x 3 behind the first, four bytes a number.
        let kernels = [product(before, before), product(before, after), product(after, after)];
        let numbers =
            kernels.iter().fold(0_u128, |sum, &kernel| sum.saturating_add(kernel)).saturating_mul(9);
        numbers.saturating_mul(4) <= bytes as u128
    }

    /// The network with its initial weights.
    pub fn network(self, seed: u64) -> Network {
        let block = |channels, kernel, padding, pool| Block { channels, kernel, padding, pool };
        match self {
            Self::Assignment => mnist_network(seed),
            Self::Narrow { before, after } => {
                let blocks = [
                    block(before, 3, 0, None),
                    block(before, 3, 0, Some(2)),
                    block(after, 3, 0, None),
                    block(after, 3, 0, None),
                    block(after, 3, 1, Some(8)),
                ];
                conv_network(&blocks, &[], seed)
            }
            Self::Sprint => {
                let blocks = [block(16, 3, 0, Some(2)), block(16, 3, 0, Some(2)), block(64, 3, 0, None)];
                conv_network(&blocks, &[], seed)
            }
            Self::LongSprint => {
                let blocks = [
                    block(16, 3, 0, Some(2)),
                    block(32, 3, 0, None),
                    block(48, 3, 0, Some(2)),
                    block(64, 3, 0, None),
                ];
                conv_network(&blocks, &[], seed)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sprints_have_the_parameters_that_are_named() {
        let parameters = |network: Architecture| network.network(1).parameter_count();
        assert_eq!(parameters(Architecture::Sprint), 17_722);
        assert_eq!(parameters(Architecture::LongSprint), 49_274);
    }

    #[test]
    fn the_last_epochs_are_clean() {
        let ranges = AugmentRanges { rotation: 10.0, zoom: 0.1, shear: 0.1, shift: 1.0, bend: None };
        let recipe =
            Recipe { epochs: 5, clean_epochs: 2, augmentation: Some(ranges), ..Recipe::registered() };
        let distorted = (1..=5).map(|epoch| recipe.augmentation_in(epoch).is_some()).collect::<Vec<_>>();
        assert_eq!(distorted, [true, true, true, false, false]);
        assert_eq!(Recipe { augmentation: None, ..recipe }.augmentation_in(1), None);
    }
}
