//! The networks of P1.1 and P1.2, built of the same layers.

use crate::layers::{Activation, ActivationKind, BatchNorm, Conv2d, Flatten, Linear, MaxPool2d, PRelu};
use crate::network::Network;
use numerics::random::{Purpose, Stream};

/// The hidden layer's nonlinearity in the iris network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hidden {
    /// `max(x, 0)`.
    Relu,
    /// `1 / (1 + e^-x)`.
    Sigmoid,
    /// `tanh x`.
    Tanh,
    /// ReLU with a learned slope for negative inputs.
    PRelu,
    /// None: the two linear layers are one. **The control of P1.1.**
    Identity,
}

/// The three-layer network of P1.1: `inputs` numbers, `hidden` units, `classes` logits.
pub fn iris_network(inputs: usize, hidden: usize, classes: usize, activation: Hidden, seed: u64) -> Network {
    let mut init = Stream::new(seed, Purpose::Init);
    // SOLUTION: P1.1 the three layers with the given activation
    let network = Network::default().with("0", Linear::new(inputs, hidden, &mut init));
    let network = match activation {
        Hidden::Relu => network.with("1", Activation(ActivationKind::Relu)),
        Hidden::Sigmoid => network.with("1", Activation(ActivationKind::Sigmoid)),
        Hidden::Tanh => network.with("1", Activation(ActivationKind::Tanh)),
        Hidden::PRelu => network.with("1", PRelu::default()),
        Hidden::Identity => network,
    };
    network.with("2", Linear::new(hidden, classes, &mut init))
    // SOLUTION_END: P1.1
}

/// The network of P1.2 for images `(28, 28, 1)`: five convolutions, two poolings, three linear layers, 235,066
/// parameters.
pub fn mnist_network(seed: u64) -> Network {
    let init = &mut Stream::new(seed, Purpose::Init);
    let relu = || Activation(ActivationKind::Relu);
    let norm = |channels| BatchNorm::new(channels, 0.1, 1e-5);
    // ANCHOR: mnist_network
    // SOLUTION: P1.2 your network, layer by layer
    Network::default()
        .with("layer1.0", Conv2d::new(1, 16, 3, 0, init)) //   (N, 26, 26, 16)
        .with("layer1.1", norm(16))
        .with("layer1.2", relu())
        .with("layer2.0", Conv2d::new(16, 16, 3, 0, init)) //  (N, 24, 24, 16)
        .with("layer2.1", norm(16))
        .with("layer2.2", relu())
        .with("layer2.3", MaxPool2d::new(2)) //                (N, 12, 12, 16)
        .with("layer3.0", Conv2d::new(16, 64, 3, 0, init)) //  (N, 10, 10, 64)
        .with("layer3.1", norm(64))
        .with("layer3.2", relu())
        .with("layer4.0", Conv2d::new(64, 64, 3, 0, init)) //  (N, 8, 8, 64)
        .with("layer4.1", norm(64))
        .with("layer4.2", relu())
        .with("layer5.0", Conv2d::new(64, 64, 3, 1, init)) //  (N, 8, 8, 64)
        .with("layer5.1", norm(64))
        .with("layer5.2", relu())
        .with("layer5.3", MaxPool2d::new(2)) //                (N, 4, 4, 64)
        .with("flatten", Flatten) //                           (N, 1024)
        .with("fc.0", Linear::new(1024, 128, init)) //         (N, 128)
        .with("fc.1", relu())
        .with("fc.2", Linear::new(128, 128, init)) //          (N, 128)
        .with("fc.3", relu())
        .with("fc.4", Linear::new(128, 10, init)) //           (N, 10)
    // SOLUTION_END: P1.2
    // ANCHOR_END: mnist_network
}

/// One step of a convolutional network: convolution, batch-norm, ReLU, and perhaps a pooling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Block {
    /// Output channels.
    pub channels: usize,
    /// Rows and columns of the kernel.
    pub kernel: usize,
    /// Rows and columns of zeros on every side.
    pub padding: usize,
    /// Rows and columns of the windows of the pooling behind it, if there is one.
    pub pool: Option<usize>,
}

