//! Accuracy against the number of parameters: the plan of the assignment's network with fewer and fewer channels.
//!
//! The recipe is the one that [`super::selection`] chose, with fewer epochs, and nothing was chosen for a size: the
//! same for all.

use super::selection::CHOSEN;
use super::{Arm, ArmSummary, Runs, SeedRun, summaries};
use crate::mnist::{Architecture, Recipe};
use crate::registry::{Computed, Experiment};
use crate::study::ExperimentError;
use crate::study::Study;
use data::images::MNIST;
use serde::{Deserialize, Serialize};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "mnist-small",
    question: "How does accuracy on MNIST grow with the number of parameters, at one recipe?",
    hypothesis: "it grows with every size",
    refuted_by: "a size that is no better than the one below",
    chosen_on: "the recipe by mnist-selection, on training images; nothing for a size",
    data: MNIST.files,
    files: &["mnist-small.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = super::study::<Small>();

/// Epochs of a run.
const EPOCHS: usize = 6;

/// What follows from the runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SmallConclusions {
    /// The sizes, the smallest first.
    pub sizes: Vec<ArmSummary>,
}

/// The sizes: near 1,000, 5,000, 20,000 and 50,000 parameters, and the assignment's network.
fn arms() -> Vec<Arm> {
    let narrow = |before, after| Architecture::Narrow { before, after };
    let sizes = [
        ("1k", narrow(4, 5)),
        ("5k", narrow(8, 13)),
        ("20k", narrow(12, 28)),
        ("50k", narrow(16, 46)),
        ("235k", Architecture::Assignment),
    ];
    let recipe = |network| Recipe { network, ..CHOSEN.recipe(EPOCHS) };
    let arm = |(id, network)| Arm { id, recipe: recipe(network), seeds: 1..=3 };
    sizes.into_iter().map(arm).collect()
}

pub(crate) struct Small;

impl Runs for Small {
    type Conclusions = SmallConclusions;

    fn arms() -> Vec<Arm> {
        arms()
    }

    fn conclude(runs: &[SeedRun]) -> Result<SmallConclusions, ExperimentError> {
        Ok(SmallConclusions { sizes: summaries(&arms(), runs)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sizes_are_what_they_are_called() {
        for arm in arms() {
            let parameters = arm.recipe.network.network(1).parameter_count() as f64;
            let named: f64 = arm.id.trim_end_matches('k').parse::<f64>().unwrap() * 1000.0;
            assert!((0.9..=1.03).contains(&(parameters / named)), "{}: {parameters}", arm.id);
        }
    }
}
