//! `iris-factors.json`: from the settings of P1.1 and from the original's P2.1, one factor changed at a time.
//!
//! **All runs are made with the layers of `cnn`**, which can express every setting: `mlp-scratch` has one optimiser.
//! That the two go one way where both can, [`trajectory`](super::trajectory) shows.

use super::parts::{four_digits, load, position};
use super::{Direction, Measure, PairedTest, Versus, family};
use crate::context::Context;
use crate::iris::protocol::FEWER_SEEDS;
use crate::iris::{
    Activation, Features, Follow, Implementation, IrisRunError, Keep, Loss, Optimiser, SeedError, Settings,
    Trace, follow_seeds, reached_by,
};
use crate::registry::{Computed, Experiment};
use crate::study::ExperimentError;
use crate::study::{self, FileLayout, Progress, Study, typed};
use cnn::StepError;
use cnn::train::TrainError;
use data::iris::FILE;
use data::split::Split;
use records::sum_of_counts;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stats::{CONFIDENCE, Interval, StatsError, median, t_interval};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "iris-factors",
    question: "P2.2: from P1.1's settings and from the original's P2.1, one factor changed at a time: which make the \
               difference?",
    hypothesis: "the optimiser and the learning rate decide the original's slow run, the loss by itself does not; \
                 from P1.1's settings only the speed changes",
    refuted_by: "a loss that alone brings the original's run to 95 % as soon as the optimiser does, or a test error \
                 that changes from P1.1's settings",
    chosen_on: "the levels were written down before the first run",
    data: &[FILE],
    files: &["iris-factors.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = Study::in_full(parts, compute, FileLayout::Parts(conclude));

/// A setting on every seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactorsPart {
    /// Its id, `base:factor=level`.
    pub id: String,
    /// The setting from which it was changed: `p1-1` or `p2-1`.
    pub base: String,
    /// What was changed; `base` for the base itself.
    pub factor: String,
    /// To what.
    pub level: String,
    /// How the networks were trained; the seed is the first one.
    pub settings: Settings,
    /// Test flowers of a seed.
    pub test_total: usize,
    /// Training flowers of a seed.
    pub train_total: usize,
    /// One row for each seed, in order: wrong test flowers, right training flowers, the first epoch with 95 % of them
    /// right, the training loss with four significant digits. **A run that diverged has no loss, no right answer, and
    /// every flower wrong.**
    pub seeds: Vec<FactorsRow>,
}

/// Wrong test flowers, right training flowers, first epoch with 95 % of them right, training loss.
pub type FactorsRow = (usize, usize, Option<usize>, Option<f64>);

/// What follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactorsConclusions {
    /// The first and the last seed.
    pub seeds: [u64; 2],
    /// Every setting.
    pub levels: Vec<Level>,
}

/// A setting by itself and against its base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Level {
    pub id: String,
    pub base: String,
    /// What was changed.
    pub factor: String,
    /// To what.
    pub level: String,
    /// The mean test error, with Student's interval.
    pub mean_test_error: Interval,
    /// The mean share of the training part that is right after the last epoch.
    pub mean_train_accuracy: f64,
    /// The median of the first epochs with 95 % of the training part right; never counts as one more than there are.
    pub median_epoch_at_95: f64,
    /// Seeds that never get there.
    pub never_at_95: usize,
    /// Seeds that diverged.
    pub diverged: usize,
    /// Against the base in test error; none for the base. Holm's correction is over **all tests of the base, of both
    /// measures**.
    pub test_error: Option<PairedTest>,
    /// Against the base in the epochs to 95 %.
    pub speed: Option<PairedTest>,
}

impl Level {
    /// Whether the factor makes a difference: in test error, in speed.
    pub fn makes_a_difference(&self) -> [bool; 2] {
        [&self.test_error, &self.speed]
            .map(|test| test.as_ref().is_some_and(|test| test.direction != Direction::Undecided))
    }
}

struct Variant {
    base: &'static str,
    factor: &'static str,
    level: String,
    settings: Settings,
}

impl Variant {
    fn id(&self) -> String {
        format!("{}:{}={}", self.base, self.factor, self.level)
    }
}

