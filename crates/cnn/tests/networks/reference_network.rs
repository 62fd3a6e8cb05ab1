//! Networks of the reference's layers in a row: what the f32 networks are held to as a whole.
//!
//! Shapes: maps are `(N, H, W, C)`, vectors `(N, 1, 1, D)`, as in the f32 tensors.

use cnn::network::Network;
use cnn::reference::activation::Activation;
use cnn::reference::batch_norm::BatchNorm;
use cnn::reference::conv2d::Conv2d;
use cnn::reference::linear::Linear;
use cnn::reference::max_pool::MaxPool;
use cnn::reference::{flatten, softmax_cross_entropy};
use ndarray::{Array, Array1, Array2, Array4, Dimension};

/// A layer of the reference.
#[derive(Clone, Debug)]
pub(crate) enum Link {
    Conv2d(Conv2d),
    BatchNorm(BatchNorm),
    Activation(Activation),
    MaxPool(MaxPool),
    Flatten,
    Linear(Linear),
}

/// From a cotangent of the output to that of the input and the gradients of the parameters.
type Back = Box<dyn FnOnce(&Array4<f64>) -> (Array4<f64>, Vec<Vec<f64>>)>;

impl Link {
    /// A convolution, its numbers still to be set.
    pub(crate) fn conv2d(inputs: usize, outputs: usize, kernel: usize, padding: usize) -> Self {
        let weight = Array4::zeros((kernel, kernel, inputs, outputs));
        Self::Conv2d(Conv2d { weight, bias: Array1::zeros(outputs), padding })
    }

    /// Batch-norm with PyTorch's momentum and eps, its numbers still to be set.
    pub(crate) fn batch_norm(channels: usize) -> Self {
        let (ones, zeros) = (Array1::ones(channels), Array1::zeros(channels));
        // The f32 layer has these two as f32.
        let (momentum, eps) = (f64::from(0.1_f32), f64::from(1e-5_f32));
        let (gamma, beta) = (ones.clone(), zeros.clone());
        Self::BatchNorm(BatchNorm { gamma, beta, running_mean: zeros, running_var: ones, momentum, eps })
    }

    /// A linear layer, its numbers still to be set.
    pub(crate) fn linear(inputs: usize, outputs: usize) -> Self {
        Self::Linear(Linear { weight: Array2::zeros((inputs, outputs)), bias: Array1::zeros(outputs) })
    }

    /// The output in training, and the way back.
    fn forward(&self, x: &Array4<f64>) -> (Array4<f64>, Back) {
        match self.clone() {
            Self::Conv2d(layer) => through_conv2d(layer, x),
            Self::BatchNorm(layer) => through_batch_norm(layer, x),
            Self::Activation(function) => through_activation(function, x),
            Self::MaxPool(layer) => {
                let (y, cache) = layer.forward(x);
                (y, Box::new(move |dy| (layer.backward(cache, dy), Vec::new())))
            }
            Self::Flatten => {
                let (y, cache) = flatten::forward(x);
                (vectors(y), Box::new(move |dy| (flatten::backward(cache, &matrix(dy)), Vec::new())))
            }
            Self::Linear(layer) => through_linear(layer, x),
        }
    }

    /// The parameters, in the order of the f32 layers.
    fn parameters_mut(&mut self) -> Vec<&mut [f64]> {
        let slices = match self {
            Self::Conv2d(layer) => vec![layer.weight.as_slice_mut(), layer.bias.as_slice_mut()],
            Self::BatchNorm(layer) => vec![layer.gamma.as_slice_mut(), layer.beta.as_slice_mut()],
            Self::Linear(layer) => vec![layer.weight.as_slice_mut(), layer.bias.as_slice_mut()],
            Self::Activation(Activation::PRelu { slope }) => vec![Some(std::slice::from_mut(slope))],
            Self::Activation(_) | Self::MaxPool(_) | Self::Flatten => Vec::new(),
        };
        slices.into_iter().map(|slice| slice.expect("in one piece")).collect()
    }
}

fn through_conv2d(layer: Conv2d, x: &Array4<f64>) -> (Array4<f64>, Back) {
    let (y, cache) = layer.forward(x);
    let back = move |dy: &Array4<f64>| {
        let gradients = layer.backward(cache, dy);
        (gradients.dx, vec![list(gradients.dweight), list(gradients.dbias)])
    };
    (y, Box::new(back))
}

