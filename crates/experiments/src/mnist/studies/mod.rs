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
//! A part of each is one run: a recipe on a seed ([`Runs`]).

pub mod final_recipe;
pub mod original;
pub mod reliability;
pub mod selection;
pub mod small;
pub mod sprint;

use super::{Answer, Recipe, RunError, Settings, Watch, answers, batches, beginning, train};
use crate::context::Context;
use crate::data::mnist::{Images, TRAINING_PICTURES};
use crate::iris::Count;
use crate::registry::ExperimentError;
use crate::stats::{Interval, StatsError, mean_and_standard_error};
use crate::study::{Depth, Part, Progress, Study, typed};
use cnn::kernels::Isa;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::ops::RangeInclusive;

/// The confidence of every interval.
pub const CONFIDENCE: f64 = 0.95;

/// A short verification runs one seed in full where that takes no more epochs than this: seconds, where the others take minutes.
const QUICK: usize = 2;

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

    /// Makes a run, or its beginning. **Unless the study says otherwise**, its recipe was chosen before: it learns from the whole
    /// training part, and is asked about the test part.
    ///
    /// # Errors
    /// Those of [`compute()`], and when the data cannot be loaded.
    fn compute(
        context: &Context,
        part: &Part,
        depth: Depth,
        progress: Progress,
    ) -> Result<Value, ExperimentError> {
        let data = context.mnist()?;
        Ok(compute(context.isa, &Self::arms(), (&data.train, &data.test), part, depth, progress)?)
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
        parts: |depth| parts(&R::arms(), R::LEARNED, depth),
        compute: R::compute,
        conclude: |parts| Ok(serde_json::to_value(R::conclude(&typed::<SeedRun>(parts)?)?)?),
    }
}

/// The parts of a study of these arms.
fn parts(arms: &[Arm], pictures: usize, depth: Depth) -> Vec<Part> {
    let run = |arm: &Arm, seed: u64| {
        let steps = batches(&arm.settings(seed), pictures);
        let full = arm.depth(seed, depth) == Depth::Full;
        let work = if full { steps } else { steps.min(super::training::BEGINNING as u64) };
        Part { id: format!("{}-{seed}", arm.id), work }
    };
    arms.iter().flat_map(|arm| arm.seeds.clone().map(move |seed| run(arm, seed))).collect()
}

/// Makes a run, or its beginning.
///
/// # Errors
/// When the part is none of these arms', or the run diverges.
pub fn compute(
    isa: Isa,
    arms: &[Arm],
    (learned, held_out): (&Images, &Images),
    part: &Part,
    depth: Depth,
    progress: Progress,
) -> Result<Value, RunError> {
    let unknown = || RunError::Setting(format!("there is no run `{}`", part.id));
    let (arm, seed) = arms
        .iter()
        .find_map(|arm| {
            let seed = part.id.strip_prefix(arm.id)?.strip_prefix('-')?.parse().ok()?;
            arm.seeds.contains(&seed).then_some((arm, seed))
        })
        .ok_or_else(unknown)?;
    let settings = arm.settings(seed);
    if arm.depth(seed, depth) == Depth::Beginning {
        let sha256 = beginning(isa, &settings, learned)?;
        progress(part.work);
        return Ok(json!({"id": part.id, "arm": arm.id, "seed": seed, "chain": [sha256]}));
    }
    let run = train(isa, &settings, learned, &mut Quiet(progress))?;
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
    /// How much of a run is made where so much is asked for: **the first seed of an arm is run in full**, unless it takes more
    /// than [`QUICK`] epochs.
    fn depth(&self, seed: u64, asked: Depth) -> Depth {
        let first = seed == *self.seeds.start();
        if first && self.recipe.epochs <= QUICK { Depth::Full } else { asked }
    }

    fn settings(&self, seed: u64) -> Settings {
        Settings { recipe: self.recipe.clone(), seed, limit: None }
    }
}

/// Moves a progress bar.
struct Quiet<'a>(Progress<'a>);

