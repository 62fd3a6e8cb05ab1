//! The original's recipe as it stands: its network, 20 epochs, **and the last of them**, not the best on the test part.
//!
//! Of the rest it says only that it trains with PyTorch. Adam at PyTorch's default rate, batches of 64 and no
//! distortion are our guess.

use super::{Arm, ArmSummary, Runs, SeedRun, summaries};
use crate::mnist::{Optimiser, Rates, Recipe};
use crate::registry::{Computed, Experiment};
use crate::study::ExperimentError;
use crate::study::Study;
use data::images::MNIST;
use serde::{Deserialize, Serialize};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "mnist-original",
    question: "P1.2: how many test digits are right after the last of the original's 20 epochs, over five seeds?",
    hypothesis: "fewer than the 0.99399 that the original reports of its best epoch",
    refuted_by: "a mean of at least that",
    chosen_on: "nothing was tuned: network and epochs are the original's; optimiser, rate and batch are guessed",
    data: MNIST.files,
    files: &["mnist-original.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = super::study::<Original>();

/// What follows from the runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OriginalConclusions {
    /// The runs together.
    pub original: ArmSummary,
}

/// The recipe.
pub fn recipe() -> Recipe {
    Recipe {
        epochs: 20,
        optimiser: Optimiser::Adam { beta1: 0.9, beta2: 0.999 },
        rates: Rates::Constant { rate: 1e-3 },
        ..Recipe::registered()
    }
}

pub(crate) struct Original;

impl Runs for Original {
    type Conclusions = OriginalConclusions;

    fn arms() -> Vec<Arm> {
        vec![Arm { id: "original", recipe: recipe(), seeds: 1..=5 }]
    }

    fn conclude(runs: &[SeedRun]) -> Result<OriginalConclusions, ExperimentError> {
        Ok(OriginalConclusions { original: summaries(&Self::arms(), runs)?.remove(0) })
    }
}
