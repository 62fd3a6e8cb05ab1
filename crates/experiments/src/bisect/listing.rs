//! The tensors of a network's training step, in the order in which it computes them.
//!
//! ```text
//! input; for each layer its running statistics and its output; loss;
//! gradient of each parameter, last layer first;
//! for each parameter what the optimiser keeps of it, and its new value; averages
//! ```
//!
//! **The loss's gradient by a layer's output is not kept**, so a fault in the backward pass of a layer without
//! parameters shows in the gradients of the next layer before it that has some.

use super::tensors::{Name, Role, Tensor, Values};
use cnn::layer::{Layer, Parameter};
use cnn::network::{Network, Pass};
use cnn::optimiser::Optimiser;
use cnn::tensor::Shape;

/// A layer with its name and kind.
struct Named<'a> {
    name: &'a str,
    kind: String,
    layer: &'a dyn Layer,
}

impl<'a> Named<'a> {
    /// The layers of a network, in order.
    fn all(network: &'a Network) -> Vec<Self> {
        let layers = network.layers().zip(network.kinds());
        layers.map(|((name, layer), kind)| Self { name, kind, layer }).collect()
    }

    fn tensor(&self, role: Role, part: &'static str, shape: Vec<usize>, values: &'a [f32]) -> Tensor<'a> {
        let name = Name { role, layer: self.name.to_owned(), kind: self.kind.clone(), part };
        Tensor { name, shape, values: Values::Single(values) }
    }

    fn of_parameter(&self, role: Role, parameter: &Parameter, values: &'a [f32]) -> Tensor<'a> {
        self.tensor(role, parameter.name, parameter.shape.clone(), values)
    }

    fn statistics(&self, role: Role) -> Vec<Tensor<'a>> {
        let buffers = self.layer.buffers().into_iter();
        buffers.map(|(part, values)| self.tensor(role, part, vec![values.len()], values)).collect()
    }
}

/// The tensors of the last step of a network. Before the first step there are its parameters and their gradients
/// only.
pub(super) fn of_step<'a>(
    network: &'a Network,
    pass: &'a Pass,
    loss_sum_nats: f64,
    optimiser: &'a Optimiser,
) -> Vec<Tensor<'a>> {
    let layers = Named::all(network);
    let mut tensors = forward(&layers, pass);
    let loss = Name { role: Role::Loss, layer: String::new(), kind: String::new(), part: "" };
    tensors.push(Tensor { name: loss, shape: vec![1], values: Values::Double(loss_sum_nats) });
    for layer in layers.iter().rev() {
        let gradient = |it: &'a Parameter| layer.of_parameter(Role::Gradient, it, &it.gradient);
        tensors.extend(layer.layer.parameters().into_iter().map(gradient));
    }
    let mut state = optimiser.state();
    for layer in &layers {
        for parameter in layer.layer.parameters() {
            if let Some((first, second)) = state.next() {
                tensors.push(layer.of_parameter(Role::FirstMoment, parameter, first));
                tensors.push(layer.of_parameter(Role::SecondMoment, parameter, second));
            }
            tensors.push(layer.of_parameter(Role::Updated, parameter, &parameter.value));
        }
    }
    tensors
}

/// Input, running statistics and outputs. A layer's statistics stand before its output, which is made of the
/// batch's own.
fn forward<'a>(layers: &[Named<'a>], pass: &'a Pass) -> Vec<Tensor<'a>> {
    let Some((input, outputs)) = pass.activations().split_first() else { return Vec::new() };
    let name = Name { role: Role::Input, layer: String::new(), kind: String::new(), part: "" };
    let mut tensors =
        vec![Tensor { name, shape: sizes(input.shape()), values: Values::Single(input.data()) }];
    for (layer, output) in layers.iter().zip(outputs) {
        tensors.extend(layer.statistics(Role::Statistic));
        tensors.push(layer.tensor(Role::Output, "", sizes(output.shape()), output.data()));
    }
    tensors
}

/// The parameters and running statistics of an averaged network.
pub(super) fn averages(network: &Network) -> Vec<Tensor<'_>> {
    let mut tensors = Vec::new();
    for layer in Named::all(network) {
        for parameter in layer.layer.parameters() {
            tensors.push(layer.of_parameter(Role::Averaged, parameter, &parameter.value));
        }
        tensors.extend(layer.statistics(Role::Averaged));
    }
    tensors
}

/// `[N, H, W, C]`, or `[N, D]` for vectors.
fn sizes(Shape { n, h, w, c }: Shape) -> Vec<usize> {
    if (h, w) == (1, 1) { vec![n, c] } else { vec![n, h, w, c] }
}
