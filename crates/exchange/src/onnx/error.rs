//! What has no form in ONNX.

use cnn::layer::ShapeError;

/// Why a network has no form in ONNX.
#[derive(Debug, thiserror::Error)]
pub enum OnnxError {
    /// A layer computes what is not translated here.
    #[error("the layer {name}, a {kind}, has no operator of ONNX here")]
    Layer {
        /// The layer's name.
        name: String,
        /// Its kind.
        kind: &'static str,
    },
    /// The network takes no images of 28 x 28 pixels.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}
