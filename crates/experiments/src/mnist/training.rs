//! A training run. **It sees training pictures and nothing else**: whoever looks on may ask the network about others, and cannot
//! change what happens.

use super::batch::{fill, fill_distorted};
use super::recipe::{Rates, Recipe};
use crate::study::ExperimentError;
use cnn::average::Average;
use cnn::kernels::Isa;
use cnn::loss::{Score, Targets};
use cnn::network::{Network, Pass};
use cnn::optimiser::Optimiser;
use cnn::schedule::Schedule;
use cnn::train::{self, TrainError};
use data::DataError;
use data::mnist::{Images, NORMALISATION, Normalisation};
use numerics::random::{Purpose, Stream};
use records::Count;
use serde::{Deserialize, Serialize};

/// The steps after which a run's chain of hashes begins.
pub const BEGINNING: usize = 64;

/// Everything that determines a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// How it is trained.
    pub recipe: Recipe,
    /// The seed of the initial weights, of the order of the batches, and of the distortions.
    pub seed: u64,
    /// The first so many training pictures only, if given.
    pub limit: Option<usize>,
    /// What the network sees of a pixel. **There is one**, [`NORMALISATION`]; a run with another is refused.
    pub normalisation: Normalisation,
}

impl Settings {
    /// The registered recipe on the registered seed.
    pub fn registered() -> Self {
        Self {
            recipe: Recipe::registered(),
            seed: crate::REGISTERED_SEED,
            limit: None,
            normalisation: NORMALISATION,
        }
    }

    /// How many of so many pictures are trained on: the first ones, up to the limit.
    pub fn pictures(&self, available: usize) -> usize {
        self.limit.map_or(available, |limit| limit.min(available))
    }

    fn steps(&self, available: usize) -> usize {
        self.recipe.epochs * self.pictures(available).div_ceil(self.recipe.batch_size)
    }
}

/// What an epoch scored on its own batches. Epochs count from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainedEpoch {
    /// The epoch.
    pub epoch: usize,
    /// Mean loss in nats of the training batches, each before its own step.
    pub train_loss: f64,
    /// Right answers in the training batches, each before its own step.
    pub train: Count,
    /// The SHA-256 of the weights in training after the epoch.
    pub weights_sha256: String,
}

/// Why a run was not made or not finished.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The data cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Training stopped.
    #[error("epoch {epoch}, batch {batch}: {source}")]
    Train {
        /// The epoch, from 1.
        epoch: usize,
        /// The batch, from 1.
        batch: usize,
        /// Why.
        source: TrainError,
    },
    /// A value that makes no sense.
    #[error("{0}")]
    Setting(String),
    /// A run has no form in JSON.
    #[error("a run has no form in JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl From<RunError> for ExperimentError {
    fn from(error: RunError) -> Self {
        Self::failed(error)
    }
}

/// What a caller of [`train()`] can watch.
pub trait Watch {
    /// A batch is done.
    fn batch(&mut self) {}
    /// An epoch is done; the network is what would be the result now.
    fn epoch(&mut self, _epoch: &TrainedEpoch, _network: &Network) {}
}

/// A network that was trained.
#[derive(Debug)]
pub struct Run {
    /// The network: after the last step, or averaged if the recipe says so.
    pub network: Network,
    /// The SHA-256 of the weights in training after [`BEGINNING`] steps, or after all if there are fewer.
    pub beginning_sha256: String,
    /// All epochs.
    pub history: Vec<TrainedEpoch>,
}

/// A run on its way, step by step.
#[derive(Clone, Debug)]
pub(crate) struct Trainer<'a> {
    pub(crate) isa: Isa,
    settings: &'a Settings,
    images: &'a Images,
    pub(crate) network: Network,
    pub(crate) average: Option<Average>,
    pub(crate) optimiser: Optimiser,
    schedule: Schedule,
    orders: Stream,
    distortions: Stream,
    pub(crate) pass: Pass,
    labels: Vec<usize>,
    /// The pictures of the epoch, in the order of its batches.
    order: Vec<usize>,
    steps: usize,
    /// Of the epoch so far.
    score: Score,
    /// Of the last step alone.
    pub(crate) last: Score,
}

/// Trains from the beginning.
///
/// # Errors
/// [`RunError`]: settings that make no sense, or a run that diverged.
pub fn train(
    isa: Isa,
    settings: &Settings,
    images: &Images,
    watch: &mut impl Watch,
) -> Result<Run, RunError> {
    let mut trainer = Trainer::new(isa, settings, images)?;
    let (mut beginning_sha256, mut history) = (String::new(), Vec::new());
    while trainer.next_step()? {
        if trainer.ends_beginning() {
            beginning_sha256 = trainer.network.sha256();
        }
        watch.batch();
        if let Some(trained) = trainer.trained_epoch() {
            watch.epoch(&trained, trainer.result());
            history.push(trained);
        }
    }
    Ok(Run { network: trainer.result().clone(), beginning_sha256, history })
}

