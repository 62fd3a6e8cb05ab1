//! The original's recipe as it stands: its network, 20 epochs, **and the last of them**, not the best on the test part.
//!
//! What it says of the rest is that it trains with PyTorch; so Adam at PyTorch's default rate, batches of 64, no distortion.

use super::{Arm, SeedRun, Summary, summaries};
use crate::context::Context;
use crate::data::mnist::TRAINING_PICTURES;
use crate::mnist::{Optimiser, Rates, Recipe};
use crate::registry::ExperimentError;
use crate::study::{Depth, Part, Progress, Study, typed};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The study.
pub const STUDY: Study = Study { parts, compute, conclude };

/// What follows from the runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conclusions {
    /// The runs together.
    pub original: Summary,
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

/// The recipe, on five seeds.
pub fn arms() -> Vec<Arm> {
    vec![Arm { id: "original", recipe: recipe(), seeds: 1..=5 }]
}

fn parts(depth: Depth) -> Vec<Part> {
    super::parts(&arms(), TRAINING_PICTURES, depth)
}

fn compute(
    context: &Context,
    part: &Part,
    depth: Depth,
    progress: Progress,
) -> Result<Value, ExperimentError> {
    super::compute_tested(context, &arms(), part, depth, progress)
}

fn conclude(parts: &[Value]) -> Result<Value, ExperimentError> {
    let runs: Vec<SeedRun> = typed(parts)?;
    let original = summaries(&arms(), &runs)?.remove(0);
    Ok(serde_json::to_value(Conclusions { original })?)
}
