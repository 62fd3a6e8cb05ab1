//! What other programs read: a trained network as ONNX, an array as `.npy`.
//!
//! | module | gives | read by |
//! |---|---|---|
//! | [`onnx`] | a network for images with its normalisation | onnxruntime, and whatever reads ONNX |
//! | [`npy`] | numbers in rows | NumPy, and whatever reads its format |
//!
//! Weights alone, as safetensors with PyTorch's names, are [`cnn::weights`]. Nothing here is part of what the tree of a
//! submission builds.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod npy;
pub mod onnx;
