//! What `iris-activations.json` holds.

use super::super::{HypothesisVerdict, NewFlowersMean, NewFlowersTest, PairedTest, WrongFlower};
use crate::iris::{Activation, Settings};
use serde::{Deserialize, Serialize};
use stats::Interval;

/// The activations: the four of P1.1, then the control.
pub const ACTIVATIONS: [Activation; 5] =
    [Activation::Relu, Activation::Sigmoid, Activation::Tanh, Activation::Prelu, Activation::Identity];

/// The epochs after which the training loss is recorded.
pub const LOSS_EPOCHS: [usize; 9] = [1, 2, 5, 10, 20, 50, 100, 200, 300];

/// The epochs after which the gradient's norms are recorded; all among [`LOSS_EPOCHS`].
pub const GRADIENT_EPOCHS: [usize; 4] = [1, 10, 100, 300];

/// A block of seeds of one activation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActivationsPart {
    pub id: String,
    /// How the networks were trained; the seed is the first of the block.
    pub settings: Settings,
    /// Test flowers of a seed.
    pub test_total: usize,
    /// Training flowers of a seed.
    pub train_total: usize,
    /// One row for each seed, in order.
    pub seeds: Vec<ActivationsSeed>,
    /// The wrong test flowers of all seeds, flower by flower.
    pub wrong_flowers: Vec<WrongFlower>,
}

/// What a seed gave. In the record a row of numbers in the order of the fields; **losses and norms have four
/// significant digits**.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "ActivationsRow", into = "ActivationsRow")]
pub struct ActivationsSeed {
    /// Wrong answers on the test part.
    pub test_wrong: usize,
    /// Right answers on the training part.
    pub train_correct: usize,
    /// The first epoch with 95 % of the training part right.
    pub first_epoch_at_95_percent: Option<usize>,
    /// The test loss after the last epoch, in nats.
    pub test_loss: f64,
    /// The training loss after each of [`LOSS_EPOCHS`], in nats.
    pub train_loss: Vec<f64>,
    /// The norm of the gradient by the first layer's weights after each of [`GRADIENT_EPOCHS`].
    pub gradient_first: Vec<f64>,
    /// By the second layer's weights.
    pub gradient_second: Vec<f64>,
}

type ActivationsRow = (usize, usize, Option<usize>, f64, Vec<f64>, Vec<f64>, Vec<f64>);

impl From<ActivationsRow> for ActivationsSeed {
    fn from(row: ActivationsRow) -> Self {
        let (test_wrong, train_correct, first_epoch_at_95_percent, test_loss, train_loss, first, second) =
            row;
        Self {
            test_wrong,
            train_correct,
            first_epoch_at_95_percent,
            test_loss,
            train_loss,
            gradient_first: first,
            gradient_second: second,
        }
    }
}

impl From<ActivationsSeed> for ActivationsRow {
    fn from(seed: ActivationsSeed) -> Self {
        let at_95 = seed.first_epoch_at_95_percent;
        let (first, second) = (seed.gradient_first, seed.gradient_second);
        (seed.test_wrong, seed.train_correct, at_95, seed.test_loss, seed.train_loss, first, second)
    }
}

/// What follows from all seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActivationsConclusions {
    /// The first and the last seed.
    pub seeds: [u64; 2],
    /// What the numbers of a seed's row are.
    pub row: Vec<String>,
    /// Each activation by itself.
    pub activations: Vec<ActivationSummary>,
    /// The tests that the original's claims rest on, with Holm's correction over them.
    pub tests: Vec<PairedTest>,
    /// The control, none, against each of the four in test error, with Holm's correction over them.
    pub control: Vec<PairedTest>,
    /// The original's claims.
    pub claims: Vec<Claim>,
    /// The test errors of both families on new flowers, with Holm's correction over these tests.
    pub new_flowers: Vec<NewFlowersTest>,
}

/// An activation over all seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActivationSummary {
    pub id: String,
    /// The mean test error over the seeds, with Student's interval: **on these flowers**, over splits.
    pub mean_test_error: Interval,
    /// Wrong answers over all seeds.
    pub wrong: u64,
    /// Test flowers over all seeds; **a flower is in the test part of about every fifth seed**, so they are not
    /// independent.
    pub tested: u64,
    /// Wilson's interval of the share, as if they were.
    pub wrong_rate: Interval,
    /// On how many seeds 0, 1, 2, .. flowers are wrong.
    pub seeds_by_wrong: Vec<usize>,
    /// The median of the first epochs with 95 % of the training part right; never counts as one more than there are.
    pub median_epoch_at_95: Interval,
    /// Seeds that never get there.
    pub never_at_95: usize,
    /// Seeds with every training flower right after the last epoch.
    pub train_all_right: usize,
    /// The training loss over the seeds.
    pub loss_bands: Vec<Band>,
    /// The median gradient over the seeds.
    pub gradients: Vec<ActivationGradients>,
    /// The mean test error, on new flowers.
    pub new_flowers: NewFlowersMean,
}

/// The training loss after an epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Band {
    pub epoch: usize,
    /// A tenth of the seeds is below.
    pub low: f64,
    pub median: f64,
    /// A tenth is above.
    pub high: f64,
}

/// The median norm of the gradient after an epoch, by layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActivationGradients {
    pub epoch: usize,
    /// By the first layer's weights.
    pub first: f64,
    /// By the second layer's weights.
    pub second: f64,
}

/// A claim of the original.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    pub id: String,
    /// What was claimed.
    pub says: String,
    /// What became of it.
    pub verdict: HypothesisVerdict,
}
