//! P1.1 on drawn inputs: activations, linear layers, the loss, optimisers, and networks of them.

use super::answer::AnswerList;
use super::draw::{array, between, labels, normals};
use crate::study::ExperimentError;
use cnn::models::{Hidden, iris_network};
use cnn::reference::activation::Activation as ReferenceActivation;
use cnn::reference::adam::{self, Adam};
use cnn::reference::linear::Linear;
use cnn::reference::sgd::{self, Sgd};
use cnn::reference::softmax_cross_entropy;
use cnn::{Examples, Hyperparameters, Isa, Loss, Mode, Network, Pass, Rule, Schedule, Shape, Trainer};
use ndarray::Array2;
use numerics::random::Stream;
use std::collections::BTreeMap;

/// How many networks of each kind.
const NETWORKS: usize = 3;

/// How many epochs a run has.
const EPOCHS: usize = 3;

/// How many weights a rule moves by itself.
const WEIGHTS: usize = 6;

pub(super) fn relu(isa: Isa, draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    activation(isa, draw, asked, (Hidden::Relu, ReferenceActivation::Relu))
}

pub(super) fn sigmoid(isa: Isa, draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    activation(isa, draw, asked, (Hidden::Sigmoid, ReferenceActivation::Sigmoid))
}

pub(super) fn tanh(isa: Isa, draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    activation(isa, draw, asked, (Hidden::Tanh, ReferenceActivation::Tanh))
}

pub(super) fn prelu(isa: Isa, draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    let slope = draw.uniform(0.05, 0.6);
    activation(isa, draw, asked, (Hidden::PRelu, ReferenceActivation::PRelu { slope }))
}

/// The function by itself in double precision, and in networks in single precision.
fn activation(
    isa: Isa,
    draw: &mut Stream,
    asked: &mut AnswerList,
    (hidden, reference): (Hidden, ReferenceActivation),
) -> Result<(), ExperimentError> {
    let mut z: Array2<f64> = array(draw, (6, 5), 2.0);
    z[[0, 0]] = 0.0;
    let dy = array(draw, (6, 5), 1.0);
    let (y, cache) = reference.forward(&z);
    let gradients = reference.backward(cache, &dy);
    asked.add("the outputs of the function", y);
    asked.add("its gradient by the inputs", gradients.dz);
    asked.add("its gradient by the slope", gradients.dslope);
    for i in 1..=NETWORKS {
        let sizes @ [inputs, units, classes] =
            [between(draw, 2, 6), between(draw, 3, 20), between(draw, 2, 5)];
        let network = iris_network(inputs, units, classes, hidden, draw.bits());
        let examples = between(draw, 2, 12);
        let x = normals(draw, examples * inputs, 1.5);
        let name = format!("network {i}, {sizes:?}");
        let labels = labels(draw, examples, classes);
        gradients_of(isa, network, (Shape::vectors(examples, inputs), &x), &labels, (&name, asked))?;
    }
    Ok(())
}

/// The outputs of a network on a batch, its loss, and the gradient by each of its parameters. **Those of one layer are
/// measured together**: the gradient by a bias before a batch-norm is 0 but for rounding.
pub(super) fn gradients_of(
    isa: Isa,
    mut network: Network,
    (shape, x): (Shape, &[f64]),
    labels: &[usize],
    (name, asked): (&str, &mut AnswerList),
) -> Result<(), ExperimentError> {
    let mut pass = Pass::default();
    pass.write(shape).iter_mut().zip(x).for_each(|(to, &x)| *to = x as f32);
    let outputs = network.forward(isa, &mut pass, Mode::Train).map_err(ExperimentError::failed)?;
    asked.add_single(format!("{name}: outputs"), outputs.data());
    let (outputs, doutputs) = pass.logits_and_gradient();
    let score = Loss::CROSS_ENTROPY.score(isa, outputs, labels, Some(doutputs));
    let score = score.map_err(ExperimentError::failed)?;
    asked.add(format!("{name}: loss"), [score.loss_sum_nats]);
    asked.add(format!("{name}: right answers"), [score.correct as f64, score.total as f64]);
    network.try_backward(isa, &mut pass).map_err(ExperimentError::failed)?;
    let mut of_layer = BTreeMap::<String, Vec<_>>::new();
    for (parameter, values) in network.parameters() {
        let layer = parameter.rsplit_once('.').map_or("", |(layer, _)| layer).to_owned();
        of_layer.entry(layer).or_default().push((parameter, &values.gradient));
    }
    for gradients in of_layer.into_values() {
        let count = gradients.len();
        for (parameter, gradient) in gradients {
            asked.add_single(format!("{name}: gradient by {parameter}"), gradient);
        }
        asked.measure_together(count);
    }
    Ok(())
}

