//! Runs on iris that can be made step by step.

use super::tensors::Tensor;
use super::{BisectError, Mark, Opened, Stepwise, Subject, listing};
use crate::context::Context;
use crate::iris::studies::seeds::{IrisRecord, variants};
use crate::iris::{Epoch, InProgress, Prepared, Training};
use crate::study::ExperimentError;
use cnn::kernels::Isa;
use data::iris::Iris;
use records::store;

impl Stepwise for Training {
    fn go_on_with(&mut self, isa: Isa) {
        self.trainer.isa = isa;
    }

    fn extent(&self) -> (usize, usize) {
        Training::extent(self)
    }

    fn next_batch(&self) -> Option<(usize, usize)> {
        Training::next_batch(self)
    }

    fn step(&mut self) -> Result<(), ExperimentError> {
        Ok(self.next_step()?)
    }

    fn tensors(&self) -> Vec<Tensor<'_>> {
        listing::of_step(&self.trainer.network, &self.trainer.pass, self.loss, &self.trainer.optimiser)
    }

    fn marks(&mut self) -> Result<Vec<Mark>, ExperimentError> {
        if !self.ends_epoch() {
            return Ok(Vec::new());
        }
        let epoch = self.measure()?;
        let result = Training::next_batch(self).is_none();
        let result = result.then(|| Mark::hash(epoch.epoch, Mark::RESULT, &self.weights_sha256()));
        Ok(of_epoch(&epoch).into_iter().chain(result).collect())
    }
}

/// What a record keeps of an epoch.
pub(super) fn of_epoch(epoch: &Epoch) -> [Mark; 4] {
    let &Epoch { epoch, train_loss, train, test_loss, test } = epoch;
    [
        Mark::loss(epoch, Mark::TRAIN_LOSS, train_loss),
        Mark::count(epoch, Mark::TRAIN_COUNT, train),
        Mark::loss(epoch, Mark::TEST_LOSS, test_loss),
        Mark::count(epoch, Mark::TEST_COUNT, test),
    ]
}

/// The configurations of the experiment iris.
pub(super) fn parts() -> Vec<String> {
    variants().into_iter().map(|(name, _)| name).collect()
}

/// The run of a configuration on the registered seed.
pub(super) fn part<'c>(context: &'c Context, id: &str) -> Result<Opened<'c>, BisectError> {
    let (_, part) = id.split_once('/').unwrap_or((id, ""));
    let file = context.results_dir.join("iris.json");
    let missing = || BisectError::NotInRecord { file: file.clone(), part: part.to_owned() };
    let (_, settings) = variants().into_iter().find(|(name, _)| name == part).ok_or_else(missing)?;
    let record: IrisRecord = store::read_json(&file)?;
    let registered = &record.variant(part).ok_or_else(missing)?.registered;
    let iris = Iris::load(&context.data_dir).map_err(ExperimentError::from)?;
    let prepared = Prepared::new(&iris, &settings).map_err(ExperimentError::from)?;
    let history = registered.history.iter().flat_map(of_epoch);
    let result = Mark::hash(registered.history.len(), Mark::RESULT, &registered.weights_sha256);
    Ok(Opened { recorded: history.chain([result]).collect(), subject: Subject::Iris { settings, prepared } })
}
