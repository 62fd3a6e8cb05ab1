//! A run put down between two steps: a file from which it goes on with the same bits.
//!
//! ```text
//! safetensors    network, average    each a safetensors file by itself, as bytes
//!                first, second       what the optimiser remembers, all parameters behind each other, f32
//! metadata       checkpoint          JSON: settings, position, scores, hashes, and the SHA-256 of all that
//! ```
//!
//! **Random streams stand in it by their positions**: seed and purpose say the rest. A file that is cut off, altered or
//! of something else is refused with the reason.

use super::run::{Settings, TrainedEpoch, Underway};
use cnn::network::Network;
use cnn::weights::{WeightsError, from_safetensors, to_safetensors};
use cnn::{Score, Standing};
use records::sha256_hex;
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The key of the metadata.
pub(super) const KEY: &str = "checkpoint";

/// A run between two steps, with what its test part said so far.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    pub settings: Settings,
    /// The images that it learns from, and the test images that it is asked about after each epoch.
    pub images: [usize; 2],
    /// Where the run stands.
    pub underway: Underway,
    /// Mean loss in nats, and right answers, on the test images after each epoch.
    pub tests: Vec<(f64, usize)>,
}

/// Why a checkpoint cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// It is no safetensors file, or cut off, or its networks are others.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// It is a safetensors file and no checkpoint: usually a trained network.
    #[error("it holds no run that could go on: a network that is trained is loaded with --model")]
    NoRun,
    /// What it says of the run cannot be read.
    #[error("what it says of its run is not understood: {0}")]
    Json(#[from] serde_json::Error),
    /// Something in it is not what was written.
    #[error("it does not have the SHA-256 that it names: the file was altered")]
    Altered,
}

/// What stands in the metadata.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    settings: Settings,
    images: [usize; 2],
    steps: usize,
    epoch: usize,
    done: usize,
    /// Positions of streams, as texts: JSON's numbers are too small for them.
    orders: String,
    distortions: String,
    /// Loss, right answers and examples of the epoch so far, and of the last step.
    scores: [(f64, usize, usize); 2],
    beginning_sha256: String,
    history: Vec<TrainedEpoch>,
    tests: Vec<(f64, usize)>,
    sha256: String,
}

impl Checkpoint {
    /// The file.
    ///
    /// # Errors
    /// When the networks have no form as safetensors.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CheckpointError> {
        let Underway { network, average, standing, distortions, beginning_sha256, history } = &self.underway;
        let Standing { steps, epoch, done, orders, score, last, moments } = standing;
        let mut tensors = vec![("network", to_safetensors(network)?)];
        if let Some(average) = average {
            tensors.push(("average", to_safetensors(average)?));
        }
        tensors.push(("first", bytes_of(moments.iter().map(|(first, _)| first))));
        tensors.push(("second", bytes_of(moments.iter().map(|(_, second)| second))));
        let mut words = Words {
            settings: self.settings.clone(),
            images: self.images,
            steps: *steps,
            epoch: *epoch,
            done: *done,
            orders: orders.to_string(),
            distortions: distortions.to_string(),
            scores: [score, last].map(|score| (score.loss_sum_nats, score.correct, score.total)),
            beginning_sha256: beginning_sha256.clone(),
            history: history.clone(),
            tests: self.tests.clone(),
            sha256: String::new(),
        };
        words.sha256 = words.hash(tensors.iter().map(|(_, bytes)| &bytes[..]))?;
        let mut views = Vec::new();
        for (name, bytes) in &tensors {
            let view = TensorView::new(Dtype::U8, vec![bytes.len()], bytes).map_err(WeightsError::from)?;
            views.push((*name, view));
        }
        let metadata = HashMap::from([(KEY.to_owned(), serde_json::to_string(&words)?)]);
        Ok(safetensors::serialize(views, Some(metadata)).map_err(WeightsError::from)?)
    }

    /// The run of a file.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let file = SafeTensors::deserialize(bytes).map_err(WeightsError::from)?;
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(WeightsError::from)?;
        let words =
            header.metadata().as_ref().and_then(|words| words.get(KEY)).ok_or(CheckpointError::NoRun)?;
        let words: Words = serde_json::from_str(words)?;
        let tensor =
            |name: &str| file.tensor(name).map(|tensor| tensor.data()).map_err(|_| CheckpointError::Altered);
        let averages = words.settings.recipe.averaging.is_some();
        let names: &[&str] = if averages {
            &["network", "average", "first", "second"]
        } else {
            &["network", "first", "second"]
        };
        let all: Vec<&[u8]> = names.iter().map(|name| tensor(name)).collect::<Result<_, _>>()?;
        if words.hash(all.into_iter())? != words.sha256 {
            return Err(CheckpointError::Altered);
        }
        let network = |name: &str| {
            if !words.settings.recipe.network.fits_in(tensor(name)?.len()) {
                return Err(CheckpointError::Altered);
            }
            let mut network = words.settings.network();
            from_safetensors(&mut network, tensor(name)?)?;
            Ok::<_, CheckpointError>(network)
        };
        let trained = network("network")?;
        let standing =
            words.standing(moments(&trained, words.steps, tensor("first")?, tensor("second")?)?)?;
        let underway = Underway {
            average: averages.then(|| network("average")).transpose()?,
            network: trained,
            standing,
            distortions: position_in(&words.distortions)?,
            beginning_sha256: words.beginning_sha256,
            history: words.history,
        };
        Ok(Self { settings: words.settings, images: words.images, underway, tests: words.tests })
    }
}

