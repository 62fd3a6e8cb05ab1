//! A trained network out of a file: one of ours, or what another program saved under PyTorch's names.
//!
//! | the file says | what is done |
//! |---|---|
//! | nothing of its input | MNIST's normalisation is assumed, and [`NormalisationSource::Assumed`] says so |
//! | `input_mean` and `input_std` | that normalisation is used |
//! | one of the two, or what is no number | it is refused |
//! | another layout, formula or order of classes than [`model_file`] writes | it is refused |
//! | a `weights_sha256` that its weights do not have | it is refused |

use super::model_file::{CLASSES, FORMULA, HASH, LAYOUT, MEAN, STD, classes};
use super::{checkpoint, model_file};
use cnn::network::Network;
use cnn::weights::{WeightsError, from_safetensors};
use data::images::{MNIST, Normalisation};
use safetensors::SafeTensors;
use std::collections::HashMap;

/// Where a normalisation comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NormalisationSource {
    /// The file says it.
    File,
    /// The file does not say it: it is MNIST's.
    Assumed,
}

/// A trained network, and what its input has to be.
#[derive(Clone, Debug)]
pub struct GivenNetwork {
    /// The network with the file's weights.
    pub network: Network,
    /// What it sees of a pixel.
    pub normalisation: Normalisation,
    /// Where that comes from.
    pub source: NormalisationSource,
}

/// Why a file is no trained network that can be used.
#[derive(Debug, thiserror::Error)]
pub enum GivenError {
    /// The tensors cannot be used.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// It is what `torch.save` writes.
    #[error(
        "a file of `torch.save`, which holds programs: save the weights with `safetensors.torch.save_file`"
    )]
    Pickle,
    /// It is a checkpoint.
    #[error("it holds a run that was put down: `coursework mnist --resume FILE` goes on with it")]
    Unfinished,
    /// It says half of its normalisation.
    #[error("its metadata has no {0}: give input_mean and input_std, or neither")]
    Half(&'static str),
    /// What it says of its normalisation is no number.
    #[error("its metadata says {key} {said:?}: a number is expected")]
    Number {
        /// The key.
        key: &'static str,
        /// What it says.
        said: String,
    },
    /// No pixel can be normalised so in single precision.
    #[error(
        "its metadata says input_mean {mean:e} and input_std {std:e}: the deviation must be above 0, \
         and neither too large"
    )]
    Size {
        /// The mean.
        mean: f64,
        /// The deviation.
        std: f64,
    },
    /// Its input or output is another than is computed here.
    #[error("its metadata says {key} {said:?}, and only {known:?} is computed here")]
    Other {
        /// The key.
        key: &'static str,
        /// What it says.
        said: String,
        /// What is computed.
        known: String,
    },
    /// Its weights are others than it says.
    #[error(
        "its weights have not the weights_sha256 of its metadata: they were altered; take that entry out if you did"
    )]
    Altered,
}

impl GivenNetwork {
    /// Puts the weights of a file into a network of its architecture.
    ///
    /// # Errors
    /// [`GivenError`].
    pub fn read(mut network: Network, file: &[u8]) -> Result<Self, GivenError> {
        // What `torch.save` writes is an archive.
        if file.starts_with(b"PK\x03\x04") {
            return Err(GivenError::Pickle);
        }
        let (_, header) = SafeTensors::read_metadata(file).map_err(WeightsError::from)?;
        let says = Says(header.metadata().as_ref());
        if says.text(checkpoint::KEY).is_some() {
            return Err(GivenError::Unfinished);
        }
        from_safetensors(&mut network, file)?;
        says.is(LAYOUT, model_file::INPUT_LAYOUT)?;
        says.is(FORMULA, model_file::INPUT_FORMULA)?;
        says.is(CLASSES, &classes())?;
        if says.text(HASH).is_some_and(|hash| hash != network.sha256()) {
            return Err(GivenError::Altered);
        }
        let (normalisation, source) = match says.normalisation()? {
            None => (MNIST.normalisation, NormalisationSource::Assumed),
            Some(said) => (said, NormalisationSource::File),
        };
        Ok(Self { network, normalisation, source })
    }

    /// What is taken of a pixel, and on whose word: a line for a person.
    pub fn input_in_words(&self) -> String {
        let Normalisation { mean, std } = self.normalisation;
        let word = match self.source {
            NormalisationSource::File => "as the file says",
            NormalisationSource::Assumed => {
                "assumed, that of the training part of MNIST: the file does not say one (input_mean and input_std in \
                 its metadata)"
            }
        };
        format!("(pixel / 255 - {mean}) / {std}, {word}")
    }
}

/// The metadata of a file, if it has any.
struct Says<'a>(Option<&'a HashMap<String, String>>);

impl Says<'_> {
    fn text(&self, key: &str) -> Option<&str> {
        self.0.and_then(|said| said.get(key)).map(String::as_str)
    }

    /// Refuses what is said, unless it is this.
    fn is(&self, key: &'static str, known: &str) -> Result<(), GivenError> {
        match self.text(key).filter(|&said| said != known) {
            None => Ok(()),
            Some(said) => Err(GivenError::Other { key, said: said.to_owned(), known: known.to_owned() }),
        }
    }

    fn normalisation(&self) -> Result<Option<Normalisation>, GivenError> {
        let (mean, std) = match (self.number(MEAN)?, self.number(STD)?) {
            (None, None) => return Ok(None),
            (Some(mean), Some(std)) => (mean, std),
            (None, Some(_)) => return Err(GivenError::Half(MEAN)),
            (Some(_), None) => return Err(GivenError::Half(STD)),
        };
        let normalisation = Normalisation { mean, std };
        let is_finite = normalisation.table().iter().all(|seen| seen.is_finite());
        if std as f32 > 0.0 && is_finite {
            Ok(Some(normalisation))
        } else {
            Err(GivenError::Size { mean, std })
        }
    }

    fn number(&self, key: &'static str) -> Result<Option<f64>, GivenError> {
        let Some(said) = self.text(key) else { return Ok(None) };
        let number = said.trim().parse().ok().filter(|number: &f64| number.is_finite());
        number.map(Some).ok_or_else(|| GivenError::Number { key, said: said.to_owned() })
    }
}

#[cfg(test)]
mod tests;
