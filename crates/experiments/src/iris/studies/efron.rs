//! `iris-efron.json`: what it costs to learn only on which side of a boundary the flowers lie.
//!
//! Flowers are drawn from three normal distributions with one covariance, those fitted to the 150 flowers. There the
//! discriminant's model is true. Beside it learn two methods that model the boundaries alone: softmax regression and
//! the network of P1.1. For each seed the flowers are drawn once: each training part is the beginning of the next
//! larger one, and all methods answer the same test flowers. The error that no method can go below, the Bayes error, is
//! counted on them as well: what a method errs beyond it is its **excess**.
//!
//! Source: B. Efron, "The efficiency of logistic regression compared to normal discriminant analysis", Journal of the
//! American Statistical Association 70, 1975.

mod asymptotic;
mod conclusions;
mod population;
mod record;
#[cfg(test)]
mod tests;

pub use record::{EfronConclusions, EfronPart, EfronRow, EfronSize, Excess};

use super::parts::{load, position};
use crate::context::Context;
use crate::iris::lda::Lda;
use crate::iris::protocol::{SEEDS, blocks};
use crate::iris::seeds::follow_together;
use crate::iris::softmax_regression::SoftmaxRegression;
use crate::iris::{Activation, Features, Follow, IrisRunError, Keep, Prepared, Settings};
use crate::registry::{Computed, Experiment};
use crate::study::{ExperimentError, FileLayout, Part, Progress, Study};
use cnn::kernels::Isa;
use data::iris::{FILE, Iris, SPECIES};
use ndarray::{Axis, Slice, concatenate};
use numerics::random::{Purpose, Stream};
use population::{Drawn, Population};
use rayon::prelude::*;
use record::{FLOWERS, NETWORK_SIZES, NETWORKS, PENALTY, TEST_FLOWERS};
use serde_json::Value;
use std::ops::RangeInclusive;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "iris-efron",
    question: "P1.1: where the discriminant's model is true, what does it cost to learn only on which side of a \
               boundary the flowers lie?",
    hypothesis: "with every number of training flowers the discriminant errs less often than softmax regression, and \
                 its excess over the Bayes error is at most half of the regression's",
    refuted_by: "a number of flowers at which the interval of the difference of their mean errors lies below 0, or \
                 that of the ratio of their excesses above one half",
    chosen_on: "nothing was chosen: the penalty of the regression was set beforehand, so small that it decides only \
                where the flowers are separated; the network is P1.1's as registered, with tanh",
    data: &[FILE],
    files: &["iris-efron.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = Study::in_full(parts, compute, FileLayout::Parts(conclusions::conclude));

/// No part of another study has such a name.
fn id(seeds: &RangeInclusive<u64>) -> String {
    format!("draws-{}-{}", seeds.start(), seeds.end())
}

fn parts() -> Vec<Part> {
    blocks(SEEDS).map(|seeds| Part { id: id(&seeds), work: seeds.count() as u64 }).collect()
}

fn compute(context: &Context, part: &Part, done: Progress) -> Result<Value, ExperimentError> {
    let all: Vec<RangeInclusive<u64>> = blocks(SEEDS).collect();
    let seeds: Vec<u64> = all[position(&all, &part.id, id)?].clone().collect();
    let population = Population::of(&load(context)?).map_err(IrisRunError::from)?;
    let one = |&seed: &u64| {
        let (row, separated) = linear(&population, &draw(&population, seed))?;
        done(1);
        Ok((row, separated))
    };
    let found: Vec<(EfronRow, Vec<bool>)> =
        seeds.par_iter().map(one).collect::<Result<_, ExperimentError>>()?;
    let separated = |size: usize| found.iter().filter(|(_, separated)| separated[size]).count();
    let separated = (0..FLOWERS.len()).map(separated).collect();
    let mut draws: Vec<EfronRow> = found.into_iter().map(|(row, _)| row).collect();
    let networks = networks(context.isa, &population, &seeds[..NETWORKS])?;
    draws.iter_mut().zip(networks).for_each(|(row, wrong)| row.network = wrong);
    let means = population.means().rows().into_iter().map(|mean| mean.to_vec()).collect();
    Ok(serde_json::to_value(EfronPart { id: part.id.clone(), means, separated, draws })?)
}

/// The training flowers of the largest size, then the test flowers.
fn draw(population: &Population, seed: u64) -> [Drawn; 2] {
    let mut stream = Stream::new(seed, Purpose::Simulation);
    [FLOWERS[FLOWERS.len() - 1], TEST_FLOWERS].map(|flowers| population.draw(&mut stream, flowers))
}

/// Wrong test flowers of the linear methods, and for each size whether the regression has no training flower wrong.
fn linear(
    population: &Population,
    [train, test]: &[Drawn; 2],
) -> Result<(EfronRow, Vec<bool>), ExperimentError> {
    let classes = SPECIES.len();
    let mut row = EfronRow { bayes: test.wrong(&population.best(test.z.view())), ..EfronRow::default() };
    let mut separated = Vec::new();
    for flowers in FLOWERS {
        let first = classes * flowers;
        let (z, labels) = (train.z.slice_axis(Axis(0), Slice::from(..first)), &train.labels[..first]);
        let lda = Lda::fit(z, labels, classes).map_err(IrisRunError::from)?;
        row.lda.push(test.wrong(&lda.predict(test.z.view())));
        let regression =
            SoftmaxRegression::fit(z, labels, classes, PENALTY).map_err(ExperimentError::failed)?;
        row.softmax.push(test.wrong(&regression.predict(test.z.view())));
        separated.push(regression.predict(z) == labels);
    }
    Ok((row, separated))
}

/// Wrong test flowers of the network of P1.1, for each seed by size.
fn networks(isa: Isa, population: &Population, seeds: &[u64]) -> Result<Vec<Vec<usize>>, ExperimentError> {
    let settings = Settings::framework(Activation::Tanh);
    let by_size = |flowers: &usize| -> Result<Vec<usize>, IrisRunError> {
        let run = |&seed: &u64| {
            let [train, test] = draw(population, seed);
            let (learned, asked) = (SPECIES.len() * flowers, test.labels.len());
            let iris = flowers_of(population, &train, &test, learned);
            let rows: Vec<usize> = (0..learned + asked).collect();
            let (train, test) = rows.split_at(learned);
            Ok((Prepared::of_rows(&iris, train, test, Features::Standardised)?, settings.with_seed(seed)))
        };
        let runs = seeds.iter().map(run).collect::<Result<Vec<_>, IrisRunError>>()?;
        let traces = follow_together(isa, &runs, Follow::keeping(Keep::Last));
        let wrong = |trace: Result<crate::iris::Trace, IrisRunError>| {
            let test = trace?.outcome.last().test;
            Ok(test.total - test.correct)
        };
        traces.into_iter().map(wrong).collect()
    };
    let sizes: Vec<Vec<usize>> =
        FLOWERS[..NETWORK_SIZES].par_iter().map(by_size).collect::<Result<_, IrisRunError>>()?;
    Ok((0..seeds.len()).map(|seed| sizes.iter().map(|size| size[seed]).collect()).collect())
}

/// The first training flowers and all test flowers, in centimetres.
fn flowers_of(population: &Population, train: &Drawn, test: &Drawn, learned: usize) -> Iris {
    let z = concatenate![Axis(0), train.z.slice_axis(Axis(0), Slice::from(..learned)), test.z]; // (N, D)
    let labels = train.labels[..learned].iter().chain(&test.labels).copied().collect();
    Iris { features: population.centimetres(z.view()), labels }
}
