//! The average of a network's weights along its way.
//!
//! ```text
//! a <- a + (1 - d) (w - a)        d = min(most, (1 + t) / (10 + t)) after t steps
//! ```
//!
//! An exponential average whose memory grows with the run, of the parameters **and of batch-norm's running statistics**. It
//! decides nothing about the way itself. Source: B. Polyak and A. Juditsky, "Acceleration of stochastic approximation by
//! averaging", 1992; the warm-up of `d` is TensorFlow's `ExponentialMovingAverage`.

use crate::network::Network;
use rayon::prelude::*;

/// An average that follows a network.
#[derive(Clone, Debug)]
pub struct Average {
    network: Network,
    most: f64,
    steps: u64,
}

impl Average {
    /// An average that begins as the network is, and keeps at most the share `most` of itself in a step.
    pub fn new(network: &Network, most: f64) -> Self {
        Self { network: network.clone(), most, steps: 0 }
    }

    /// Follows the network by one step.
    ///
    /// # Panics
    /// When the network has other layers than at the beginning.
    pub fn follow(&mut self, network: &Network) {
        self.steps += 1;
        let t = self.steps as f64;
        let share = (1.0 - self.most.min((1.0 + t) / (10.0 + t))) as f32;
        let layers: Vec<_> = self.network.layers_mut().zip(network.layers()).collect();
        layers.into_par_iter().for_each(|(ours, (_, theirs))| {
            for (average, parameter) in ours.parameters_mut().into_iter().zip(theirs.parameters()) {
                follow(&mut average.value, &parameter.value, share);
            }
            for ((_, average), (_, statistics)) in ours.buffers_mut().into_iter().zip(theirs.buffers()) {
                follow(average, statistics, share);
            }
        });
    }

    /// The network of the averages.
    pub fn network(&self) -> &Network {
        &self.network
    }
}

fn follow(average: &mut [f32], values: &[f32], share: f32) {
    assert_eq!(average.len(), values.len(), "an average of another network");
    for (average, value) in average.iter_mut().zip(values) {
        *average += share * (value - *average);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::mnist_network;

    /// The network with every parameter and statistic at one value.
    fn filled(value: f32) -> Network {
        let mut network = mnist_network(1);
        for layer in network.layers_mut() {
            layer.parameters_mut().into_iter().for_each(|parameter| parameter.value.fill(value));
            layer.buffers_mut().into_iter().for_each(|(_, statistics)| statistics.fill(value));
        }
        network
    }

    fn of(average: &Average) -> Vec<f32> {
        let buffers = average.network().layers().flat_map(|(_, layer)| layer.buffers());
        let values = average.network().parameters().map(|(_, parameter)| parameter.value[0]);
        values.chain(buffers.map(|(_, statistics)| statistics[0])).collect()
    }

    #[test]
    fn the_first_steps_keep_two_elevenths_and_then_three_twelfths() {
        let mut average = Average::new(&filled(1.0), 0.999);
        average.follow(&filled(0.0));
        let first = 1.0 - (1.0 - 2.0 / 11.0_f64) as f32;
        assert!(of(&average).iter().all(|&value| value == first), "{:?}", of(&average));
        average.follow(&filled(0.0));
        let second = first * (1.0 - (1.0 - 3.0 / 12.0_f64) as f32);
        assert!(of(&average).iter().all(|&value| (value - second).abs() < 1e-7), "{:?}", of(&average));
    }

    #[test]
    fn no_more_than_the_most_is_kept() {
        let mut average = Average::new(&filled(1.0), 0.1);
        average.follow(&filled(0.0));
        assert!(of(&average).iter().all(|value| (value - 0.1).abs() < 1e-7), "{:?}", of(&average));
    }

    #[test]
    fn the_average_of_a_network_that_stays_is_the_network() {
        let network = mnist_network(1);
        let mut average = Average::new(&network, 0.9);
        average.follow(&network);
        assert_eq!(average.network().sha256(), network.sha256());
    }
}
