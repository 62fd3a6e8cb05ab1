//! The 4-40-3 network of P1.1, built of `cnn`'s layers.

use super::in_progress::{GradientNorms, InProgress};
use super::squared_error::half_squared_error_sum;
use super::{Activation, Epoch, IrisRunError, Loss, Optimiser, Prepared, Settings};
use cnn::kernels::Isa;
use cnn::layer::Mode;
use cnn::loss::Score;
use cnn::models::{Hidden, iris_network};
use cnn::network::{Network, Pass};
use cnn::optimiser::Rule;
use cnn::schedule::Schedule;
use cnn::tensor::{Shape, Tensor};
use cnn::train::{self, TrainError};
use cnn::{DeadLayer, Hyperparameters, Place, Source, Trainer};
use data::iris::{FEATURES, SPECIES};
use ndarray::{Array2, ArrayView2};
use numerics::reduce;
use records::Count;

/// A [`Trainer`] that can be measured on both parts. Its fields are the trainer's.
#[derive(Clone)]
pub(crate) struct Training {
    pub(crate) trainer: Trainer<Part>,
    epochs: usize,
    /// Training and test part, to be measured on.
    parts: [Part; 2],
    /// The sum of the losses of the last batch.
    pub(crate) loss: f64,
}

impl Training {
    /// A run that has not begun.
    pub(crate) fn new(isa: Isa, prepared: &Prepared, settings: &Settings) -> Self {
        let (network, hyperparameters) = (initial(settings), hyperparameters(settings));
        let parts = [Part::train(prepared), Part::test(prepared)];
        let trainer = Trainer::new(network, parts[0].clone(), hyperparameters).with_isa(isa);
        Self { trainer, epochs: settings.epochs, parts, loss: 0.0 }
    }

    /// The epochs of the run, and the batches of an epoch.
    pub(crate) fn extent(&self) -> (usize, usize) {
        (self.epochs, self.trainer.steps_per_epoch())
    }

    /// Epoch and batch of the next step, from 1; `None` after the last epoch of the settings.
    pub(crate) fn next_batch(&self) -> Option<(usize, usize)> {
        let Place { epoch, batch } = self.trainer.next_place();
        (epoch <= self.epochs).then_some((epoch, batch))
    }

    /// Whether no step is left of the epoch, or none has been made.
    pub(crate) fn ends_epoch(&self) -> bool {
        self.trainer.next_place().batch == 1
    }

    /// One step on the next batch; the first of an epoch draws a new order.
    pub(crate) fn next_step(&mut self) -> Result<(), IrisRunError> {
        self.loss = self.trainer.step()?.loss_sum_nats;
        Ok(())
    }

    /// The epoch that was begun last; 0 before the first.
    fn epoch(&self) -> usize {
        self.trainer.steps().div_ceil(self.trainer.steps_per_epoch())
    }

    fn score(&mut self, part: usize) -> Result<(f64, Count), IrisRunError> {
        let epoch = self.epoch();
        let score = self.trainer.evaluate(&mut self.parts[part]).map_err(|s| in_epoch(epoch, s))?;
        let count = Count { correct: score.correct, total: score.total };
        Ok((reduced(self.trainer.loss(), &score), count))
    }
}

impl InProgress for Training {
    fn next_epoch(&mut self) -> Result<(), IrisRunError> {
        self.trainer.epoch()?;
        Ok(())
    }

    fn measure(&mut self) -> Result<Epoch, IrisRunError> {
        let (train_loss, train) = self.score(0)?;
        let (test_loss, test) = self.score(1)?;
        Ok(Epoch { epoch: self.epoch(), train_loss, train, test_loss, test })
    }

    fn train_count(&mut self) -> Result<Count, IrisRunError> {
        let epoch = self.epoch();
        let Self { trainer: Trainer { isa, network, pass, .. }, parts: [train, _], .. } = self;
        train.fill_all(pass);
        let correct = train::count_correct(*isa, network, pass, &train.y);
        Ok(Count { correct: correct.map_err(|s| in_epoch(epoch, s.into()))?, total: train.y.len() })
    }

    fn gradient(&mut self) -> Result<GradientNorms, IrisRunError> {
        let (epoch, of_run) = (self.epoch(), self.trainer.loss());
        let Self { trainer: Trainer { isa, network, pass, .. }, parts: [train, _], .. } = self;
        train.fill_all(pass);
        network.forward(*isa, pass, Mode::Train).map_err(|s| in_epoch(epoch, s.into()))?;
        let (outputs, doutputs) = pass.logits_and_gradient(); // (N, 3), twice
        let score = of_run.score(*isa, outputs, &train.y, Some(doutputs));
        score.map_err(|s| in_epoch(epoch, s.into()))?;
        network.try_backward(*isa, pass).map_err(|s| in_epoch(epoch, s.into()))?;
        Ok(norms(network))
    }

    fn outputs(&mut self, x: ArrayView2<f64>) -> Result<Array2<f64>, IrisRunError> {
        let epoch = self.epoch();
        let Trainer { isa, network, pass, .. } = &mut self.trainer;
        outputs(*isa, network, pass, x).map_err(|source| in_epoch(epoch, source))
    }

    fn dead_layer(&mut self) -> Result<Option<DeadLayer>, IrisRunError> {
        let epoch = self.epoch();
        let Self { trainer: Trainer { isa, network, .. }, parts: [train, _], .. } = self;
        cnn::dead_layer(*isa, network, train).map_err(|source| in_epoch(epoch, source.into()))
    }

    fn weights_sha256(&self) -> String {
        self.trainer.network.sha256()
    }

