//! The chosen recipe on ten seeds: the result of P1.2.
//!
//! What the recipe is made of was fixed by [`super::selection`] and [`super::choice`] on training images; every run
//! counts, and of each the last epoch. Beside the answers it is asked for those in nine views, which were fixed before,
//! and at the temperature that was chosen on training images.

use super::choice::{RecipePart, recipe_of};
use super::reliability::{BINS, Bin, expected_calibration_error};
use super::together::{Missed, Together, missed, together};
use super::{Arm, ArmSummary, AskedBeside, Runs, SeedRun, Temperature, summaries};
use crate::mnist::Recipe;
use crate::registry::{Computed, Experiment};
use crate::study::ExperimentError;
use crate::study::Study;
use data::images::MNIST;
use serde::{Deserialize, Serialize};
use stats::{CONFIDENCE, Interval, mean_and_standard_error, t_interval};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "mnist-recipe",
    question: "P1.2: how many test digits does the chosen recipe get right, over ten seeds?",
    hypothesis: "a mean of at least 99.75 %, and in nine views of at least 99.77 %",
    refuted_by: "a lower mean of either",
    chosen_on: "the recipe and the temperature by mnist-selection and mnist-choice, on training images; the epochs by \
                the time that ten runs take; the views by hand",
    data: MNIST.files,
    files: &["mnist-recipe.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = super::study::<FinalRecipe>();

/// The parts that [`super::choice`] took.
pub const PARTS: [RecipePart; 2] = [RecipePart::DecayOfWeightsAlone, RecipePart::CleanEpoch];

/// The temperature that it chose.
pub const TEMPERATURE: f64 = 0.5611810914601685;

/// Epochs of a run.
pub const EPOCHS: usize = 40;

/// What follows from the runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecipeConclusions {
    /// The runs together.
    pub recipe: ArmSummary,
    /// The reliability of all runs' answers.
    pub reliability: Vec<Bin>,
    /// Its expected calibration error.
    pub calibration_error: f64,
    /// The test images that at least half of the runs get wrong, the hardest first.
    pub hardest: Vec<Missed>,
    /// What the runs get wrong together.
    pub together: Together,
    /// The same runs in nine views.
    pub in_views: InViews,
    /// The same answers at the chosen temperature.
    pub tempered: AtTemperature,
}

/// The runs in nine views.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InViews {
    /// Right answers of each run, in the order of the seeds.
    pub correct: Vec<usize>,
    /// The mean accuracy of the runs, with Student's interval.
    pub accuracy: Interval,
}

/// The runs' answers at the chosen temperature: no answer is another, only their probabilities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AtTemperature {
    pub temperature: f64,
    /// The mean of the runs' losses, in nats.
    pub mean_loss: f64,
    /// The reliability of all runs' answers.
    pub reliability: Vec<Bin>,
    /// Its expected calibration error.
    pub calibration_error: f64,
}

/// The recipe.
pub fn recipe() -> Recipe {
    recipe_of(&PARTS, EPOCHS)
}

/// The recipe on its seeds.
pub(super) fn arms() -> Vec<Arm> {
    vec![Arm { id: "recipe", recipe: recipe(), seeds: 301..=310 }]
}

pub(crate) struct FinalRecipe;

impl Runs for FinalRecipe {
    type Conclusions = RecipeConclusions;

    const BESIDE: AskedBeside =
        AskedBeside { views: true, temperature: Some(Temperature::Chosen(TEMPERATURE)) };

    fn arms() -> Vec<Arm> {
        arms()
    }

    fn conclude(runs: &[SeedRun]) -> Result<RecipeConclusions, ExperimentError> {
        let reliability = all_together(runs.iter().map(|run| &run.reliability));
        Ok(RecipeConclusions {
            recipe: summaries(&Self::arms(), runs)?.remove(0),
            calibration_error: expected_calibration_error(&reliability),
            reliability,
            hardest: missed(runs).into_iter().filter(|image| 2 * image.runs >= runs.len()).collect(),
            together: together(runs)?,
            in_views: in_views(runs)?,
            tempered: at_temperature(runs)?,
        })
    }
}

/// The bins of all runs, added up.
fn all_together<'a>(runs: impl Iterator<Item = &'a Vec<Bin>>) -> Vec<Bin> {
    runs.fold(vec![Bin::default(); BINS], |mut sums, bins| {
        sums.iter_mut().zip(bins).for_each(|(sum, bin)| *sum = sum.and(*bin));
        sums
    })
}

fn in_views(runs: &[SeedRun]) -> Result<InViews, ExperimentError> {
    let views: Vec<_> = runs.iter().filter_map(|run| run.views.as_ref()).collect();
    let accuracies: Vec<f64> = views.iter().map(|it| 1.0 - it.held_out.error_rate()).collect();
    let correct = views.iter().map(|it| it.held_out.correct).collect();
    Ok(InViews { correct, accuracy: t_interval(&accuracies, CONFIDENCE)? })
}

fn at_temperature(runs: &[SeedRun]) -> Result<AtTemperature, ExperimentError> {
    let tempered: Vec<_> = runs.iter().filter_map(|run| run.tempered.as_ref()).collect();
    let losses: Vec<f64> = tempered.iter().map(|it| it.held_out_loss).collect();
    let reliability = all_together(tempered.iter().map(|it| &it.reliability));
    Ok(AtTemperature {
        temperature: TEMPERATURE,
        mean_loss: mean_and_standard_error(&losses)?.mean,
        calibration_error: expected_calibration_error(&reliability),
        reliability,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mnist::studies::choice::ChoiceConclusions;
    use crate::mnist::studies::recorded;

    #[test]
    fn parts_and_temperature_are_those_that_the_choice_took() {
        let (record, _) = recorded("mnist-choice.json");
        let chosen = ChoiceConclusions::deserialize(&record.conclusions).unwrap();
        assert_eq!((&chosen.taken[..], chosen.temperature), (&PARTS[..], TEMPERATURE));
        assert_eq!(recipe().augmentation.unwrap().bend, None);
    }
}
