//! `mnist --model`: what a given network says of the test part, and the network in other formats.

use crate::ending::Ending;
use anyhow::bail;
use clap::Args;
use data::images::{Images, MNIST, Normalisation};
use exchange::{npy, onnx};
use experiments::context::Context;
use experiments::mnist::evaluation::ask_logits;
use experiments::mnist::given::{GivenNetwork, NormalisationSource};
use experiments::mnist::model_file;
use experiments::mnist::views::{VIEWS, ViewsScore, evaluate_views};
use experiments::mnist::{Architecture, Evaluation, evaluate};
use experiments::registry::hashes;
use records::{Header, Registration, store};
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf, absolute};

#[derive(Clone, Debug, Args)]
pub(super) struct GivenArgs {
    /// Train nothing: ask the network of this file about the test part, one of `--save` or what PyTorch saved under the
    /// same names as safetensors; `--recipe` says which network it is
    #[arg(long, value_name = "FILE", conflicts_with_all = OF_A_TRAINING)]
    model: Option<PathBuf>,
    /// Write the logits of the test images to this file, for NumPy: 32-bit floats, a row of ten for each
    #[arg(long, value_name = "FILE.npy", requires = "model")]
    logits: Option<PathBuf>,
    /// Write the network of `--model` to this file as ONNX, its normalisation within: the input is pixels, 0 to 255
    #[arg(long, value_name = "FILE.onnx", requires = "model")]
    onnx: Option<PathBuf>,
}

/// The options that say how to train.
const OF_A_TRAINING: [&str; 6] = ["epochs", "seed", "learning_rate", "limit", "save", "resume"];

/// What is asked of a given network besides.
pub(super) struct Asked<'a> {
    pub(super) model: &'a Path,
    pub(super) network: Architecture,
    /// So many test images at most.
    pub(super) tests: usize,
    pub(super) views: bool,
    pub(super) json: Option<&'a Path>,
}

/// What `--json` holds.
#[derive(Serialize)]
struct GivenRecord {
    #[serde(flatten)]
    header: Header,
    /// What the network sees of a pixel.
    normalisation: Normalisation,
    /// Whether the file says so; otherwise it was assumed.
    normalisation_is_stated: bool,
    evaluation: Evaluation,
    #[serde(skip_serializing_if = "Option::is_none")]
    views: Option<ViewsScore>,
    weights_sha256: String,
}

impl GivenArgs {
    pub(super) fn model(&self) -> Option<&Path> {
        self.model.as_deref()
    }

    /// Asks the network about the test images. Files first: whoever reads the last line can rely on them.
    pub(super) fn answer(
        &self,
        asked: &Asked,
        context: &Context,
        out: &mut dyn Write,
    ) -> anyhow::Result<Ending> {
        let outputs = [asked.json, self.logits.as_deref(), self.onnx.as_deref()];
        check_outputs(asked.model, outputs.into_iter().flatten())?;
        let bytes = store::read(asked.model)?;
        let given = GivenNetwork::read(asked.network.network(0), &bytes)
            .map_err(|error| anyhow::anyhow!("{}: {error}", asked.model.display()))?;
        let test = Images { normalisation: given.normalisation, ..context.test(&MNIST)?.clone() };
        let test = test.limit(asked.tests);
        self.write(&given, &test, context)?;
        let record = GivenRecord {
            header: Header::new("mnist-model", Registration::ONE_RUN, hashes(MNIST.test_files())),
            normalisation: given.normalisation,
            normalisation_is_stated: given.source == NormalisationSource::File,
            evaluation: evaluate(context.isa, &given.network, &test),
            views: asked.views.then(|| evaluate_views(context.isa, &given.network, &test)),
            weights_sha256: given.network.sha256(),
        };
        if let Some(path) = asked.json {
            store::write_json(path, &record)?;
        }
        writeln!(out, "normalisation {}", given.input_in_words())?;
        writeln!(out, "test accuracy {}", record.evaluation.test)?;
        record.views.iter().try_for_each(|score| say_views(score, out))?;
        writeln!(out, "weights sha256 {}", record.weights_sha256)?;
        Ok(Ending::Done)
    }

    /// Writes the logits and the network, where they are asked for.
    fn write(&self, given: &GivenNetwork, test: &Images, context: &Context) -> anyhow::Result<()> {
        if let Some(path) = &self.logits {
            let logits = ask_logits(context.isa, &given.network, test); // (N, 10)
            let columns = logits.first().map_or(0, Vec::len);
            store::write_atomically(path, &npy::of_rows(logits.len(), columns, &logits.concat()))?;
        }
        if let Some(path) = &self.onnx {
            let facts = [("classes", model_file::classes()), ("weights_sha256", given.network.sha256())];
            store::write_atomically(path, &onnx::to_onnx(&given.network, given.normalisation, &facts)?)?;
        }
        Ok(())
    }
}

/// Finds out whether the files can be written, and that none of them is the network itself or another of them.
fn check_outputs<'a>(model: &Path, outputs: impl Iterator<Item = &'a Path>) -> anyhow::Result<()> {
    let mut used = vec![whole(model)];
    for path in outputs {
        let whole = whole(path);
        if used.contains(&whole) {
            bail!("{} is named twice: name another file", path.display());
        }
        used.push(whole);
        store::check_writable(path)?;
    }
    Ok(())
}

/// The path from the root, with links resolved where there is such a file.
fn whole(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| absolute(path)).unwrap_or_else(|_| path.to_owned())
}

/// What a network says of the test part in fixed views.
pub(super) fn say_views(score: &ViewsScore, out: &mut dyn Write) -> std::io::Result<()> {
    let ViewsScore { held_out, held_out_loss, .. } = score;
    writeln!(out, "test accuracy in {VIEWS} views {held_out}, loss {held_out_loss:.5}")
}
