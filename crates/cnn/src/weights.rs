//! Trained networks as safetensors, with PyTorch's names and layouts: `load_state_dict` takes them as they are.
//!
//! | ours | the file's |
//! |---|---|
//! | convolution `(KH, KW, CI, CO)` | `(CO, CI, KH, KW)` |
//! | linear `(D_in, D_out)` | `(D_out, D_in)` |
//! | anything else | the same |
//!
//! Numbers are little-endian `f32`; batch-norm's `num_batches_tracked` is an `i64` without dimensions, as PyTorch
//! keeps it.

use crate::layer::Layer;
use crate::network::Network;
use ndarray::{ArrayViewD, IxDyn};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::collections::BTreeSet;

/// Why a file of weights cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// The file is no safetensors file, or is cut off.
    #[error("not a whole safetensors file: {0}")]
    Format(#[from] safetensors::SafeTensorError),
    /// The network needs a tensor that the file does not hold.
    #[error("the file holds no tensor `{0}`: it is of another network")]
    Missing(String),
    /// A tensor has another shape or type than the network's.
    #[error("the tensor `{name}` is {found}, the network's is {expected}: it is of another network")]
    Mismatch {
        /// The tensor's name.
        name: String,
        /// What the file holds.
        found: String,
        /// What the network needs.
        expected: String,
    },
    /// Two layers have one name, so that one of them would be lost in the file.
    #[error("two layers are named `{0}`: give each layer a name of its own")]
    SameName(String),
    /// The file holds more tensors than the network.
    #[error("the file holds {found} tensors, the network {expected}: it is of another network")]
    Additional {
        /// How many the file holds.
        found: usize,
        /// How many the network has.
        expected: usize,
    },
    /// A tensor holds an infinite number or NaN.
    #[error("the tensor `{0}` holds a number that is not finite: the file is of a run that diverged")]
    NotFinite(String),
}

/// The bytes of a safetensors file with everything the network learned. The same network gives the same bytes.
///
/// # Errors
/// [`WeightsError::SameName`], and when safetensors refuses to write, which it does not for well-formed networks.
pub fn to_safetensors(network: &Network) -> Result<Vec<u8>, WeightsError> {
    let mut names = BTreeSet::new();
    if let Some((name, _)) = network.layers().find(|(name, _)| !names.insert(*name)) {
        return Err(WeightsError::SameName(name.to_owned()));
    }
    let mut tensors: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = Vec::new();
    for (layer_name, layer) in network.layers() {
        for p in layer.parameters() {
            let (shape, values) = exported(&p.shape, &p.value);
            tensors.push((format!("{layer_name}.{}", p.name), Dtype::F32, shape, bytes_of(&values)));
        }
        for (name, values) in layer.buffers() {
            tensors.push((format!("{layer_name}.{name}"), Dtype::F32, vec![values.len()], bytes_of(values)));
        }
        if let Some(count) = layer.batches_tracked() {
            let bytes = (count as i64).to_le_bytes().to_vec();
            tensors.push((format!("{layer_name}.num_batches_tracked"), Dtype::I64, Vec::new(), bytes));
        }
    }
    let views: Result<Vec<_>, _> = tensors
        .iter()
        .map(|(name, dtype, shape, bytes)| Ok((name, TensorView::new(*dtype, shape.clone(), bytes)?)))
        .collect();
    let views: Result<_, safetensors::SafeTensorError> = views;
    Ok(safetensors::serialize(views?, None)?)
}