/// Every setting, each base first. They were written down before the first run.
fn variants() -> Vec<Variant> {
    let p1_1 = Settings::framework(Activation::Sigmoid);
    let p2_1 =
        Settings { implementation: Implementation::Framework, ..Settings::scratch_as_in_the_original() };
    let mut all = Vec::new();
    for (base, of) in [("p1-1", p1_1), ("p2-1", p2_1)] {
        let mut add = |factor, level: String, settings: Settings| {
            // What is the base's own is no change.
            if factor == "base" || settings != of {
                all.push(Variant { base, factor, level, settings });
            }
        };
        add("base", base.to_owned(), of.clone());
        for (name, optimiser) in
            [("sgd", Optimiser::Sgd), ("momentum", Optimiser::Momentum), ("adam", Optimiser::Adam)]
        {
            add("optimiser", name.to_owned(), Settings { optimiser, ..of.clone() });
        }
        for (name, loss) in
            [("cross-entropy", Loss::CrossEntropy), ("squared-error-sum", Loss::HalfSquaredErrorSum)]
        {
            add("loss", name.to_owned(), Settings { loss, ..of.clone() });
        }
        for learning_rate in [0.001, 0.01, 0.1] {
            add("learning-rate", learning_rate.to_string(), Settings { learning_rate, ..of.clone() });
        }
        for batch_size in [5, 16, 120] {
            add("batch-size", batch_size.to_string(), Settings { batch_size, ..of.clone() });
        }
        for initial_scale in [0.25, 4.0] {
            add("initial-scale", initial_scale.to_string(), Settings { initial_scale, ..of.clone() });
        }
        add("features", "raw".to_owned(), Settings { features: Features::Raw, ..of.clone() });
        for epochs in [300, 800] {
            add("epochs", epochs.to_string(), Settings { epochs, ..of.clone() });
        }
        for weight_decay in [0.0, 0.01] {
            add("weight-decay", weight_decay.to_string(), Settings { weight_decay, ..of.clone() });
        }
    }
    all
}

fn parts() -> Vec<study::Part> {
    let work = FEWER_SEEDS.count() as u64;
    variants().iter().map(|variant| study::Part { id: variant.id(), work }).collect()
}

fn compute(context: &Context, part: &study::Part, done: Progress) -> Result<Value, ExperimentError> {
    let mut all = variants();
    let Variant { base, factor, level, settings } = all.swap_remove(position(&all, &part.id, Variant::id)?);
    let settings = settings.with_seed(*FEWER_SEEDS.start());
    let iris = load(context)?;
    let split = Split::sorted(iris.labels.len());
    let last = Follow::keeping(Keep::Last);
    let traces = follow_seeds(context.isa, &iris, &settings, FEWER_SEEDS, last, || done(1));
    let seeds = traces.into_iter().map(|trace| row(trace, split.test.len())).collect::<Result<_, _>>()?;
    Ok(serde_json::to_value(FactorsPart {
        id: part.id.clone(),
        base: base.to_owned(),
        factor: factor.to_owned(),
        level,
        settings,
        test_total: split.test.len(),
        train_total: split.train.len(),
        seeds,
    })?)
}

/// One run; that it diverges is an outcome like others, with all of the test part wrong.
fn row(trace: Result<Trace, SeedError>, test_total: usize) -> Result<FactorsRow, SeedError> {
    match trace {
        Ok(Trace { outcome, .. }) => Ok((
            outcome.last().test.total - outcome.last().test.correct,
            outcome.last().train.correct,
            outcome.first_epoch_at_95_percent,
            // The last steps of a run can leave the numbers without a batch that shows it.
            outcome.last().train_loss.is_finite().then(|| four_digits(outcome.last().train_loss)),
        )),
        Err(SeedError {
            source:
                IrisRunError::Step(StepError {
                    source: TrainError::Diverged { .. } | TrainError::DivergedBackwards { .. },
                    ..
                }),
            ..
        }) => Ok((test_total, 0, None, None)),
        Err(error) => Err(error),
    }
}

fn conclude(values: &[Value]) -> Result<Value, ExperimentError> {
    let parts: Vec<FactorsPart> = typed(values)?;
    let mut levels = Vec::new();
    for base in parts.iter().filter(|part| part.factor == "base") {
        let changed: Vec<&FactorsPart> =
            parts.iter().filter(|part| part.base == base.base && part.factor != "base").collect();
        let measures = [Measure::TestError, Measure::EpochsTo95];
        let versus = |part: &&'_ FactorsPart, measure| Versus {
            first: "changed",
            second: "base",
            measure,
            values: [part, base].map(|of| of.values(measure, part.settings.epochs.max(base.settings.epochs))),
        };
        let pairs: Vec<Versus> = measures
            .iter()
            .flat_map(|&measure| changed.iter().map(move |part| versus(part, measure)))
            .collect();
        let mut tests = family(&pairs)?;
        let speeds = tests.split_off(changed.len());
        levels.push(base.level(None, None)?);
        for ((part, error), speed) in changed.iter().zip(tests).zip(speeds) {
            levels.push(part.level(Some(error), Some(speed))?);
        }
    }
    Ok(serde_json::to_value(FactorsConclusions {
        seeds: [*FEWER_SEEDS.start(), *FEWER_SEEDS.end()],
        levels,
    })?)
}

