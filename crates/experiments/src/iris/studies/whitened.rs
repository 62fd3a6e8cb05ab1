//! `iris-whitened.json`: a 4-40-3 network that is told where Fisher's discriminant looks.
//!
//! Features are whitened by the covariance within the species, so that a small step means as much in every direction,
//! and a strong decay of the weights, **not of the biases**, keeps the network nearly linear: its weights point along
//! the means of the species, which is Fisher's direction, and its biases are free to hold the thresholds. One setting
//! was written down beforehand; it was found on other splits of the same flowers. Beside it stand, on the first splits,
//! the same setting with decay of all parameters, the same on standardised features, and a choice by cross-validation.

use super::HypothesisVerdict;
use super::paired::detectable_mean;
use super::parts::{answers_of_lda, load, position, wrong_by_lda};
use crate::context::Context;
use crate::iris::cross_validation::{TrainingPart, ValidatedChoice, select};
use crate::iris::protocol::{FRESH_SEEDS, SPLIT, blocks};
use crate::iris::{
    Activation, Features, IrisRunError, Keep, Loss, Prepared, Settings, begin, run, run_seeds,
};
use crate::registry::{Computed, Experiment};
use crate::study::ExperimentError;
use crate::study::{self, FileLayout, Progress, Study, typed};
use cnn::Decayed;
use cnn::kernels::Isa;
use data::iris::FILE;
use data::iris::Iris;
use data::split::Split;
use ndarray::ArrayView1;
use rayon::prelude::*;
use records::{Count, sum_of_counts};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stats::{CONFIDENCE, Interval, StatsError, corrected_t_interval, t_interval};
use std::ops::RangeInclusive;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "iris-whitened",
    question: "P1.1: does a 4-40-3 network err no more often than Fisher's linear discriminant, with whitened features \
               and a weight decay that leaves the biases alone?",
    hypothesis: "over two thousand fresh splits it errs no more often, by a margin of 0.1 points",
    refuted_by: "a mean difference whose interval lies above the margin",
    chosen_on: "one setting, found on other splits of the same flowers and written down before these",
    data: &[FILE],
    files: &["iris-whitened.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = Study::in_full(parts, compute, FileLayout::Parts(conclude));

/// The margin: how much higher the network's mean error may be and still count as no higher.
pub const MARGIN: f64 = 0.001;

/// The splits on which the network is compared with others: the first of the fresh ones.
const COMPARED_ON: RangeInclusive<u64> = *FRESH_SEEDS.start()..=*FRESH_SEEDS.start() + 199;

/// A block of splits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhitenedPart {
    pub id: String,
    /// Test flowers of a split.
    pub test_total: usize,
    /// One row for each split: flowers that are wrong by the discriminant, and by the network.
    pub splits: Vec<[usize; 2]>,
    /// One row for each split of the first blocks.
    pub compared: Vec<ComparedSplit>,
}

/// What is compared on a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedSplit {
    /// Wrong flowers of the network with decay of all parameters.
    pub decaying_all: usize,
    /// Wrong flowers of the network on standardised features.
    pub standardised: usize,
    /// The place of the chosen candidate.
    pub chosen: usize,
    /// Wrong flowers of the network with it.
    pub chosen_wrong: usize,
    /// Test flowers on which the network and the discriminant give the same answer.
    pub same_answers: usize,
}

/// What follows. Errors are means over splits **of these flowers**.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhitenedConclusions {
    /// The first and the last seed of the splits.
    pub seeds: [u64; 2],
    /// How the network was trained; the seed is the first one.
    pub settings: Settings,
    /// The discriminant's mean test error, with Student's interval.
    pub lda: Interval,
    /// The network's.
    pub network: Interval,
    /// The network's test error minus the discriminant's on the same splits.
    pub difference: Interval,
    /// The same on new flowers: the corrected interval, which takes into account that the splits share their flowers.
    pub on_new_flowers: Interval,
    /// The smallest difference between the two that two thousand splits of these flowers would show with a power of
    /// 80 %.
    pub detectable: f64,
    /// See [`MARGIN`].
    pub margin: f64,
    /// *The network errs no more often, by the margin*: **held when the interval of the difference lies below the
    /// margin, refuted when it lies above**.
    pub no_more_errors: HypothesisVerdict,
    /// What is compared, on the first splits.
    pub compared: ComparedConclusions,
}