/// Stochastic gradient descent: the rule alone in double precision, and runs in single precision.
pub(super) fn descent(isa: Isa, draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    let (steps, rate, weight_decay) = (5, draw.uniform(0.01, 0.3), draw.uniform(0.01, 0.2));
    for nesterov in [false, true] {
        let settings = sgd::Settings { momentum: draw.uniform(0.2, 0.9), weight_decay, nesterov };
        let (mut optimiser, mut weights) = (Sgd::new(settings, WEIGHTS), normals(draw, WEIGHTS, 1.0));
        for _ in 0..steps {
            optimiser.step(rate, &mut weights, &normals(draw, WEIGHTS, 1.0));
        }
        let name = if nesterov { "Nesterov's momentum" } else { "momentum" };
        asked.add(format!("{name}: weights after {steps} steps"), weights);
    }
    let (momentum, weight_decay) = (draw.uniform(0.5, 0.95), draw.uniform(0.0, 0.05));
    let rule = |nesterov| Rule::Sgd { momentum, weight_decay, nesterov };
    run(isa, draw, asked, ("a run of plain descent", Rule::PLAIN_SGD))?;
    run(isa, draw, asked, ("a run with momentum", rule(false)))?;
    run(isa, draw, asked, ("a run with Nesterov's momentum", rule(true)))
}

/// Adam: the rule alone in double precision, and a run in single precision.
pub(super) fn adam(isa: Isa, draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    let (steps, rate, weight_decay) = (5, draw.uniform(0.01, 0.3), draw.uniform(0.01, 0.2));
    let (beta1, beta2) = (draw.uniform(0.5, 0.95), draw.uniform(0.9, 0.999));
    let settings = adam::Settings { beta1, beta2, eps: 1e-3, weight_decay };
    let (mut optimiser, mut weights) = (Adam::new(settings, WEIGHTS), normals(draw, WEIGHTS, 1.0));
    for _ in 0..steps {
        optimiser.step(rate, &mut weights, &normals(draw, WEIGHTS, 1.0));
    }
    asked.add(format!("Adam: weights after {steps} steps"), weights);
    let rule = Rule::Adam { beta1, beta2: 0.999, eps: 1e-8, weight_decay };
    run(isa, draw, asked, ("a run of Adam", rule))
}

/// A few epochs on drawn examples: the scores, and what was learned. **The network has no activation**, so that one
/// that is wrong costs its own topic.
fn run(
    isa: Isa,
    draw: &mut Stream,
    asked: &mut AnswerList,
    (name, rule): (&str, Rule),
) -> Result<(), ExperimentError> {
    let network = iris_network(4, 12, 3, Hidden::Identity, draw.bits());
    let (rates, seed) = (Schedule::Constant { rate: draw.uniform(0.005, 0.03) }, draw.below(1 << 32));
    let hyperparameters = Hyperparameters { rule, rates, batch_size: 7, seed, ..Hyperparameters::default() };
    let examples = 30;
    let x = normals(draw, examples * 4, 1.0).into_iter().map(|x| x as f32).collect();
    let examples = Examples::new(Shape::vectors(examples, 4), x, labels(draw, examples, 3), 3);
    let mut examples = examples.map_err(ExperimentError::failed)?;
    let mut trainer = Trainer::new(network, examples.clone(), hyperparameters).with_isa(isa);
    for epoch in trainer.epochs(EPOCHS) {
        let epoch = epoch.map_err(ExperimentError::failed)?;
        asked.add(format!("{name}: loss in epoch {}", epoch.number), [epoch.score.loss_sum_nats]);
    }
    let score = trainer.evaluate(&mut examples).map_err(ExperimentError::failed)?;
    asked.add(format!("{name}: loss in the end"), [score.loss_mean_nats()]);
    for (parameter, values) in trainer.result().parameters() {
        asked.add_single(format!("{name}: {parameter} in the end"), &values.value);
    }
    Ok(())
}

/// The linear layer and the loss, in double precision.
pub(super) fn layers(draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    let [examples, inputs, outputs] = [between(draw, 2, 6), between(draw, 2, 6), between(draw, 2, 6)];
    let layer = Linear { weight: array(draw, (inputs, outputs), 1.0), bias: array(draw, outputs, 1.0) };
    let (y, cache) = layer.forward(&array(draw, (examples, inputs), 1.0));
    let gradients = layer.backward(cache, &array(draw, (examples, outputs), 1.0));
    asked.add("linear layer: outputs", y);
    asked.add("linear layer: gradient by the inputs", gradients.dx);
    asked.add("linear layer: gradient by the weights", gradients.dweight);
    asked.add("linear layer: gradient by the biases", gradients.dbias);
    let offset = draw.uniform(500.0, 900.0);
    let logits = array(draw, (examples, outputs), 3.0).mapv(|z| z + offset);
    let labels = labels(draw, examples, outputs);
    let (loss, cache) = softmax_cross_entropy::forward(&logits, &labels).map_err(ExperimentError::failed)?;
    asked.add("softmax and cross-entropy: loss of each example", loss.per_sample_nats);
    asked.add("softmax and cross-entropy: mean", [loss.mean_nats]);
    let factor = draw.uniform(0.5, 2.0);
    asked.add("softmax and cross-entropy: gradient", softmax_cross_entropy::backward(cache, factor));
    Ok(())
}