impl FactorsPart {
    fn values(&self, measure: Measure, epochs: usize) -> Vec<f64> {
        let value = |&(wrong, _, at_95, _): &FactorsRow| match measure {
            Measure::TestError => wrong as f64 / self.test_total as f64,
            Measure::EpochsTo95 => reached_by(at_95, epochs),
        };
        self.seeds.iter().map(value).collect()
    }

    fn level(&self, test_error: Option<PairedTest>, speed: Option<PairedTest>) -> Result<Level, StatsError> {
        let named = |mut test: PairedTest| {
            (test.first, test.second) = (self.id.clone(), format!("{0}:base={0}", self.base));
            test
        };
        let right = sum_of_counts(self.seeds.iter().map(|seed| &seed.1));
        Ok(Level {
            id: self.id.clone(),
            base: self.base.clone(),
            factor: self.factor.clone(),
            level: self.level.clone(),
            mean_test_error: t_interval(&self.values(Measure::TestError, 0), CONFIDENCE)?,
            mean_train_accuracy: right as f64 / (self.seeds.len() * self.train_total) as f64,
            median_epoch_at_95: median(&self.values(Measure::EpochsTo95, self.settings.epochs))?,
            never_at_95: self.seeds.iter().filter(|seed| seed.2.is_none()).count(),
            diverged: self.seeds.iter().filter(|seed| seed.3.is_none()).count(),
            test_error: test_error.map(named),
            speed: speed.map(named),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cnn::kernels::Isa;

    #[test]
    fn every_setting_differs_from_its_base_in_one_field() {
        let all = variants();
        let fields = |settings: &Settings| serde_json::to_value(settings).unwrap();
        for variant in all.iter().filter(|variant| variant.factor != "base") {
            let base = all.iter().find(|other| other.base == variant.base && other.factor == "base").unwrap();
            let (ours, theirs) = (fields(&variant.settings), fields(&base.settings));
            let differing: Vec<&String> = ours
                .as_object()
                .unwrap()
                .iter()
                .filter(|(name, v)| theirs[*name] != **v)
                .map(|(n, _)| n)
                .collect();
            assert_eq!(differing.len(), 1, "{}: {differing:?}", variant.id());
            assert_eq!(*differing[0].replace('_', "-"), *variant.factor);
        }
        let mut ids: Vec<String> = all.iter().map(Variant::id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all.len());
    }

    /// Every setting errs on `wrong(setting)` flowers and has 95 % after `epoch(setting)`.
    fn concluded(wrong: fn(&Variant) -> usize, epoch: fn(&Variant) -> Option<usize>) -> FactorsConclusions {
        let part = |variant: &Variant| FactorsPart {
            id: variant.id(),
            base: variant.base.to_owned(),
            factor: variant.factor.to_owned(),
            level: variant.level.clone(),
            settings: variant.settings.clone(),
            test_total: 30,
            train_total: 120,
            seeds: vec![(wrong(variant), 90, epoch(variant), Some(0.5)); 40],
        };
        let values: Vec<Value> =
            variants().iter().map(|variant| serde_json::to_value(part(variant)).unwrap()).collect();
        serde_json::from_value(conclude(&values).unwrap()).unwrap()
    }

    #[test]
    fn only_the_factor_that_differs_makes_a_difference() {
        let conclusions = concluded(
            |variant| if variant.factor == "loss" { 1 } else { 3 },
            |variant| if variant.factor == "optimiser" { None } else { Some(50) },
        );
        for level in &conclusions.levels {
            let expected = [level.factor == "loss", level.factor == "optimiser"];
            assert_eq!(level.makes_a_difference(), expected, "{}", level.id);
            assert_eq!(level.mean_train_accuracy, 0.75);
        }
    }

    #[test]
    fn a_run_that_diverges_is_an_outcome_and_no_failure() {
        let iris = data::iris::Iris::load(crate::context::repository_data()).unwrap();
        let settings =
            Settings { learning_rate: 1e30, optimiser: Optimiser::Sgd, ..variants()[0].settings.clone() };
        let rows = |settings: &Settings| {
            let last = Follow::keeping(Keep::Last);
            let traces = follow_seeds(Isa::detect(), &iris, settings, 1..=2, last, || ());
            traces.into_iter().map(|trace| row(trace, 30)).collect::<Result<Vec<_>, _>>()
        };
        assert_eq!(rows(&settings).unwrap(), [(30, 0, None, None); 2]);
        assert!(rows(&Settings { batch_size: 0, ..settings }).is_err());
    }
}
