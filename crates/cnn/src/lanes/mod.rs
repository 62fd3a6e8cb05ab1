//! Many runs side by side: networks of the same layers with other numbers, each in a lane of the vectors.
//!
//! One small network leaves most of a processor idle. Sixteen of them fill its vectors without a change of any sum:
//! **each lane has the bits of a [`Trainer`](crate::Trainer) by itself.**
//!
//! Shapes: `N` examples, `D` inputs, `C` classes, `L` lanes, which lie next to each other.

mod interleave;
mod linear;
mod loss;
mod trainer;

pub(crate) use linear::LaneLinear;
pub use trainer::{LaneTrainer, LanesError};

use crate::layer::Parameter;
use interleave::put;

/// The parameters of a layer in all lanes: of each the same number next to each other. `networks` holds the layer's
/// parameters in each network.
pub(crate) fn interleaved(networks: &[Vec<&Parameter>]) -> Vec<Parameter> {
    let first = networks.first().map_or(&[][..], |parameters| parameters);
    let of = |at: usize, parameter: &Parameter| {
        let mut value = vec![0.0; parameter.value.len() * networks.len()];
        for (lane, parameters) in networks.iter().enumerate() {
            put(&parameters[at].value, lane, networks.len(), &mut value);
        }
        let shape = [&parameter.shape[..], &[networks.len()]].concat();
        Parameter { is_weight: parameter.is_weight, ..Parameter::new(parameter.name, &shape, value) }
    };
    first.iter().enumerate().map(|(at, parameter)| of(at, parameter)).collect()
}
