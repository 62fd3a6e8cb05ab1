//! The sprint: as little training as it takes for 99.0 % and for 99.4 %, over thirty seeds.
//!
//! Networks and recipes were fixed by trying some on training images held out as in [`super::selection`], with seeds
//! from 101 on, before any of these runs. What is recorded are counts; the seconds are the machine's, and `make bench`
//! measures them.

use super::{Arm, ArmSummary, Runs, SeedRun, summaries};
use crate::mnist::{Architecture, Optimiser, Rates, Recipe};
use crate::registry::{Computed, Experiment};
use crate::study::ExperimentError;
use crate::study::Study;
use cnn::Decayed;
use data::images::MNIST;
use serde::{Deserialize, Serialize};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "mnist-sprint",
    question: "How little training suffices for means of 99.0 % and 99.4 % on MNIST, over thirty seeds?",
    hypothesis: "the two sprints reach them",
    refuted_by: "a mean below",
    chosen_on: "networks and recipes on the last 10,000 images of the training part, with other seeds",
    data: MNIST.files,
    files: &["mnist-sprint.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = super::study::<Sprint>();

/// What follows from the runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SprintConclusions {
    pub sprints: Vec<ArmSummary>,
}

/// The sprint to a mean of 99.0 %.
pub fn to_99_0() -> Recipe {
    Recipe {
        network: Architecture::Sprint,
        epochs: 1,
        batch_size: 64,
        optimiser: Optimiser::Nesterov { momentum: 0.9, weight_decay: 5e-4, decayed: Decayed::All },
        rates: Rates::OneCycle { peak: 0.15, warm_up: 0.2 },
        augmentation: None,
        clean_epochs: 0,
        label_smoothing: 0.03,
        averaging: None,
    }
}

/// The sprint to a mean of 99.4 %.
pub fn to_99_4() -> Recipe {
    Recipe {
        network: Architecture::LongSprint,
        epochs: 2,
        rates: Rates::OneCycle { peak: 0.1, warm_up: 0.2 },
        label_smoothing: 0.05,
        ..to_99_0()
    }
}

pub(crate) struct Sprint;

impl Runs for Sprint {
    type Conclusions = SprintConclusions;

    fn arms() -> Vec<Arm> {
        let arm = |id, recipe| Arm { id, recipe, seeds: 1..=30 };
        vec![arm("to-99.0", to_99_0()), arm("to-99.4", to_99_4())]
    }

    fn conclude(runs: &[SeedRun]) -> Result<SprintConclusions, ExperimentError> {
        Ok(SprintConclusions { sprints: summaries(&Self::arms(), runs)? })
    }
}
