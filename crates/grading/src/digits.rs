//! The test digits, counted by the grader: from the weights that a run of P1.2 trained, or that were submitted, by the
//! assignment's own layers.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cnn::kernels::Isa;
use cnn::network::Network;
use cnn::tensor::Shape;
use cnn::weights::from_safetensors;
use cnn::{
    Activation, ActivationKind, BatchNorm, Conv2d, Flatten, Linear, MaxPool2d, PRelu, Purpose, Stream,
};
use data::images::{MNIST, SIDE};
use experiments::mnist::evaluate;
use experiments::mnist::studies::registered::{LayerRow, RunWithTensors};
use records::Count;
use safetensors::SafeTensors;
use std::path::Path;

/// Why the digits cannot be counted.
#[derive(Debug, thiserror::Error)]
pub enum DigitsError {
    /// The weights cannot be read, or are those of another network than the record's table of layers.
    #[error("the trained weights are not those of its layers: {0}")]
    Weights(String),
    /// A layer that the assignment does not have.
    #[error(
        "the layer {name} is a {kind}, which the grader does not know: build the network of the layers of `cnn`"
    )]
    Kind { name: String, kind: String },
    /// The test part cannot be read.
    #[error(transparent)]
    Data(#[from] data::DataError),
}

/// Right answers of the trained network on the test part in `data`.
pub(crate) fn counted(run: &RunWithTensors, data: &Path, isa: Isa) -> Result<Count, DigitsError> {
    let tensors =
        BASE64_STANDARD.decode(&run.tensors).map_err(|error| DigitsError::Weights(error.to_string()))?;
    let network = trained(&run.run.layers, &tensors)?;
    Ok(evaluate(isa, &network, &MNIST.load_test(data)?).test)
}

/// The network of a record's table of layers with the weights of a safetensors file.
///
/// # Errors
/// [`DigitsError::Weights`], [`DigitsError::Kind`].
pub fn trained(rows: &[LayerRow], tensors: &[u8]) -> Result<Network, DigitsError> {
    let mut network = network(rows, tensors)?;
    from_safetensors(&mut network, tensors).map_err(|error| DigitsError::Weights(error.to_string()))?;
    // A network whose layers do not fit together is refused by its table, before an image is put in.
    let image = Shape::maps(1, SIDE, SIDE, 1);
    network.table(image).map_err(|error| DigitsError::Weights(error.to_string()))?;
    Ok(network)
}

/// The network of a table of layers; what the table does not say, the shapes of the tensors do.
fn network(rows: &[LayerRow], tensors: &[u8]) -> Result<Network, DigitsError> {
    let file = SafeTensors::deserialize(tensors).map_err(|error| DigitsError::Weights(error.to_string()))?;
    let init = &mut Stream::new(1, Purpose::Init);
    let mut from = [SIDE, SIDE, 1];
    let mut network = Network::default();
    for LayerRow { name, kind, output, .. } in rows {
        let [height, _, channels] = *output;
        network = match kind.as_str() {
            "Conv2d" => {
                let tensor = file.tensor(&format!("{name}.weight"));
                let kernel = tensor.ok().and_then(|tensor| tensor.shape().last().copied());
                let kernel = kernel.ok_or_else(|| DigitsError::Weights(format!("{name} has no kernel")))?;
                there(&file, name, &[channels, from[2], kernel, kernel])?;
                let padding = height.saturating_add(kernel).saturating_sub(from[0].saturating_add(1)) / 2;
                network.with(name, Conv2d::new(from[2], channels, kernel, padding, init))
            }
            "BatchNorm" => {
                there(&file, name, &[channels])?;
                network.with(name, BatchNorm::new(channels, 0.1, 1e-5))
            }
            "ReLU" => network.with(name, Activation(ActivationKind::Relu)),
            "Sigmoid" => network.with(name, Activation(ActivationKind::Sigmoid)),
            "Tanh" => network.with(name, Activation(ActivationKind::Tanh)),
            "PReLU" => network.with(name, PRelu::default()),
            "MaxPool2d" => {
                network.with(name, MaxPool2d::new(from[0].checked_div(height).unwrap_or(1).max(1)))
            }
            "Flatten" => network.with(name, Flatten),
            "Linear" => {
                let inputs = from.iter().fold(1_usize, |product, &size| product.saturating_mul(size));
                there(&file, name, &[channels, inputs])?;
                network.with(name, Linear::new(inputs, channels, init))
            }
            _ => return Err(DigitsError::Kind { name: name.clone(), kind: kind.clone() }),
        };
        from = *output;
    }
    Ok(network)
}

/// Whether a layer's weight and bias have all the numbers of these sizes: **a layer is not made before its numbers are
/// there**, however large a table says that it is.
fn there(file: &SafeTensors, layer: &str, shape: &[usize]) -> Result<(), DigitsError> {
    for (part, shape) in [("weight", shape), ("bias", &shape[..1])] {
        let tensor = file.tensor(&format!("{layer}.{part}"));
        if shape.contains(&0) || !tensor.is_ok_and(|tensor| tensor.shape() == shape) {
            return Err(DigitsError::Weights(format!("{layer}.{part} is not of the sizes {shape:?}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use experiments::mnist::studies::registered::REGISTERED;
    use experiments::registry::EXPERIMENTS;
    use records::Records;
    use std::path::PathBuf;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    /// The submitted run of P1.2.
    fn submitted() -> RunWithTensors {
        let (mut records, results) = (Records::default(), root().join("results"));
        let experiment = EXPERIMENTS.iter().find(|it| it.id == "mnist").unwrap();
        experiment.read(&results, &mut records).unwrap();
        let (_, value) =
            experiment.parts_in(&records).unwrap().into_iter().find(|(part, _)| part == REGISTERED).unwrap();
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn the_digits_of_the_submitted_weights_are_as_many_as_the_record_says() {
        let run = submitted();
        let counted = counted(&run, &root().join("data"), Isa::detect()).unwrap();
        assert_eq!(counted, run.run.evaluation.test);
    }

    /// The controls: weights of another network, a layer that is not known, and weights that learned nothing.
    #[test]
    fn weights_of_another_network_are_refused_and_untrained_ones_are_mostly_wrong() {
        let data = root().join("data");
        let mut other = submitted();
        other.run.layers.remove(1);
        assert!(
            counted(&other, &data, Isa::detect())
                .unwrap_err()
                .to_string()
                .contains("not those of its layers")
        );
        let mut unknown = submitted();
        unknown.run.layers[2].kind = "GELU".to_owned();
        assert!(counted(&unknown, &data, Isa::detect()).unwrap_err().to_string().contains("is a GELU"));
        let mut untrained = submitted();
        let bytes = cnn::weights::to_safetensors(&untrained.run.settings.network()).unwrap();
        untrained.tensors = BASE64_STANDARD.encode(bytes);
        assert!(counted(&untrained, &data, Isa::detect()).unwrap().correct < 3_000);
    }
}
