//! A training run. **It sees training images and nothing else**: whoever looks on may ask the network about others,
//! and cannot change what happens.

use super::batch::{fill, fill_distorted};
use super::recipe::Rates;
use super::run::{Run, RunError, Settings, TrainedEpoch, Underway, Watch};
use cnn::kernels::Isa;
use cnn::loss::Loss;
use cnn::network::Pass;
use cnn::train::TrainError;
use cnn::{Hyperparameters, Origin, Place, Source, StepError};
use data::images::Images;
use numerics::random::{Purpose, Stream};
use records::Count;

/// The steps after which a run's chain of hashes begins.
pub const BEGINNING: usize = 64;

/// A run on its way, step by step: a [`cnn::Trainer`] that ends, and whose epochs are hashed. Its fields are the
/// trainer's.
#[derive(Clone, Debug)]
pub(crate) struct Trainer<'a> {
    pub(crate) trainer: cnn::Trainer<TrainingImages<'a>>,
    /// The steps of the run.
    planned: usize,
}

/// The training images of a run, distorted as its recipe says.
#[derive(Clone, Debug)]
pub(crate) struct TrainingImages<'a> {
    images: &'a Images,
    settings: &'a Settings,
    distortions: Stream,
}

impl Source for TrainingImages<'_> {
    fn len(&self) -> usize {
        self.settings.image_count(self.images.len())
    }

    fn fill(&mut self, epoch: usize, rows: &[usize], pass: &mut Pass, labels: &mut Vec<usize>) {
        match self.settings.recipe.augmentation_in(epoch) {
            None => fill(pass, labels, self.images, rows),
            Some(ranges) => {
                let drawn: Vec<_> = rows.iter().map(|_| ranges.draw(&mut self.distortions)).collect();
                fill_distorted(pass, labels, self.images, rows, &drawn);
            }
        }
    }
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
    train_from(isa, settings, images, None, watch)
}

/// [`train()`] from where a run of the same settings and images stood; from the beginning without one.
///
/// # Errors
/// [`RunError`], which may also be what `watch` says.
pub fn train_from(
    isa: Isa,
    settings: &Settings,
    images: &Images,
    from: Option<Underway>,
    watch: &mut impl Watch,
) -> Result<Run, RunError> {
    let mut trainer = Trainer::new(isa, settings, images)?;
    let (mut beginning_sha256, mut history) = (String::new(), Vec::new());
    if let Some(from) = from {
        (beginning_sha256, history) = (from.beginning_sha256.clone(), from.history.clone());
        trainer = trainer.from(from)?;
    }
    while trainer.next_step()? {
        if trainer.ends_beginning() {
            beginning_sha256 = trainer.trainer.network.sha256();
        }
        watch.batch();
        let trained = trainer.trained_epoch();
        let ends_epoch = trained.is_some();
        if let Some(trained) = trained {
            trainer.check_finite()?;
            watch.epoch(&trained, trainer.trainer.result());
            history.push(trained);
        }
        let ends = watch.ends() && trainer.next_batch().is_some();
        if ends || ends_epoch {
            watch.stands(&trainer.underway(&beginning_sha256, &history))?;
        }
        if ends {
            return Err(RunError::Ended { epoch: trainer.epoch() });
        }
    }
    Ok(Run { network: trainer.trainer.result().clone(), beginning_sha256, history })
}

impl<'a> Trainer<'a> {
    pub(crate) fn new(isa: Isa, settings: &'a Settings, images: &'a Images) -> Result<Self, RunError> {
        check(settings, images)?;
        let (recipe, planned) = (&settings.recipe, settings.steps(images.len()));
        let hyperparameters = Hyperparameters {
            rule: recipe.rule(),
            decayed: recipe.decayed(),
            rates: recipe.schedule(planned),
            loss: Loss::CrossEntropy { smoothing: recipe.label_smoothing },
            batch_size: recipe.batch_size,
            seed: settings.seed,
            averaging: recipe.averaging,
        };
        let distortions = Stream::new(settings.seed, Purpose::Augment);
        let (network, images) = (settings.network(), TrainingImages { images, settings, distortions });
        Ok(Self { trainer: cnn::Trainer::new(network, images, hyperparameters).with_isa(isa), planned })
    }

