//! The choice of the final recipe: which of three parts spare errors on held-out training images?
//!
//! Four recipes on ten seeds each: half of a factorial design. Each part is in two of them, and every two parts meet in
//! all four ways, once each. **A part is taken when the runs with it err less often.** What is measured as the effect
//! of one part also holds how the other two act on each other: four recipes cannot tell these apart.
//!
//! | arm | bends | decay of weights alone | last epoch clean |
//! |---|---|---|---|
//! | plain | | | yes |
//! | bent | yes | | |
//! | weights | | yes | |
//! | bent-weights | yes | yes | yes |
//!
//! Parts, arms, seeds, epochs and the rule were written down before the first run. The strength of the bends was not
//! tried on anything.

use super::selection::{CHOSEN, LEARNED, RANGES};
use super::{Arm, ArmSummary, AskedBeside, Runs, SeedRun, Temperature, summaries};
use crate::context::Context;
use crate::mnist::augment::AugmentRanges;
use crate::mnist::{Optimiser, Recipe};
use crate::registry::{Computed, Experiment};
use crate::study::{ExperimentError, Study};
use cnn::Decayed;
use data::DataError;
use data::images::{Images, MNIST};
use serde::{Deserialize, Serialize};
use stats::{CONFIDENCE, Interval, POWER, detectable, mean_and_standard_error, median};
use std::borrow::Cow;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "mnist-choice",
    question: "P1.2: do bends, decay of weights alone and a last epoch on clean images spare errors on held-out \
               training images?",
    hypothesis: "bends do; of the others no effect is large enough to be found",
    refuted_by: "an interval of the effect of bends that is not below 0, or one of another part that does not hold 0",
    chosen_on: "the last 10,000 images of the training part; the test part's files are not read",
    data: MNIST.training_files(),
    files: &["mnist-choice.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = super::study::<Choice>();

/// Epochs of a run.
const EPOCHS: usize = 12;

/// The range of the knots of a bend, in pixels: offsets with a deviation of 0.8 pixels or so.
pub const BEND: f64 = 3.0;

/// A part of the recipe that is put to the choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecipePart {
    Bends,
    DecayOfWeightsAlone,
    CleanEpoch,
}

impl RecipePart {
    pub const ALL: [Self; 3] = [Self::Bends, Self::DecayOfWeightsAlone, Self::CleanEpoch];

    /// What the part changes; without it bends and clean epochs are not there and decay is of all parameters.
    fn added(self, recipe: Recipe) -> Recipe {
        match self {
            Self::Bends => {
                Recipe { augmentation: Some(AugmentRanges { bend: Some(BEND), ..RANGES }), ..recipe }
            }
            Self::DecayOfWeightsAlone => {
                let optimiser =
                    Optimiser::Nesterov { momentum: 0.9, weight_decay: 5e-4, decayed: Decayed::Weights };
                Recipe { optimiser, ..recipe }
            }
            Self::CleanEpoch => Recipe { clean_epochs: 1, ..recipe },
        }
    }
}

/// The recipe of some parts: the first selection's without averaged weights, with these parts.
pub fn recipe_of(parts: &[RecipePart], epochs: usize) -> Recipe {
    let plain = Recipe { clean_epochs: 0, ..CHOSEN.recipe(epochs) };
    parts.iter().fold(plain, |recipe, part| part.added(recipe))
}

/// The arms: name, parts.
const ARMS: [(&str, &[RecipePart]); 4] = [
    ("plain", &[RecipePart::CleanEpoch]),
    ("bent", &[RecipePart::Bends]),
    ("weights", &[RecipePart::DecayOfWeightsAlone]),
    ("bent-weights", &RecipePart::ALL),
];

/// The parts of an arm; none of one that is not there.
pub fn parts_of(arm: &str) -> &'static [RecipePart] {
    ARMS.iter().find(|(id, _)| *id == arm).map_or(&[], |(_, parts)| parts)
}

/// What follows from the runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChoiceConclusions {
    /// The arms.
    pub arms: Vec<ArmSummary>,
    /// What each part does.
    pub effects: Vec<Effect>,
    /// The parts that are taken.
    pub taken: Vec<RecipePart>,
    /// The median of the best temperatures of the held-out answers, over the runs of the arm that is nearest to what is
    /// taken: the one with the most parts in common, the first of equals.
    pub temperature: f64,
}

/// The effect of a part: errors of a run with it minus errors of one without, seed by seed, two runs each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    pub part: RecipePart,
    /// In errors of a run on the held-out images: the mean over the seeds, with Student's interval.
    pub errors: Interval,
    /// The smallest effect that so many seeds find with a power of 80 %.
    pub detectable: f64,
}

/// The arms, on seeds that no other study uses.
fn arms() -> Vec<Arm> {
    let arm = |(id, parts): (&'static str, &[RecipePart])| Arm {
        id,
        recipe: recipe_of(parts, EPOCHS),
        seeds: 201..=210,
    };
    ARMS.into_iter().map(arm).collect()
}

pub(crate) struct Choice;

impl Runs for Choice {
    type Conclusions = ChoiceConclusions;

    const LEARNED: usize = LEARNED;
    const BESIDE: AskedBeside = AskedBeside { views: true, temperature: Some(Temperature::Best) };

    fn arms() -> Vec<Arm> {
        arms()
    }

    fn images(context: &Context) -> Result<[Cow<'_, Images>; 2], DataError> {
        let (learned, held_out) = context.training(&MNIST)?.split_at(LEARNED);
        Ok([learned, held_out].map(Cow::Owned))
    }

