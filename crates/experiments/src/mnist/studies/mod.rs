//! P1.2 on many seeds: runs of named recipes, and what follows from their counts.
//!
//! | study | asks |
//! |---|---|
//! | [`selection`] | which recipe errs least on pictures held out of the training part, and what is each of its parts worth? |
//! | [`final_recipe`] | how many test digits does the chosen recipe get right, over many seeds? |
//! | [`original`] | and the recipe of the original, at its last epoch? |
//! | [`small`] | how does accuracy grow with the number of parameters? |
//! | [`sprint`] | how little training suffices for 99.0 % and 99.4 %? |
//!
//! [`registered`] is a single run: `mnist.json`.
//!
//! A part of each study is one run: a recipe on a seed ([`Runs`]).

mod contradictions;
pub mod final_recipe;
pub mod original;
pub mod registered;
pub mod reliability;
pub mod selection;
pub mod small;
pub mod sprint;

use super::{Answer, Recipe, RunError, Settings, Watch, answers, batches, train};
use crate::context::Context;
use crate::study::ExperimentError;
use crate::study::{Part, Progress, Sample, Study, typed};
use cnn::kernels::Isa;
use cnn::tensor::Shape;
use contradictions::{Expected, contradictions};
use data::DataError;
use data::mnist::{Images, SIDE, TRAINING_PICTURES};
use records::Count;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stats::{CONFIDENCE, Interval, StatsError, mean_and_standard_error};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Multiply-adds of a forward pass that are trained a second, forward and back, on two cores with AVX-512.
const TRAINED_A_SECOND: f64 = 4.3e10;

/// A named recipe and the seeds it is run on.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// Its name.
    pub id: &'static str,
    /// How it is trained.
    pub recipe: Recipe,
    /// Its seeds.
    pub seeds: RangeInclusive<u64>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeedRun {
    /// Its arm's name and its seed.
    pub id: String,
    /// The arm.
    pub arm: String,
    /// The seed.
    pub seed: u64,
    /// The learned numbers of its network.
    pub parameters: usize,
    /// The SHA-256 of the weights in training: after [`super::training::BEGINNING`] steps, then after each epoch.
    pub chain: Vec<String>,
    /// For each epoch the mean loss of its batches in nats and how many pictures of them were right, each before its own step.
    pub epochs: Vec<(f64, usize)>,
    /// Right answers on the held-out pictures after the last epoch.
    pub held_out: Count,
    /// Mean loss on them in nats.
    pub held_out_loss: f64,
    /// What it got wrong of them: place, label, answer.
    pub mistakes: Vec<(usize, usize, usize)>,
    /// How its confidence compares with how often it is right.
    pub reliability: Vec<reliability::Bin>,
    /// The SHA-256 of the resulting weights: averaged, where the recipe averages.
    pub weights_sha256: String,
}

/// What an arm's runs give together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The arm.
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

/// A study whose parts are the runs of some arms.
pub trait Runs {
    /// What follows from the runs.
    type Conclusions: Serialize;

    /// How many pictures a run learns from.
    const LEARNED: usize = TRAINING_PICTURES;

    /// The arms.
    fn arms() -> Vec<Arm>;

    /// What a run learns from, and what it is asked about. **Unless the study says otherwise**, its recipe was chosen before: these
    /// are the whole training part and the test part.
    ///
    /// # Errors
    /// When the data cannot be loaded.
    fn pictures(context: &Context) -> Result<[Cow<'_, Images>; 2], DataError> {
        let data = context.mnist()?;
        Ok([&data.train, &data.test].map(Cow::Borrowed))
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
            let [learned, held_out] = R::pictures(context)?;
            Ok(compute(context.isa, &R::arms(), (&learned, &held_out), part, progress)?)
        },
        conclude: |parts| Ok(serde_json::to_value(R::conclude(&typed::<SeedRun>(parts)?)?)?),
        sample: Some(Sample {
            seconds: |part| find_run(&R::arms(), &part.id).map_or(0.0, |(arm, _)| arm.seconds(R::LEARNED)),
            contradictions: |context, parts| {
                let [_, held_out] = R::pictures(context)?;
                let arms = R::arms();
                let expected = Expected { arms: &arms, training_images: R::LEARNED, held_out: &held_out };
                Ok(contradictions(&expected, parts))
            },
        }),
    }
}

