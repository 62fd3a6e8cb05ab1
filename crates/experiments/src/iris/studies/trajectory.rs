//! `iris-trajectory.json`: with the same initial weights and the same order of the flowers the network by hand and the
//! network of layers go one way, up to the rounding of single precision.

use super::parts::{load, position};
use crate::context::Context;
use crate::iris::protocol::FEWER_SEEDS;
use crate::iris::{Divergence, Prepared, Settings, trajectories};
use crate::registry::{Computed, Experiment};
use crate::study::ExperimentError;
use crate::study::{self, FileLayout, Progress, Study, typed};
use data::iris::FILE;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ops::RangeInclusive;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "iris-trajectory",
    question: "P2.2: with equal weights and equal order of the flowers, do the two implementations go one way?",
    hypothesis: "their training losses agree to one part in a thousand after every epoch",
    refuted_by: "a larger difference on one of twenty seeds",
    chosen_on: "nothing was chosen",
    data: &[FILE],
    files: &["iris-trajectory.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = Study::in_full(parts, compute, FileLayout::Parts(conclude));

const SEEDS: RangeInclusive<u64> = *FEWER_SEEDS.start()..=*FEWER_SEEDS.start() + 19;

/// A setting on every seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrajectoryPart {
    pub id: String,
    /// How both were trained; the seed is the first one.
    pub settings: Settings,
    /// How far apart the two ran, seed by seed.
    pub seeds: Vec<Divergence>,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrajectoryConclusions {
    /// The first and the last seed.
    pub seeds: [u64; 2],
    /// Each setting: the largest of every difference over the seeds.
    pub settings: Vec<Largest>,
}

/// The largest differences of a setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Largest {
    pub id: String,
    /// The largest differences over the seeds.
    #[serde(flatten)]
    pub largest: Divergence,
}

fn settings() -> [(&'static str, Settings); 2] {
    [("cross-entropy", Settings::scratch()), ("squared-error-sum", Settings::scratch_as_in_the_original())]
}

fn id(setting: &(&str, Settings)) -> String {
    setting.0.to_owned()
}

fn parts() -> Vec<study::Part> {
    let work = SEEDS.count() as u64;
    settings().iter().map(|setting| study::Part { id: id(setting), work }).collect()
}

fn compute(context: &Context, part: &study::Part, done: Progress) -> Result<Value, ExperimentError> {
    let settings = settings()[position(&settings(), &part.id, id)?].1.with_seed(*SEEDS.start());
    let iris = load(context)?;
    let one = |seed: u64| {
        let settings = settings.with_seed(seed);
        let apart = trajectories(context.isa, &Prepared::new(&iris, &settings)?, &settings)?;
        done(1);
        Ok(apart)
    };
    let seeds: Result<Vec<Divergence>, ExperimentError> = SEEDS.into_par_iter().map(one).collect();
    Ok(serde_json::to_value(TrajectoryPart { id: part.id.clone(), settings, seeds: seeds? })?)
}

fn conclude(values: &[Value]) -> Result<Value, ExperimentError> {
    let largest = |part: TrajectoryPart| Largest {
        largest: part.seeds.into_iter().fold(Divergence::default(), Divergence::or),
        id: part.id,
    };
    let settings = typed(values)?.into_iter().map(largest).collect();
    Ok(serde_json::to_value(TrajectoryConclusions { seeds: [*SEEDS.start(), *SEEDS.end()], settings })?)
}
