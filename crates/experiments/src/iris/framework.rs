//! The 4-40-3 network of P1.1, built of `cnn`'s layers.

use super::observer::{Observer, Wanted};
use super::squared_error::half_squared_error_sum;
use super::{Activation, Epoch, Loss, Optimiser, Prepared, RunError, Settings};
use cnn::kernels::Isa;
use cnn::layer::{Mode, ShapeError};
use cnn::loss::softmax_cross_entropy;
use cnn::models::{Hidden, iris_network};
use cnn::network::{Network, Pass};
use cnn::optimiser::Rule;
use cnn::tensor::Shape;
use cnn::train::{self, TrainError};
use data::iris::{FEATURES, SPECIES};
use numerics::random::{Purpose, Stream};
use numerics::reduce;
use records::Count;

/// Trains; returns the hash of the weights.
pub(super) fn train(
    isa: Isa,
    prepared: &Prepared,
    settings: &Settings,
    observer: &mut Observer,
) -> Result<String, RunError> {
    let mut training = Training::new(isa, prepared, settings);
    for epoch in 1..=settings.epochs {
        training.next_epoch()?;
        match observer.wants(epoch) {
            Wanted::Epoch => observer.epoch(training.measure()?),
            Wanted::TrainCount => observer.train_count(epoch, training.train_count()?),
            Wanted::Nothing => {}
        }
    }
    Ok(training.weights_sha256())
}

/// The size of the gradient of the loss over all training flowers, **without the weight decay's part**.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientNorms {
    /// The Euclidean norm of the gradient by the first layer's weights, `(4, H)`.
    pub first: f64,
    /// By the second layer's weights, `(H, 3)`.
    pub second: f64,
    /// By all parameters, biases and slope too.
    pub all: f64,
}

/// A run in progress, epoch by epoch. **What is measured between two epochs changes nothing of the run.**
#[derive(Clone)]
pub(crate) struct Training<'a> {
    pub(crate) isa: Isa,
    settings: &'a Settings,
    pub(crate) network: Network,
    pub(crate) optimiser: cnn::optimiser::Optimiser,
    stream: Stream,
    parts: [Part<'a>; 2],
    pub(crate) pass: Pass,
    labels: Vec<usize>,
    order: Vec<usize>,
    /// Flowers of the epoch that were learned from.
    done: usize,
    epoch: usize,
    /// The sum of the losses of the last batch.
    pub(crate) loss: f64,
}

impl<'a> Training<'a> {
    /// A run that has not begun.
    pub(crate) fn new(isa: Isa, prepared: &'a Prepared, settings: &'a Settings) -> Self {
        let hidden = hidden(settings.activation);
        let mut network = iris_network(FEATURES, settings.hidden, SPECIES.len(), hidden, settings.seed);
        scale(&mut network, settings.initial_scale);
        let rule = optimiser_rule(settings.optimiser, settings.weight_decay);
        Self {
            isa,
            settings,
            network,
            optimiser: cnn::optimiser::Optimiser::new(rule),
            stream: Stream::new(settings.seed, Purpose::Batches),
            parts: [Part::train(prepared), Part::test(prepared)],
            pass: Pass::default(),
            labels: Vec::new(),
            order: Vec::new(),
            done: 0,
            epoch: 0,
            loss: 0.0,
        }
    }

    /// One pass through the training part in a new order.
    pub(super) fn next_epoch(&mut self) -> Result<(), RunError> {
        self.next_step()?;
        while self.done < self.order.len() {
            self.next_step()?;
        }
        Ok(())
    }

    /// The epochs of the run, and the batches of an epoch.
    pub(crate) fn extent(&self) -> (usize, usize) {
        (self.settings.epochs, self.parts[0].y.len().div_ceil(self.settings.batch_size))
    }

    /// Epoch and batch of the next step, from 1; `None` after the last epoch of the settings.
    pub(crate) fn next_batch(&self) -> Option<(usize, usize)> {
        let begun = self.done / self.settings.batch_size;
        let (epoch, batch) = if self.ends_epoch() { (self.epoch + 1, 1) } else { (self.epoch, begun + 1) };
        (epoch <= self.settings.epochs).then_some((epoch, batch))
    }

    /// Whether no step is left of the epoch, or none has been made.
    pub(crate) fn ends_epoch(&self) -> bool {
        self.done == self.order.len()
    }