/// The network and others on the same splits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparedConclusions {
    /// The first and the last seed.
    pub seeds: [u64; 2],
    /// The mean test error of the one setting on these splits.
    pub network: Interval,
    /// With decay of all parameters.
    pub decaying_all: Beside,
    /// On standardised features.
    pub standardised: Beside,
    /// With a decay that was chosen by cross-validation within the training part of each split.
    pub chosen: Beside,
    /// The weight decays among which was chosen, with how often each was.
    pub choices: Vec<(f64, usize)>,
    /// Test flowers on which the one setting and the discriminant give the same answer.
    pub same_answers: Count,
}

/// A network beside the one setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    pub mean_test_error: Interval,
    /// What it is above that of the one setting on the same splits.
    pub cost: Interval,
}

/// The one setting. The loss is a sum over all 120 training flowers, and so is the penalty: 0.15 for each.
fn settings() -> Settings {
    Settings {
        features: Features::Whitened,
        loss: Loss::HalfSquaredErrorSum,
        batch_size: 120,
        weight_decay: 18.0,
        ..Settings::framework(Activation::Tanh)
    }
}

/// Among which is chosen: the one setting with other decays. **The strongest stands first**, because of equals the
/// first is taken.
fn candidates() -> Vec<Settings> {
    [36.0, 18.0, 9.0, 4.5].map(|weight_decay| Settings { weight_decay, ..settings() }).to_vec()
}

fn id(seeds: &RangeInclusive<u64>) -> String {
    format!("{}-{}", seeds.start(), seeds.end())
}

fn parts() -> Vec<study::Part> {
    let part = |seeds: RangeInclusive<u64>| study::Part { id: id(&seeds), work: seeds.count() as u64 };
    blocks(FRESH_SEEDS).map(part).collect()
}

fn compute(context: &Context, part: &study::Part, done: Progress) -> Result<Value, ExperimentError> {
    let all: Vec<RangeInclusive<u64>> = blocks(FRESH_SEEDS).collect();
    let seeds = all[position(&all, &part.id, id)?].clone();
    let iris = load(context)?;
    let wrong = |settings: Settings| -> Result<Vec<usize>, ExperimentError> {
        let settings = settings.with_seed(*seeds.start());
        let outcomes = run_seeds(context.isa, &iris, &settings, seeds.clone(), || ())?;
        Ok(outcomes.iter().map(|run| run.last().test.total - run.last().test.correct).collect())
    };
    let of = |seed| (Split::shuffled(iris.labels.len(), seed), seed);
    let row = |(seed, by_network)| {
        done(1);
        Ok([wrong_by_lda(&iris, &of(seed).0)?.len(), by_network])
    };
    let splits = seeds.clone().zip(wrong(settings())?).map(row).collect::<Result<_, IrisRunError>>()?;
    let mut compared = Vec::new();
    if COMPARED_ON.contains(seeds.start()) {
        let splits: Vec<(Split, u64)> = seeds.clone().map(of).collect();
        let a_share = splits.len().div_ceil(rayon::current_num_threads());
        let some = |splits: &[(Split, u64)]| choices(context.isa, &iris, splits);
        let choices =
            splits.par_chunks(a_share).map(some).collect::<Result<Vec<_>, IrisRunError>>()?.concat();
        let all = wrong(Settings { decayed: Decayed::All, ..settings() })?;
        let standardised = wrong(Settings { features: Features::Standardised, ..settings() })?;
        let of =
            |((choice, decaying_all), standardised)| ComparedSplit { decaying_all, standardised, ..choice };
        compared = choices.into_iter().zip(all).zip(standardised).map(of).collect();
    }
    let test_total = Split::sorted(iris.labels.len()).test.len();
    Ok(serde_json::to_value(WhitenedPart { id: part.id.clone(), test_total, splits, compared })?)
}

/// The choice on each split, and how often the one setting agrees with the discriminant; the rest is 0.
fn choices(isa: Isa, iris: &Iris, splits: &[(Split, u64)]) -> Result<Vec<ComparedSplit>, IrisRunError> {
    let (all, part) = (candidates(), |(split, seed): &(Split, u64)| (TrainingPart::of(iris, split), *seed));
    let choices = select(isa, &splits.iter().map(part).collect::<Vec<_>>(), &all)?;
    let row = |((split, seed), &ValidatedChoice { chosen, .. }): (&(Split, u64), &ValidatedChoice)| {
        let prepared = Prepared::of_rows(iris, &split.train, &split.test, Features::Whitened)?;
        let test = run(isa, &prepared, &all[chosen].with_seed(*seed), Keep::Last)?.last().test;
        let same_answers = same_answers(isa, iris, split, &prepared, &settings().with_seed(*seed))?;
        let chosen_wrong = test.total - test.correct;
        Ok(ComparedSplit { decaying_all: 0, standardised: 0, chosen, chosen_wrong, same_answers })
    };
    splits.iter().zip(&choices).map(row).collect()
}

