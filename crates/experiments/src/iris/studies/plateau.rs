//! `iris-plateau.json`: was the original's run, at an accuracy of 2/3 for its first epochs, stuck in a local minimum?
//!
//! At a local minimum the gradient over all training flowers is 0, and plain descent does not leave it. So the gradient
//! is measured along the plateau, and every run goes on until it has left it, or for [`MOST_EPOCHS`]. A run is **on the
//! plateau as long as no more flowers are right than a network can get right that never answers one of the species**:
//! the two most frequent species together, about 2/3.

use super::HypothesisVerdict;
use super::parts::{four_digits, load, position};
use crate::context::Context;
use crate::iris::protocol::FEWER_SEEDS;
use crate::iris::{Follow, Implementation, Keep, Settings, Trace, follow_seeds, reached_by};
use crate::registry::{Computed, Experiment};
use crate::study::ExperimentError;
use crate::study::{self, FileLayout, Progress, Study, typed};
use data::iris::FILE;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stats::{CONFIDENCE, Interval, StatsError, median, median_interval};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "iris-plateau",
    question: "P2.2: was the original's run, at an accuracy of 2/3, stuck in a local minimum?",
    hypothesis: "no: every seed leaves the plateau when training goes on, along a gradient that does not vanish; \
                 smaller initial weights stay longer",
    refuted_by: "a seed that is on the plateau after 5,000 epochs, or a gradient below a thousandth of its first size",
    chosen_on: "the recipe is the original's; scales and epochs were written down before the first run",
    data: &[FILE],
    files: &["iris-plateau.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = Study::in_full(parts, compute, FileLayout::Parts(conclude));

/// A run that is still on the plateau after so many epochs is said not to leave it.
pub const MOST_EPOCHS: usize = 5000;

/// What our initial weights are multiplied by; those of the original are not known.
pub const SCALES: [f64; 4] = [0.1, 0.3, 1.0, 3.0];

/// The epochs after which loss and gradient are recorded.
pub const EPOCHS: [usize; 12] = [1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 500, 800];

/// Below this share of its size after the first epoch a gradient counts as vanishing.
pub const VANISHING: f64 = 1e-3;

/// An initial scale on every seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlateauPart {
    pub id: String,
    /// How the networks were trained; the seed is the first one.
    pub settings: Settings,
    /// Training flowers of a seed.
    pub train_total: usize,
    /// One row for each seed, in order.
    pub seeds: Vec<PlateauSeed>,
}

/// What a seed gave. In the record a row of numbers in the order of the fields, losses and norms with four significant
/// digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "PlateauRow", into = "PlateauRow")]
pub struct PlateauSeed {
    /// The first epoch off the plateau.
    pub first_epoch_off: Option<usize>,
    /// The right training flowers after each of [`EPOCHS`].
    pub train_correct: Vec<usize>,
    /// The training loss there: half the squared error, summed.
    pub train_loss: Vec<f64>,
    /// The norm of the gradient by all parameters there.
    pub gradient: Vec<f64>,
}

type PlateauRow = (Option<usize>, Vec<usize>, Vec<f64>, Vec<f64>);

impl From<PlateauRow> for PlateauSeed {
    fn from((first_epoch_off, train_correct, train_loss, gradient): PlateauRow) -> Self {
        Self { first_epoch_off, train_correct, train_loss, gradient }
    }
}

impl From<PlateauSeed> for PlateauRow {
    fn from(seed: PlateauSeed) -> Self {
        (seed.first_epoch_off, seed.train_correct, seed.train_loss, seed.gradient)
    }
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlateauConclusions {
    /// The first and the last seed.
    pub seeds: [u64; 2],
    /// What the numbers of a seed's row are.
    pub row: Vec<String>,
    /// Each initial scale.
    pub scales: Vec<Scale>,
    /// *Plain descent is stuck in a local minimum*, at the original's scale: **refuted when every seed leaves the
    /// plateau, held when a seed does not and its gradient vanishes**.
    pub stuck_in_a_local_minimum: HypothesisVerdict,
}

/// An initial scale over all seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Its id, the factor.
    pub id: String,
    pub scale: f64,
    /// Seeds.
    pub total: usize,
    /// Seeds that leave the plateau within [`MOST_EPOCHS`].
    pub left: usize,
    /// The median of the first epochs off the plateau; never counts as one more than [`MOST_EPOCHS`].
    pub median_epoch_off: Interval,
    pub first_off: usize,
    pub last_off: usize,
    /// The smallest gradient on the plateau, as a share of the same seed's after the first epoch, over all seeds and
    /// recorded epochs.
    pub smallest_gradient_share: f64,
    /// The recorded epochs.
    pub epochs: Vec<AtEpoch>,
}