/// A network for images `(28, 28, 1)`: blocks, then linear layers with ReLU between them.
///
/// ```
/// use cnn::models::{Block, conv_network};
/// let block = Block { channels: 4, kernel: 5, padding: 0, pool: Some(4) };
/// // 24 x 24 pixels, pooled to 6 x 6: 144 numbers for the linear layer.
/// assert_eq!(conv_network(&[block], &[], 1).parameter_count(), 4 * 25 + 4 + 2 * 4 + (6 * 6 * 4 + 1) * 10);
/// ```
///
/// **A block that leaves no pixel for the next is refused by the table and the forward pass of the network**, not here.
pub fn conv_network(blocks: &[Block], hidden: &[usize], seed: u64) -> Network {
    let init = &mut Stream::new(seed, Purpose::Init);
    let (mut network, mut side, mut channels) = (Network::default(), 28, 1);
    for (i, block) in blocks.iter().enumerate() {
        let name = |layer: usize| format!("block{}.{layer}", i + 1);
        network = network
            .with(&name(0), Conv2d::new(channels, block.channels, block.kernel, block.padding, init))
            .with(&name(1), BatchNorm::new(block.channels, 0.1, 1e-5))
            .with(&name(2), Activation(ActivationKind::Relu));
        (side, channels) = ((side + 2 * block.padding + 1).saturating_sub(block.kernel), block.channels);
        if let Some(window) = block.pool {
            network = network.with(&name(3), MaxPool2d::new(window));
            side = side.checked_div(window).unwrap_or(0);
        }
    }
    network = network.with("flatten", Flatten);
    let mut inputs = side * side * channels;
    for (i, &units) in hidden.iter().enumerate() {
        network = network
            .with(&format!("fc.{}", 2 * i), Linear::new(inputs, units, init))
            .with(&format!("fc.{}", 2 * i + 1), Activation(ActivationKind::Relu));
        inputs = units;
    }
    network.with(&format!("fc.{}", 2 * hidden.len()), Linear::new(inputs, 10, init))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Mode;
    use crate::network::Pass;
    use crate::tensor::{Shape, Tensor};
    use kernels::Isa;

    #[test]
    fn the_mnist_network_has_the_parameters_of_the_assignment() {
        assert_eq!(mnist_network(1).parameter_count(), 235_066);
        let table = mnist_network(1).table(Shape::maps(1, 28, 28, 1)).unwrap();
        assert_eq!(table.rows.last().unwrap().output, Shape::vectors(1, 10));
    }

    #[test]
    fn a_block_that_leaves_no_pixel_is_refused_with_its_reason() {
        let block = |kernel, pool| Block { channels: 2, kernel, padding: 0, pool };
        let refused = |blocks: &[Block]| {
            conv_network(blocks, &[], 1).table(Shape::maps(1, 28, 28, 1)).err().map(|error| error.to_string())
        };
        assert_eq!(refused(&[block(28, None)]), None);
        let kernel = "Conv2d cannot take an input of shape (1, 28, 28, 1): its kernel is 29 x 29";
        assert_eq!(refused(&[block(29, None)]).as_deref(), Some(kernel));
        let window = "MaxPool2d cannot take an input of shape (1, 26, 26, 2): its window is 0 x 0";
        assert_eq!(refused(&[block(3, Some(0))]).as_deref(), Some(window));
    }

    /// The network of the assignment, described in blocks: the same numbers are drawn in the same order.
    #[test]
    fn blocks_can_describe_the_network_of_the_assignment() {
        let block = |channels, padding, pool| Block { channels, kernel: 3, padding, pool };
        let pooled = Some(2);
        let blocks = [(16, 0, None), (16, 0, pooled), (64, 0, None), (64, 0, None), (64, 1, pooled)]
            .map(|(channels, padding, pool)| block(channels, padding, pool));
        let (ours, theirs) = (conv_network(&blocks, &[128, 128], 1), mnist_network(1));
        let values = |network: &Network| -> Vec<Vec<f32>> {
            network.parameters().map(|(_, parameter)| parameter.value.clone()).collect()
        };
        assert_eq!(values(&ours), values(&theirs));
        assert_ne!(values(&conv_network(&blocks, &[128, 128], 2)), values(&theirs));
    }

    #[test]
    fn the_iris_network_has_4_40_3_units() {
        let count = |activation| iris_network(4, 40, 3, activation, 1).parameter_count();
        assert_eq!(count(Hidden::Tanh), (4 + 1) * 40 + (40 + 1) * 3);
        assert_eq!(count(Hidden::PRelu), count(Hidden::Relu) + 1);
    }

    /// `f(x) + f(-x) - 2 f(0)`, which is 0 for an affine `f`: the largest of the three logits.
    fn curvature(activation: Hidden) -> f32 {
        let mut network = iris_network(4, 40, 3, activation, 1);
        let mut pass = Pass::default();
        let x = vec![1.0, -2.0, 0.5, 3.0, -1.0, 2.0, -0.5, -3.0, 0.0, 0.0, 0.0, 0.0];
        *pass.input() = Tensor::new(Shape::vectors(3, 4), x);
        let z = network.forward(Isa::detect(), &mut pass, Mode::Infer).unwrap().data();
        (0..3).map(|c| (z[c] + z[3 + c] - 2.0 * z[6 + c]).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn without_a_nonlinearity_the_two_layers_are_one_affine_map() {
        assert!(curvature(Hidden::Identity) < 1e-6);
        for activation in [Hidden::Relu, Hidden::Sigmoid, Hidden::Tanh, Hidden::PRelu] {
            assert!(curvature(activation) > 1e-3, "{activation:?}");
        }
    }
}
