//! What follows from all seeds of all activations.

use super::super::flowers::{ByFlower, FlowerBlock};
use super::super::new_flowers::{NewFlowersTest, OnSplits, family_on_new_flowers};
use super::super::paired::all_of;
use super::super::{Direction, HypothesisVerdict, Measure, PairedTest, Versus, family};
use super::record::{
    ACTIVATIONS, ActivationGradients, ActivationSummary, ActivationsConclusions, ActivationsPart,
    ActivationsSeed, Band, Claim, GRADIENT_EPOCHS, LOSS_EPOCHS,
};
use crate::iris::protocol::SEEDS;
use crate::iris::{Activation, reached_by};
use crate::study::ExperimentError;
use crate::study::typed;
use serde_json::Value;
use stats::{CONFIDENCE, StatsError, median, median_interval, quantile, t_interval, wilson_interval};

/// All seeds of one activation.
struct Runs<'a> {
    activation: Activation,
    epochs: usize,
    totals: [usize; 2],
    seeds: Vec<&'a ActivationsSeed>,
    /// The test errors, seed by seed and flower by flower.
    on_splits: OnSplits,
}

impl<'a> Runs<'a> {
    fn of(activation: Activation, parts: &'a [ActivationsPart]) -> Result<Self, ExperimentError> {
        let own = || parts.iter().filter(move |part| part.settings.activation == activation);
        let totals = own().next().map_or([0; 2], |part| [part.test_total, part.train_total]);
        let seeds: Vec<&ActivationsSeed> = own().flat_map(|part| &part.seeds).collect();
        let block = |part: &'a ActivationsPart| FlowerBlock {
            id: &part.id,
            first_seed: part.settings.seed,
            wrong: part.seeds.iter().map(|seed| seed.test_wrong).collect(),
            flowers: &part.wrong_flowers,
        };
        let on_splits = OnSplits {
            name: activation.name().to_owned(),
            errors: seeds.iter().map(|seed| seed.test_wrong as f64 / totals[0] as f64).collect(),
            flowers: ByFlower::over(own().map(block))?,
        };
        let epochs = own().map(|part| part.settings.epochs).max().unwrap_or(0);
        Ok(Self { activation, epochs, totals, seeds, on_splits })
    }

    fn epochs_to_95(&self) -> Vec<f64> {
        let epoch = |seed: &&ActivationsSeed| reached_by(seed.first_epoch_at_95_percent, self.epochs);
        self.seeds.iter().map(epoch).collect()
    }

    fn values(&self, measure: Measure) -> Vec<f64> {
        match measure {
            Measure::TestError => self.on_splits.errors.clone(),
            Measure::EpochsTo95 => self.epochs_to_95(),
        }
    }

    fn column(&self, value: impl Fn(&ActivationsSeed) -> f64) -> Vec<f64> {
        self.seeds.iter().map(|seed| value(seed)).collect()
    }

    fn summary(&self) -> Result<ActivationSummary, StatsError> {
        let wrong: u64 = self.seeds.iter().map(|seed| seed.test_wrong as u64).sum();
        let tested = (self.seeds.len() * self.totals[0]) as u64;
        let most = self.seeds.iter().map(|seed| seed.test_wrong).max().unwrap_or(0);
        let seeds_with = |n| self.seeds.iter().filter(|seed| seed.test_wrong == n).count();
        let count =
            |holds: &dyn Fn(&ActivationsSeed) -> bool| self.seeds.iter().filter(|seed| holds(seed)).count();
        let band = |(i, &epoch): (usize, &usize)| {
            let losses = self.column(|seed| seed.train_loss[i]);
            let [low, median, high] = [0.1, 0.5, 0.9].map(|level| quantile(&losses, level));
            Ok(Band { epoch, low: low?, median: median?, high: high? })
        };
        let gradients = |(i, &epoch): (usize, &usize)| {
            let first = median(&self.column(|seed| seed.gradient_first[i]))?;
            Ok(ActivationGradients {
                epoch,
                first,
                second: median(&self.column(|seed| seed.gradient_second[i]))?,
            })
        };
        Ok(ActivationSummary {
            id: self.activation.name().to_owned(),
            mean_test_error: t_interval(&self.on_splits.errors, CONFIDENCE)?,
            wrong,
            tested,
            wrong_rate: wilson_interval(wrong, tested, CONFIDENCE)?,
            seeds_by_wrong: (0..=most).map(seeds_with).collect(),
            median_epoch_at_95: median_interval(&self.epochs_to_95(), CONFIDENCE)?,
            never_at_95: count(&|seed| seed.first_epoch_at_95_percent.is_none()),
            train_all_right: count(&|seed| seed.train_correct == self.totals[1]),
            loss_bands: LOSS_EPOCHS.iter().enumerate().map(band).collect::<Result<_, StatsError>>()?,
            gradients: GRADIENT_EPOCHS
                .iter()
                .enumerate()
                .map(gradients)
                .collect::<Result<_, StatsError>>()?,
            new_flowers: self.on_splits.mean()?,
        })
    }
}

