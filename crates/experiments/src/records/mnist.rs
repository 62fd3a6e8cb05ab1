//! `mnist.json`: P1.2, and the trained network beside it.

use super::Header;
use crate::data::mnist::{Mnist, SIDE};
use crate::mnist::{Epoch, Examination, RunError, Settings, Watch, examine, train};
use cnn::kernels::Isa;
use cnn::models::mnist_network;
use cnn::network::Network;
use cnn::tensor::Shape;
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
    watch: &mut impl Watch,
) -> Result<(Record, Network), RunError> {
    let run = train(isa, settings, &data.train, &data.test, watch)?;
    let record = Record {
        header,
        settings: settings.clone(),
        training_pictures: data.train.len(),
        layers: layers(),
        parameters: run.network.parameter_count(),
        history: run.history,
        examination: examine(isa, &run.network, &data.test),
        weights_sha256: run.network.sha256(),
    };
    Ok((record, run.network))
}

/// The shape table, computed from the network.
fn layers() -> Vec<LayerRow> {
    let table = mnist_network(crate::REGISTERED_SEED)
        .table(Shape::maps(1, SIDE, SIDE, 1))
        .expect("the network takes pictures of 28 x 28, which a test of cnn shows");
    let row = |row: cnn::network::Row| LayerRow {
        name: row.name,
        kind: row.kind.to_owned(),
        output: [row.output.h, row.output.w, row.output.c],
        parameters: row.parameters,
        multiply_adds: row.multiply_adds,
    };
    table.into_iter().map(row).collect()
}