    fn conclude(runs: &[SeedRun]) -> Result<ChoiceConclusions, ExperimentError> {
        let effects = RecipePart::ALL.map(|part| effect(part, runs));
        let effects = effects.into_iter().collect::<Result<Vec<_>, _>>()?;
        let taken: Vec<RecipePart> =
            effects.iter().filter(|effect| effect.errors.estimate < 0.0).map(|effect| effect.part).collect();
        let temperatures = runs.iter().filter(|run| run.arm == nearest(&taken));
        let temperatures: Vec<f64> =
            temperatures.filter_map(|run| run.tempered.as_ref().map(|it| it.temperature)).collect();
        let temperature = median(&temperatures)?;
        Ok(ChoiceConclusions { arms: summaries(&arms(), runs)?, effects, taken, temperature })
    }
}

fn effect(part: RecipePart, runs: &[SeedRun]) -> Result<Effect, ExperimentError> {
    let has = |run: &SeedRun| parts_of(&run.arm).contains(&part);
    let of_seed = |seed: u64| {
        let of = runs.iter().filter(|run| run.seed == seed);
        of.fold(0.0, |sum, run| {
            let errors = (run.held_out.total - run.held_out.correct) as f64;
            // Two runs with the part, two without.
            sum + 0.5 * if has(run) { errors } else { -errors }
        })
    };
    let seeds = arms().first().map(|arm| arm.seeds.clone()).into_iter().flatten();
    let spread = mean_and_standard_error(&seeds.map(of_seed).collect::<Vec<f64>>())?;
    Ok(Effect {
        part,
        errors: spread.t_interval(CONFIDENCE)?,
        detectable: detectable(spread.standard_error, CONFIDENCE, POWER)?,
    })
}

/// The arm that has most in common with some parts.
fn nearest(parts: &[RecipePart]) -> &'static str {
    let common = |of: &[RecipePart]| {
        RecipePart::ALL.iter().filter(|part| of.contains(part) == parts.contains(part)).count()
    };
    let mut best = ARMS[0];
    for arm in ARMS {
        if common(arm.1) > common(best.1) {
            best = arm;
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mnist::studies::Tempered;
    use records::Count;

    /// A run of an arm that gets so many of 10,000 wrong.
    fn run(arm: &str, seed: u64, wrong: usize) -> SeedRun {
        let temperature = seed as f64 + if arm == "bent-weights" { 0.0 } else { 1000.0 };
        SeedRun {
            id: format!("{arm}-{seed}"),
            arm: arm.to_owned(),
            seed,
            parameters: 7,
            chain: Vec::new(),
            epochs: Vec::new(),
            held_out: Count { correct: 10_000 - wrong, total: 10_000 },
            held_out_loss: 0.1,
            mistakes: Vec::new(),
            reliability: Vec::new(),
            views: None,
            tempered: Some(Tempered { temperature, held_out_loss: 0.1, reliability: Vec::new() }),
            weights_sha256: String::new(),
        }
    }

    /// All runs, where each part adds what is said to the errors of an arm.
    fn runs(adds: [i64; 3]) -> Vec<SeedRun> {
        let of_arm = |(id, parts): (&'static str, &'static [RecipePart])| {
            let added: i64 = RecipePart::ALL
                .iter()
                .zip(adds)
                .filter(|(part, _)| parts.contains(part))
                .map(|(_, add)| add)
                .sum();
            (201..=210).map(move |seed: u64| run(id, seed, (40 + added + seed as i64 % 3) as usize))
        };
        ARMS.into_iter().flat_map(of_arm).collect()
    }

    #[test]
    fn each_part_has_the_effect_that_it_adds() {
        let found = Choice::conclude(&runs([-4, 2, -1])).unwrap();
        let effects = found.effects.iter().map(|effect| effect.errors.estimate).collect::<Vec<_>>();
        assert!(effects.iter().zip([-4.0, 2.0, -1.0]).all(|(found, added)| (found - added).abs() < 1e-12));
        assert_eq!(found.taken, [RecipePart::Bends, RecipePart::CleanEpoch]);
        // Plain has the clean epoch and lacks the decay, as what is taken; bent and all three have two in common, too.
        assert_eq!((nearest(&found.taken), found.temperature), ("plain", 1205.5));
        assert_eq!(Choice::conclude(&runs([-1, -1, -1])).unwrap().temperature, 205.5);
        assert_eq!(Choice::conclude(&runs([0, 0, 0])).unwrap().taken, []);
        assert!(Choice::conclude(&runs([0, 0, 0])[..30]).is_err(), "an arm is missing");
    }

    #[test]
    fn every_two_parts_meet_in_all_four_ways() {
        let level = |parts: &[RecipePart], part| parts.contains(&part);
        for (i, a) in RecipePart::ALL.into_iter().enumerate() {
            for b in RecipePart::ALL.into_iter().skip(i + 1) {
                let mut pairs: Vec<_> = ARMS.map(|(_, parts)| (level(parts, a), level(parts, b))).to_vec();
                pairs.sort_unstable();
                pairs.dedup();
                assert_eq!(pairs.len(), 4, "{a:?} {b:?}");
            }
        }
        let recipes: Vec<Recipe> = arms().into_iter().map(|arm| arm.recipe).collect();
        assert!((0..4).all(|i| (0..i).all(|j| recipes[i] != recipes[j])));
    }
}
