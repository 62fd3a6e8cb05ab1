//! Trained networks as safetensors, with PyTorch's names and layouts: `load_state_dict` takes them as they are.
//!
//! | ours | the file's |
//! |---|---|
//! | convolution `(KH, KW, CI, CO)` | `(CO, CI, KH, KW)` |
//! | linear `(D_in, D_out)` | `(D_out, D_in)` |
//! | anything else | the same |
//!
//! Numbers are little-endian `f32`; batch-norm's `num_batches_tracked` is an `i64` without dimensions, as PyTorch
//! keeps it. **A file may leave it out, or hold it in the shape `[1]`**: nothing is computed with it.

use crate::layer::Layer;
use crate::network::Network;
use ndarray::{ArrayViewD, IxDyn};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::collections::BTreeSet;

/// Why a file of weights cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// The file is no safetensors file, or is cut off.
    #[error("not a whole safetensors file: {0}; save or copy it anew")]
    Format(#[from] safetensors::SafeTensorError),
    /// The network needs a tensor that the file does not hold.
    #[error("the file holds no tensor `{0}`: it is of another network; save it from this one")]
    Missing(String),
    /// The weights are there, in numbers of another type.
    #[error(
        "the tensor `{name}` holds {found:?}, not F32: save the network in single precision (`.float()` in PyTorch)"
    )]
    Precision {
        /// The tensor's name.
        name: String,
        /// What the file holds.
        found: Dtype,
    },
    /// A tensor has another shape than the network's, or a count is none.
    #[error(
        "the tensor `{name}` is {found}, the network's is {expected}: it is of another network; save it from this one"
    )]
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
    /// The file holds a tensor that the network does not have.
    #[error(
        "the file holds a tensor `{0}`, which the network does not have: it is of another network; save it from \
         this one"
    )]
    Additional(String),
    /// A tensor holds an infinite number or NaN.
    #[error(
        "the tensor `{0}` holds a number that is not finite: the file is of a run that diverged; train again at \
         a smaller rate"
    )]
    NotFinite(String),
    /// A running variance is below zero.
    #[error(
        "the tensor `{0}` holds a variance below zero: the file was altered, or written by a program with a fault; \
         save it anew"
    )]
    Variance(String),
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
            let (shape, values) = in_file_layout(&p.shape, &p.value);
            tensors.push((format!("{layer_name}.{}", p.name), Dtype::F32, shape, bytes_of(&values)));
        }
        for (name, values) in layer.buffers() {
            tensors.push((format!("{layer_name}.{name}"), Dtype::F32, vec![values.len()], bytes_of(values)));
        }
        if let Some(count) = layer.batches_tracked() {
            let bytes = (count as i64).to_le_bytes().to_vec();
            tensors.push((format!("{layer_name}.{BATCHES}"), Dtype::I64, Vec::new(), bytes));
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
    let stored = network.layers().map(|(name, layer)| Stored::read(&file, name, layer));
    let stored: Vec<Stored> = stored.collect::<Result<_, WeightsError>>()?;
    let known: BTreeSet<String> = network.layers().flat_map(|(name, layer)| names_of(name, layer)).collect();
    if let Some(name) = file.names().into_iter().filter(|&name| !known.contains(name)).min() {
        return Err(WeightsError::Additional(name.to_owned()));
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

/// The name of a tensor of which a file need not have one.
const BATCHES: &str = "num_batches_tracked";

/// The tensors of a layer.
fn names_of(layer_name: &str, layer: &dyn Layer) -> Vec<String> {
    let parameters = layer.parameters().into_iter().map(|parameter| parameter.name);
    let buffers = layer.buffers().into_iter().map(|(name, _)| name);
    let all = parameters.chain(buffers).chain(layer.batches_tracked().map(|_| BATCHES));
    all.map(|name| format!("{layer_name}.{name}")).collect()
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
            layer.buffers().into_iter().map(|(name, values)| read_buffer(file, &full(name), values.len()));
        let count = layer.batches_tracked().map(|_| read_count(file, &full(BATCHES)));
        Ok(Self {
            parameters: parameters.collect::<Result<_, _>>()?,
            buffers: buffers.collect::<Result<_, _>>()?,
            batches_tracked: count.transpose()?,
        })
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

/// Shape and values of a parameter as PyTorch lays them out, from ours.
///
/// # Panics
/// When there are not as many values as the shape says.
pub fn in_file_layout(shape: &[usize], values: &[f32]) -> (Vec<usize>, Vec<f32>) {
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
    if tensor.shape() == expected && tensor.dtype() != Dtype::F32 {
        return Err(WeightsError::Precision { name: name.to_owned(), found: tensor.dtype() });
    }
    if tensor.shape() != expected {
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

/// Running statistics, so many of them.
fn read_buffer(file: &SafeTensors, name: &str, channels: usize) -> Result<Vec<f32>, WeightsError> {
    let values = read(file, name, &[channels])?;
    let is_variance = name.ends_with(".running_var");
    if is_variance && values.iter().any(|&value| value < 0.0) {
        return Err(WeightsError::Variance(name.to_owned()));
    }
    Ok(values)
}

/// The value of a tensor that is one count; 0 where the file does not say it.
fn read_count(file: &SafeTensors, name: &str) -> Result<u64, WeightsError> {
    let Ok(tensor) = file.tensor(name) else { return Ok(0) };
    let value =
        tensor.data().try_into().map(i64::from_le_bytes).ok().and_then(|count| u64::try_from(count).ok());
    let is_count = tensor.dtype() == Dtype::I64 && tensor.shape().len() <= 1;
    value.filter(|_| is_count).ok_or_else(|| WeightsError::Mismatch {
        name: name.to_owned(),
        found: format!("{:?} {:?}", tensor.dtype(), tensor.shape()),
        expected: "one I64 that is not negative".to_owned(),
    })
}

fn bytes_of(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

#[cfg(test)]
mod tests;
