//! Where a step that diverged left the numbers. **Looked for after a divergence alone**: no other step pays for it, but
//! with one look at its gradients.

use crate::layer::Parameter;
use crate::network::Network;
use crate::tensor::Tensor;
use std::fmt;

/// The first tensor of a step that holds a number that is not finite, in the order in which it was computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The gradient by a parameter, which the step before went along.
    Gradient {
        /// The parameter's full name.
        parameter: String,
        /// The layer's kind.
        kind: String,
    },
    /// A parameter, before this step: the step before was too long, or it was given so.
    Parameter {
        /// Its full name.
        parameter: String,
        /// The layer's kind.
        kind: String,
    },
    /// The input of the network.
    Input {
        /// The first such example of the batch, from 0.
        example: usize,
    },
    /// What a layer gives forward.
    Output {
        /// The layer's name.
        layer: String,
        /// Its kind, and those of the layers that it computes too.
        kind: String,
    },
    /// The loss itself: all outputs are finite.
    Loss,
}

impl Origin {
    /// Of a step whose loss is not finite: its network, and its input and what each layer gave.
    pub(crate) fn of_step(network: &Network, activations: &[Tensor]) -> Self {
        Self::of_parameters(network)
            .or_else(|| of_input(activations.first()?))
            .or_else(|| of_outputs(network, activations.get(1..)?))
            .unwrap_or(Self::Loss)
    }

    /// Of a network after a backward pass: its first gradient that is not finite, last layer first. `None` for a sound
    /// one, of which nothing is kept.
    pub(crate) fn of_step_back(network: &mut Network) -> Option<Self> {
        let is_sound = network.parameters_mut().all(|parameter| all_finite(&parameter.gradient));
        if is_sound { None } else { Self::of_gradients(network) }
    }

    fn of_gradients(network: &Network) -> Option<Self> {
        let (parameter, kind) = first_of(network, |parameter| &parameter.gradient, true)?;
        Some(Self::Gradient { parameter, kind })
    }

    /// Of a network that has left the numbers and is no result: its first parameter that is not finite, or, if the last
    /// backward pass had one, the first gradient, last layer first. `None` for a sound network.
    pub fn of_parameters(network: &Network) -> Option<Self> {
        let (parameter, kind) = first_of(network, |parameter| &parameter.value, false)?;
        Some(Self::of_gradients(network).unwrap_or(Self::Parameter { parameter, kind }))
    }

    /// What helps.
    pub(crate) fn remedy(&self) -> &'static str {
        match self {
            Self::Input { .. } => "mend or remove that example",
            _ => "use a smaller rate",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gradient { parameter, kind } => {
                write!(f, "the gradient of {parameter} ({kind}) in the step before")
            }
            Self::Parameter { parameter, kind } => {
                write!(f, "the parameter {parameter} ({kind}), before this step")
            }
            Self::Input { example } => write!(f, "the input, in example {example} of the batch"),
            Self::Output { layer, kind } => write!(f, "the output of {layer} ({kind})"),
            Self::Loss => write!(f, "the loss itself"),
        }
    }
}

/// The first parameter, first or last layer first, of which this is not finite: its full name, and its layer's kind.
fn first_of(
    network: &Network,
    of: fn(&Parameter) -> &[f32],
    last_layer_first: bool,
) -> Option<(String, String)> {
    let layers: Vec<_> = network.layers().zip(network.kinds()).collect();
    let at = |at: usize| if last_layer_first { layers.len() - 1 - at } else { at };
    (0..layers.len()).map(|layer| &layers[at(layer)]).find_map(|((name, layer), kind)| {
        let parameters = layer.parameters();
        let parameter = parameters.iter().find(|parameter| !all_finite(of(parameter)))?;
        Some((format!("{name}.{}", parameter.name), kind.clone()))
    })
}

/// Without a way out in between: loops without one are vectorised.
fn all_finite(values: &[f32]) -> bool {
    values.iter().fold(true, |all, value| all & value.is_finite())
}

fn of_input(input: &Tensor) -> Option<Origin> {
    let at = input.data().iter().position(|value| !value.is_finite())?;
    Some(Origin::Input { example: at / input.shape().example_len() })
}

fn of_outputs(network: &Network, outputs: &[Tensor]) -> Option<Origin> {
    let mut layers = network.layers().zip(network.kinds()).zip(outputs);
    let (((layer, _), kind), _) = layers.find(|(_, output)| !all_finite(output.data()))?;
    Some(Origin::Output { layer: layer.to_owned(), kind })
}
