//! What a person would read of the f32 networks: their tables, their files, and one step worked out.

use cnn::kernels::Isa;
use cnn::layer::Mode;
use cnn::layers::Linear;
use cnn::loss::softmax_cross_entropy;
use cnn::models::{Hidden, iris_network, mnist_network};
use cnn::network::{Network, Pass};
use cnn::optimiser::{Optimiser, Rule};
use cnn::tensor::{Shape, Tensor};
use cnn::train;
use cnn::weights::to_safetensors;
use numerics::random::{Purpose, Stream};
use safetensors::SafeTensors;

#[test]
fn the_table_of_the_mnist_network() {
    insta::assert_snapshot!(mnist_network(1).table(Shape::maps(1, 28, 28, 1)).unwrap());
}

#[test]
fn the_table_of_the_iris_network() {
    insta::assert_snapshot!(iris_network(4, 40, 3, Hidden::PRelu, 1).table(Shape::vectors(1, 4)).unwrap());
}

/// Names, types and shapes, a tensor a line, as PyTorch's `load_state_dict` expects them.
fn listing(network: &Network) -> String {
    let bytes = to_safetensors(network).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut lines: Vec<String> = file
        .iter()
        .map(|(name, tensor)| format!("{name:29} {:?}  {:?}", tensor.dtype(), tensor.shape()))
        .collect();
    lines.sort();
    lines.join("\n")
}

#[test]
fn the_tensors_of_the_mnist_networks_file() {
    insta::assert_snapshot!(listing(&mnist_network(1)));
}

#[test]
fn the_tensors_of_the_iris_networks_file() {
    insta::assert_snapshot!(listing(&iris_network(4, 40, 3, Hidden::PRelu, 1)));
}

/// Two inputs, two classes, weights at 0: both classes have probability 1/2, and every number is exact.
#[test]
fn one_step_of_gradient_descent_worked_out() {
    let mut network = Network::default().with("fc", Linear::new(2, 2, &mut Stream::new(1, Purpose::Init)));
    network.parameters_mut().for_each(|parameter| parameter.value.fill(0.0));
    let (x, labels) = (Tensor::new(Shape::vectors(2, 2), vec![1.0, 2.0, -4.0, 3.0]), [0, 0]);
    let mut pass = Pass::default();
    *pass.input() = x.clone();
    let (logits, mut dlogits) =
        (network.forward(Isa::detect(), &mut pass, Mode::Train).unwrap().clone(), Tensor::default());
    softmax_cross_entropy(Isa::detect(), &logits, &labels, Some(&mut dlogits));
    let mut optimiser = Optimiser::new(Rule::PLAIN_SGD);
    let score = train::step(Isa::detect(), &mut network, &mut optimiser, 0.5, &mut pass, &labels).unwrap();

    let mut board = format!("x {}, both of class 0\n{}", x.shape(), rows(x.data()));
    board += &format!("\nlogits\n{}", rows(logits.data()));
    board += &format!("\nloss {} nats a sample, {} of 2 right\n", score.loss_mean_nats(), score.correct);
    board += &format!("\ndlogits\n{}", rows(dlogits.data()));
    for (name, parameter) in network.parameters() {
        board += &format!("\n{name} {:?}: gradient\n{}", parameter.shape, rows(&parameter.gradient));
        board += &format!("after a step at rate 1/2\n{}", rows(&parameter.value));
    }
    insta::assert_snapshot!(board);
}

/// Numbers two by two.
fn rows(numbers: &[f32]) -> String {
    numbers.chunks(2).map(|row| format!("{:>7}{:>7}\n", row[0], row[1])).collect()
}
