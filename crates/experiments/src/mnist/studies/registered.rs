//! `mnist.json`: P1.2, and the trained network beside it. The run is the only part.

use super::record::contradictions;
pub use super::record::{LayerRow, MnistRecord, RecordedEpoch, RecordedRun, RunWithTensors};
use crate::context::Context;
use crate::mnist::checkpoint::Checkpoint;
use crate::mnist::{
    Evaluation, RunError, Settings, TrainedEpoch, Underway, Watch, batches, evaluate, train_from,
};
use crate::registry::{Computed, Experiment};
use crate::study::{ExperimentError, FileLayout, Part, Progress, Study, first_file, typed};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cnn::kernels::Isa;
use cnn::network::Network;
use cnn::tensor::Shape;
use cnn::weights::{from_safetensors, to_safetensors};
use data::images::{Images, MNIST, SIDE, TRAINING_IMAGES};
use records::{Count, Header, json};
use serde_json::Value;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "mnist",
    question: "P1.2: how many of the 10,000 test digits are right after an epoch fixed beforehand?",
    hypothesis: "at least 9,900",
    refuted_by: "fewer",
    chosen_on: "nothing was tuned: recipe and epoch were fixed before the first run",
    data: MNIST.files,
    files: &["mnist.json", "mnist.safetensors"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study =
    Study { contradictions, ..Study::in_full(parts, compute, FileLayout::Own { files, parts: parts_in }) };

/// The part: the registered run, a [`RunWithTensors`].
pub const REGISTERED: &str = "registered";

fn parts() -> Vec<Part> {
    vec![Part { id: REGISTERED.to_owned(), work: batches(&Settings::registered(), TRAINING_IMAGES) }]
}

fn compute(context: &Context, _: &Part, done: Progress) -> Result<Value, ExperimentError> {
    let images = [context.training(&MNIST)?, context.test(&MNIST)?];
    let (run, network) = recorded_run(context.isa, images, &Settings::registered(), done, &mut |_| ())?;
    Ok(serde_json::to_value(RunWithTensors {
        run,
        tensors: BASE64_STANDARD.encode(to_safetensors(&network)?),
    })?)
}

fn files(header: Header, parts: &[Value]) -> Result<Vec<Vec<u8>>, ExperimentError> {
    let none = || ExperimentError::Parts("mnist has no part".to_owned());
    let RunWithTensors { run, tensors } = typed(parts)?.pop().ok_or_else(none)?;
    let tensors = BASE64_STANDARD.decode(tensors).map_err(ExperimentError::failed)?;
    let mut network = run.settings.network();
    from_safetensors(&mut network, &tensors)?;
    let model = run.model_file(&header, &network)?;
    Ok(vec![json::to_bytes(&MnistRecord { header, run })?, model])
}

fn parts_in(files: &[&[u8]]) -> Result<Vec<Value>, ExperimentError> {
    let run = first_file::<MnistRecord>(files)?.run;
    let mut network = run.settings.network();
    from_safetensors(&mut network, files.get(1).copied().unwrap_or_default())?;
    let tensors = BASE64_STANDARD.encode(to_safetensors(&network)?);
    Ok(vec![serde_json::to_value(RunWithTensors { run, tensors })?])
}

/// Tests after every epoch; what it finds decides nothing.
struct Tester<'a> {
    isa: Isa,
    test: &'a Images,
    history: Vec<RecordedEpoch>,
    /// Of the last epoch.
    evaluation: Option<Evaluation>,
    done: Progress<'a>,
    tested: &'a mut dyn FnMut(&RecordedEpoch),
    session: &'a mut Session<'a>,
    settings: &'a Settings,
    training_images: usize,
}

/// Keeps a checkpoint, or says why it cannot.
pub type KeepCheckpoint<'a> = &'a mut dyn FnMut(&Checkpoint) -> Result<(), String>;

/// What a run that can be put down and taken up again is given.
#[derive(Default)]
pub struct Session<'a> {
    /// The checkpoint that it goes on from.
    pub from: Option<Checkpoint>,
    /// Whether it is to end after this step.
    pub ends: Option<&'a mut dyn FnMut() -> bool>,
    /// Keeps a checkpoint.
    pub keep: Option<KeepCheckpoint<'a>>,
}

