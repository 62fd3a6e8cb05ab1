//! Whether a layer of a trained network is dead.

use super::batch::fill;
use cnn::kernels::Isa;
use cnn::network::{Network, Pass};
use cnn::{DeadLayer, ShapeError, Source};
use data::images::Images;

/// Images as they are.
struct AsTheyAre<'a>(&'a Images);

impl Source for AsTheyAre<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn fill(&mut self, _: usize, rows: &[usize], pass: &mut Pass, labels: &mut Vec<usize>) {
        fill(pass, labels, self.0, rows);
    }
}

/// A layer of ReLUs that is 0 on all of these images.
///
/// # Errors
/// When the network takes no such images.
pub fn dead_layer(isa: Isa, network: &Network, images: &Images) -> Result<Option<DeadLayer>, ShapeError> {
    cnn::dead_layer(isa, &mut network.clone(), &mut AsTheyAre(images))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::{Context, repository_data};
    use cnn::models::mnist_network;
    use data::images::MNIST;

    #[test]
    fn a_network_is_alive_until_its_first_convolution_is_far_below_0() {
        let context = Context::for_tests(repository_data());
        let images = context.test(&MNIST).unwrap().clone().limit(300);
        let mut network = mnist_network(1);
        assert_eq!(dead_layer(Isa::detect(), &network, &images), Ok(None));
        let norm = network.layers_mut().nth(1).unwrap();
        for (parameter, value) in norm.parameters_mut().into_iter().zip([0.0, -1.0]) {
            parameter.value.fill(value);
        }
        let dead = dead_layer(Isa::detect(), &network, &images).unwrap();
        assert_eq!(dead, Some(DeadLayer { name: "layer1.2".to_owned(), examples: 300 }));
    }
}