impl Words {
    /// The SHA-256 of these words, whatever they say of it, and of the tensors.
    fn hash<'a>(&self, tensors: impl Iterator<Item = &'a [u8]>) -> Result<String, CheckpointError> {
        let mut bytes = serde_json::to_vec(&Self { sha256: String::new(), ..self.clone() })?;
        tensors.for_each(|tensor| bytes.extend_from_slice(tensor));
        Ok(sha256_hex(&bytes))
    }

    /// Where the run stands, with what its optimiser remembers.
    fn standing(&self, moments: Moments) -> Result<Standing, CheckpointError> {
        let [score, last] =
            self.scores.map(|(loss_sum_nats, correct, total)| Score { loss_sum_nats, correct, total });
        let (steps, epoch, done) = (self.steps, self.epoch, self.done);
        Ok(Standing { steps, epoch, done, orders: position_in(&self.orders)?, score, last, moments })
    }
}

/// The position of a stream.
fn position_in(text: &str) -> Result<u128, CheckpointError> {
    text.parse().map_err(|_| CheckpointError::Altered)
}

/// What an optimiser remembers: two lists for each parameter.
type Moments = Vec<(Vec<f32>, Vec<f32>)>;

fn bytes_of<'a>(parameters: impl Iterator<Item = &'a Vec<f32>>) -> Vec<u8> {
    parameters.flatten().flat_map(|value| value.to_le_bytes()).collect()
}

/// What the optimiser remembers of each parameter of the network; nothing before the first step.
fn moments(network: &Network, steps: usize, first: &[u8], second: &[u8]) -> Result<Moments, CheckpointError> {
    if steps == 0 {
        return Ok(Vec::new());
    }
    let numbers = |bytes: &[u8]| -> Vec<f32> {
        let (numbers, _) = bytes.as_chunks::<4>();
        numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    };
    let (first, second) = (numbers(first), numbers(second));
    if [first.len(), second.len()] != [network.parameter_count(); 2] {
        return Err(CheckpointError::Altered);
    }
    let mut from = 0;
    let of = network.parameters().map(|(_, parameter)| {
        let to = from + parameter.value.len();
        let both = (first[from..to].to_vec(), second[from..to].to_vec());
        from = to;
        both
    });
    Ok(of.collect())
}

#[cfg(test)]
mod tests;