pub(super) fn conclude(values: &[Value]) -> Result<Value, ExperimentError> {
    let parts: Vec<ActivationsPart> = typed(values)?;
    let runs: Vec<Runs> =
        ACTIVATIONS.iter().map(|&activation| Runs::of(activation, &parts)).collect::<Result<_, _>>()?;
    let tests = tests(&runs)?;
    let row = "wrong test flowers; right training flowers; first epoch with 95 % of them right; test loss; training \
               losses; gradient norms of the first layer's weights; of the second layer's";
    Ok(serde_json::to_value(ActivationsConclusions {
        seeds: [*SEEDS.start(), *SEEDS.end()],
        row: row.split("; ").map(str::to_owned).collect(),
        activations: runs.iter().map(Runs::summary).collect::<Result<_, _>>()?,
        control: control(&runs)?,
        claims: claims(&tests),
        new_flowers: new_flowers(&runs)?,
        tests,
    })?)
}

/// The tests of the original's claims: PReLU against ReLU in test error, and every pair of the four in speed.
fn tests(runs: &[Runs]) -> Result<Vec<PairedTest>, StatsError> {
    let pairs = [
        (Activation::Prelu, Activation::Relu, Measure::TestError),
        (Activation::Prelu, Activation::Relu, Measure::EpochsTo95),
        (Activation::Prelu, Activation::Sigmoid, Measure::EpochsTo95),
        (Activation::Prelu, Activation::Tanh, Measure::EpochsTo95),
        (Activation::Sigmoid, Activation::Relu, Measure::EpochsTo95),
        (Activation::Sigmoid, Activation::Tanh, Measure::EpochsTo95),
        (Activation::Tanh, Activation::Relu, Measure::EpochsTo95),
    ];
    compare(runs, &pairs)
}

fn control(runs: &[Runs]) -> Result<Vec<PairedTest>, StatsError> {
    compare(runs, &Activation::ALL.map(|other| (Activation::Identity, other, Measure::TestError)))
}

/// The test errors of both families, on new flowers.
fn new_flowers(runs: &[Runs]) -> Result<Vec<NewFlowersTest>, StatsError> {
    let of = |activation| runs.iter().find(|runs| runs.activation == activation).map(|runs| &runs.on_splits);
    let control = Activation::ALL.map(|other| (Activation::Identity, other));
    let pairs = [(Activation::Prelu, Activation::Relu)].into_iter().chain(control);
    let pairs: Vec<[&OnSplits; 2]> =
        pairs.filter_map(|(first, second)| Some([of(first)?, of(second)?])).collect();
    family_on_new_flowers(&pairs)
}

fn compare(
    runs: &[Runs],
    pairs: &[(Activation, Activation, Measure)],
) -> Result<Vec<PairedTest>, StatsError> {
    let values = |activation: Activation, measure| {
        let of = runs.iter().find(|runs| runs.activation == activation);
        of.map_or(Vec::new(), |runs| runs.values(measure))
    };
    let versus = |&(first, second, measure): &(Activation, Activation, Measure)| Versus {
        first: first.name(),
        second: second.name(),
        measure,
        values: [values(first, measure), values(second, measure)],
    };
    family(&pairs.iter().map(versus).collect::<Vec<_>>())
}

/// The original's claims, from the tests.
fn claims(tests: &[PairedTest]) -> Vec<Claim> {
    let verdict = |first: Activation, second: Activation, measure, claimed: Direction| {
        let of = |a: Activation, b: Activation| {
            tests.iter().find(|t| t.measure == measure && t.first == a.name() && t.second == b.name())
        };
        let mirrored = if claimed == Direction::Less { Direction::More } else { Direction::Less };
        of(first, second).map(|test| test.verdict(claimed)).or(of(second, first).map(|t| t.verdict(mirrored)))
    };
    let later = |first, second| verdict(first, second, Measure::EpochsTo95, Direction::More);
    let (relu, sigmoid, tanh, prelu) =
        (Activation::Relu, Activation::Sigmoid, Activation::Tanh, Activation::Prelu);
    let claim = |id: &str, says: &str, verdicts: &[Option<HypothesisVerdict>]| {
        let verdicts: Vec<HypothesisVerdict> =
            verdicts.iter().map(|verdict| verdict.unwrap_or(HypothesisVerdict::Undecided)).collect();
        Claim { id: id.to_owned(), says: says.to_owned(), verdict: all_of(&verdicts) }
    };
    vec![
        claim(
            "prelu-errs-less",
            "PReLU errs less than ReLU",
            &[verdict(prelu, relu, Measure::TestError, Direction::Less)],
        ),
        claim(
            "prelu-is-fastest",
            "PReLU converges fastest",
            &[later(relu, prelu), later(sigmoid, prelu), later(tanh, prelu)],
        ),
        claim(
            "sigmoid-is-slowest",
            "sigmoid is slowest",
            &[later(sigmoid, relu), later(sigmoid, tanh), later(sigmoid, prelu)],
        ),
        claim(
            "tanh-lies-between",
            "tanh lies between sigmoid and ReLU",
            &[later(sigmoid, tanh), later(tanh, relu)],
        ),
    ]
}