    /// Where it stands.
    fn underway(&self, beginning_sha256: &str, history: &[TrainedEpoch]) -> Underway {
        let cnn::Trainer { network, average, source, .. } = &self.trainer;
        Underway {
            network: network.clone(),
            average: average.as_ref().map(|average| average.network().clone()),
            standing: self.trainer.standing(),
            distortions: source.distortions.position(),
            beginning_sha256: beginning_sha256.to_owned(),
            history: history.to_vec(),
        }
    }

    /// The run that stood there.
    fn from(self, from: Underway) -> Result<Self, RunError> {
        let Underway { network, average, standing, distortions, .. } = from;
        let other = |error: cnn::OtherRun| RunError::Standing(error.to_string());
        let mut trainer = self.trainer.resumed(network, average, standing).map_err(other)?;
        trainer.source.distortions.seek(distortions);
        Ok(Self { trainer, ..self })
    }

    /// The epochs of the run, and the batches of an epoch.
    pub(crate) fn extent(&self) -> (usize, usize) {
        (self.trainer.source.settings.recipe.epochs, self.trainer.steps_per_epoch())
    }

    /// Epoch and batch of the next step, from 1; `None` after the last step.
    pub(crate) fn next_batch(&self) -> Option<(usize, usize)> {
        let Place { epoch, batch } = self.trainer.next_place();
        (self.trainer.steps() < self.planned).then_some((epoch, batch))
    }

    /// Makes the next step. False when there is none.
    pub(crate) fn next_step(&mut self) -> Result<bool, RunError> {
        if self.next_batch().is_none() {
            return Ok(false);
        }
        let failed =
            |StepError { place: Place { epoch, batch }, source }| RunError::Train { epoch, batch, source };
        self.trainer.step().map_err(failed)?;
        Ok(true)
    }

    /// Refuses a network that the last step of an epoch took out of the numbers: no later batch may show it.
    fn check_finite(&self) -> Result<(), RunError> {
        let Some(origin) = Origin::of_parameters(&self.trainer.network) else { return Ok(()) };
        let (batch, source) = (self.trainer.steps_per_epoch(), TrainError::LastStep { origin });
        Err(RunError::Train { epoch: self.epoch(), batch, source })
    }

    /// Whether the last step was number [`BEGINNING`], or the last of a run with fewer.
    pub(crate) fn ends_beginning(&self) -> bool {
        self.trainer.steps() == BEGINNING.min(self.planned)
    }

    /// The epoch of the last step; 0 before the first.
    pub(crate) fn epoch(&self) -> usize {
        self.trainer.steps().div_ceil(self.trainer.steps_per_epoch())
    }

    /// What the epoch scored, if the last step was its last.
    pub(crate) fn trained_epoch(&self) -> Option<TrainedEpoch> {
        self.trainer.ended_epoch().map(|cnn::Epoch { number, score }| TrainedEpoch {
            epoch: number,
            train_loss: score.loss_mean_nats(),
            train: Count { correct: score.correct, total: score.total },
            weights_sha256: self.trainer.network.sha256(),
        })
    }
}

/// The number of batches that [`train()`] works on, out of so many images.
pub fn batches(settings: &Settings, images: usize) -> u64 {
    settings.steps(images) as u64
}

fn check(settings: &Settings, images: &Images) -> Result<(), RunError> {
    let refuse = |why: &str| Err(RunError::Setting(why.to_owned()));
    let recipe = &settings.recipe;
    if settings.image_count(images.len()) == 0 {
        return refuse("there is no training image: give a limit of at least 1");
    }
    if settings.normalisation != images.normalisation {
        return refuse(
            "pixels are normalised by the mean and deviation of all training images: give no others",
        );
    }
    if recipe.epochs == 0 || recipe.batch_size == 0 {
        return refuse("a run needs at least 1 epoch and 1 image in a batch");
    }
    let (Rates::Constant { rate } | Rates::OneCycle { peak: rate, .. }) = recipe.rates;
    if !(rate.is_finite() && rate > 0.0) {
        return refuse("the learning rate must be a finite number above 0");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
