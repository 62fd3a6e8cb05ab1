//! What `iris-honest.json` holds.

use super::super::{HypothesisVerdict, NewFlowersMean, NewFlowersTest, PairedTest, WrongFlower};
use crate::iris::Settings;
use serde::{Deserialize, Serialize};
use stats::Interval;

/// A block of splits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HonestPart {
    pub id: String,
    /// Test flowers of a split.
    pub test_total: usize,
    /// One row for each split: flowers that the discriminant has wrong, flowers that the chosen network has wrong, the
    /// place of the chosen settings in the grid, their wrong answers on held-out training flowers.
    pub splits: Vec<HonestRow>,
    /// The flowers that the discriminant has wrong on these splits.
    pub lda_wrong_flowers: Vec<WrongFlower>,
    /// The flowers that the chosen networks have wrong.
    pub network_wrong_flowers: Vec<WrongFlower>,
}

/// Wrong by the discriminant, wrong by the network, chosen settings, their errors in cross-validation.
pub type HonestRow = (usize, usize, usize, usize);

/// What follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HonestConclusions {
    /// The first and the last seed of the splits.
    pub seeds: [u64; 2],
    /// The grid, with how often each of its settings was chosen.
    pub grid: Vec<HonestCandidate>,
    pub lda: Method,
    /// The chosen networks.
    pub network: Method,
    /// The network's test error minus the discriminant's, on the same splits.
    pub difference: PairedTest,
    /// *The network errs no more often than the discriminant on average*: **held when the mean difference is 0 or
    /// below, refuted when its interval lies above 0**.
    pub no_more_errors: HypothesisVerdict,
    /// The difference on new flowers.
    pub new_flowers: NewFlowersTest,
}

/// A setting of the grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HonestCandidate {
    /// The settings; the seed is replaced by the split's.
    pub settings: Settings,
    /// On how many splits it was chosen.
    pub chosen: usize,
}

/// A method over all splits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Method {
    /// The mean test error, with Student's interval: **on these flowers**, over splits.
    pub mean_test_error: Interval,
    /// Wrong answers over all splits.
    pub wrong: usize,
    /// Test flowers over all splits.
    pub tested: usize,
    /// On how many splits 0, 1, 2, .. flowers are wrong.
    pub splits_by_wrong: Vec<usize>,
    /// Wrong flowers on the sorted split.
    pub sorted_wrong: usize,
    /// The mean test error, on new flowers.
    pub new_flowers: NewFlowersMean,
}