impl<'a> Trainer<'a> {
    pub(crate) fn new(isa: Isa, settings: &'a Settings, images: &'a Images) -> Result<Self, RunError> {
        check(settings, images)?;
        let recipe = &settings.recipe;
        let network = recipe.network.network(settings.seed);
        Ok(Self {
            isa,
            settings,
            images,
            average: recipe.averaging.map(|most| Average::new(&network, most)),
            network,
            optimiser: Optimiser::new(recipe.rule()),
            schedule: recipe.schedule(settings.steps(images.len())),
            orders: Stream::new(settings.seed, Purpose::Batches),
            distortions: Stream::new(settings.seed, Purpose::Augment),
            pass: Pass::default(),
            labels: Vec::new(),
            order: Vec::new(),
            steps: 0,
            score: Score::default(),
            last: Score::default(),
        })
    }

    /// How many pictures are trained on.
    fn pictures(&self) -> usize {
        self.settings.pictures(self.images.len())
    }

    /// The epochs of the run, and the batches of an epoch.
    pub(crate) fn extent(&self) -> (usize, usize) {
        (self.settings.recipe.epochs, self.pictures().div_ceil(self.settings.recipe.batch_size))
    }

    /// Epoch and batch of the next step, from 1; `None` after the last step.
    pub(crate) fn next_batch(&self) -> Option<(usize, usize)> {
        let (_, batches) = self.extent();
        let left = self.steps < self.settings.steps(self.images.len());
        left.then_some((self.steps / batches + 1, self.steps % batches + 1))
    }

    /// Makes the next step. False when there is none.
    pub(crate) fn next_step(&mut self) -> Result<bool, RunError> {
        let Some((epoch, batch)) = self.next_batch() else { return Ok(false) };
        if batch == 1 {
            self.order = self.orders.permutation(self.pictures());
            self.score = Score::default();
        }
        let order = std::mem::take(&mut self.order);
        let pictures = order.chunks(self.settings.recipe.batch_size).nth(batch - 1).unwrap_or_default();
        let scored = self.step(epoch, batch, pictures);
        self.order = order;
        self.last = scored?;
        self.score = self.score.and(self.last);
        Ok(true)
    }

    /// Whether the last step was number [`BEGINNING`], or the last of a run with fewer.
    pub(crate) fn ends_beginning(&self) -> bool {
        self.steps == BEGINNING.min(self.settings.steps(self.images.len()))
    }

    /// The epoch of the last step; 0 before the first.
    pub(crate) fn epoch(&self) -> usize {
        self.steps.div_ceil(self.extent().1)
    }

    /// What the epoch scored, if the last step was its last.
    pub(crate) fn trained_epoch(&self) -> Option<TrainedEpoch> {
        let ended = self.steps > 0 && self.steps.is_multiple_of(self.extent().1);
        ended.then(|| TrainedEpoch {
            epoch: self.epoch(),
            train_loss: self.score.loss_mean_nats(),
            train: Count { correct: self.score.correct, total: self.score.total },
            weights_sha256: self.network.sha256(),
        })
    }

    /// One step on these pictures.
    fn step(&mut self, epoch: usize, batch: usize, pictures: &[usize]) -> Result<Score, RunError> {
        let recipe = &self.settings.recipe;
        match recipe.augmentation_in(epoch) {
            None => fill(&mut self.pass, &mut self.labels, self.images, pictures),
            Some(ranges) => {
                let drawn: Vec<_> = pictures.iter().map(|_| ranges.draw(&mut self.distortions)).collect();
                fill_distorted(&mut self.pass, &mut self.labels, self.images, pictures, &drawn);
            }
        }
        let targets = Targets { labels: &self.labels, smoothing: recipe.label_smoothing };
        let rate = self.schedule.at(self.steps);
        let scored =
            train::step(self.isa, &mut self.network, &mut self.optimiser, rate, &mut self.pass, targets);
        let score = scored.map_err(|source| RunError::Train { epoch, batch, source })?;
        if let Some(average) = &mut self.average {
            average.follow(&self.network);
        }
        self.steps += 1;
        Ok(score)
    }

    /// What would be the result now.
    pub(crate) fn result(&self) -> &Network {
        self.average.as_ref().map_or(&self.network, Average::network)
    }
}

/// The number of batches that [`train()`] works on, out of so many pictures.
pub fn batches(settings: &Settings, pictures: usize) -> u64 {
    settings.steps(pictures) as u64
}

fn check(settings: &Settings, images: &Images) -> Result<(), RunError> {
    let refuse = |why: &str| Err(RunError::Setting(why.to_owned()));
    let recipe = &settings.recipe;
    if settings.pictures(images.len()) == 0 {
        return refuse("there is no training picture: give a limit of at least 1");
    }
    if settings.normalisation != NORMALISATION {
        return refuse(
            "pixels are normalised by the mean and deviation of all training pictures: give no others",
        );
    }
    if recipe.epochs == 0 || recipe.batch_size == 0 {
        return refuse("a run needs at least 1 epoch and 1 picture in a batch");
    }
    let (Rates::Constant { rate } | Rates::OneCycle { peak: rate, .. }) = recipe.rates;
    if !(rate.is_finite() && rate > 0.0) {
        return refuse("the learning rate must be a finite number above 0");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