/// The parts of a study of these arms.
fn parts(arms: &[Arm], pictures: usize) -> Vec<Part> {
    let run = |arm: &Arm, seed: u64| Part {
        id: format!("{}-{seed}", arm.id),
        work: batches(&arm.settings(seed), pictures),
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
    arms: &[Arm],
    (learned, held_out): (&Images, &Images),
    part: &Part,
    progress: Progress,
) -> Result<Value, RunError> {
    let unknown = || RunError::Setting(format!("there is no run `{}`", part.id));
    let (arm, seed) = find_run(arms, &part.id).ok_or_else(unknown)?;
    let run = train(isa, &arm.settings(seed), learned, &mut Quiet(progress))?;
    let (score, answers) = answers(isa, &run.network, held_out);
    let wrong = answers.iter().zip(&held_out.labels).enumerate();
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
            .map(|(place, (Answer { digit, .. }, &label))| (place, usize::from(label), *digit))
            .collect(),
        reliability: reliability::bins(&answers, &held_out.labels),
        weights_sha256: run.network.sha256(),
    };
    Ok(serde_json::to_value(run)?)
}

/// What follows from the runs of each arm.
///
/// # Errors
/// When an arm has fewer than two runs.
pub fn summaries(arms: &[Arm], runs: &[SeedRun]) -> Result<Vec<Summary>, StatsError> {
    arms.iter()
        .map(|arm| {
            let runs: Vec<&SeedRun> = runs.iter().filter(|run| run.arm == arm.id).collect();
            let accuracies: Vec<f64> = runs.iter().map(|run| 1.0 - run.held_out.error_rate()).collect();
            let spread = mean_and_standard_error(&accuracies)?;
            Ok(Summary {
                arm: arm.id.to_owned(),
                recipe: arm.recipe.clone(),
                parameters: runs.first().map_or(0, |run| run.parameters),
                correct: runs.iter().map(|run| run.held_out.correct).collect(),
                total: runs.first().map_or(0, |run| run.held_out.total),
                accuracy: spread.t_interval(CONFIDENCE)?,
                accuracy_sd: spread.standard_deviation,
            })
        })
        .collect()
}

impl Arm {
    /// About how many seconds a run takes on two cores; see [`TRAINED_A_SECOND`].
    fn seconds(&self, pictures: usize) -> f64 {
        let network = self.recipe.network.network(*self.seeds.start());
        let table = network.table(Shape::maps(1, SIDE, SIDE, 1));
        let rows = table.into_iter().flatten();
        let multiply_adds: usize = rows.map(|layer| layer.multiply_adds).sum();
        (self.recipe.epochs * pictures * multiply_adds) as f64 / TRAINED_A_SECOND
    }

    pub(crate) fn settings(&self, seed: u64) -> Settings {
        Settings { recipe: self.recipe.clone(), seed, ..Settings::registered() }
    }
}

/// Moves a progress bar.
struct Quiet<'a>(Progress<'a>);

impl Watch for Quiet<'_> {
    fn batch(&mut self) {
        (self.0)(1);
    }
}

/// A submitted record, and the test images.
#[cfg(test)]
fn recorded(file: &str) -> (records::Record, Images) {
    let context = Context::for_tests(crate::context::repository_data());
    let record = records::store::read_json(context.results_dir.join(file)).unwrap();
    (record, context.mnist().unwrap().test.clone())
}

#[cfg(test)]
mod tests;
