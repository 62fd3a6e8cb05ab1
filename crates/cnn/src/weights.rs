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

use crate::network::Network;
use ndarray::{ArrayViewD, IxDyn};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

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
    /// A tensor holds an infinite number or NaN.
    #[error("the tensor `{0}` holds a number that is not finite: the file is of a run that diverged")]
    NotFinite(String),
}

/// The bytes of a safetensors file with everything the network learned. The same network gives the same bytes.
///
/// # Errors
/// Only when safetensors refuses to write, which it does not for well-formed networks.
pub fn to_safetensors(network: &Network) -> Result<Vec<u8>, WeightsError> {
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
    let mut values = Vec::new();
    for (layer_name, layer) in network.layers() {
        for p in layer.parameters() {
            values.push(read(&file, &format!("{layer_name}.{}", p.name), &p.shape)?);
        }
        for (name, buffer) in layer.buffers() {
            values.push(read(&file, &format!("{layer_name}.{name}"), &[buffer.len()])?);
        }
    }
    let mut values = values.into_iter();
    for (layer_name, layer) in network.layers_mut() {
        for (parameter, value) in layer.parameters_mut().into_iter().zip(values.by_ref()) {
            parameter.value = value;
        }
        for ((_, buffer), value) in layer.buffers_mut().into_iter().zip(values.by_ref()) {
            buffer.copy_from_slice(&value);
        }
        if let Ok(count) = file.tensor(&format!("{layer_name}.num_batches_tracked")) {
            layer.set_batches_tracked(count.data().try_into().map_or(0, i64::from_le_bytes).max(0) as u64);
        }
    }
    Ok(())
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
    let array = ArrayViewD::from_shape(IxDyn(shape), values).expect("a parameter has as many values as its shape");
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

fn bytes_of(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{Hidden, iris_network, mnist_network};

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
    fn the_file_has_pytorch_names_and_layouts() {
        let bytes = to_safetensors(&mnist_network(1)).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let shape = |name| file.tensor(name).unwrap().shape().to_vec();
        assert_eq!(shape("layer3.0.weight"), [64, 16, 3, 3]);
        assert_eq!(shape("fc.0.weight"), [128, 1024]);
        assert_eq!(shape("layer1.1.num_batches_tracked"), [0; 0]);
    }

    #[test]
    fn a_file_of_another_network_is_refused_and_changes_nothing() {
        let mut network = mnist_network(1);
        let before = network.sha256();
        let iris = to_safetensors(&iris_network(4, 40, 3, Hidden::Tanh, 1)).unwrap();
        assert!(matches!(from_safetensors(&mut network, &iris), Err(WeightsError::Missing(_))));
        let mut small = iris_network(4, 8, 3, Hidden::Tanh, 1);
        assert!(matches!(from_safetensors(&mut small, &iris), Err(WeightsError::Mismatch { .. })));
        assert_eq!(network.sha256(), before);
    }

    #[test]
    fn a_cut_file_is_refused() {
        let bytes = to_safetensors(&mnist_network(1)).unwrap();
        let cut = &bytes[..bytes.len() - 1];
        assert!(matches!(from_safetensors(&mut mnist_network(1), cut), Err(WeightsError::Format(_))));
    }
}
