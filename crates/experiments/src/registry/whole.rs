//! The experiments that are computed in one go: each leaves its record in [`Records`], and its files.

use super::{Artifact, Experiment, ExperimentError, Records};
use crate::context::Context;
use crate::data::iris::Iris;
use crate::data::mnist::Mnist;
use crate::data::split::Split;
use crate::mnist::Settings;
use crate::records;
use crate::records::mnist::{Epoch, Look};
use crate::tuning::{self, TrainingPart};
use indicatif::ProgressBar;

pub(super) fn theory(
    this: &Experiment,
    _: &Context,
    records: &mut Records,
) -> Result<Vec<Artifact>, ExperimentError> {
    let record = records.theory.insert(records::theory::record(this.header())?);
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
    let bar = context.bar(this.id, records::iris::runs());
    let record = records::iris::record(context.isa, &iris, this.header(), || bar.inc(1))?;
    bar.finish_and_clear();
    Ok(vec![this.artifact(records.iris.insert(record))?])
}

pub(super) fn mnist(
    this: &Experiment,
    context: &Context,
    records: &mut Records,
) -> Result<Vec<Artifact>, ExperimentError> {
    let data = Mnist::load(&context.data_dir)?;
    let settings = Settings::registered();
    let mut watch =
        BarWatch { bar: context.bar(this.id, crate::mnist::batches(&settings, data.train.len())) };
    let (record, network) = records::mnist::record(context.isa, &data, &settings, this.header(), &mut watch)?;
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