fn through_batch_norm(mut layer: BatchNorm, x: &Array4<f64>) -> (Array4<f64>, Back) {
    let (y, cache) = layer.forward_training(x).expect("at least two values a channel");
    let back = move |dy: &Array4<f64>| {
        let gradients = layer.backward(cache, dy);
        (gradients.dx, vec![list(gradients.dgamma), list(gradients.dbeta)])
    };
    (y, Box::new(back))
}

fn through_activation(function: Activation, x: &Array4<f64>) -> (Array4<f64>, Back) {
    let (y, cache) = function.forward(x);
    let back = move |dy: &Array4<f64>| {
        let gradients = function.backward(cache, dy);
        (gradients.dz, gradients.dslope.map(|dslope| vec![dslope]).into_iter().collect())
    };
    (y, Box::new(back))
}

fn through_linear(layer: Linear, x: &Array4<f64>) -> (Array4<f64>, Back) {
    let (y, cache) = layer.forward(&matrix(x));
    let back = move |dy: &Array4<f64>| {
        let gradients = layer.backward(cache, &matrix(dy));
        (vectors(gradients.dx), vec![list(gradients.dweight), list(gradients.dbias)])
    };
    (vectors(y), Box::new(back))
}

/// Layers in a row, and softmax cross-entropy behind them.
#[derive(Clone, Debug)]
pub(crate) struct ReferenceNetwork(pub(crate) Vec<Link>);

impl ReferenceNetwork {
    /// Takes over the parameters of an f32 network of the same layers.
    pub(crate) fn with_parameters_of(mut self, network: &Network) -> Self {
        let theirs: Vec<f64> =
            network.parameters().flat_map(|(_, p)| p.value.iter().map(|&x| f64::from(x))).collect();
        self.set(&theirs);
        self
    }

    /// Sets all parameters, one after the other.
    pub(crate) fn set(&mut self, mut values: &[f64]) {
        for slice in self.0.iter_mut().flat_map(Link::parameters_mut) {
            let (first, rest) = values.split_at(slice.len());
            slice.copy_from_slice(first);
            values = rest;
        }
        assert!(values.is_empty(), "{} parameters too many", values.len());
    }

    /// All parameters, one after the other.
    pub(crate) fn parameters(&self) -> Vec<f64> {
        self.clone().0.iter_mut().flat_map(Link::parameters_mut).flat_map(|slice| slice.to_vec()).collect()
    }

    /// The outputs of all layers, the input being the first.
    pub(crate) fn activations(&self, x: &Array4<f64>) -> Vec<Array4<f64>> {
        let mut all = vec![x.clone()];
        for link in &self.0 {
            all.push(link.forward(&all[all.len() - 1]).0);
        }
        all
    }

    /// The mean loss of a batch.
    pub(crate) fn loss(&self, x: &Array4<f64>, labels: &[usize]) -> f64 {
        let logits = self.activations(x).pop().expect("the input at least");
        softmax_cross_entropy::forward(&matrix(&logits), labels).expect("labels of the classes").0.mean_nats
    }

    /// The gradient of the mean loss by each parameter, in order.
    pub(crate) fn gradient(&self, x: &Array4<f64>, labels: &[usize]) -> Vec<Vec<f64>> {
        let (mut y, mut ways_back) = (x.clone(), Vec::new());
        for link in &self.0 {
            let (next, back) = link.forward(&y);
            ways_back.push(back);
            y = next;
        }
        let (_, cache) = softmax_cross_entropy::forward(&matrix(&y), labels).expect("labels of the classes");
        let mut cotangent = vectors(softmax_cross_entropy::backward(cache, 1.0));
        let mut gradients = Vec::new();
        for back in ways_back.into_iter().rev() {
            let (dx, of_layer) = back(&cotangent);
            gradients.extend(of_layer.into_iter().rev());
            cotangent = dx;
        }
        gradients.reverse();
        gradients
    }
}

fn list<D: Dimension>(array: Array<f64, D>) -> Vec<f64> {
    array.iter().copied().collect()
}

/// `(N, 1, 1, D)` as `(N, D)`.
fn matrix(x: &Array4<f64>) -> Array2<f64> {
    let (n, _, _, d) = x.dim();
    x.to_shape((n, d)).expect("vectors").to_owned()
}

/// `(N, D)` as `(N, 1, 1, D)`.
fn vectors(x: Array2<f64>) -> Array4<f64> {
    let (n, d) = x.dim();
    x.into_shape_with_order((n, 1, 1, d)).expect("as many entries")
}
