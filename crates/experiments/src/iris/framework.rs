//! The 4-40-3 network of P1.1, built of `cnn`'s layers.

use super::{Activation, Count, Epoch, HIDDEN, Optimiser, Prepared, RunError, Settings};
use crate::data::iris::{FEATURES, SPECIES};
use cnn::kernels::Isa;
use cnn::loss::Score;
use cnn::models::{Hidden, iris_network};
use cnn::network::{Network, Pass};
use cnn::optimiser::Rule;
use cnn::tensor::Shape;
use cnn::train::{self, TrainError};
use ndarray::Array2;
use numerics::random::{Purpose, Stream};

/// Trains; `observe` sees every epoch. Returns the hash of the weights.
pub(super) fn train(
    isa: Isa,
    prepared: &Prepared,
    settings: &Settings,
    observe: &mut impl FnMut(Epoch),
) -> Result<String, RunError> {
    let mut network =
        iris_network(FEATURES, HIDDEN, SPECIES.len(), hidden(settings.activation), settings.seed);
    let mut optimiser =
        cnn::optimiser::Optimiser::new(optimiser_rule(settings.optimiser, settings.weight_decay));
    let mut order = Stream::new(settings.seed, Purpose::Batches);
    let (mut pass, mut labels) = (Pass::default(), Vec::new());
    for epoch in 1..=settings.epochs {
        let failed = |source| RunError::Framework { epoch, source };
        for rows in order.permutation(prepared.train_y.len()).chunks(settings.batch_size) {
            fill(&mut pass, &mut labels, &prepared.train_x, &prepared.train_y, rows);
            train::step(isa, &mut network, &mut optimiser, settings.learning_rate, &mut pass, &labels)
                .map_err(failed)?;
        }
        let mut score = |x, y| score(isa, &mut network, &mut pass, x, y).map_err(failed);
        let train = score(&prepared.train_x, &prepared.train_y)?;
        let test = score(&prepared.test_x, &prepared.test_y)?;
        observe(Epoch {
            epoch,
            train_loss: train.loss_mean_nats(),
            train: count(train),
            test_loss: test.loss_mean_nats(),
            test: count(test),
        });
    }
    Ok(network.sha256())
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

/// Puts the given rows into the pass, in single precision.
fn fill(pass: &mut Pass, labels: &mut Vec<usize>, x: &Array2<f64>, y: &[usize], rows: &[usize]) {
    let input = pass.input();
    input.reshape_for_writing(Shape::vectors(rows.len(), x.ncols()));
    for (to, &row) in input.data_mut().chunks_exact_mut(x.ncols()).zip(rows) {
        to.iter_mut().zip(x.row(row)).for_each(|(to, &x)| *to = x as f32);
    }
    labels.clear();
    labels.extend(rows.iter().map(|&row| y[row]));
}

fn score(
    isa: Isa,
    network: &mut Network,
    pass: &mut Pass,
    x: &Array2<f64>,
    y: &[usize],
) -> Result<Score, TrainError> {
    let rows: Vec<usize> = (0..y.len()).collect();
    fill(pass, &mut Vec::new(), x, y, &rows);
    Ok(train::evaluate(isa, network, pass, y)?)
}
