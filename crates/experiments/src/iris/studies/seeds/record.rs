//! What `iris.json` holds.

use crate::iris::protocol::BAR;
use crate::iris::{Agreement, IrisRunError, Outcome, reached_by};
use crate::study::ExperimentError;
use records::{Count, Header};
use serde::{Deserialize, Serialize};
use stats::{CorrectedTest, Friedman, Interval, SignTest, StatsError};

/// The record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IrisRecord {
    #[serde(flatten)]
    pub header: Header,
    /// Every configuration with its runs.
    pub variants: Vec<Variant>,
    /// Pairs of configurations on the same seeds.
    pub comparisons: Vec<Comparison>,
    /// The gradients of P2.1 against those of `cnn`'s reference layers.
    pub scratch_gradients: Agreement,
    /// Do the four activations differ in test error on the same seeds?
    pub activations_by_test_error: Friedman,
    /// Do they differ in the epoch that first has 95 % of the training part right?
    pub activations_by_speed: Friedman,
    /// On how many of the other seeds all four activations are below the bar.
    pub all_below_bar: Count,
}

/// A configuration and its runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    pub id: String,
    /// The run on the registered seed, with every epoch.
    pub registered: Outcome,
    /// Wilson's interval of the registered run's test accuracy.
    pub registered_accuracy: Interval,
    /// The same configuration on the sorted file: the last run of the assignment's letter.
    pub sorted: Count,
    /// The runs on the other seeds.
    pub others: Vec<SeedResult>,
    /// The mean test error over the other seeds, with Student's interval: **on these flowers**, over splits.
    pub mean_test_error: Interval,
    /// On how many of the other seeds no test flower is wrong.
    pub seeds_without_error: usize,
    /// On how many of the other seeds the test error is below the bar.
    pub below_bar: Count,
    /// The mean test error **on new flowers**, with the corrected resampled t-interval.
    pub mean_on_new_flowers: Interval,
}

/// The end of a run on one seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeedResult {
    /// The seed of division, weights and batches.
    pub seed: u64,
    /// The loss on the training part.
    pub train_loss: f64,
    /// Right answers on the training part.
    pub train: Count,
    /// Right answers on the test part.
    pub test: Count,
    /// The first epoch with 95 % of the training part right.
    pub first_epoch_at_95_percent: Option<usize>,
}

/// Two configurations on the same seeds; differences are `first - second`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub first: String,
    pub second: String,
    /// The mean difference of the test errors, with the paired bootstrap's interval: **on these flowers**, over splits.
    pub test_error: Interval,
    /// The sign test of the test errors.
    pub test_error_signs: SignTest,
    /// The sign test of the first epochs with 95 % of the training part right; a run that never gets there ranks after
    /// every run that does, see [`reached_by`].
    pub speed_signs: SignTest,
    /// The sign test of the final training losses, where both minimise the same loss.
    pub train_loss_signs: Option<SignTest>,
    /// The smallest difference of the test errors, on these flowers, that a test of the mean on so many seeds would
    /// find by itself.
    pub detectable: f64,
    /// The test errors on new flowers, by the corrected resampled t-test.
    pub new_flowers: CorrectedTest,
}

/// Why there is no record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A run failed.
    #[error("{variant}, seed {seed}: {source}")]
    Run { variant: String, seed: u64, source: Box<IrisRunError> },
    /// A pair names a configuration that there is none of.
    #[error("no configuration of iris is named `{0}`: correct the pair")]
    Unknown(String),
    /// A statistic does not exist.
    #[error(transparent)]
    Stats(#[from] StatsError),
}

impl From<RecordError> for ExperimentError {
    fn from(error: RecordError) -> Self {
        Self::failed(error)
    }
}

impl RecordError {
    pub(super) fn run(variant: &str, seed: u64, source: IrisRunError) -> Self {
        Self::Run { variant: variant.to_owned(), seed, source: Box::new(source) }
    }
}

impl IrisRecord {
    /// The configuration with this name.
    pub fn variant(&self, id: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.id == id)
    }

    /// The comparison of these two.
    pub fn comparison(&self, first: &str, second: &str) -> Option<&Comparison> {
        self.comparisons.iter().find(|pair| pair.first == first && pair.second == second)
    }
}

impl Variant {
    /// The first epochs with 95 % of the training part right, of the other seeds.
    pub fn first_epochs_at_95(&self) -> Vec<Option<usize>> {
        self.others.iter().map(|result| result.first_epoch_at_95_percent).collect()
    }
}

/// The epochs of the longest of these runs.
pub fn longest<'a>(variants: impl IntoIterator<Item = &'a Variant>) -> usize {
    variants.into_iter().map(|variant| variant.registered.settings.epochs).max().unwrap_or(0)
}

impl SeedResult {
    /// Whether the test error is below the bar.
    pub fn is_below_bar(&self) -> bool {
        self.test.error_rate() < BAR
    }

    /// The first epoch with 95 % of the training part right, among runs of which the [`longest`] has so many epochs.
    pub fn epochs_to_95(&self, longest: usize) -> f64 {
        reached_by(self.first_epoch_at_95_percent, longest)
    }
}
