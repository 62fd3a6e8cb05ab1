//! The average of a network's weights along its way.
//!
//! ```text
//! a <- a + (1 - d) (w - a)        d = min(most, (1 + t) / (10 + t)) after t steps
//! ```
//!
//! An exponential average whose memory grows with the run, of the parameters **and of batch-norm's running
//! statistics**. It decides nothing about the way itself. Source: B. Polyak and A. Juditsky, "Acceleration of
//! stochastic approximation by averaging", 1992; the warm-up of `d` is TensorFlow's `ExponentialMovingAverage`.

use crate::network::Network;
use kernels::parallel;

/// Numbers of a parameter that are averaged together.
const PIECE: usize = 1 << 13;

/// The network is not the one whose weights are averaged: it has other layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the average is of another network: take a new average for it")]
pub struct OtherNetwork;

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

    /// The average that stood at this network after so many steps.
    pub fn resumed(network: Network, most: f64, steps: u64) -> Self {
        Self { network, most, steps }
    }

    /// The steps that it has followed.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The most that it keeps of itself in a step.
    pub fn most(&self) -> f64 {
        self.most
    }

    /// Follows the network by one step.
    ///
    /// # Errors
    /// [`OtherNetwork`]: its layers are not those of the beginning. Nothing is changed then.
    pub fn follow(&mut self, network: &Network) -> Result<(), OtherNetwork> {
        if !alike(&self.network, network) {
            return Err(OtherNetwork);
        }
        self.steps += 1;
        let t = self.steps as f64;
        let share = (1.0 - self.most.min((1.0 + t) / (10.0 + t))) as f32;
        for (ours, (_, theirs)) in self.network.layers_mut().zip(network.layers()) {
            for ((_, average), (_, statistics)) in ours.buffers_mut().into_iter().zip(theirs.buffers()) {
                follow(average, statistics, share);
            }
        }
        let pairs = self.network.parameters_mut().zip(network.parameters());
        let pieces = pairs.flat_map(|(average, (_, parameter))| {
            average.value.chunks_mut(PIECE).zip(parameter.value.chunks(PIECE))
        });
        let work = |(average, values): (&mut [f32], &[f32])| follow(average, values, share);
        parallel::for_each(network.parameter_count(), pieces, work);
        Ok(())
    }

    /// The network of the averages.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The network of the averages, without the average.
    pub fn into_network(self) -> Network {
        self.network
    }

    /// The network of the averages, for a forward pass.
    pub(crate) fn network_mut(&mut self) -> &mut Network {
        &mut self.network
    }
}

/// The two have the same layers, parameters and statistics, but for their numbers.
fn alike(a: &Network, b: &Network) -> bool {
    a.layers().count() == b.layers().count()
        && a.layers().zip(b.layers()).all(|((_, a), (_, b))| {
            let (p, q) = (a.parameters(), b.parameters());
            let (s, t) = (a.buffers(), b.buffers());
            (p.len(), s.len()) == (q.len(), t.len())
                && p.iter().zip(&q).all(|(p, q)| p.value.len() == q.value.len())
                && s.iter().zip(&t).all(|((_, s), (_, t))| s.len() == t.len())
        })
}

fn follow(average: &mut [f32], values: &[f32], share: f32) {
    for (average, value) in average.iter_mut().zip(values) {
        *average += share * (value - *average);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{Hidden, iris_network, mnist_network};

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
        average.follow(&filled(0.0)).unwrap();
        let first = 1.0 - (1.0 - 2.0 / 11.0_f64) as f32;
        assert!(of(&average).iter().all(|&value| value == first), "{:?}", of(&average));
        average.follow(&filled(0.0)).unwrap();
        let second = first * (1.0 - (1.0 - 3.0 / 12.0_f64) as f32);
        assert!(of(&average).iter().all(|&value| (value - second).abs() < 1e-7), "{:?}", of(&average));
    }

    #[test]
    fn no_more_than_the_most_is_kept() {
        let mut average = Average::new(&filled(1.0), 0.1);
        average.follow(&filled(0.0)).unwrap();
        assert!(of(&average).iter().all(|value| (value - 0.1).abs() < 1e-7), "{:?}", of(&average));
    }

    #[test]
    fn the_average_of_a_network_that_stays_is_the_network() {
        let network = mnist_network(1);
        let mut average = Average::new(&network, 0.9);
        average.follow(&network).unwrap();
        assert_eq!(average.network().sha256(), network.sha256());
    }

    #[test]
    fn another_network_is_refused_and_changes_nothing() {
        let network = mnist_network(1);
        let mut average = Average::new(&network, 0.9);
        for other in [Network::default(), iris_network(4, 40, 3, Hidden::Relu, 1)] {
            assert_eq!(average.follow(&other), Err(OtherNetwork));
        }
        assert_eq!(average.network().sha256(), network.sha256());
    }
}
