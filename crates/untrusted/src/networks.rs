//! Networks: weights, checkpoints, the trained network of a record.

use crate::message::message;
use cnn::weights::{from_safetensors, to_safetensors};
use cnn::{
    Activation, ActivationKind, BatchNorm, Conv2d, Flatten, Isa, Linear, MaxPool2d, Network, PRelu, Purpose,
    Shape, Stream,
};
use data::images::{Images, MNIST, PIXELS};
use experiments::mnist::checkpoint::Checkpoint;
use experiments::mnist::studies::registered::LayerRow;
use experiments::mnist::{Architecture, Recipe, RunError, Settings, Underway, Watch, train_from};
use grading::digits;
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;
use serde_json::Value;
use std::collections::HashMap;

/// A small network with every kind of tensor that a file holds.
pub fn small() -> Network {
    let init = &mut Stream::new(1, Purpose::Init);
    Network::default()
        .with("0", Conv2d::new(1, 2, 3, 1, init))
        .with("1", BatchNorm::new(2, 0.1, 1e-5))
        .with("2", PRelu::default())
        .with("3", Flatten)
        .with("4", Linear::new(8, 3, init))
}

/// The file of a run that was put down after its first step.
pub fn checkpoint_file() -> Vec<u8> {
    let recipe = Recipe {
        network: Architecture::Narrow { before: 1, after: 1 },
        batch_size: 2,
        averaging: Some(0.9),
        ..Recipe::registered()
    };
    let settings = Settings { recipe, ..Settings::registered() };
    let mut last = Kept::default();
    let ended = train_from(Isa::Scalar, &settings, &four_images(), None, &mut last);
    assert!(matches!(ended, Err(RunError::Ended { .. })), "it ends after a step");
    let underway = last.0.expect("it was put down");
    let checkpoint = Checkpoint { settings, images: [4, 4], underway, tests: Vec::new() };
    checkpoint.to_bytes().expect("a run has a form as a file")
}

fn four_images() -> Images {
    Images { pixels: vec![9; 4 * PIXELS], labels: vec![3; 4], normalisation: MNIST.normalisation }
}

/// The table of the layers of a small network, and its weights behind it.
pub fn layers_file() -> Vec<u8> {
    let init = &mut Stream::new(1, Purpose::Init);
    let network = Network::default()
        .with("0", Conv2d::new(1, 1, 3, 0, init))
        .with("1", BatchNorm::new(1, 0.1, 1e-5))
        .with("2", Activation(ActivationKind::Relu))
        .with("3", MaxPool2d::new(13))
        .with("4", Flatten)
        .with("5", Linear::new(4, 10, init));
    let table = network.table(Shape::maps(1, 28, 28, 1)).expect("its layers fit together");
    let rows: Vec<LayerRow> = table.rows.into_iter().map(layer_row).collect();
    let mut file = serde_json::to_vec(&rows).expect("a table has a form in JSON");
    file.push(b'\n');
    file.extend(to_safetensors(&network).expect("a network has a form as safetensors"));
    file
}

fn layer_row(row: cnn::network::Row) -> LayerRow {
    LayerRow {
        name: row.name,
        kind: row.kind.to_owned(),
        output: [row.output.h, row.output.w, row.output.c],
        parameters: row.parameters,
        multiply_adds: row.multiply_adds,
    }
}

/// The weights of a network.
pub fn weights(bytes: &[u8]) -> Result<(), String> {
    let mut network = small();
    let before = network.sha256();
    if let Err(error) = from_safetensors(&mut network, bytes) {
        assert_eq!(network.sha256(), before, "what is refused changes nothing");
        return Err(message(error));
    }
    let mut again = small();
    from_safetensors(&mut again, &to_safetensors(&network).map_err(message)?).map_err(message)?;
    assert_eq!(again.sha256(), network.sha256());
    Ok(())
}

/// A run put down: as the file is, and with the SHA-256 that it would have to name. What can be read goes on for a
/// step.
pub fn checkpoint(bytes: &[u8]) -> Result<(), String> {
    let as_it_is = gone_on(bytes);
    sealed(bytes).map_or(as_it_is, |bytes| gone_on(&bytes))
}

fn gone_on(bytes: &[u8]) -> Result<(), String> {
    let run = Checkpoint::from_bytes(bytes).map_err(message)?;
    let written = run.to_bytes().map_err(message)?;
    let again = Checkpoint::from_bytes(&written).map_err(message)?;
    assert_eq!(again.to_bytes().map_err(message)?, written);
    // Another network would only take longer.
    if run.underway.network.parameter_count() > 10_000 {
        return Ok(());
    }
    match train_from(Isa::Scalar, &run.settings, &four_images(), Some(run.underway), &mut Kept::default()) {
        Ok(_) | Err(RunError::Ended { .. }) => Ok(()),
        Err(error) => Err(message(error)),
    }
}

/// Ends a run after a step, and keeps where it stands.
#[derive(Default)]
struct Kept(Option<Underway>);

impl Watch for Kept {
    fn ends(&mut self) -> bool {
        true
    }
    fn stands(&mut self, run: &Underway) -> Result<(), RunError> {
        self.0 = Some(run.clone());
        Ok(())
    }
}

/// The same file with the SHA-256 of what it holds: one who alters a file can do that as well.
fn sealed(bytes: &[u8]) -> Option<Vec<u8>> {
    let file = SafeTensors::deserialize(bytes).ok()?;
    let (_, header) = SafeTensors::read_metadata(bytes).ok()?;
    let mut words: Value = serde_json::from_str(header.metadata().as_ref()?.get("checkpoint")?).ok()?;
    *words.get_mut("sha256")? = "".into();
    let tensors = ["network", "average", "first", "second"].map(|name| file.tensor(name).ok());
    let mut covered = serde_json::to_vec(&words).ok()?;
    tensors.iter().flatten().for_each(|tensor| covered.extend_from_slice(tensor.data()));
    *words.get_mut("sha256")? = records::sha256_hex(&covered).into();
    let views: Vec<(String, TensorView)> = file.tensors();
    let metadata = HashMap::from([("checkpoint".to_owned(), words.to_string())]);
    safetensors::serialize(views, Some(metadata)).ok()
}

/// The table of layers of a record, a line of JSON, and behind it the file of its weights.
pub fn layers(bytes: &[u8]) -> Result<(), String> {
    let end = bytes.iter().position(|byte| *byte == b'\n').ok_or("no line")?;
    let rows: Vec<LayerRow> = serde_json::from_slice(&bytes[..end]).map_err(message)?;
    let network = digits::trained(&rows, &bytes[end + 1..]).map_err(message)?;
    // Some run within the pass of the one before.
    assert!(network.layers().count() <= rows.len());
    Ok(())
}