/// On how many test flowers of a split the network and the discriminant give the same answer.
fn same_answers(
    isa: Isa,
    iris: &Iris,
    split: &Split,
    prepared: &Prepared,
    settings: &Settings,
) -> Result<usize, IrisRunError> {
    let mut network = begin(isa, prepared, settings, settings.epochs)?;
    (0..settings.epochs).try_for_each(|_| network.next_epoch())?;
    let outputs = network.outputs(prepared.test_x.view())?; // (N, 3)
    let largest = |row: ArrayView1<f64>| {
        (1..row.len()).fold(0, |best, class| if row[class] > row[best] { class } else { best })
    };
    let answers = outputs.rows().into_iter().map(largest).zip(answers_of_lda(iris, split)?);
    Ok(answers.filter(|(ours, theirs)| ours == theirs).count())
}

fn conclude(values: &[Value]) -> Result<Value, ExperimentError> {
    let parts: Vec<WhitenedPart> = typed(values)?;
    let missing = || ExperimentError::Parts("there is no split".to_owned());
    let total = parts.first().ok_or_else(missing)?.test_total;
    let rate = |wrong: &[usize]| wrong.iter().map(|&wrong| wrong as f64 / total as f64).collect::<Vec<f64>>();
    let splits: Vec<[usize; 2]> = parts.iter().flat_map(|part| part.splits.clone()).collect();
    let [lda, network] = [0, 1].map(|column| rate(&splits.iter().map(|row| row[column]).collect::<Vec<_>>()));
    let differences: Vec<f64> = network.iter().zip(&lda).map(|(network, lda)| network - lda).collect();
    let difference = t_interval(&differences, CONFIDENCE)?;
    let compared: Vec<ComparedSplit> = parts.iter().flat_map(|part| part.compared.clone()).collect();
    Ok(serde_json::to_value(WhitenedConclusions {
        seeds: [*FRESH_SEEDS.start(), *FRESH_SEEDS.end()],
        settings: settings().with_seed(*FRESH_SEEDS.start()),
        lda: t_interval(&lda, CONFIDENCE)?,
        network: t_interval(&network, CONFIDENCE)?,
        difference,
        on_new_flowers: corrected_t_interval(&differences, SPLIT, CONFIDENCE)?,
        detectable: detectable_mean(&differences)?,
        margin: MARGIN,
        no_more_errors: no_more(difference),
        compared: comparison(&compared, &network, total)?,
    })?)
}

/// The first splits; `network` are the errors of the one setting on all of them.
fn comparison(
    rows: &[ComparedSplit],
    network: &[f64],
    total: usize,
) -> Result<ComparedConclusions, StatsError> {
    let network = &network[..rows.len().min(network.len())];
    let beside = |wrong: fn(&ComparedSplit) -> usize| -> Result<Beside, StatsError> {
        let errors: Vec<f64> = rows.iter().map(|row| wrong(row) as f64 / total as f64).collect();
        let costs: Vec<f64> = errors.iter().zip(network).map(|(error, network)| error - network).collect();
        Ok(Beside {
            mean_test_error: t_interval(&errors, CONFIDENCE)?,
            cost: t_interval(&costs, CONFIDENCE)?,
        })
    };
    let chosen = |(place, settings): (usize, &Settings)| {
        (settings.weight_decay, rows.iter().filter(|row| row.chosen == place).count())
    };
    Ok(ComparedConclusions {
        seeds: [*COMPARED_ON.start(), *COMPARED_ON.end()],
        network: t_interval(network, CONFIDENCE)?,
        decaying_all: beside(|row| row.decaying_all)?,
        standardised: beside(|row| row.standardised)?,
        chosen: beside(|row| row.chosen_wrong)?,
        choices: candidates().iter().enumerate().map(chosen).collect(),
        same_answers: Count {
            correct: sum_of_counts(rows.iter().map(|row| &row.same_answers)),
            total: rows.len() * total,
        },
    })
}

fn no_more(difference: Interval) -> HypothesisVerdict {
    if difference.high < MARGIN {
        HypothesisVerdict::Held
    } else if difference.low > MARGIN {
        HypothesisVerdict::Refuted
    } else {
        HypothesisVerdict::Undecided
    }
}

#[cfg(test)]
mod tests;
