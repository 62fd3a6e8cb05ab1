//! P1.2: the network of five convolutions on MNIST.

use crate::data::DataError;
use crate::data::mnist::{Images, PIXELS, SIDE, TRAIN_MEAN, TRAIN_STD};
use crate::iris::Count;
use cnn::kernels::Isa;
use cnn::layer::Mode;
use cnn::loss::{Score, argmax, softmax_cross_entropy};
use cnn::models::mnist_network;
use cnn::network::{Network, Pass};
use cnn::optimiser::{Optimiser, Rule};
use cnn::schedule::Schedule;
use cnn::tensor::Shape;
use cnn::train::{self, TrainError};
use numerics::random::{Purpose, Stream};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Pictures in a batch when nothing is learned: few enough for the caches. Any number gives the same answers; the last bits of
/// the loss are those of its sums batch by batch.
const EVALUATION_BATCH: usize = 8;

/// Everything that determines a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Passes through the training pictures: the result is that of the last one, whatever the test part says.
    pub epochs: usize,
    /// Pictures in a batch; the last batch of an epoch may be smaller.
    pub batch_size: usize,
    /// The largest learning rate of the one-cycle schedule.
    pub peak_rate: f64,
    /// Share of the steps in which the rate rises.
    pub warm_up: f64,
    /// Nesterov's momentum.
    pub momentum: f64,
    /// Coefficient of the L2 term.
    pub weight_decay: f64,
    /// The seed of the initial weights and of the order of the batches.
    pub seed: u64,
    /// The first so many training pictures only, if given.
    pub limit: Option<usize>,
}

impl Settings {
    /// The registered settings. Schedule, momentum and weight decay are those usual for this size of network
    /// (L. Smith, "A disciplined approach to neural network hyper-parameters", 2018); none was tuned here, and the
    /// number of epochs was fixed before the first run.
    pub fn registered() -> Self {
        Self {
            epochs: 3,
            batch_size: 64,
            peak_rate: 0.05,
            warm_up: 0.2,
            momentum: 0.9,
            weight_decay: 5e-4,
            seed: crate::REGISTERED_SEED,
            limit: None,
        }
    }

    fn steps(&self, pictures: usize) -> usize {
        self.epochs * pictures.div_ceil(self.batch_size)
    }
}

/// What an epoch scored. Epochs count from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// The epoch.
    pub epoch: usize,
    /// Mean loss in nats of the training batches, each before its own step.
    pub train_loss: f64,
    /// Right answers in the training batches, each before its own step.
    pub train: Count,
    /// Mean loss in nats of the test pictures after the epoch.
    pub test_loss: f64,
    /// Right answers on the test pictures after the epoch.
    pub test: Count,
}

/// Why a run was not made or not finished.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The data cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Training stopped.
    #[error("epoch {epoch}, batch {batch}: {source}")]
    Train {
        /// The epoch, from 1.
        epoch: usize,
        /// The batch, from 1.
        batch: usize,
        /// Why.
        source: TrainError,
    },
    /// A value that makes no sense.
    #[error("{0}")]
    Setting(String),
}

/// A picture that the network got wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    /// Its place in the test part, from 0.
    pub index: usize,
    /// The digit it is labelled with.
    pub label: usize,
    /// The digit the network says.
    pub predicted: usize,
}

/// What the trained network says of the test part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Examination {
    /// Right answers.
    pub test: Count,
    /// Mean loss in nats.
    pub test_loss: f64,
    /// `confusion[label][predicted]`.
    pub confusion: Vec<Vec<usize>>,
    /// Everything it got wrong.
    pub mistakes: Vec<Mistake>,
}

/// What a caller of [`train()`] can watch.
pub trait Watch {
    /// A batch is done.
    fn batch(&mut self) {}
    /// An epoch is done.
    fn epoch(&mut self, _epoch: &Epoch) {}
}

/// A network in training.
pub struct Run {
    /// The network.
    pub network: Network,
    /// All epochs.
    pub history: Vec<Epoch>,
}