impl Watch for Quiet<'_> {
    fn batch(&mut self) {
        (self.0)(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::collections::BTreeSet;

    #[rstest]
    #[case::selection(selection::STUDY)]
    #[case::the_final_recipe(final_recipe::STUDY)]
    #[case::original(original::STUDY)]
    #[case::small(small::STUDY)]
    #[case::sprint(sprint::STUDY)]
    fn every_part_has_a_name_of_its_own_and_work_in_proportion(#[case] study: Study) {
        let (whole, short) = ((study.parts)(Depth::Full), (study.parts)(Depth::Beginning));
        let ids: BTreeSet<&str> = whole.iter().map(|part| &part.id[..]).collect();
        assert_eq!(ids.len(), whole.len());
        for (whole, short) in whole.iter().zip(&short) {
            assert_eq!(whole.id, short.id);
            let quick = ["to-99.0-1", "to-99.4-1"].contains(&&whole.id[..]);
            assert!(if quick {
                short.work == whole.work
            } else {
                short.work <= 64 && short.work < whole.work
            });
        }
    }

    /// A tenth of a second of training: two pictures of each digit, learned by heart.
    #[test]
    fn a_run_begins_as_its_beginning_and_is_counted_on_the_held_out_pictures() {
        let mut stream = numerics::random::Stream::new(1, numerics::random::Purpose::Check);
        let pixels = (0..20 * crate::data::mnist::PIXELS).map(|_| stream.below(256) as u8).collect();
        let images = Images { pixels, labels: (0..20).map(|i| i % 10).collect() };
        let recipe = Recipe {
            network: crate::mnist::Architecture::Narrow { before: 4, after: 5 },
            batch_size: 10,
            epochs: 40,
            averaging: Some(0.5),
            ..Recipe::registered()
        };
        let arms = [Arm { id: "arm", recipe, seeds: 3..=4 }];
        let run = |id: &str, depth| {
            let part = Part { id: id.to_owned(), work: 1 };
            compute(Isa::detect(), &arms, (&images, &images), &part, depth, &|_| ())
        };
        let whole: SeedRun = serde_json::from_value(run("arm-3", Depth::Full).unwrap()).unwrap();
        let beginning = run("arm-3", Depth::Beginning).unwrap();
        assert_eq!(beginning["chain"], json!([whole.chain[0]]));
        assert_eq!((whole.chain.len(), whole.epochs.len(), whole.seed), (1 + 40, 40, 3));
        assert_eq!(whole.held_out.total - whole.held_out.correct, whole.mistakes.len());
        assert_eq!(whole.reliability.iter().map(|bin| bin.count).sum::<usize>(), 20);
        // 64 steps of two an epoch end with epoch 32; the averaged weights are others than those in training.
        assert_eq!(whole.chain[0], whole.chain[32]);
        assert_ne!(whole.weights_sha256, whole.chain[40]);
        assert_ne!(run("arm-4", Depth::Beginning).unwrap()["chain"], beginning["chain"]);
        for unknown in ["arm-5", "arm", "leg-3"] {
            assert!(matches!(run(unknown, Depth::Beginning), Err(RunError::Setting(_))), "{unknown}");
        }
    }

    #[test]
    fn a_summary_counts() {
        let value = |seed: u64, correct: usize| SeedRun {
            id: format!("arm-{seed}"),
            arm: "arm".to_owned(),
            seed,
            parameters: 7,
            chain: Vec::new(),
            epochs: Vec::new(),
            held_out: Count { correct, total: 100 },
            held_out_loss: 0.1,
            mistakes: Vec::new(),
            reliability: Vec::new(),
            weights_sha256: String::new(),
        };
        let arms = [Arm { id: "arm", recipe: Recipe::registered(), seeds: 1..=2 }];
        let summary = summaries(&arms, &[value(1, 98), value(2, 96)]).unwrap().remove(0);
        assert_eq!((summary.correct, summary.total, summary.parameters), (vec![98, 96], 100, 7));
        assert!((summary.accuracy.estimate - 0.97).abs() < 1e-15);
        assert!((summary.accuracy_sd - 0.01 * 2_f64.sqrt()).abs() < 1e-15);
        assert!(summaries(&arms, &[value(1, 98)]).is_err());
    }
}
