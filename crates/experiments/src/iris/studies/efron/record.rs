//! What stands in `iris-efron.json`.

use crate::iris::studies::HypothesisVerdict;
use serde::{Deserialize, Serialize};
use stats::Interval;

/// Training flowers of each species.
pub const FLOWERS: [usize; 7] = [10, 20, 40, 80, 160, 320, 640];

/// On how many of these sizes, from the smallest, networks are trained.
pub const NETWORK_SIZES: usize = 5;

/// On how many seeds of a part networks are trained: as many as are trained side by side.
pub const NETWORKS: usize = 16;

/// Test flowers of each species.
pub const TEST_FLOWERS: usize = 10_000;

/// The penalty of the regression's squared weights, beside the sum of the losses.
pub const PENALTY: f64 = 1e-3;

/// Mean errors that differ by less are level: a tenth of a point.
pub const LEVEL_WITHIN: f64 = 1e-3;

/// A block of seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EfronPart {
    pub id: String,
    /// The means of the species, in coordinates in which their covariance is the identity.
    pub means: Vec<Vec<f64>>,
    /// For each number of training flowers: on how many seeds the regression has none of them wrong.
    pub separated: Vec<usize>,
    /// One for each seed.
    pub draws: Vec<EfronRow>,
}

/// Wrong test flowers on one seed: of the best possible answers, and of each method by the number of training flowers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "RowInFile", into = "RowInFile")]
pub struct EfronRow {
    /// By the true means.
    pub bayes: usize,
    /// By Fisher's discriminant.
    pub lda: Vec<usize>,
    /// By softmax regression.
    pub softmax: Vec<usize>,
    /// By the network of P1.1, where one was trained.
    pub network: Vec<usize>,
}

type RowInFile = (usize, Vec<usize>, Vec<usize>, Vec<usize>);

impl From<RowInFile> for EfronRow {
    fn from((bayes, lda, softmax, network): RowInFile) -> Self {
        Self { bayes, lda, softmax, network }
    }
}

impl From<EfronRow> for RowInFile {
    fn from(EfronRow { bayes, lda, softmax, network }: EfronRow) -> Self {
        (bayes, lda, softmax, network)
    }
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EfronConclusions {
    /// How many seeds there are; on how many of them networks were trained.
    pub seeds: [usize; 2],
    /// Test flowers of a seed, of all species.
    pub tested: usize,
    /// The regression's penalty.
    pub penalty: f64,
    /// The error that no method goes below: the mean over the seeds.
    pub bayes: Interval,
    /// How far the two nearest means are apart, in standard deviations.
    pub distance: f64,
    /// Efron's efficiency for two classes at that distance, for ever more flowers.
    pub asymptotic_efficiency: f64,
    /// By the number of training flowers.
    pub sizes: Vec<EfronSize>,
    /// The number of flowers of a species from which the regression is level with the discriminant: **from there on
    /// the interval of the difference lies below a tenth of a point**; none if it never is.
    pub softmax_level_from: Option<usize>,
    /// The same of the network, among the sizes that it was trained on.
    pub network_level_from: Option<usize>,
    /// *The discriminant errs less often with every number of flowers*: **held when every interval of the difference
    /// lies above 0, refuted when one lies below**.
    pub errs_less: HypothesisVerdict,
    /// *Its excess is at most half of the regression's with every number of flowers*: **held when every interval of
    /// the ratio ends at a half or below, refuted when one lies above**.
    pub at_most_half: HypothesisVerdict,
}

/// The methods after so many training flowers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EfronSize {
    /// Training flowers of each species.
    pub flowers: usize,
    pub lda: Excess,
    pub softmax: Excess,
    /// Of the network, on the seeds that it was trained on.
    pub network: Option<Excess>,
    /// The regression's error minus the discriminant's.
    pub difference: Interval,
    /// The network's error minus the discriminant's, on the seeds that it was trained on.
    pub network_difference: Option<Interval>,
    /// The discriminant's excess as a share of the regression's: its efficiency. **The interval is that of the ratio of
    /// two means, by its first-order expansion.**
    pub efficiency: Interval,
    /// On how many seeds the regression has no training flower wrong.
    pub separated: usize,
}

/// A method's mean test error, and what of it is beyond the Bayes error on the same flowers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Excess {
    pub error: Interval,
    pub excess: Interval,
}
