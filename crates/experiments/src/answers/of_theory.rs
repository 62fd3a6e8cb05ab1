//! T1 and T2 on drawn inputs.

use super::answer::AnswerList;
use super::draw::{between, labels, normals};
use crate::study::ExperimentError;
use numerics::random::Stream;
use theory::cross_entropy::{Reading, class_probabilities, cross_entropy as loss_of, gradient_of_mean};
use theory::derivation::cross_entropy::{Batch, any_batch, batch_of_the_question};
use theory::derivation::softmax::{self, LogitOfBatch};
use theory::derivation::std_dev::{self as of_std_dev, InputOfMany};
use theory::derivation::{Derivation, Runnable};
use theory::std_dev::{Ddof, gradient, std_dev};
use theory::std_dev_graph::StdDevGraph;

/// How many inputs of each kind.
const DRAWN: usize = 8;

/// On how many random inputs of its own a derivation is verified before it is asked.
const TRIALS: usize = 20;

pub(super) fn cross_entropy(draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    for reading in Reading::ALL {
        for i in 1..=DRAWN {
            let (examples, classes) = (between(draw, 1, 6), between(draw, 2, 6));
            let c = labels(draw, examples, classes);
            // Every other batch of logits is far from 0, where e^z overflows.
            let offset = if i % 2 == 0 { 800.0 } else { 0.0 };
            let y: Vec<Vec<f64>> = (0..examples)
                .map(|_| match reading {
                    Reading::Logits => normals(draw, classes, 3.0).into_iter().map(|z| z + offset).collect(),
                    _ => (0..classes).map(|_| draw.uniform(0.02, 0.98)).collect(),
                })
                .collect(); // (B, C)
            let name = format!("the {} of batch {i}", reading.name());
            let loss = loss_of(&y, &c, reading).map_err(ExperimentError::failed)?;
            asked.add(format!("{name}: loss of each example"), loss.per_sample);
            asked.add(format!("{name}: sum and mean of the losses"), [loss.sum, loss.mean]);
            let gradient = gradient_of_mean(&y, &c, reading).map_err(ExperimentError::failed)?;
            asked.add(format!("{name}: gradient of the mean"), gradient.concat());
            let probabilities = class_probabilities(&y, reading).map_err(ExperimentError::failed)?;
            asked.add(format!("{name}: class probabilities"), probabilities.concat());
        }
    }
    Ok(())
}

/// The derivation, to be asked; **it has to hold on inputs of its own before**.
fn runnable<I>(derivation: Derivation<I>) -> Result<Runnable<I>, ExperimentError> {
    derivation.verify_to_run(crate::REGISTERED_SEED, TRIALS).map_err(ExperimentError::failed)
}

pub(super) fn derivations(draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    let (any, of_question) = (runnable(any_batch())?, runnable(batch_of_the_question())?);
    let by_logit = runnable(softmax::gradient())?;
    for i in 1..=DRAWN {
        let (examples, classes) = (between(draw, 1, 6), between(draw, 2, 6));
        let y = |draw: &mut Stream, examples, classes: usize| -> Vec<Vec<f64>> {
            (0..examples).map(|_| (0..classes).map(|_| draw.uniform(0.02, 0.98)).collect()).collect()
        };
        let batch = Batch { y: y(draw, examples, classes), c: labels(draw, examples, classes) };
        ends(asked, format!("the loss of batch {i}"), &any.values(&batch));
        let batch = Batch { y: y(draw, 3, 3), c: vec![0, 1, 2] };
        ends(asked, format!("the loss of three examples, {i}"), &of_question.values(&batch));
        let z = (0..examples).map(|_| normals(draw, classes, 1.0)).collect();
        let c = labels(draw, examples, classes);
        let (b, k) = (between(draw, 1, examples) - 1, between(draw, 1, classes) - 1);
        ends(asked, format!("the gradient by logit {i}"), &by_logit.values(&LogitOfBatch { z, c, b, k }));
    }
    Ok(())
}

/// The first and the last step, and the two between which the chain is furthest from them: **how many steps there are
/// is the student's choice**, but each has to have the same value.
fn ends(asked: &mut AnswerList, what: String, steps: &[f64]) {
    let bounds = |f: fn(f64, f64) -> f64| steps.iter().copied().reduce(f).unwrap_or(f64::NAN);
    let at = |i: Option<&f64>| i.copied().unwrap_or(f64::NAN);
    asked.add(
        format!("{what}: first, last, smallest and largest step"),
        [at(steps.first()), at(steps.last()), bounds(f64::min), bounds(f64::max)],
    );
}

/// Inputs of a deviation, with its convention.
fn inputs(draw: &mut Stream) -> (Vec<f64>, Ddof) {
    let n = between(draw, 2, 8);
    (normals(draw, n, 3.0).into_iter().map(|x| x - 2.0).collect(), Ddof::ALL[draw.below(2) as usize])
}

pub(super) fn graph(draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    for i in 1..=DRAWN {
        let (x, ddof) = inputs(draw);
        let name = format!("the {} deviation {i} of {} inputs", ddof.name(), x.len());
        let (graph, parts) = StdDevGraph::forward(&x, ddof).map_err(ExperimentError::failed)?;
        let closed = std_dev(&x, ddof).map_err(ExperimentError::failed)?;
        asked.add(format!("{name}: in closed form and as a graph"), [closed, graph.value(parts.sigma)]);
        // In whichever order the nodes were made.
        let values = graph.ids().map(|id| graph.value(id));
        asked.add(format!("{name}: the values of all nodes"), sorted(values));
        let edges = graph.edges().map(|(from, to)| graph.value(from) + 1e3 * graph.value(to));
        asked.add(format!("{name}: the values at both ends of each edge"), sorted(edges));
        let parts = [parts.s, parts.mu, parts.t, parts.v].map(|id| graph.value(id));
        asked.add(format!("{name}: sum, mean, sum of squares and variance"), parts);
    }
    // Inputs whose squares leave the range of doubles, and such as lie close together.
    for scale in [1e-160, 1e160] {
        let x: Vec<f64> = normals(draw, 5, scale);
        let scaled = std_dev(&x, Ddof::Sample).map_err(ExperimentError::failed)?;
        asked.add(format!("the sample deviation of inputs of size {scale:e}"), [scaled / scale]);
    }
    Ok(())
}

pub(super) fn gradients(draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    let derived = runnable(of_std_dev::gradient())?;
    for i in 1..=DRAWN {
        let (x, ddof) = inputs(draw);
        let name = format!("the {} deviation {i} of {} inputs", ddof.name(), x.len());
        let closed = gradient(&x, ddof).map_err(ExperimentError::failed)?;
        asked.add(format!("{name}: gradient in closed form"), closed);
        let input = InputOfMany { i: between(draw, 1, x.len()) - 1, x: x.clone(), ddof };
        ends(asked, format!("{name}: gradient by one of its inputs, derived"), &derived.values(&input));
        let graph = StdDevGraph::new(&x, ddof).map_err(ExperimentError::failed)?;
        asked.add(format!("{name}: gradient through the graph"), graph.gradient());
        asked.add(
            format!("{name}: the gradient on every edge"),
            sorted(graph.backward.edges.iter().map(|edge| edge.gradient)),
        );
        asked.add(
            format!("{name}: the adjoint of every node"),
            sorted(graph.backward.adjoints.iter().copied()),
        );
    }
    Ok(())
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}