/// Puts the weights of a safetensors file into a network of the same architecture.
///
/// # Errors
/// When the file is damaged or of another network; the network is then as it was.
pub fn from_safetensors(network: &mut Network, bytes: &[u8]) -> Result<(), WeightsError> {
    let file = SafeTensors::deserialize(bytes)?;
    // Everything is read and checked before anything is changed.
    let mut tensors_used = 0;
    let mut read_layer = |(name, layer): (&str, &dyn Layer)| {
        let stored = Stored::read(&file, name, layer)?;
        tensors_used += stored.tensors();
        Ok(stored)
    };
    let stored: Vec<Stored> = network.layers().map(&mut read_layer).collect::<Result<_, WeightsError>>()?;
    if tensors_used != file.len() {
        return Err(WeightsError::Additional { found: file.len(), expected: tensors_used });
    }
    for (layer, stored) in network.layers_mut().zip(stored) {
        for (parameter, values) in layer.parameters_mut().into_iter().zip(stored.parameters) {
            parameter.value = values;
        }
        for ((_, buffer), values) in layer.buffers_mut().into_iter().zip(stored.buffers) {
            buffer.copy_from_slice(&values);
        }
        if let Some(count) = stored.batches_tracked {
            layer.set_batches_tracked(count);
        }
    }
    Ok(())
}

/// What the file holds of one layer, in our layout.
struct Stored {
    parameters: Vec<Vec<f32>>,
    buffers: Vec<Vec<f32>>,
    batches_tracked: Option<u64>,
}

impl Stored {
    fn read(file: &SafeTensors, layer_name: &str, layer: &dyn Layer) -> Result<Self, WeightsError> {
        let full = |name: &str| format!("{layer_name}.{name}");
        let parameters = layer.parameters().into_iter().map(|p| read(file, &full(p.name), &p.shape));
        let buffers =
            layer.buffers().into_iter().map(|(name, values)| read(file, &full(name), &[values.len()]));
        let count = layer.batches_tracked().map(|_| read_count(file, &full("num_batches_tracked")));
        Ok(Self {
            parameters: parameters.collect::<Result<_, _>>()?,
            buffers: buffers.collect::<Result<_, _>>()?,
            batches_tracked: count.transpose()?,
        })
    }

    fn tensors(&self) -> usize {
        self.parameters.len() + self.buffers.len() + usize::from(self.batches_tracked.is_some())
    }
}

/// The order of our axes in the file.
fn file_axes(dimensions: usize) -> Vec<usize> {
    match dimensions {
        4 => vec![3, 2, 0, 1],
        2 => vec![1, 0],
        n => (0..n).collect(),
    }
}

/// Shape and values in the file's layout.
fn exported(shape: &[usize], values: &[f32]) -> (Vec<usize>, Vec<f32>) {
    let axes = file_axes(shape.len());
    let array =
        ArrayViewD::from_shape(IxDyn(shape), values).expect("a parameter has as many values as its shape");
    let array = array.permuted_axes(axes);
    (array.shape().to_vec(), array.iter().copied().collect())
}

/// The values of a tensor, in our layout.
fn read(file: &SafeTensors, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
    let tensor = file.tensor(name).map_err(|_| WeightsError::Missing(name.to_owned()))?;
    let axes = file_axes(shape.len());
    let expected: Vec<usize> = axes.iter().map(|&axis| shape[axis]).collect();
    if tensor.dtype() != Dtype::F32 || tensor.shape() != expected {
        let name = name.to_owned();
        let found = format!("{:?} {:?}", tensor.dtype(), tensor.shape());
        return Err(WeightsError::Mismatch { name, found, expected: format!("F32 {expected:?}") });
    }
    let (numbers, _) = tensor.data().as_chunks::<4>();
    let values: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    if values.iter().any(|value| !value.is_finite()) {
        return Err(WeightsError::NotFinite(name.to_owned()));
    }
    let mut ours = vec![0; axes.len()];
    axes.iter().enumerate().for_each(|(position, &axis)| ours[axis] = position);
    let array = ArrayViewD::from_shape(IxDyn(&expected), &values).expect("the file's shape was checked");
    Ok(array.permuted_axes(ours).iter().copied().collect())
}

/// The value of a tensor that is one count.
fn read_count(file: &SafeTensors, name: &str) -> Result<u64, WeightsError> {
    let tensor = file.tensor(name).map_err(|_| WeightsError::Missing(name.to_owned()))?;
    let value =
        tensor.data().try_into().map(i64::from_le_bytes).ok().and_then(|count| u64::try_from(count).ok());
    value.filter(|_| tensor.dtype() == Dtype::I64).ok_or_else(|| WeightsError::Mismatch {
        name: name.to_owned(),
        found: format!("{:?} {:?}", tensor.dtype(), tensor.shape()),
        expected: "one I64 that is not negative".to_owned(),
    })
}

