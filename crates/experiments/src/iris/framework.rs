//! The 4-40-3 network of P1.1, built of `cnn`'s layers.

use super::observer::{Observer, Wanted};
use super::{Activation, Count, Epoch, HIDDEN, Optimiser, Prepared, RunError, Settings};
use crate::data::iris::{FEATURES, SPECIES};
use cnn::kernels::Isa;
use cnn::layer::ShapeError;
use cnn::loss::Score;
use cnn::models::{Hidden, iris_network};
use cnn::network::{Network, Pass};
use cnn::optimiser::Rule;
use cnn::tensor::Shape;
use cnn::train;
use numerics::random::{Purpose, Stream};

/// Trains; returns the hash of the weights.
pub(super) fn train(
    isa: Isa,
    prepared: &Prepared,
    settings: &Settings,
    observer: &mut Observer,
) -> Result<String, RunError> {
    let mut network =
        iris_network(FEATURES, HIDDEN, SPECIES.len(), hidden(settings.activation), settings.seed);
    let mut optimiser =
        cnn::optimiser::Optimiser::new(optimiser_rule(settings.optimiser, settings.weight_decay));
    let mut stream = Stream::new(settings.seed, Purpose::Batches);
    let [train, test] = [Part::train(prepared), Part::test(prepared)];
    let (mut pass, mut labels, mut order) = (Pass::default(), Vec::new(), Vec::new());
    for epoch in 1..=settings.epochs {
        let failed = |source| RunError::Framework { epoch, source };
        order.clear();
        order.extend(0..train.y.len());
        stream.shuffle(&mut order);
        for rows in order.chunks(settings.batch_size) {
            train.fill(&mut pass, &mut labels, rows);
            train::step(isa, &mut network, &mut optimiser, settings.learning_rate, &mut pass, &labels)
                .map_err(failed)?;
        }
        let measured = measure(isa, &mut network, &mut pass, [&train, &test], epoch, observer);
        measured.map_err(|source| failed(source.into()))?;
    }
    Ok(network.sha256())
}

/// Tells the observer what it wants to know after an epoch.
fn measure(
    isa: Isa,
    network: &mut Network,
    pass: &mut Pass,
    [train, test]: [&Part; 2],
    epoch: usize,
    observer: &mut Observer,
) -> Result<(), ShapeError> {
    match observer.wants(epoch) {
        Wanted::Epoch => {
            let [train, test] = [train, test].map(|part| {
                part.fill_all(pass);
                train::evaluate(isa, network, pass, part.y)
            });
            let (train, test) = (train?, test?);
            let [train_loss, test_loss] = [train.loss_mean_nats(), test.loss_mean_nats()];
            observer.epoch(Epoch { epoch, train_loss, train: count(train), test_loss, test: count(test) });
        }
        Wanted::TrainCount => {
            train.fill_all(pass);
            let correct = train::count_correct(isa, network, pass, train.y)?;
            observer.train_count(epoch, Count { correct, total: train.y.len() });
        }
        Wanted::Nothing => {}
    }
    Ok(())
}

/// The update rule with its coefficients.
pub fn optimiser_rule(optimiser: Optimiser, weight_decay: f64) -> Rule {
    match optimiser {
        Optimiser::Sgd => Rule::Sgd { momentum: 0.0, weight_decay, nesterov: false },
        Optimiser::Momentum => Rule::Sgd { momentum: 0.9, weight_decay, nesterov: false },
        Optimiser::Adam => Rule::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay },
    }
}

fn hidden(activation: Activation) -> Hidden {
    match activation {
        Activation::Relu => Hidden::Relu,
        Activation::Sigmoid => Hidden::Sigmoid,
        Activation::Tanh => Hidden::Tanh,
        Activation::Prelu => Hidden::PRelu,
    }
}

fn count(score: Score) -> Count {
    Count { correct: score.correct, total: score.total }
}

/// Training or test part in single precision. Shapes: features `(N, 4)`, labels `(N)`.
struct Part<'a> {
    x: Vec<f32>,
    y: &'a [usize],
}

impl<'a> Part<'a> {
    fn train(prepared: &'a Prepared) -> Self {
        Self { x: prepared.train_x.iter().map(|&x| x as f32).collect(), y: &prepared.train_y }
    }

    fn test(prepared: &'a Prepared) -> Self {
        Self { x: prepared.test_x.iter().map(|&x| x as f32).collect(), y: &prepared.test_y }
    }

    /// Puts the given rows into the pass.
    fn fill(&self, pass: &mut Pass, labels: &mut Vec<usize>, rows: &[usize]) {
        let input = pass.input();
        input.reshape_for_writing(Shape::vectors(rows.len(), FEATURES));
        let (from, to) = (self.x.as_chunks::<FEATURES>().0, input.data_mut().as_chunks_mut::<FEATURES>().0);
        to.iter_mut().zip(rows).for_each(|(to, &row)| *to = from[row]);
        labels.clear();
        labels.extend(rows.iter().map(|&row| self.y[row]));
    }

    /// Puts all rows into the pass.
    fn fill_all(&self, pass: &mut Pass) {
        let input = pass.input();
        input.reshape_for_writing(Shape::vectors(self.y.len(), FEATURES));
        input.data_mut().copy_from_slice(&self.x);
    }
}
