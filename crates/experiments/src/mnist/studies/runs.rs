//! A study whose parts are runs.

use super::arm::Arm;
use super::beside::AskedBeside;
use super::contradictions::{Expected, contradictions};
use super::reliability;
use super::seed_run::{ArmSummary, SeedRun};
use crate::context::Context;
use crate::mnist::{Prediction, RunError, Watch, batches, predict, train};
use crate::study::{ExperimentError, FileLayout, OfASubmission, Part, Progress, Study, typed};
use cnn::kernels::Isa;
use data::DataError;
use data::images::{ImageSet, Images, MNIST, TRAINING_IMAGES};
use records::Count;
use serde::Serialize;
use serde_json::Value;
use stats::{CONFIDENCE, StatsError, mean_and_standard_error};
use std::borrow::Cow;

/// A study whose parts are the runs of some arms.
pub trait Runs {
    /// What follows from the runs.
    type Conclusions: Serialize;

    /// The set of images.
    const SET: ImageSet = MNIST;

    /// How many images a run learns from.
    const LEARNED: usize = TRAINING_IMAGES;

    /// What else is asked of each trained network.
    const BESIDE: AskedBeside = AskedBeside { views: false, temperature: None };

    /// The arms.
    fn arms() -> Vec<Arm>;

    /// What a run learns from, and what it is asked about. **Unless the study says otherwise**, its recipe was chosen
    /// before: these are the whole training part and the test part.
    ///
    /// # Errors
    /// When the data cannot be loaded.
    fn images(context: &Context) -> Result<[Cow<'_, Images>; 2], DataError> {
        Ok([context.training(&Self::SET)?, context.test(&Self::SET)?].map(Cow::Borrowed))
    }

    /// Draws the conclusions from the runs.
    ///
    /// # Errors
    /// When runs are missing.
    fn conclude(runs: &[SeedRun]) -> Result<Self::Conclusions, ExperimentError>;
}

/// The study of these runs.
pub const fn study<R: Runs>() -> Study {
    Study {
        parts: || parts(&R::arms(), R::LEARNED),
        compute: |context, part, progress| {
            let [learned, held_out] = R::images(context)?;
            Ok(compute(context.isa, (&R::arms(), R::BESIDE), (&learned, &held_out), part, progress)?)
        },
        layout: FileLayout::Parts(|parts| Ok(serde_json::to_value(R::conclude(&typed::<SeedRun>(parts)?)?)?)),
        seconds: Some(|part| find_run(&R::arms(), &part.id).map_or(0.0, |(arm, _)| arm.seconds(R::LEARNED))),
        contradictions: |context, parts| {
            let [_, held_out] = R::images(context)?;
            let arms = R::arms();
            let (training_images, beside) = (R::LEARNED, R::BESIDE);
            let expected = Expected { arms: &arms, training_images, held_out: &held_out, beside };
            Ok(contradictions(&expected, parts))
        },
        of_a_submission: OfASubmission::NONE,
    }
}

/// The parts of a study of these arms.
fn parts(arms: &[Arm], images: usize) -> Vec<Part> {
    let run = |arm: &Arm, seed: u64| Part {
        id: format!("{}-{seed}", arm.id),
        work: batches(&arm.settings(seed, MNIST.normalisation), images),
    };
    arms.iter().flat_map(|arm| arm.seeds.clone().map(move |seed| run(arm, seed))).collect()
}

/// The arm and the seed of the run with this id, if there is one.
pub(crate) fn find_run<'a>(arms: &'a [Arm], id: &str) -> Option<(&'a Arm, u64)> {
    arms.iter().find_map(|arm| {
        let seed = id.strip_prefix(arm.id)?.strip_prefix('-')?.parse().ok()?;
        arm.seeds.contains(&seed).then_some((arm, seed))
    })
}

/// Makes a run.
///
/// # Errors
/// When the part is none of these arms', or the run diverges.
pub fn compute(
    isa: Isa,
    (arms, beside): (&[Arm], AskedBeside),
    (learned, held_out): (&Images, &Images),
    part: &Part,
    progress: Progress,
) -> Result<Value, RunError> {
    let unknown = || RunError::Setting(format!("there is no run `{}`", part.id));
    let (arm, seed) = find_run(arms, &part.id).ok_or_else(unknown)?;
    let run = train(isa, &arm.settings(seed, learned.normalisation), learned, &mut Quiet(progress))?;
    let (score, predictions) = predict(isa, &run.network, held_out);
    let wrong = predictions.iter().zip(&held_out.labels).enumerate();
    let hashes = run.history.iter().map(|epoch| epoch.weights_sha256.clone());
    let run = SeedRun {
        id: part.id.clone(),
        arm: arm.id.to_owned(),
        seed,
        parameters: run.network.parameter_count(),
        chain: std::iter::once(run.beginning_sha256).chain(hashes).collect(),
        epochs: run.history.iter().map(|epoch| (epoch.train_loss, epoch.train.correct)).collect(),
        held_out: Count { correct: score.correct, total: score.total },
        held_out_loss: score.loss_mean_nats(),
        mistakes: wrong
            .filter(|(_, (answer, label))| answer.digit != usize::from(**label))
            .map(|(place, (Prediction { digit, .. }, &label))| (place, usize::from(label), *digit))
            .collect(),
        reliability: reliability::bins(&predictions, &held_out.labels),
        views: beside.views(isa, &run.network, held_out),
        tempered: beside.tempered(isa, &run.network, held_out),
        weights_sha256: run.network.sha256(),
    };
    Ok(serde_json::to_value(run)?)
}

/// What follows from the runs of each arm.
///
/// # Errors
/// When an arm has fewer than two runs.
pub fn summaries(arms: &[Arm], runs: &[SeedRun]) -> Result<Vec<ArmSummary>, StatsError> {
    arms.iter()
        .map(|arm| {
            let runs: Vec<&SeedRun> = runs.iter().filter(|run| run.arm == arm.id).collect();
            let accuracies: Vec<f64> = runs.iter().map(|run| 1.0 - run.held_out.error_rate()).collect();
            let spread = mean_and_standard_error(&accuracies)?;
            Ok(ArmSummary {
                arm: arm.id.to_owned(),
                recipe: arm.recipe.clone(),
                parameters: runs.first().map_or(0, |run| run.parameters),
                correct: runs.iter().map(|run| run.held_out.correct).collect(),
                total: runs.iter().map(|run| run.held_out.total).max().unwrap_or(0),
                accuracy: spread.t_interval(CONFIDENCE)?,
                accuracy_sd: spread.standard_deviation,
            })
        })
        .collect()
}

/// Moves a progress bar.
struct Quiet<'a>(Progress<'a>);

impl Watch for Quiet<'_> {
    fn batch(&mut self) {
        (self.0)(1);
    }
}
