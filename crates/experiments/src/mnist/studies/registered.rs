//! `mnist.json`: P1.2, and the trained network beside it.

use crate::mnist::model_file::{Description, model_file};
use crate::mnist::{Examination, RunError, Settings, TrainedEpoch, Watch, examine, train};
use cnn::kernels::Isa;
use cnn::network::Network;
use cnn::tensor::Shape;
use cnn::weights::WeightsError;
use data::mnist::{Images, Mnist, Normalisation, SIDE};
use records::Count;
use records::Header;
use serde::{Deserialize, Serialize};

/// The record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// What it is.
    #[serde(flatten)]
    pub header: Header,
    /// How the network was trained.
    pub settings: Settings,
    /// Training pictures.
    pub training_pictures: usize,
    /// The network, layer by layer.
    pub layers: Vec<LayerRow>,
    /// Learned numbers in all.
    pub parameters: usize,
    /// Every epoch.
    pub history: Vec<Epoch>,
    /// The network after the last epoch, on the test part.
    pub examination: Examination,
    /// The SHA-256 of the trained weights.
    pub weights_sha256: String,
}

impl Record {
    /// The network of this record as a file that says what its input is.
    ///
    /// # Errors
    /// Those of [`model_file`].
    pub fn model_file(&self, network: &Network) -> Result<Vec<u8>, WeightsError> {
        let Normalisation { mean, std } = self.settings.normalisation;
        let (experiment, data_sha256) = (&self.header.experiment[..], &self.header.data_sha256);
        model_file(network, &Description { experiment, seed: self.settings.seed, mean, std, data_sha256 })
    }
}

/// What an epoch scored. Epochs count from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// The epoch.
    pub epoch: usize,
    /// Mean loss in nats of the training batches, each before its own step.
    pub train_loss: f64,
    /// Right answers in the training batches, each before its own step.
    pub train: Count,
    /// Mean loss in nats of the test pictures after the epoch.
    pub test_loss: f64,
    /// Right answers on the test pictures after the epoch.
    pub test: Count,
    /// The SHA-256 of the weights in training after the epoch.
    pub weights_sha256: String,
}

/// Whoever looks on while a record is made.
pub trait Look {
    /// A batch is done.
    fn batch(&mut self) {}
    /// An epoch is done and tested.
    fn epoch(&mut self, _epoch: &Epoch) {}
}

/// Tests after every epoch; what it finds decides nothing.
struct Tester<'a, L> {
    isa: Isa,
    test: &'a Images,
    history: Vec<Epoch>,
    /// Of the last epoch.
    examination: Option<Examination>,
    look: &'a mut L,
}

impl<L: Look> Watch for Tester<'_, L> {
    fn batch(&mut self) {
        self.look.batch();
    }

    fn epoch(&mut self, trained: &TrainedEpoch, network: &Network) {
        let examination = examine(self.isa, network, self.test);
        let TrainedEpoch { epoch, train_loss, train, weights_sha256 } = trained.clone();
        let Examination { test_loss, test, .. } = examination;
        let epoch = Epoch { epoch, train_loss, train, test_loss, test, weights_sha256 };
        self.look.epoch(&epoch);
        self.history.push(epoch);
        self.examination = Some(examination);
    }
}

/// A layer of the network; shapes are of one picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerRow {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Rows, columns and channels of its output.
    pub output: [usize; 3],
    /// Its learned numbers.
    pub parameters: usize,
    /// Its multiply-adds forward.
    pub multiply_adds: usize,
}

/// Trains, examines and records.
///
/// # Errors
/// When the run diverges.
pub fn record(
    isa: Isa,
    data: &Mnist,
    settings: &Settings,
    header: Header,
    look: &mut impl Look,
) -> Result<(Record, Network), RunError> {
    let mut tester = Tester { isa, test: &data.test, history: Vec::new(), examination: None, look };
    let run = train(isa, settings, &data.train, &mut tester)?;
    let record = Record {
        header,
        settings: settings.clone(),
        training_pictures: settings.pictures(data.train.len()),
        layers: layers(&run.network),
        parameters: run.network.parameter_count(),
        history: tester.history,
        examination: tester.examination.unwrap_or_else(|| examine(isa, &run.network, &data.test)),
        weights_sha256: run.network.sha256(),
    };
    Ok((record, run.network))
}

/// The shape table, computed from the network.
fn layers(network: &Network) -> Vec<LayerRow> {
    let table = network
        .table(Shape::maps(1, SIDE, SIDE, 1))
        .expect("a network that was trained takes pictures of 28 x 28");
    let row = |row: cnn::network::Row| LayerRow {
        name: row.name,
        kind: row.kind.to_owned(),
        output: [row.output.h, row.output.w, row.output.c],
        parameters: row.parameters,
        multiply_adds: row.multiply_adds,
    };
    table.into_iter().map(row).collect()
}