    fn fork(&self) -> Box<dyn InProgress> {
        Box::new(self.clone())
    }
}

/// The outputs `(N, 3)` of a network for prepared features `x`, `(N, 4)`.
pub(super) fn outputs(
    isa: Isa,
    network: &mut Network,
    pass: &mut Pass,
    x: ArrayView2<f64>,
) -> Result<Array2<f64>, TrainError> {
    let to = pass.write(Shape::vectors(x.nrows(), FEATURES)); // (N, 4)
    to.iter_mut().zip(&x).for_each(|(to, &x)| *to = x as f32);
    let logits = network.forward(isa, pass, Mode::Infer)?;
    let outputs = logits.data().iter().map(|&output| f64::from(output)).collect(); // (N, 3)
    Ok(Array2::from_shape_vec((x.nrows(), SPECIES.len()), outputs)
        .unwrap_or_else(|_| unreachable!("three a row")))
}

/// The network of the settings before its first step.
pub(super) fn initial(settings: &Settings) -> Network {
    let hidden = hidden(settings.activation);
    let mut network = iris_network(FEATURES, settings.hidden, SPECIES.len(), hidden, settings.seed);
    scale(&mut network, settings.initial_scale);
    network
}

/// How the run of the settings is made.
pub(super) fn hyperparameters(settings: &Settings) -> Hyperparameters {
    Hyperparameters {
        rule: optimiser_rule(settings.optimiser, settings.weight_decay),
        decayed: settings.decayed,
        rates: Schedule::Constant { rate: settings.learning_rate },
        loss: loss(settings.loss),
        batch_size: settings.batch_size,
        seed: settings.seed,
        averaging: None,
    }
}

/// The size of the gradient that the network holds.
pub(super) fn norms(network: &Network) -> GradientNorms {
    let squares = |gradient: &[f32]| reduce::sum(gradient.iter().map(|&g| f64::from(g) * f64::from(g)));
    let named: Vec<(String, f64)> =
        network.parameters().map(|(name, p)| (name, squares(&p.gradient))).collect();
    let of = |wanted: &str| {
        reduce::sum(named.iter().filter(|(name, _)| name == wanted).map(|(_, square)| *square)).sqrt()
    };
    let all = reduce::sum(named.iter().map(|(_, square)| *square)).sqrt();
    GradientNorms { first: of("0.weight"), second: of("2.weight"), all }
}

pub(super) fn in_epoch(epoch: usize, source: TrainError) -> IrisRunError {
    IrisRunError::Framework { epoch, source }
}

/// The loss as `cnn` takes it.
pub(super) fn loss(loss: Loss) -> cnn::loss::Loss {
    match loss {
        Loss::CrossEntropy => cnn::loss::Loss::CROSS_ENTROPY,
        Loss::HalfSquaredErrorSum => cnn::loss::Loss::Other(half_squared_error),
    }
}

/// [`half_squared_error_sum`] as a score.
fn half_squared_error(_: Isa, outputs: &Tensor, labels: &[usize], doutputs: Option<&mut Tensor>) -> Score {
    let (loss_sum_nats, correct) = half_squared_error_sum(outputs, labels, doutputs); // (N, 3)
    Score { loss_sum_nats, correct, total: labels.len() }
}

/// The loss in its own reduction: the mean of the cross-entropy, the sum of the squared error.
pub(super) fn reduced(loss: cnn::loss::Loss, score: &Score) -> f64 {
    match loss {
        cnn::loss::Loss::CrossEntropy { .. } => score.loss_mean_nats(),
        cnn::loss::Loss::Other(_) => score.loss_sum_nats,
    }
}

/// Multiplies the initial weights and biases; a factor of 1 leaves every bit as it is.
fn scale(network: &mut Network, factor: f64) {
    let linear = network.layers_mut().filter(|layer| layer.kind() == "Linear");
    linear.for_each(|layer| {
        for parameter in layer.parameters_mut() {
            parameter.value.iter_mut().for_each(|w| *w = (f64::from(*w) * factor) as f32);
        }
    });
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
        Activation::Identity => Hidden::Identity,
    }
}

/// Training or test part in single precision. Shapes: features `(N, 4)`, labels `(N)`.
#[derive(Clone)]
pub(crate) struct Part {
    x: Vec<f32>,   // (N, 4)
    y: Vec<usize>, // (N)
}

/// In single precision.
fn single(x: &Array2<f64>) -> Vec<f32> {
    x.iter().map(|&x| x as f32).collect()
}

impl Part {
    pub(super) fn train(prepared: &Prepared) -> Self {
        Self { x: single(&prepared.train_x), y: prepared.train_y.clone() }
    }

    pub(super) fn test(prepared: &Prepared) -> Self {
        Self { x: single(&prepared.test_x), y: prepared.test_y.clone() }
    }

    /// Puts all rows into the pass.
    fn fill_all(&self, pass: &mut Pass) {
        pass.write(Shape::vectors(self.y.len(), FEATURES)).copy_from_slice(&self.x); // (N, 4)
    }
}

impl Source for Part {
    fn len(&self) -> usize {
        self.y.len()
    }

    fn fill(&mut self, _: usize, rows: &[usize], pass: &mut Pass, labels: &mut Vec<usize>) {
        let from = self.x.as_chunks::<FEATURES>().0; //                                          (N, 4)
        let to = pass.write(Shape::vectors(rows.len(), FEATURES)).as_chunks_mut::<FEATURES>().0; // (B, 4)
        to.iter_mut().zip(rows).for_each(|(to, &row)| *to = from[row]);
        labels.clear();
        labels.extend(rows.iter().map(|&row| self.y[row])); //                                   (B)
    }
}
