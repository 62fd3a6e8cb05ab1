//! `coursework mnist`: one run of the network of P1.2.

mod given;
mod saved;

use crate::ending::Ending;
use crate::machine::Machine;
use crate::sound::{check_loss, say_dead};
use crate::{say, stop};
use clap::{Args, ValueEnum};
use cnn::Network;
use data::images::{Images, MNIST};
use experiments::context::Context;
use experiments::mnist::checkpoint::Checkpoint;
use experiments::mnist::studies::registered::{
    MnistRecord, RecordedEpoch, RecordedRun, Session, recorded_session,
};
use experiments::mnist::views::evaluate_views;
use experiments::mnist::{Rates, Recipe, RunError, Settings, batches, dead_layer, studies};
use experiments::registry::hashes;
use records::store;
use records::{Header, Registration};
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, Args)]
pub(super) struct MnistArgs {
    /// The recipe: network, schedule, distortions and all else that is not given here
    #[arg(long, value_name = "NAME", default_value = "registered")]
    recipe: Named,
    /// Passes through the training part, fixed before the run [default: the recipe's]
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,
    /// The seed of the initial weights and the order of the batches
    #[arg(long, value_name = "N", default_value_t = experiments::REGISTERED_SEED, allow_negative_numbers = true)]
    seed: u64,
    /// The largest learning rate [default: the recipe's]
    #[arg(long, value_name = "RATE", allow_negative_numbers = true)]
    learning_rate: Option<f64>,
    /// The first N training images only
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// The first N test images only
    #[arg(long, value_name = "N")]
    test_limit: Option<NonZeroUsize>,
    /// Ask the trained network about the test part in nine fixed views as well, by the mean of their log-probabilities
    #[arg(long)]
    views: bool,
    /// Write the trained network to this file (safetensors with PyTorch's names and layouts), and until then, after
    /// every epoch, what is needed to go on
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Go on with the run that this file of `--save` was put down by, and save there; its settings are the file's
    #[arg(long, value_name = "FILE", conflicts_with_all = OF_THE_FILE)]
    resume: Option<PathBuf>,
    #[command(flatten)]
    given: given::GivenArgs,
    /// Write the run, or with `--model` the answers, to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    #[command(flatten)]
    pub(super) machine: Machine,
}

/// The options that a file of `--save` has settled.
const OF_THE_FILE: [&str; 7] = ["recipe", "epochs", "seed", "learning_rate", "limit", "test_limit", "save"];

/// The recipes that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Named {
    /// Three epochs of the assignment's network
    Registered,
    /// That of `mnist-recipe`, of which `mnist-selection` and `mnist-choice` chose the parts
    Chosen,
    /// The original's
    Original,
    /// The shortest to a mean of 99.0 %
    #[value(name = "sprint-99.0")]
    Sprint,
    /// The shortest to a mean of 99.4 %
    #[value(name = "sprint-99.4")]
    LongSprint,
}

impl Named {
    fn recipe(self) -> Recipe {
        match self {
            Self::Registered => Recipe::registered(),
            Self::Chosen => studies::final_recipe::recipe(),
            Self::Original => studies::original::recipe(),
            Self::Sprint => studies::sprint::to_99_0(),
            Self::LongSprint => studies::sprint::to_99_4(),
        }
    }
}