impl Watch for Tester<'_> {
    fn batch(&mut self) {
        (self.done)(1);
    }

    fn epoch(&mut self, trained: &TrainedEpoch, network: &Network) {
        let evaluation = evaluate(self.isa, network, self.test);
        let TrainedEpoch { epoch, train_loss, train, weights_sha256 } = trained.clone();
        let Evaluation { test_loss, test, .. } = evaluation;
        let epoch = RecordedEpoch { epoch, train_loss, train, test_loss, test, weights_sha256 };
        (self.tested)(&epoch);
        self.history.push(epoch);
        self.evaluation = Some(evaluation);
    }

    fn ends(&mut self) -> bool {
        self.session.ends.as_mut().is_some_and(|ends| ends())
    }

    fn stands(&mut self, underway: &Underway) -> Result<(), RunError> {
        let Some(keep) = &mut self.session.keep else { return Ok(()) };
        let checkpoint = Checkpoint {
            settings: self.settings.clone(),
            images: [self.training_images, self.test.len()],
            underway: underway.clone(),
            tests: self.history.iter().map(|epoch| (epoch.test_loss, epoch.test.correct)).collect(),
        };
        keep(&checkpoint).map_err(RunError::Standing)
    }
}

/// Trains, and tests after every epoch: `done` hears of each batch, `tested` of each epoch.
///
/// # Errors
/// When the run diverges.
pub fn recorded_run(
    isa: Isa,
    [training, test]: [&Images; 2],
    settings: &Settings,
    done: Progress,
    tested: &mut dyn FnMut(&RecordedEpoch),
) -> Result<(RecordedRun, Network), RunError> {
    recorded_session(isa, [training, test], settings, done, tested, &mut Session::default())
}

/// [`recorded_run`] that may begin where another stood, and be put down.
///
/// # Errors
/// When the run diverges, is ended, or does not stand where the checkpoint says.
pub fn recorded_session<'a>(
    isa: Isa,
    [training, test]: [&'a Images; 2],
    settings: &'a Settings,
    done: Progress<'a>,
    tested: &'a mut dyn FnMut(&RecordedEpoch),
    session: &'a mut Session<'a>,
) -> Result<(RecordedRun, Network), RunError> {
    let training_images = settings.image_count(training.len());
    let from = session.from.take();
    let history = from.as_ref().map(history_so_far).unwrap_or_default();
    if from.as_ref().is_some_and(|from| from.images != [training_images, test.len()]) {
        return Err(RunError::Standing("the checkpoint is of a run on other images".to_owned()));
    }
    let mut tester =
        Tester { isa, test, history, evaluation: None, done, tested, session, settings, training_images };
    let trained = train_from(isa, settings, training, from.map(|from| from.underway), &mut tester)?;
    let run = RecordedRun {
        settings: settings.clone(),
        training_images,
        layers: layers(&trained.network),
        parameters: trained.network.parameter_count(),
        history: tester.history,
        evaluation: tester.evaluation.unwrap_or_else(|| evaluate(isa, &trained.network, test)),
        weights_sha256: trained.network.sha256(),
    };
    Ok((run, trained.network))
}

/// The epochs of a checkpoint as a record has them.
fn history_so_far(from: &Checkpoint) -> Vec<RecordedEpoch> {
    let [_, total] = from.images;
    let epoch = |(trained, &(test_loss, correct)): (&TrainedEpoch, &(f64, usize))| {
        let TrainedEpoch { epoch, train_loss, train, weights_sha256 } = trained.clone();
        RecordedEpoch { epoch, train_loss, train, test_loss, test: Count { correct, total }, weights_sha256 }
    };
    from.underway.history.iter().zip(&from.tests).map(epoch).collect()
}

/// The shape table, computed from the network.
fn layers(network: &Network) -> Vec<LayerRow> {
    let table = network
        .table(Shape::maps(1, SIDE, SIDE, 1))
        .expect("a network that was trained takes images of 28 x 28");
    let row = |row: cnn::network::Row| LayerRow {
        name: row.name,
        kind: row.kind.to_owned(),
        output: [row.output.h, row.output.w, row.output.c],
        parameters: row.parameters,
        multiply_adds: row.multiply_adds,
    };
    table.into_iter().map(row).collect()
}