/// Trains from the beginning and tests after every epoch.
///
/// # Errors
/// [`RunError`]: settings that make no sense, or a run that diverged.
pub fn train(
    isa: Isa,
    settings: &Settings,
    train: &Images,
    test: &Images,
    watch: &mut impl Watch,
) -> Result<Run, RunError> {
    check(settings, train)?;
    let mut network = mnist_network(settings.seed);
    let mut optimiser = Optimiser::new(Rule::Sgd {
        momentum: settings.momentum,
        weight_decay: settings.weight_decay,
        nesterov: true,
    });
    let schedule = Schedule::OneCycle {
        peak: settings.peak_rate,
        steps: settings.steps(train.len()),
        warm_up: settings.warm_up,
    };
    let mut order = Stream::new(settings.seed, Purpose::Batches);
    let (mut pass, mut labels, mut history) = (Pass::default(), Vec::new(), Vec::new());
    let mut step = 0;
    for epoch in 1..=settings.epochs {
        let mut score = Score::default();
        for (batch, pictures) in order.permutation(train.len()).chunks(settings.batch_size).enumerate() {
            fill(&mut pass, &mut labels, train, pictures.iter().copied());
            let rate = schedule.at(step);
            let scored = train::step(isa, &mut network, &mut optimiser, rate, &mut pass, &labels);
            score =
                score.and(scored.map_err(|source| RunError::Train { epoch, batch: batch + 1, source })?);
            step += 1;
            watch.batch();
        }
        let examination = examine(isa, &network, test);
        let record = Epoch {
            epoch,
            train_loss: score.loss_mean_nats(),
            train: Count { correct: score.correct, total: score.total },
            test_loss: examination.test_loss,
            test: examination.test,
        };
        watch.epoch(&record);
        history.push(record);
    }
    Ok(Run { network, history })
}

/// Asks a network about every test picture.
///
/// Every thread takes its share of the batches through its own copy of the network, so that what one layer writes is still in
/// the thread's cache when the next reads it. The scores are added batch after batch.
pub fn examine(isa: Isa, network: &Network, test: &Images) -> Examination {
    let batches = test.len().div_ceil(EVALUATION_BATCH);
    let share = batches.div_ceil(rayon::current_num_threads()).max(1);
    let mut answers = vec![(Score::default(), Vec::new()); batches];
    answers.par_chunks_mut(share).enumerate().for_each(|(thread, answers)| {
        let (mut network, mut pass, mut labels) = (network.clone(), Pass::default(), Vec::new());
        for (batch, answer) in answers.iter_mut().enumerate() {
            let first = (thread * share + batch) * EVALUATION_BATCH;
            fill(&mut pass, &mut labels, test, first..(first + EVALUATION_BATCH).min(test.len()));
            let logits = network
                .forward(isa, &mut pass, Mode::Infer)
                .expect("pictures of 28 x 28 fit the network, whose shapes a test computes");
            let predicted = (0..labels.len()).map(|i| argmax(logits.example(i))).collect();
            *answer = (softmax_cross_entropy(isa, logits, &labels, None), predicted);
        }
    });
    let score = answers.iter().fold(Score::default(), |total, (score, _)| total.and(*score));
    let mut confusion = vec![vec![0; 10]; 10];
    let mut mistakes = Vec::new();
    for (index, predicted) in answers.into_iter().flat_map(|(_, predicted)| predicted).enumerate() {
        let label = usize::from(test.labels[index]);
        confusion[label][predicted] += 1;
        if predicted != label {
            mistakes.push(Mistake { index, label, predicted });
        }
    }
    let test = Count { correct: score.correct, total: score.total };
    Examination { test, test_loss: score.loss_mean_nats(), confusion, mistakes }
}

/// The number of batches that [`train()`] works on.
pub fn batches(settings: &Settings, train: &Images) -> u64 {
    settings.steps(train.len()) as u64
}

fn check(settings: &Settings, train: &Images) -> Result<(), RunError> {
    let refuse = |why: &str| Err(RunError::Setting(why.to_owned()));
    if train.is_empty() {
        return refuse("there is no training picture: give a limit of at least 1");
    }
    if settings.epochs == 0 || settings.batch_size == 0 {
        return refuse("a run needs at least 1 epoch and 1 picture in a batch");
    }
    if !(settings.peak_rate.is_finite() && settings.peak_rate > 0.0) {
        return refuse("the learning rate must be a finite number above 0");
    }
    Ok(())
}

/// Puts pictures into the pass as `(pixel / 255 - mean) / std`, and their digits into `labels`.
fn fill(
    pass: &mut Pass,
    labels: &mut Vec<usize>,
    images: &Images,
    pictures: impl ExactSizeIterator<Item = usize> + Clone,
) {
    let input = pass.input();
    input.reshape_for_writing(Shape::maps(pictures.len(), SIDE, SIDE, 1));
    for (to, picture) in input.data_mut().chunks_exact_mut(PIXELS).zip(pictures.clone()) {
        for (to, &pixel) in to.iter_mut().zip(images.image(picture)) {
            *to = INTENSITIES[usize::from(pixel)];
        }
    }
    labels.clear();
    labels.extend(pictures.map(|picture| usize::from(images.labels[picture])));
}

/// What the network sees of each of the 256 values of a pixel.
const INTENSITIES: [f32; 256] = {
    let (scale, mean) = (1.0 / (255.0 * TRAIN_STD), TRAIN_MEAN / TRAIN_STD);
    let mut intensities = [0.0; 256];
    let mut pixel = 0;
    while pixel < intensities.len() {
        intensities[pixel] = (pixel as f64 * scale - mean) as f32;
        pixel += 1;
    }
    intensities
};
