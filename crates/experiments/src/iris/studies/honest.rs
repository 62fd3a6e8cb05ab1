//! `iris-honest.json`: Fisher's linear discriminant beside a three-layer network with settings that no test flower had
//! a say in.
//!
//! For every split the network's settings are chosen out of a `grid` by cross-validation **inside that split's own
//! training part** ([`select`]); then one network is trained on the whole training part and asked about the test part,
//! once. The discriminant is fitted to the same training part.

mod conclusions;
mod plan;
mod record;

pub use record::{HonestCandidate, HonestConclusions, HonestPart, HonestRow, Method};

use super::WrongFlower;
use super::flowers::wrong_flowers;
use super::parts::{load, position, wrong_by_lda};
use crate::context::Context;
use crate::iris::cross_validation::{TrainingPart, ValidatedChoice, select};
use crate::iris::{Follow, IrisRunError, Keep, Prepared, follow};
use crate::registry::{Computed, Experiment};
use crate::study::ExperimentError;
use crate::study::{self, FileLayout, Progress, Study};
use cnn::kernels::Isa;
use conclusions::conclude;
use data::iris::FILE;
use data::iris::Iris;
use data::split::Split;
use numerics::random::{Purpose, Stream};
use plan::{Block, all_blocks, grid};
use rayon::prelude::*;
use serde_json::Value;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "iris-honest",
    question: "P1.1: how far is a three-layer network, with settings that no test flower had a say in, from Fisher's \
               linear discriminant?",
    hypothesis: "on average over a thousand splits it errs no more often than the discriminant",
    refuted_by: "a mean difference whose interval lies above 0",
    chosen_on: "each split's setting by cross-validation inside its own training part; the grid was written down \
                before the first run",
    data: &[FILE],
    files: &["iris-honest.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = Study::in_full(parts, compute, FileLayout::Parts(conclude));

fn parts() -> Vec<study::Part> {
    let work = |block: &Block| block.0.as_ref().map_or(1, |seeds| seeds.clone().count() as u64);
    all_blocks().iter().map(|block| study::Part { id: block.id(), work: work(block) }).collect()
}

fn compute(context: &Context, part: &study::Part, done: Progress) -> Result<Value, ExperimentError> {
    let all = all_blocks();
    let iris = load(context)?;
    let of = |seed| (Split::shuffled(iris.labels.len(), seed), seed);
    let splits: Vec<(Split, u64)> = match &all[position(&all, &part.id, Block::id)?].0 {
        None => vec![(sorted(&iris), crate::REGISTERED_SEED)],
        Some(seeds) => seeds.clone().map(of).collect(),
    };
    let some = |splits: &[(Split, u64)]| {
        let answers = answers(context.isa, &iris, splits)?;
        splits.iter().for_each(|_| done(1));
        Ok(answers)
    };
    let a_share = splits.len().div_ceil(rayon::current_num_threads());
    let answers: Vec<Vec<Answers>> =
        splits.par_chunks(a_share).map(some).collect::<Result<_, IrisRunError>>()?;
    let answers = answers.concat();
    let flowers = |wrong: fn(&Answers) -> &Vec<usize>| -> Vec<WrongFlower> {
        wrong_flowers(answers.iter().flat_map(|of| wrong(of).iter().copied()))
    };
    Ok(serde_json::to_value(HonestPart {
        id: part.id.clone(),
        test_total: Split::sorted(iris.labels.len()).test.len(),
        splits: answers.iter().map(Answers::row).collect(),
        lda_wrong_flowers: flowers(|of| &of.lda),
        network_wrong_flowers: flowers(|of| &of.network),
    })?)
}

/// The sorted split, with its training part shuffled: a fold must not be one species.
fn sorted(iris: &Iris) -> Split {
    let mut split = Split::sorted(iris.labels.len());
    Stream::new(crate::REGISTERED_SEED, Purpose::Split).shuffle(&mut split.train);
    split
}

/// What both methods answer on a split.
#[derive(Clone)]
struct Answers {
    /// The flowers that the discriminant has wrong, by their rows in the file.
    lda: Vec<usize>,
    /// Those that the chosen network has wrong.
    network: Vec<usize>,
    choice: ValidatedChoice,
}

impl Answers {
    fn row(&self) -> HonestRow {
        (self.lda.len(), self.network.len(), self.choice.chosen, self.choice.errors)
    }
}

/// Both methods on each split.
fn answers(isa: Isa, iris: &Iris, splits: &[(Split, u64)]) -> Result<Vec<Answers>, IrisRunError> {
    let candidates = grid();
    let part = |(split, seed): &(Split, u64)| (TrainingPart::of(iris, split), *seed);
    let choices = select(isa, &splits.iter().map(part).collect::<Vec<_>>(), &candidates)?;
    let of = |((split, seed), choice): (&(Split, u64), ValidatedChoice)| {
        let settings = candidates[choice.chosen].with_seed(*seed);
        let prepared = Prepared::of_rows(iris, &split.train, &split.test, settings.features)?;
        let trace = follow(isa, &prepared, &settings, Follow::keeping(Keep::Last))?;
        let network = trace.test_wrong.iter().map(|&place| split.test[place]).collect();
        Ok(Answers { lda: wrong_by_lda(iris, split)?, network, choice })
    };
    splits.iter().zip(choices).map(of).collect()
}

#[cfg(test)]
mod tests;