/// All seeds after an epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AtEpoch {
    pub epoch: usize,
    /// Seeds on the plateau.
    pub on_plateau: usize,
    /// The median training accuracy over all seeds.
    pub median_accuracy: f64,
    /// The median training loss over all seeds.
    pub median_loss: f64,
    /// The median norm of the gradient over all seeds.
    pub median_gradient: f64,
}

fn id(scale: &f64) -> String {
    format!("scale={scale}")
}

fn parts() -> Vec<study::Part> {
    let work = FEWER_SEEDS.count() as u64;
    SCALES.iter().map(|scale| study::Part { id: id(scale), work }).collect()
}

fn compute(context: &Context, part: &study::Part, done: Progress) -> Result<Value, ExperimentError> {
    let initial_scale = SCALES[position(&SCALES, &part.id, id)?];
    let settings = Settings {
        implementation: Implementation::Framework,
        initial_scale,
        ..Settings::scratch_as_in_the_original().with_seed(*FEWER_SEEDS.start())
    };
    let until_off_plateau = Some(MOST_EPOCHS);
    let what = Follow { gradient_at: &EPOCHS, until_off_plateau, ..Follow::keeping(Keep::At(&EPOCHS)) };
    let traces = follow_seeds(context.isa, &load(context)?, &settings, FEWER_SEEDS, what, || done(1));
    let traces: Vec<Trace> = traces.into_iter().collect::<Result<_, _>>()?;
    let train_total = traces[0].outcome.last().train.total;
    let seed = |trace: Trace| PlateauSeed {
        first_epoch_off: trace.first_epoch_off_plateau,
        train_correct: trace.at(&EPOCHS).map(|epoch| epoch.train.correct).collect(),
        train_loss: trace.at(&EPOCHS).map(|epoch| four_digits(epoch.train_loss)).collect(),
        gradient: trace.gradient.iter().map(|norms| four_digits(norms.all)).collect(),
    };
    let seeds = traces.into_iter().map(seed).collect();
    Ok(serde_json::to_value(PlateauPart { id: part.id.clone(), settings, train_total, seeds })?)
}

impl PlateauSeed {
    fn on_plateau(&self, epoch: usize) -> bool {
        self.first_epoch_off.is_none_or(|off| epoch < off)
    }

    /// The smallest gradient on the plateau, as a share of that after the first epoch.
    fn smallest_share(&self) -> f64 {
        let on = EPOCHS.iter().zip(&self.gradient).filter(|(epoch, _)| self.on_plateau(**epoch));
        on.map(|(_, norm)| norm / self.gradient[0]).fold(f64::INFINITY, f64::min)
    }
}

fn scale(part: &PlateauPart) -> Result<Scale, StatsError> {
    let off: Vec<f64> = part.seeds.iter().map(|seed| reached_by(seed.first_epoch_off, MOST_EPOCHS)).collect();
    let train_total = part.train_total as f64;
    let at = |(i, &epoch): (usize, &usize)| {
        let middle =
            |value: &dyn Fn(&PlateauSeed) -> f64| median(&part.seeds.iter().map(value).collect::<Vec<_>>());
        Ok(AtEpoch {
            epoch,
            on_plateau: part.seeds.iter().filter(|seed| seed.on_plateau(epoch)).count(),
            median_accuracy: middle(&|seed| seed.train_correct[i] as f64 / train_total)?,
            median_loss: middle(&|seed| seed.train_loss[i])?,
            median_gradient: middle(&|seed| seed.gradient[i])?,
        })
    };
    Ok(Scale {
        id: part.settings.initial_scale.to_string(),
        scale: part.settings.initial_scale,
        total: part.seeds.len(),
        left: part.seeds.iter().filter(|seed| seed.first_epoch_off.is_some()).count(),
        median_epoch_off: median_interval(&off, CONFIDENCE)?,
        first_off: off.iter().copied().fold(f64::INFINITY, f64::min) as usize,
        last_off: off.iter().copied().fold(0.0, f64::max) as usize,
        smallest_gradient_share: part
            .seeds
            .iter()
            .map(PlateauSeed::smallest_share)
            .fold(f64::INFINITY, f64::min),
        epochs: EPOCHS.iter().enumerate().map(at).collect::<Result<_, StatsError>>()?,
    })
}

