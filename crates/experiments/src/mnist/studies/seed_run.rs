//! What a run gave, and what the runs of an arm give together.

use super::reliability;
use super::tempered::Tempered;
use crate::mnist::Recipe;
use crate::mnist::views::ViewsScore;
use records::Count;
use serde::{Deserialize, Serialize};
use stats::Interval;

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeedRun {
    /// Its arm's name and its seed.
    pub id: String,
    pub arm: String,
    pub seed: u64,
    /// The learned numbers of its network.
    pub parameters: usize,
    /// The SHA-256 of the weights in training: after [`crate::mnist::training::BEGINNING`] steps, then after each
    /// epoch.
    pub chain: Vec<String>,
    /// For each epoch the mean loss of its batches in nats and how many images of them were right, each before its own
    /// step.
    pub epochs: Vec<(f64, usize)>,
    /// Right answers on the held-out images after the last epoch.
    pub held_out: Count,
    /// Mean loss on them in nats.
    pub held_out_loss: f64,
    /// What it got wrong of them: place, label, answer.
    pub mistakes: Vec<(usize, usize, usize)>,
    /// How its confidence compares with how often it is right.
    pub reliability: Vec<reliability::Bin>,
    /// What it answers in fixed views, where the study asks that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub views: Option<ViewsScore>,
    /// What it answers at another temperature, where the study asks that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tempered: Option<Tempered>,
    /// The SHA-256 of the resulting weights: averaged, where the recipe averages.
    pub weights_sha256: String,
}

/// What an arm's runs give together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmSummary {
    pub arm: String,
    /// How it is trained.
    pub recipe: Recipe,
    /// The learned numbers of its network.
    pub parameters: usize,
    /// Right answers of each run, in the order of the seeds.
    pub correct: Vec<usize>,
    /// Of how many.
    pub total: usize,
    /// The mean accuracy of the runs, with Student's interval.
    pub accuracy: Interval,
    /// The standard deviation of the runs' accuracies, divided by `n - 1`.
    pub accuracy_sd: f64,
}
