//! The choice of the recipe, and what each of its parts is worth.
//!
//! Every candidate learns from the first 50,000 training images and answers the last 10,000 **of the training part**.
//! The test part's files are not even read: nothing here could choose on them. One candidate has every part that was
//! thought of, the others leave one out, or change one. The list was written after a first look at runs of some of them
//! on the same held-out images, with seeds that are not used here.

use super::{Arm, ArmSummary, Runs, SeedRun, summaries};
use crate::context::Context;
use crate::mnist::augment::AugmentRanges;
use crate::mnist::{Architecture, Optimiser, Rates, Recipe};
use crate::registry::{Computed, Experiment};
use crate::study::ExperimentError;
use crate::study::Study;
use cnn::Decayed;
use data::DataError;
use data::images::{Images, MNIST};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "mnist-selection",
    question: "P1.2: which recipe errs least on held-out training images, and what is each of its parts worth?",
    hypothesis: "distortions, averaged weights, smoothed labels and a cycle of the rate each spare errors",
    refuted_by: "a candidate without one of them that errs as little",
    chosen_on: "the last 10,000 images of the training part; the test part's files are not read",
    data: MNIST.training_files(),
    files: &["mnist-selection.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = super::study::<Selection>();

/// Training images that are learned from; the others are held out.
pub const LEARNED: usize = 50_000;

/// Epochs of a candidate.
const EPOCHS: usize = 5;

/// The distortions of the candidates.
pub const RANGES: AugmentRanges =
    AugmentRanges { rotation: 12.0, zoom: 0.12, shear: 0.15, shift: 2.5, bend: None };

/// Wider ones.
const WIDER: AugmentRanges =
    AugmentRanges { rotation: 15.0, zoom: 0.18, shear: 0.25, shift: 3.0, bend: None };

/// What follows from the runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelectionConclusions {
    /// The candidates, the whole recipe first.
    pub candidates: Vec<ArmSummary>,
    /// The candidate with the most right answers over its runs, the first of equals.
    pub chosen: String,
}

/// A recipe that is put to the choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// Every part.
    Whole,
    /// Images as they are.
    WithoutDistortions,
    /// No last epoch on images as they are.
    WithoutCleanEpoch,
    /// The weights of the last step.
    WithoutAveraging,
    /// Labels as they are.
    WithoutSmoothedLabels,
    /// One learning rate for all steps.
    WithAConstantRate,
    /// Stronger distortions.
    WithWiderDistortions,
}

/// The candidate that was chosen when the selection was first computed, for `mnist-choice` and `mnist-small` to begin
/// with.
/// With the kernels of today another has fewer errors, as a claim of the report says.
pub const CHOSEN: Candidate = Candidate::WithoutAveraging;

impl Candidate {
    /// All of them, in the order of the record.
    pub const ALL: [Self; 7] = [
        Self::Whole,
        Self::WithoutDistortions,
        Self::WithoutCleanEpoch,
        Self::WithoutAveraging,
        Self::WithoutSmoothedLabels,
        Self::WithAConstantRate,
        Self::WithWiderDistortions,
    ];

    /// What the record calls it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::WithoutDistortions => "without-distortions",
            Self::WithoutCleanEpoch => "without-clean-epoch",
            Self::WithoutAveraging => "without-averaging",
            Self::WithoutSmoothedLabels => "without-smoothed-labels",
            Self::WithAConstantRate => "with-a-constant-rate",
            Self::WithWiderDistortions => "with-wider-distortions",
        }
    }

    /// Its recipe, for so many epochs.
    pub fn recipe(self, epochs: usize) -> Recipe {
        let whole = Recipe {
            network: Architecture::Assignment,
            epochs,
            batch_size: 64,
            optimiser: Optimiser::Nesterov { momentum: 0.9, weight_decay: 5e-4, decayed: Decayed::All },
            rates: Rates::OneCycle { peak: 0.1, warm_up: 0.2 },
            augmentation: Some(RANGES),
            clean_epochs: 1,
            label_smoothing: 0.05,
            averaging: Some(0.999),
        };
        match self {
            Self::Whole => whole,
            Self::WithoutDistortions => Recipe { augmentation: None, ..whole },
            Self::WithoutCleanEpoch => Recipe { clean_epochs: 0, ..whole },
            Self::WithoutAveraging => Recipe { averaging: None, ..whole },
            Self::WithoutSmoothedLabels => Recipe { label_smoothing: 0.0, ..whole },
            Self::WithAConstantRate => Recipe { rates: Rates::Constant { rate: 0.02 }, ..whole },
            Self::WithWiderDistortions => Recipe { augmentation: Some(WIDER), ..whole },
        }
    }
}

/// The candidates, on seeds that no other study uses.
fn arms() -> Vec<Arm> {
    let arm =
        |candidate: Candidate| Arm { id: candidate.id(), recipe: candidate.recipe(EPOCHS), seeds: 111..=113 };
    Candidate::ALL.into_iter().map(arm).collect()
}

pub(crate) struct Selection;

impl Runs for Selection {
    type Conclusions = SelectionConclusions;

    const LEARNED: usize = LEARNED;

    fn arms() -> Vec<Arm> {
        arms()
    }

    fn images(context: &Context) -> Result<[Cow<'_, Images>; 2], DataError> {
        let (learned, held_out) = context.training(&MNIST)?.split_at(LEARNED);
        Ok([learned, held_out].map(Cow::Owned))
    }

    fn conclude(runs: &[SeedRun]) -> Result<SelectionConclusions, ExperimentError> {
        let candidates = summaries(&arms(), runs)?;
        let right = |summary: &ArmSummary| summary.correct.iter().sum::<usize>();
        let most = candidates.iter().map(right).max();
        let chosen = candidates.iter().find(|summary| Some(right(summary)) == most);
        let chosen = chosen.map_or(String::new(), |summary| summary.arm.clone());
        Ok(SelectionConclusions { candidates, chosen })
    }
}

#[cfg(test)]
mod tests {
    use super::super::choice::Choice;
    use super::*;
    use data::images::TRAINING_IMAGES;

    /// The proof that selection cannot look at the test part: what it sees is loaded where there is none.
    #[test]
    fn selection_needs_no_test_files() {
        let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/mnist");
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("mnist")).unwrap();
        for name in ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"] {
            std::fs::copy(data.join(name), folder.path().join("mnist").join(name)).unwrap();
        }
        let context = Context::for_tests(folder.path());
        for images in [Selection::images(&context), Choice::images(&context)] {
            let [learned, held_out] = images.unwrap();
            assert_eq!((learned.len(), held_out.len()), (LEARNED, TRAINING_IMAGES - LEARNED));
        }
        // The control: a study that is tested has no images there.
        assert!(context.test(&MNIST).is_err());
    }
}