fn conclude(values: &[Value]) -> Result<Value, ExperimentError> {
    let parts: Vec<PlateauPart> = typed(values)?;
    let original = parts.iter().filter(|part| part.settings.initial_scale == 1.0);
    let stays: Vec<&PlateauSeed> =
        original.flat_map(|part| &part.seeds).filter(|seed| seed.first_epoch_off.is_none()).collect();
    let verdict = if stays.is_empty() {
        HypothesisVerdict::Refuted
    } else if stays.iter().any(|seed| seed.smallest_share() < VANISHING) {
        HypothesisVerdict::Held
    } else {
        HypothesisVerdict::Undecided
    };
    let row = "first epoch off the plateau; right training flowers; training losses; gradient norms";
    Ok(serde_json::to_value(PlateauConclusions {
        seeds: [*FEWER_SEEDS.start(), *FEWER_SEEDS.end()],
        row: row.split("; ").map(str::to_owned).collect(),
        scales: parts.iter().map(scale).collect::<Result<_, _>>()?,
        stuck_in_a_local_minimum: verdict,
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// Every seed leaves at `off`; the gradient halves, or vanishes, from epoch to epoch.
    fn concluded(off: Option<usize>, factor: f64) -> PlateauConclusions {
        let gradient = EPOCHS.iter().scan(2.0, |norm, _| {
            *norm *= factor;
            Some(*norm)
        });
        let seed = PlateauSeed {
            first_epoch_off: off,
            train_correct: vec![90; EPOCHS.len()],
            train_loss: vec![1.0; EPOCHS.len()],
            gradient: gradient.collect(),
        };
        let part = |&initial_scale: &f64| PlateauPart {
            id: id(&initial_scale),
            settings: Settings { initial_scale, ..Settings::scratch_as_in_the_original() },
            train_total: 120,
            seeds: vec![seed.clone(); 8],
        };
        let values: Vec<Value> =
            SCALES.iter().map(|scale| serde_json::to_value(part(scale)).unwrap()).collect();
        serde_json::from_value(conclude(&values).unwrap()).unwrap()
    }

    #[rstest]
    #[case::all_leave(Some(150), 0.1, HypothesisVerdict::Refuted)]
    #[case::none_leaves_and_the_gradient_is_gone(None, 0.1, HypothesisVerdict::Held)]
    #[case::none_leaves_and_the_gradient_is_there(None, 0.9, HypothesisVerdict::Undecided)]
    fn the_verdict_follows_the_runs(
        #[case] off: Option<usize>,
        #[case] factor: f64,
        #[case] verdict: HypothesisVerdict,
    ) {
        assert_eq!(concluded(off, factor).stuck_in_a_local_minimum, verdict);
    }

    #[test]
    fn the_plateau_ends_where_the_runs_leave_it() {
        let scale = concluded(Some(150), 0.5).scales.swap_remove(2);
        assert_eq!((scale.left, scale.median_epoch_off.estimate, scale.last_off), (8, 150.0, 150));
        let on: Vec<usize> = scale.epochs.iter().map(|at| at.on_plateau).collect();
        assert_eq!(on, [8, 8, 8, 8, 8, 8, 8, 0, 0, 0, 0, 0]);
        // The gradient at epoch 100 is the seventh.
        assert_eq!(scale.smallest_gradient_share, 0.5_f64.powi(6));
        assert_eq!(scale.epochs[0].median_accuracy, 0.75);
    }
}