    /// One step on the next batch; the first of an epoch draws a new order.
    pub(crate) fn next_step(&mut self) -> Result<(), RunError> {
        if self.ends_epoch() {
            self.epoch += 1;
            self.done = 0;
            self.order.clear();
            self.order.extend(0..self.parts[0].y.len());
            self.stream.shuffle(&mut self.order);
        }
        let end = (self.done + self.settings.batch_size).min(self.order.len());
        self.parts[0].fill(&mut self.pass, &mut self.labels, &self.order[self.done..end]);
        self.loss = self.step()?;
        self.done = end;
        Ok(())
    }

    /// One step on the batch in the pass; returns the sum of its losses.
    fn step(&mut self) -> Result<f64, RunError> {
        let Self { isa, settings, network, optimiser, pass, labels, epoch, .. } = self;
        let (isa, epoch, rate) = (*isa, *epoch, settings.learning_rate);
        let failed = |source| RunError::Framework { epoch, source };
        if settings.loss == Loss::CrossEntropy {
            let score = train::step(isa, network, optimiser, rate, pass, &*labels).map_err(failed)?;
            return Ok(score.loss_sum_nats);
        }
        network.forward(isa, pass, Mode::Train).map_err(|source| failed(source.into()))?;
        let (outputs, doutputs) = pass.logits_and_gradient();
        let (loss, _) = half_squared_error_sum(outputs, labels, Some(doutputs));
        if !loss.is_finite() {
            return Err(failed(TrainError::Diverged { loss, rate }));
        }
        network.backward(isa, pass);
        optimiser.step(isa, rate, network.parameters_mut());
        Ok(loss)
    }

    /// Loss and right answers on both parts.
    pub(crate) fn measure(&mut self) -> Result<Epoch, RunError> {
        let (train_loss, train) = self.score(0)?;
        let (test_loss, test) = self.score(1)?;
        Ok(Epoch { epoch: self.epoch, train_loss, train, test_loss, test })
    }

    /// The right answers on the training part.
    pub(super) fn train_count(&mut self) -> Result<Count, RunError> {
        let Self { isa, network, pass, parts: [train, _], epoch, .. } = self;
        train.fill_all(pass);
        let correct = train::count_correct(*isa, network, pass, train.y).map_err(|s| shape(*epoch, s))?;
        Ok(Count { correct, total: train.y.len() })
    }

    /// The loss on the training part and the size of its gradient.
    pub(super) fn gradient(&mut self) -> Result<(f64, GradientNorms), RunError> {
        let Self { isa, settings, network, pass, parts: [train, _], epoch, .. } = self;
        train.fill_all(pass);
        network.forward(*isa, pass, Mode::Train).map_err(|s| shape(*epoch, s))?;
        let (outputs, doutputs) = pass.logits_and_gradient();
        let loss = match settings.loss {
            Loss::CrossEntropy => {
                softmax_cross_entropy(*isa, outputs, train.y, Some(doutputs)).loss_mean_nats()
            }
            Loss::HalfSquaredErrorSum => half_squared_error_sum(outputs, train.y, Some(doutputs)).0,
        };
        network.backward(*isa, pass);
        let squares = |gradient: &[f32]| reduce::sum(gradient.iter().map(|&g| f64::from(g) * f64::from(g)));
        let named: Vec<(String, f64)> =
            network.parameters().map(|(name, p)| (name, squares(&p.gradient))).collect();
        let of = |wanted: &str| {
            reduce::sum(named.iter().filter(|(name, _)| name == wanted).map(|(_, square)| *square)).sqrt()
        };
        let all = reduce::sum(named.iter().map(|(_, square)| *square)).sqrt();
        Ok((loss, GradientNorms { first: of("0.weight"), second: of("2.weight"), all }))
    }

    /// The SHA-256 of the weights as they are now.
    pub(crate) fn weights_sha256(&self) -> String {
        self.network.sha256()
    }

    fn score(&mut self, part: usize) -> Result<(f64, Count), RunError> {
        let Self { isa, settings, network, pass, parts, epoch, .. } = self;
        let part = &parts[part];
        part.fill_all(pass);
        let outputs = network.forward(*isa, pass, Mode::Infer).map_err(|s| shape(*epoch, s))?;
        let (loss, correct) = match settings.loss {
            Loss::CrossEntropy => {
                let score = softmax_cross_entropy(*isa, outputs, part.y, None);
                (score.loss_mean_nats(), score.correct)
            }
            Loss::HalfSquaredErrorSum => half_squared_error_sum(outputs, part.y, None),
        };
        Ok((loss, Count { correct, total: part.y.len() }))
    }
}

fn shape(epoch: usize, source: ShapeError) -> RunError {
    RunError::Framework { epoch, source: source.into() }
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
