//! The experiments that are computed in one go: each leaves its record in [`Records`], and its files.

use super::{Experiment, Records};
use crate::context::Context;
use crate::iris::cross_validation::TrainingPart;
use crate::iris::studies::seeds;
use crate::iris::studies::tuning;
use crate::mnist::Settings;
use crate::mnist::studies::registered;
use crate::mnist::studies::registered::{Epoch, Look};
use crate::study::ExperimentError;
use crate::worked;
use data::iris::Iris;
use data::split::Split;
use indicatif::ProgressBar;
use records::Artifact;

pub(super) fn theory(
    this: &Experiment,
    _: &Context,
    records: &mut Records,
) -> Result<Vec<Artifact>, ExperimentError> {
    let record = records.theory.insert(worked::record(this.header())?);
    Ok(vec![this.artifact(record)?])
}

pub(super) fn iris_tuning(
    this: &Experiment,
    context: &Context,
    records: &mut Records,
) -> Result<Vec<Artifact>, ExperimentError> {
    let iris = Iris::load(&context.data_dir)?;
    let bar = context.bar(this.id, tuning::runs());
    let split = Split::shuffled(iris.labels.len(), crate::REGISTERED_SEED);
    let training = TrainingPart::of(&iris, &split);
    let record = tuning::tune(context.isa, &training, this.header(), || bar.inc(1))?;
    bar.finish_and_clear();
    Ok(vec![this.artifact(records.tuning.insert(record))?])
}

pub(super) fn iris(
    this: &Experiment,
    context: &Context,
    records: &mut Records,
) -> Result<Vec<Artifact>, ExperimentError> {
    let iris = Iris::load(&context.data_dir)?;
    let bar = context.bar(this.id, seeds::runs());
    let record = seeds::record(context.isa, &iris, this.header(), || bar.inc(1))?;
    bar.finish_and_clear();
    Ok(vec![this.artifact(records.iris.insert(record))?])
}

pub(super) fn mnist(
    this: &Experiment,
    context: &Context,
    records: &mut Records,
) -> Result<Vec<Artifact>, ExperimentError> {
    let data = context.mnist()?;
    let settings = Settings::registered();
    let mut watch =
        BarWatch { bar: context.bar(this.id, crate::mnist::batches(&settings, data.train.len())) };
    let (record, network) = registered::record(context.isa, data, &settings, this.header(), &mut watch)?;
    watch.bar.finish_and_clear();
    let weights = Artifact { name: this.files[1].to_owned(), bytes: record.model_file(&network)? };
    records.mnist_weights = Some(weights.bytes.clone());
    Ok(vec![this.artifact(records.mnist.insert(record))?, weights])
}

/// Shows a run of MNIST as a bar.
struct BarWatch {
    bar: ProgressBar,
}

impl Look for BarWatch {
    fn batch(&mut self) {
        self.bar.inc(1);
    }

    fn epoch(&mut self, epoch: &Epoch) {
        self.bar.println(format!("epoch {}: test {}", epoch.epoch, epoch.test));
    }
}
