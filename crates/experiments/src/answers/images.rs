//! P1.2 on drawn inputs: the layers for images in double precision, and networks of them in single precision.

use super::answer::AnswerList;
use super::draw::{array, between, labels, normals};
use super::learning::gradients_of;
use crate::study::ExperimentError;
use cnn::models::{Block, conv_network, mnist_network};
use cnn::reference::batch_norm::BatchNorm;
use cnn::reference::conv2d::Conv2d;
use cnn::reference::flatten;
use cnn::reference::max_pool::MaxPool;
use cnn::{Isa, Shape};
use data::images::SIDE;
use ndarray::{Array4, Ix4};
use numerics::random::Stream;

/// The digits.
const CLASSES: usize = 10;

pub(super) fn ask(isa: Isa, draw: &mut Stream, asked: &mut AnswerList) -> Result<(), ExperimentError> {
    for i in 1..=2 {
        convolution(draw, asked, i);
        pooling(draw, asked, i);
        batch_norm(draw, asked, i)?;
    }
    flattening(draw, asked);
    let block = |draw: &mut Stream, kernel, pool| Block {
        channels: between(draw, 2, 9),
        kernel,
        padding: between(draw, 0, 1),
        pool: Some(pool),
    };
    let blocks = [block(draw, 3, 3), block(draw, 5, 2)];
    let networks = [
        ("a drawn network for images", conv_network(&blocks, &[12], draw.bits())),
        ("the network of P1.2", mnist_network(draw.bits())),
    ];
    for (name, network) in networks {
        let examples = between(draw, 8, 16);
        let x = normals(draw, examples * SIDE * SIDE, 1.0);
        let shape = Shape::maps(examples, SIDE, SIDE, 1);
        gradients_of(isa, network, (shape, &x), &labels(draw, examples, CLASSES), (name, asked))?;
    }
    Ok(())
}

fn convolution(draw: &mut Stream, asked: &mut AnswerList, i: usize) {
    let [inputs, outputs] = [between(draw, 1, 4), between(draw, 1, 4)];
    let (kernel, padding) = (if i == 1 { 3 } else { 5 }, i - 1);
    let layer = Conv2d {
        weight: array(draw, (kernel, kernel, inputs, outputs), 1.0),
        bias: array(draw, outputs, 1.0),
        padding,
    };
    let (y, cache) = layer.forward(&array(draw, (2, 8, 7, inputs), 1.0));
    let gradients = layer.backward(cache, &array(draw, y.raw_dim(), 1.0));
    let name = format!("convolution {i}, {kernel} x {kernel}, padding {padding}");
    asked.add(format!("{name}: outputs"), y);
    asked.add(format!("{name}: gradient by the inputs"), gradients.dx);
    asked.add(format!("{name}: gradient by the kernel"), gradients.dweight);
    asked.add(format!("{name}: gradient by the biases"), gradients.dbias);
}

/// **Of few different numbers, so that many maxima are equal.**
fn pooling(draw: &mut Stream, asked: &mut AnswerList, i: usize) {
    let layer = MaxPool { window: i + 1 };
    let x = Array4::from_shape_simple_fn((2, 6, 6, 2), || draw.below(3) as f64);
    let (y, cache) = layer.forward(&x);
    let dx = layer.backward(cache, &array(draw, y.raw_dim(), 1.0));
    asked.add(format!("pooling {i}, windows of {}: outputs", i + 1), y);
    asked.add(format!("pooling {i}, windows of {}: gradient by the inputs", i + 1), dx);
}

fn batch_norm(draw: &mut Stream, asked: &mut AnswerList, i: usize) -> Result<(), ExperimentError> {
    let channels = between(draw, 1, 4);
    let mut layer = BatchNorm {
        gamma: array(draw, channels, 1.0),
        beta: array(draw, channels, 1.0),
        running_mean: array(draw, channels, 1.0),
        running_var: array(draw, channels, 1.0).mapv(|x| 0.5 + x * x),
        momentum: draw.uniform(0.05, 0.5),
        eps: 1e-3,
    };
    let x: Array4<f64> = array(draw, (3, 4, 2, channels), 2.0);
    let dy: Array4<f64> = array(draw, (3, 4, 2, channels), 1.0);
    let (y, cache) = layer.forward_inference(&x);
    asked.add(format!("batch-norm {i} in use: outputs"), y);
    asked.add(format!("batch-norm {i} in use: gradient by the inputs"), layer.backward(cache, &dy).dx);
    let (y, cache) = layer.forward_training::<Ix4>(&x).map_err(ExperimentError::failed)?;
    let gradients = layer.backward(cache, &dy);
    asked.add(format!("batch-norm {i} in training: outputs"), y);
    asked.add(format!("batch-norm {i} in training: gradient by the inputs"), gradients.dx);
    asked.add(format!("batch-norm {i} in training: gradient by the scale"), gradients.dgamma);
    asked.add(format!("batch-norm {i} in training: gradient by the shift"), gradients.dbeta);
    asked.add(format!("batch-norm {i}: running mean"), layer.running_mean);
    asked.add(format!("batch-norm {i}: running variance"), layer.running_var);
    Ok(())
}

fn flattening(draw: &mut Stream, asked: &mut AnswerList) {
    let x: Array4<f64> = array(draw, (2, 3, 2, 4), 1.0);
    let (y, cache) = flatten::forward(&x);
    let dx = flatten::backward(cache, &array(draw, y.raw_dim(), 1.0));
    asked.add("vectors of maps", y);
    asked.add("vectors of maps: gradient by the maps", dx);
}
