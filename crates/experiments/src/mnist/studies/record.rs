//! What `mnist.json` and the network beside it hold, and where the two contradict each other.

use crate::context::Context;
use crate::mnist::model_file::{Description, model_file};
use crate::mnist::{Evaluation, Settings, evaluate};
use crate::study::{Contradiction, ExperimentError, typed};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cnn::network::Network;
use cnn::weights::{WeightsError, from_safetensors};
use data::images::{MNIST, Normalisation};
use records::{Count, Header};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MnistRecord {
    #[serde(flatten)]
    pub header: Header,
    #[serde(flatten)]
    pub run: RecordedRun,
}

/// A run whose network is recorded layer by layer and epoch by epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordedRun {
    /// How the network was trained.
    pub settings: Settings,
    /// Training images.
    pub training_images: usize,
    /// The network, layer by layer.
    pub layers: Vec<LayerRow>,
    /// Learned numbers in all.
    pub parameters: usize,
    /// Every epoch.
    pub history: Vec<RecordedEpoch>,
    /// The network after the last epoch, on the test part.
    pub evaluation: Evaluation,
    /// The SHA-256 of the trained weights.
    pub weights_sha256: String,
}

/// A run with what it learned: the value of the part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunWithTensors {
    #[serde(flatten)]
    pub run: RecordedRun,
    /// Its tensors, a safetensors file in base 64.
    pub tensors: String,
}

impl RecordedRun {
    /// The network of this run as a file that says what its input is.
    ///
    /// # Errors
    /// Those of [`model_file`].
    pub fn model_file(&self, header: &Header, network: &Network) -> Result<Vec<u8>, WeightsError> {
        let Normalisation { mean, std } = self.settings.normalisation;
        let (experiment, data_sha256) = (&header.experiment[..], &header.data_sha256);
        model_file(network, &Description { experiment, seed: self.settings.seed, mean, std, data_sha256 })
    }
}

/// What an epoch scored. Epochs count from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordedEpoch {
    pub epoch: usize,
    /// Mean loss in nats of the training batches, each before its own step.
    pub train_loss: f64,
    /// Right answers in the training batches, each before its own step.
    pub train: Count,
    /// Mean loss in nats of the test images after the epoch.
    pub test_loss: f64,
    /// Right answers on the test images after the epoch.
    pub test: Count,
    /// The SHA-256 of the weights in training after the epoch.
    pub weights_sha256: String,
}

/// A layer of the network; shapes are of one image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerRow {
    pub name: String,
    pub kind: String,
    /// Rows, columns and channels of its output.
    pub output: [usize; 3],
    /// Its learned numbers.
    pub parameters: usize,
    /// Its multiply-adds forward.
    pub multiply_adds: usize,
}

/// Where the submitted weights are not those of the record, or have other test digits right. **The last bits of a loss
/// are not looked at**: another order of sums may give others.
pub(super) fn contradictions(
    context: &Context,
    parts: &[Value],
) -> Result<Vec<Contradiction>, ExperimentError> {
    let mut found = Vec::new();
    let mut hold = |holds: bool, part: usize, key: &str, why: String| {
        if !holds {
            found.push(Contradiction { part, key: key.to_owned(), why });
        }
    };
    for (part, RunWithTensors { run, tensors }) in typed(parts)?.into_iter().enumerate() {
        let mut network = run.settings.network();
        from_safetensors(&mut network, &BASE64_STANDARD.decode(tensors).map_err(ExperimentError::failed)?)?;
        let (sha256, registered) = (network.sha256(), Settings::registered());
        let all_epochs = run.history.len() == registered.recipe.epochs;
        let last = run.history.last().map(|last| last.test);
        hold(run.settings == registered, part, "settings", "the registered run has others".to_owned());
        hold(all_epochs, part, "history", "the registered run has another number of epochs".to_owned());
        hold(sha256 == run.weights_sha256, part, "weights_sha256", format!("the weights have {sha256}"));
        let why = "the last epoch says otherwise".to_owned();
        hold(last == Some(run.evaluation.test), part, "evaluation.test.correct", why);
        let again = evaluate(context.isa, &network, context.test(&MNIST)?);
        let why = format!("with these weights {} are right", again.test);
        hold(again.test == run.evaluation.test, part, "evaluation.test.correct", why);
        hold(
            again.mistakes == run.evaluation.mistakes,
            part,
            "evaluation.mistakes",
            "the weights err elsewhere".to_owned(),
        );
    }
    Ok(found)
}