pub(super) fn run(args: &MnistArgs, context: &Context, out: &mut dyn Write) -> anyhow::Result<Ending> {
    let json = args.json.as_deref();
    if let Some(model) = args.given.model() {
        let tests = args.test_limit.map_or(usize::MAX, NonZeroUsize::get);
        let asked =
            given::Asked { model, network: args.recipe.recipe().network, tests, views: args.views, json };
        return args.given.answer(&asked, context, out);
    }
    let from = args.resume.as_deref().map(saved::open).transpose()?;
    let settings = from.as_ref().map_or_else(|| args.settings(), |from| from.settings.clone());
    let save = args.save.as_ref().or(args.resume.as_ref());
    [save.map(PathBuf::as_path), json].into_iter().flatten().try_for_each(store::check_writable)?;
    let training = context.training(&MNIST)?;
    let tests = from.as_ref().map(|from| from.images[1]).or(args.test_limit.map(NonZeroUsize::get));
    let test = context.test(&MNIST)?.clone().limit(tests.unwrap_or(usize::MAX));
    let header = Header::new("mnist-run", Registration::ONE_RUN, hashes(MNIST.files));
    let images = [training, &test];
    let Some((run, network)) = trained(context, images, &settings, from, save.map(PathBuf::as_path), out)?
    else {
        return Ok(Ending::PutDown);
    };
    check_loss(run.history.len(), run.evaluation.test_loss)?;
    let learned_from = training.clone().limit(run.training_images);
    say_dead(dead_layer(context.isa, &network, &learned_from)?.as_ref(), "training images");
    // Files first: whoever reads the last line can rely on them.
    if let Some(path) = save {
        saved::finish(path, &run.model_file(&header, &network)?)?;
    }
    let record = MnistRecord { header, run };
    if let Some(path) = json {
        store::write_json(path, &record)?;
    }
    let run = &record.run;
    writeln!(out, "test accuracy {} after epoch {}", run.evaluation.test, run.history.len())?;
    if args.views {
        given::say_views(&evaluate_views(context.isa, &network, &test), out)?;
    }
    writeln!(out, "weights sha256 {}", run.weights_sha256)?;
    Ok(Ending::Done)
}

/// Trains from the beginning or from a checkpoint, prints each epoch, and keeps checkpoints if there is a file for
/// them; nothing when the run was put down.
fn trained(
    context: &Context,
    images: [&Images; 2],
    settings: &Settings,
    from: Option<Checkpoint>,
    save: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<Option<(RecordedRun, Network)>> {
    let bar = context.bar("mnist", batches(settings, images[0].len()));
    bar.set_position(from.as_ref().map_or(0, |from| from.underway.standing.steps as u64));
    let mut printed = Ok(());
    let mut print = |RecordedEpoch { epoch, train_loss, train, test_loss, test, .. }: &RecordedEpoch| {
        let line =
            format!("epoch {epoch}: train {train} loss {train_loss:.5}, test {test} loss {test_loss:.5}");
        let this = bar.suspend(|| writeln!(out, "{line}"));
        printed = std::mem::replace(&mut printed, Ok(())).and(this);
    };
    let done = |batches| bar.inc(batches);
    let mut ends = stop::is_asked;
    let mut keep = |checkpoint: &Checkpoint| save.map_or(Ok(()), |path| saved::keep(path, checkpoint));
    let mut session = Session { from, ..Session::default() };
    if save.is_some() {
        session.ends = Some(&mut ends);
        session.keep = Some(&mut keep);
        stop::listen();
    }
    let trained = recorded_session(context.isa, images, settings, &done, &mut print, &mut session);
    bar.finish_and_clear();
    if let (Err(RunError::Ended { epoch }), Some(path)) = (&trained, save) {
        let path = path.display();
        say(&format!("put down in epoch {epoch}; `coursework mnist --resume {path}` goes on"));
        return Ok(None);
    }
    let trained = trained?;
    printed?;
    Ok(Some(trained))
}

impl MnistArgs {
    /// The named recipe's settings, with what else is given.
    fn settings(&self) -> Settings {
        let mut recipe = self.recipe.recipe();
        recipe.epochs = self.epochs.unwrap_or(recipe.epochs);
        if let Some(given) = self.learning_rate {
            let (Rates::Constant { rate } | Rates::OneCycle { peak: rate, .. }) = &mut recipe.rates;
            *rate = given;
        }
        Settings { recipe, seed: self.seed, limit: self.limit, ..Settings::registered() }
    }
}
