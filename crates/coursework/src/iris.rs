//! `coursework iris`: one run, as the settings say.

use crate::ending::Ending;
use crate::machine::Machine;
use crate::named::named;
use crate::sound::{check_loss, say_dead};
use clap::Args;
use cnn::Decayed;
use data::iris::FILE;
use data::iris::Iris;
use experiments::context::Context;
use experiments::iris::{
    Activation, Division, Features, Follow, Implementation, Keep, Loss, Optimiser, Outcome, Prepared,
    Settings, Trace, follow,
};
use experiments::registry::hashes;
use records::store;
use records::{Header, Registration};
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;

#[derive(Clone, Debug, Args)]
pub(super) struct IrisArgs {
    /// Which implementation: the layers of cnn (P1.1) or mlp-scratch (P2.1)
    #[arg(long, value_parser = named::<Implementation>(&["framework", "scratch"]), default_value = "framework")]
    network: Implementation,
    /// The hidden layer's nonlinearity [default: relu; scratch: sigmoid]
    #[arg(long, value_parser = named::<Activation>(&["relu", "sigmoid", "tanh", "prelu", "identity"]))]
    activation: Option<Activation>,
    /// The update rule [default: adam; scratch: sgd]
    #[arg(long, value_parser = named::<Optimiser>(&["sgd", "momentum", "adam"]))]
    optimiser: Option<Optimiser>,
    /// The learning rate [default: adam 0.01, momentum 0.01, sgd 0.1]
    #[arg(long, value_name = "RATE", allow_negative_numbers = true)]
    learning_rate: Option<f64>,
    /// The seed of the split, the initial weights and the order of the batches
    #[arg(long, value_name = "N", default_value_t = experiments::REGISTERED_SEED, allow_negative_numbers = true)]
    seed: u64,
    /// Passes through the training part [default: 300; scratch: 800]
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,
    /// How the flowers are divided into 80 % and 20 %
    #[arg(long, value_parser = named::<Division>(&["shuffled", "sorted"]), default_value = "shuffled")]
    split: Division,
    /// Units of the hidden layer [default: 40]
    #[arg(long, value_name = "N")]
    hidden: Option<usize>,
    /// What the network is given of a flower [default: standardised]
    #[arg(long, value_parser = named::<Features>(&["standardised", "raw", "whitened"]))]
    features: Option<Features>,
    /// What is minimised [default: cross-entropy]
    #[arg(long, value_parser = named::<Loss>(&["cross-entropy", "half-squared-error-sum"]))]
    loss: Option<Loss>,
    /// The coefficient of the L2 term [default: 0.01; scratch: 0]
    #[arg(long, value_name = "L2", allow_negative_numbers = true)]
    weight_decay: Option<f64>,
    /// Of which parameters the L2 term is
    #[arg(long, value_parser = named::<Decayed>(&["weights", "all"]), default_value = "weights")]
    decayed: Decayed,
    /// Flowers in a batch [default: 16; scratch: 5]
    #[arg(long, value_name = "N")]
    batch_size: Option<usize>,
    /// Write the run with every epoch to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    #[command(flatten)]
    pub(super) machine: Machine,
}

#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    header: Header,
    #[serde(flatten)]
    outcome: Outcome,
}

impl IrisArgs {
    fn settings(&self) -> Settings {
        let defaults = match self.network {
            Implementation::Framework => Settings::framework(self.activation.unwrap_or(Activation::Relu)),
            Implementation::Scratch => {
                Settings { activation: self.activation.unwrap_or(Activation::Sigmoid), ..Settings::scratch() }
            }
        };
        let optimiser = self.optimiser.unwrap_or(defaults.optimiser);
        let usual_rate = match optimiser {
            Optimiser::Sgd => 0.1,
            Optimiser::Momentum | Optimiser::Adam => 0.01,
        };
        Settings {
            optimiser,
            learning_rate: self.learning_rate.unwrap_or(usual_rate),
            seed: self.seed,
            epochs: self.epochs.unwrap_or(defaults.epochs),
            division: self.split,
            hidden: self.hidden.unwrap_or(defaults.hidden),
            features: self.features.unwrap_or(defaults.features),
            loss: self.loss.unwrap_or(defaults.loss),
            weight_decay: self.weight_decay.unwrap_or(defaults.weight_decay),
            decayed: self.decayed,
            batch_size: self.batch_size.unwrap_or(defaults.batch_size),
            ..defaults
        }
    }
}

pub(super) fn run(args: &IrisArgs, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let settings = args.settings();
    args.json.as_ref().map_or(Ok(()), store::check_writable)?;
    let iris = Iris::load(&context.data_dir)?;
    let prepared = Prepared::new(&iris, &settings)?;
    let bar = context.bar("iris", settings.epochs as u64);
    let what = Follow { done: &|| bar.inc(1), ..Follow::keeping(Keep::All) };
    let Trace { outcome, dead, .. } = follow(context.isa, &prepared, &settings, what)?;
    bar.finish_and_clear();
    check_loss(outcome.last().epoch, outcome.last().train_loss)?;
    say_dead(dead.as_ref(), "flowers of the training part");
    writeln!(
        out,
        "{:>6}  {:>10}  {:>8}  {:>10}  {:>8}",
        "epoch", "train loss", "train", "test loss", "test"
    )?;
    let shown =
        |epoch: usize| [1, 2, 5].iter().any(|step| is_round(epoch, *step)) || epoch == settings.epochs;
    for epoch in outcome.history.iter().filter(|epoch| shown(epoch.epoch)) {
        writeln!(
            out,
            "{:>6}  {:>10.6}  {:>8}  {:>10.6}  {:>8}",
            epoch.epoch,
            epoch.train_loss,
            epoch.train.to_string(),
            epoch.test_loss,
            epoch.test.to_string()
        )?;
    }
    let test = outcome.last().test;
    writeln!(out, "test accuracy {test}, error {:.1} % on this one split", 100.0 * test.error_rate())?;
    writeln!(out, "weights sha256 {}", outcome.weights_sha256)?;
    if let Some(path) = &args.json {
        let header = Header::new("iris-run", Registration::ONE_RUN, hashes(&[FILE]));
        store::write_json(path, &Report { header, outcome })?;
    }
    Ok(Ending::Done)
}

/// Whether `epoch` is `digit` times a power of ten.
fn is_round(epoch: usize, digit: usize) -> bool {
    let mut power = digit;
    while power < epoch {
        power *= 10;
    }
    power == epoch
}
