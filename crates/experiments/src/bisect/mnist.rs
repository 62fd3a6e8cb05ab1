//! Runs on MNIST that can be made step by step.

use super::tensors::Tensor;
use super::{BisectError, Mark, Opened, Stepwise, Subject, listing};
use crate::context::Context;
use crate::mnist::Settings;
use crate::mnist::studies::registered;
use crate::mnist::studies::{Arm, Runs, SeedRun, find_run};
use crate::mnist::training::{BEGINNING, Trainer};
use crate::study::ExperimentError;
use cnn::kernels::Isa;
use data::images::MNIST;
use records::Count;
use records::store;
use std::borrow::Cow;

impl Stepwise for Trainer<'_> {
    fn go_on_with(&mut self, isa: Isa) {
        self.trainer.isa = isa;
    }

    fn extent(&self) -> (usize, usize) {
        Trainer::extent(self)
    }

    fn next_batch(&self) -> Option<(usize, usize)> {
        Trainer::next_batch(self)
    }

    fn step(&mut self) -> Result<(), ExperimentError> {
        self.next_step()?;
        Ok(())
    }

    fn tensors(&self) -> Vec<Tensor<'_>> {
        let mut tensors = listing::of_step(
            &self.trainer.network,
            &self.trainer.pass,
            self.trainer.last.loss_sum_nats,
            &self.trainer.optimiser,
        );
        tensors.extend(self.trainer.average.iter().flat_map(|average| listing::averages(average.network())));
        tensors
    }

    fn marks(&mut self) -> Result<Vec<Mark>, ExperimentError> {
        let mut marks = Vec::new();
        if self.ends_beginning() {
            marks.push(Mark::hash(self.epoch(), Mark::BEGINNING, &self.trainer.network.sha256()));
        }
        if let Some(trained) = self.trained_epoch() {
            marks.push(Mark::hash(trained.epoch, Mark::WEIGHTS, &trained.weights_sha256));
            marks.push(Mark::loss(trained.epoch, Mark::TRAIN_LOSS, trained.train_loss));
            marks.push(Mark::count(trained.epoch, Mark::TRAIN_COUNT, trained.train));
            if Trainer::next_batch(self).is_none() {
                marks.push(Mark::hash(trained.epoch, Mark::RESULT, &self.trainer.result().sha256()));
            }
        }
        Ok(marks)
    }
}

/// P1.2's registered run.
pub(super) fn registered<'c>(context: &'c Context, _: &str) -> Result<Opened<'c>, BisectError> {
    let record: registered::MnistRecord = store::read_json(context.results_dir.join("mnist.json"))?;
    let images = context.training(&MNIST).map_err(ExperimentError::from)?;
    let mut recorded = Vec::new();
    let run = record.run;
    for epoch in &run.history {
        recorded.push(Mark::hash(epoch.epoch, Mark::WEIGHTS, &epoch.weights_sha256));
        recorded.push(Mark::loss(epoch.epoch, Mark::TRAIN_LOSS, epoch.train_loss));
        recorded.push(Mark::count(epoch.epoch, Mark::TRAIN_COUNT, epoch.train));
    }
    recorded.push(Mark::hash(run.history.len(), Mark::RESULT, &run.weights_sha256));
    let subject = Subject::Mnist { settings: Settings::registered(), images: Cow::Borrowed(images) };
    Ok(Opened { recorded, subject })
}

/// The parts of a study: an arm and a seed each.
pub(super) fn parts_of<R: Runs>() -> Vec<String> {
    let run = |arm: &Arm| arm.seeds.clone().map(|seed| format!("{}-{seed}", arm.id)).collect::<Vec<_>>();
    R::arms().iter().flat_map(run).collect()
}

/// A run of a study.
pub(super) fn part_of<'c, R: Runs>(context: &'c Context, id: &str) -> Result<Opened<'c>, BisectError> {
    let (experiment, part) = id.split_once('/').unwrap_or((id, ""));
    let file = context.results_dir.join(format!("{experiment}.json"));
    let missing = || BisectError::NotInRecord { file: file.clone(), part: part.to_owned() };
    let arms = R::arms();
    let (arm, seed) = find_run(&arms, part).ok_or_else(missing)?;
    let record: records::Record<SeedRun> = store::read_json(&file)?;
    let run = record.parts.iter().find(|run| run.id == part).ok_or_else(missing)?;
    let [images, _] = R::images(context).map_err(ExperimentError::from)?;
    let settings = arm.settings(seed, images.normalisation);
    let recorded = recorded(run, &settings, images.len());
    Ok(Opened { recorded, subject: Subject::Mnist { settings, images } })
}

/// What a study keeps of a run on so many images.
fn recorded(run: &SeedRun, settings: &Settings, images: usize) -> Vec<Mark> {
    let batches = images.div_ceil(settings.recipe.batch_size);
    let beginning = BEGINNING.min(batches * settings.recipe.epochs).div_ceil(batches);
    let hashes = run.chain.iter().enumerate().map(|(epoch, sha256)| match epoch {
        0 => Mark::hash(beginning, Mark::BEGINNING, sha256),
        epoch => Mark::hash(epoch, Mark::WEIGHTS, sha256),
    });
    let scores = run.epochs.iter().zip(1..).flat_map(|(&(loss, correct), epoch)| {
        let count = Count { correct, total: images };
        [Mark::loss(epoch, Mark::TRAIN_LOSS, loss), Mark::count(epoch, Mark::TRAIN_COUNT, count)]
    });
    let result = Mark::hash(run.epochs.len(), Mark::RESULT, &run.weights_sha256);
    hashes.chain(scores).chain([result]).collect()
}