fn bytes_of(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::Linear;
    use crate::models::{Hidden, iris_network, mnist_network};
    use numerics::random::{Purpose, Stream};

    #[test]
    fn a_network_comes_back_from_its_file() {
        let trained = mnist_network(1);
        let bytes = to_safetensors(&trained).unwrap();
        let mut other = mnist_network(2);
        assert_ne!(other.sha256(), trained.sha256());
        from_safetensors(&mut other, &bytes).unwrap();
        assert_eq!(other.sha256(), trained.sha256());
        assert_eq!(to_safetensors(&other).unwrap(), bytes);
    }

    #[test]
    fn a_file_of_another_network_is_refused_and_changes_nothing() {
        let mut network = mnist_network(1);
        let before = network.sha256();
        let iris = to_safetensors(&iris_network(4, 40, 3, Hidden::Tanh, 1)).unwrap();
        assert!(matches!(from_safetensors(&mut network, &iris), Err(WeightsError::Missing(_))));
        let mut small = iris_network(4, 8, 3, Hidden::Tanh, 1);
        assert!(matches!(from_safetensors(&mut small, &iris), Err(WeightsError::Mismatch { .. })));
        let mut shallow =
            Network::default().with("0", Linear::new(4, 40, &mut Stream::new(1, Purpose::Init)));
        let error = from_safetensors(&mut shallow, &iris).unwrap_err();
        assert!(matches!(error, WeightsError::Additional { found: 4, expected: 2 }), "{error}");
        assert_eq!(network.sha256(), before);
    }

    #[test]
    fn two_layers_of_one_name_are_refused_and_of_two_names_are_not() {
        let init = &mut Stream::new(1, Purpose::Init);
        let network = Network::default().with("fc", Linear::new(4, 4, init));
        let same = network.clone().with("fc", Linear::new(4, 4, init));
        assert!(matches!(to_safetensors(&same), Err(WeightsError::SameName(name)) if name == "fc"));
        assert!(to_safetensors(&network.with("fc2", Linear::new(4, 4, init))).is_ok());
    }

    #[test]
    fn a_cut_file_is_refused() {
        let bytes = to_safetensors(&mnist_network(1)).unwrap();
        let cut = &bytes[..bytes.len() - 1];
        assert!(matches!(from_safetensors(&mut mnist_network(1), cut), Err(WeightsError::Format(_))));
    }

    #[test]
    fn weights_that_are_not_finite_are_refused_by_name() {
        let mut diverged = iris_network(4, 40, 3, Hidden::Relu, 1);
        diverged.parameters_mut().nth(2).unwrap().value[7] = f32::NAN;
        let bytes = to_safetensors(&diverged).unwrap();
        let error = from_safetensors(&mut iris_network(4, 40, 3, Hidden::Relu, 1), &bytes).unwrap_err();
        assert!(matches!(&error, WeightsError::NotFinite(name) if name == "2.weight"), "{error}");
    }

    #[test]
    fn a_count_of_batches_below_zero_is_refused() {
        let bytes = to_safetensors(&mnist_network(1)).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let spoilt = (-1_i64).to_le_bytes();
        let count = TensorView::new(Dtype::I64, Vec::new(), &spoilt).unwrap();
        let tensors = file.tensors().into_iter().map(|(name, tensor)| {
            let tensor = if name == "layer1.1.num_batches_tracked" { count.clone() } else { tensor };
            (name, tensor)
        });
        let bytes = safetensors::serialize(tensors, None).unwrap();
        let error = from_safetensors(&mut mnist_network(1), &bytes).unwrap_err();
        assert!(matches!(error, WeightsError::Mismatch { .. }), "{error}");
    }
}
