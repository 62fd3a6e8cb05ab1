//! `coursework predict`: what the trained network says of images.

pub(crate) mod png_image;

use crate::ending::Ending;
use crate::machine::Folders;
use crate::say;
use anyhow::{Context as _, bail};
use clap::Args;
use cnn::models::mnist_network;
use data::drawing::{DrawingError, PreparedDigit};
use experiments::mnist::given::{GivenNetwork, NormalisationSource};
use png_image::PngImage;
use reader::{DigitAnswer, DigitReader};
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, Args)]
pub(super) struct PredictArgs {
    /// PNG files of any size and colour type, dark on light or light on dark; `-` is standard input. When one cannot
    /// be read, the others are answered, and the exit code is 2; to see no digit is an answer
    #[arg(value_name = "IMAGE.png", required = true)]
    images: Vec<PathBuf>,
    /// The trained network [default: mnist.safetensors in the folder of the records]
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// The images are 28 x 28, light ink on black, as MNIST's: take them as they are
    #[arg(long)]
    prepared: bool,
    /// A line of JSON for each image, with all ten probabilities and the SHA-256 of the logits
    #[arg(long)]
    json: bool,
}

/// What is said of an image. Of one without ink the network was not asked.
#[derive(Serialize)]
struct Predicted<'a> {
    file: &'a Path,
    digit: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probabilities: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logits_sha256: Option<String>,
}

pub(super) fn run(args: &PredictArgs, folders: &Folders, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let model = args.model.clone().unwrap_or_else(|| folders.results.join("mnist.safetensors"));
    let remedy = || format!("{}: cannot be read; name a trained network with --model FILE", model.display());
    let file = std::fs::read(&model).with_context(remedy)?;
    let given = GivenNetwork::read(mnist_network(0), &file)
        .map_err(|error| anyhow::anyhow!("{}: {error}", model.display()))?;
    if given.source == NormalisationSource::Assumed {
        say(&format!("{}: normalisation {}", model.display(), given.input_in_words()));
    }
    let mut reader = DigitReader::of_network(given.network, given.normalisation);
    let mut refused = 0;
    for image in &args.images {
        let predicted =
            args.predict(image, &mut reader).map_err(|error| anyhow::anyhow!("{}: {error}", image.display()));
        match predicted {
            Ok(predicted) if args.json => writeln!(out, "{}", serde_json::to_string(&predicted)?)?,
            Ok(predicted) => writeln!(out, "{}: {}", image.display(), predicted.in_words())?,
            Err(error) if args.images.len() == 1 => return Err(error),
            // The others are answered.
            Err(error) => {
                say(&format!("error: {error}"));
                refused += 1;
            }
        }
    }
    if refused > 0 {
        bail!("{refused} of {} images could not be read", args.images.len());
    }
    Ok(Ending::Done)
}

impl PredictArgs {
    fn predict<'a>(&self, file: &'a Path, reader: &mut DigitReader) -> anyhow::Result<Predicted<'a>> {
        let image = PngImage::read(file)?;
        if self.prepared {
            return Ok(Predicted::of(file, &reader.read(&image.prepared()?)?));
        }
        match image.ink().and_then(|ink| PreparedDigit::new(&ink)) {
            Ok(digit) => Ok(Predicted::of(file, &reader.read(&digit.centred.pixels)?)),
            Err(none @ DrawingError::NoInk) => Ok(Predicted::none(file, &none)),
            Err(error) => Err(error.into()),
        }
    }
}

impl<'a> Predicted<'a> {
    fn of(file: &'a Path, answer: &DigitAnswer) -> Self {
        let digit = answer.verdict();
        let unsure = || format!("I see no digit: the likeliest, {}, is not likely enough", answer.digit);
        Self {
            file,
            digit,
            reason: digit.is_none().then(unsure),
            probability: Some(answer.probability()),
            probabilities: Some(answer.probabilities.clone()),
            logits_sha256: Some(answer.logits_sha256()),
        }
    }

    fn none(file: &'a Path, reason: &DrawingError) -> Self {
        let reason = Some(reason.to_string());
        Self { file, digit: None, reason, probability: None, probabilities: None, logits_sha256: None }
    }

    fn in_words(&self) -> String {
        let said =
            self.digit.map(|digit| digit.to_string()).or_else(|| self.reason.clone()).unwrap_or_default();
        let probability = self.probability.map(|share| format!(", probability {share:.4}"));
        said + &probability.unwrap_or_default()
    }
}
