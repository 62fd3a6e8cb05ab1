//! `iris-activations.json`: ReLU, sigmoid, tanh, PReLU and none, on a thousand seeds each.
//!
//! The same seed is the same split, the same draws of the initial weights and the same order of the batches for every
//! activation, so they are compared in pairs.

mod conclusions;
mod record;

pub use record::{
    ACTIVATIONS, ActivationGradients, ActivationSummary, ActivationsConclusions, ActivationsPart,
    ActivationsSeed, Band, Claim, GRADIENT_EPOCHS, LOSS_EPOCHS,
};

use super::flowers::wrong_flowers;
use super::parts::{four_digits, load, position};
use crate::context::Context;
use crate::iris::protocol::{FLOWERS, SEEDS, blocks};
use crate::iris::{Activation, Follow, Keep, Settings, Trace, follow_seeds};
use crate::registry::{Computed, Experiment};
use crate::study::ExperimentError;
use crate::study::{self, FileLayout, Progress, Study};
use conclusions::conclude;
use data::iris::FILE;
use serde_json::Value;
use std::ops::RangeInclusive;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "iris-activations",
    question: "P1.1: do ReLU, sigmoid, tanh, PReLU and no activation at all differ on a thousand seeds, and how soon \
               do they learn?",
    hypothesis: "tanh and PReLU learn sooner than ReLU and sigmoid last; PReLU errs as often as ReLU; without an \
                 activation the network errs more than with any",
    refuted_by: "a paired test, with Holm's correction, that points the other way or, where a difference is said to \
                 be, nowhere",
    chosen_on: "the settings are those of the experiment iris, the seeds the thousand after its own",
    data: &[FILE],
    files: &["iris-activations.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = Study::in_full(parts, compute, FileLayout::Parts(conclude));

struct Block {
    activation: Activation,
    seeds: RangeInclusive<u64>,
}

impl Block {
    fn id(&self) -> String {
        format!("{}:{}-{}", self.activation.name(), self.seeds.start(), self.seeds.end())
    }
}

fn all_blocks() -> Vec<Block> {
    let of = |activation| blocks(SEEDS).map(move |seeds| Block { activation, seeds });
    ACTIVATIONS.into_iter().flat_map(of).collect()
}

fn parts() -> Vec<study::Part> {
    let work = |block: &Block| block.seeds.clone().count() as u64;
    all_blocks().iter().map(|block| study::Part { id: block.id(), work: work(block) }).collect()
}

fn compute(context: &Context, part: &study::Part, done: Progress) -> Result<Value, ExperimentError> {
    let all = all_blocks();
    let Block { activation, seeds } = &all[position(&all, &part.id, Block::id)?];
    let settings = Settings::framework(*activation).with_seed(*seeds.start());
    let what = Follow { gradient_at: &GRADIENT_EPOCHS, ..Follow::keeping(Keep::At(&LOSS_EPOCHS)) };
    let traces = follow_seeds(context.isa, &load(context)?, &settings, seeds.clone(), what, || done(1));
    let traces: Vec<Trace> = traces.into_iter().collect::<Result<_, _>>()?;
    let last = traces[0].outcome.last();
    let (test_total, train_total) = (last.test.total, last.train.total);
    let rows = seeds.clone().zip(&traces).flat_map(|(seed, trace)| {
        let split = settings.division.split(FLOWERS, seed);
        trace.test_wrong.iter().map(move |&place| split.test[place])
    });
    let wrong_flowers = wrong_flowers(rows);
    let seeds = traces.iter().map(seed_result).collect();
    Ok(serde_json::to_value(ActivationsPart {
        id: part.id.clone(),
        settings,
        test_total,
        train_total,
        seeds,
        wrong_flowers,
    })?)
}

fn seed_result(trace: &Trace) -> ActivationsSeed {
    let last = trace.outcome.last();
    ActivationsSeed {
        test_wrong: last.test.total - last.test.correct,
        train_correct: last.train.correct,
        first_epoch_at_95_percent: trace.outcome.first_epoch_at_95_percent,
        test_loss: four_digits(last.test_loss),
        train_loss: trace.at(&LOSS_EPOCHS).map(|epoch| four_digits(epoch.train_loss)).collect(),
        gradient_first: trace.gradient.iter().map(|norms| four_digits(norms.first)).collect(),
        gradient_second: trace.gradient.iter().map(|norms| four_digits(norms.second)).collect(),
    }
}

#[cfg(test)]
mod tests;
