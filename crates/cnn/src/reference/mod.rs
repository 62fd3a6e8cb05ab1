//! The oracle: every layer, loss and optimiser once more, in double precision and in loops that can be read.
//!
//! Nothing here is fast. The numeric gradient check verifies *these* loops, golden vectors from PyTorch hold them to
//! an independent implementation, and the single-precision kernels of this crate are held to them.
//!
//! Every layer has the same form. `forward` takes the input `x` and returns the output `y` and a cache; `backward`
//! takes that cache by value, so that it can serve only once, and the cotangent `dy = dL/dy` of the output, and
//! returns the cotangent `dx` of the input beside the gradient of every parameter:
//!
//! ```text
//! forward:   x       ->  y, cache          backward:  cache, dy  ->  dx, dparameters
//! ```
//!
//! | what | shape |
//! |---|---|
//! | images and maps | `(N, H, W, C)`, **channels last** |
//! | vectors | `(N, D)` |
//! | weights of a convolution | `(KH, KW, CI, CO)` |
//! | weights of a linear layer | `(D_in, D_out)`, **the transpose of PyTorch's** |
//! | biases, one number a channel | `(CO)` |
//!
//! The second use of a cache is a compile error:
//!
//! ```compile_fail,E0382
//! # use {cnn::reference::max_pool::MaxPool, ndarray::Array4};
//! let layer = MaxPool { window: 2 };
//! let (y, cache) = layer.forward(&Array4::zeros((1, 4, 4, 1)));
//! layer.backward(cache, &y);
//! layer.backward(cache, &y);
//! ```
//!
//! A shape that does not fit is a mistake of the calling code and panics with both shapes; data that do not fit (an
//! empty batch, a label out of range) are a [`ReferenceError`].

pub mod activation;
pub mod adam;
pub mod batch_norm;
pub mod conv2d;
pub mod flatten;
pub mod linear;
pub mod max_pool;
pub mod sgd;
pub mod softmax_cross_entropy;

/// Data on which a layer or loss of the reference is not defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// A mean over no examples was asked for.
    #[error("the batch is empty: a mean loss needs at least one example")]
    EmptyBatch,
    /// There are not as many labels as rows of logits.
    #[error("{labels} labels for {rows} rows of logits: give one label a row")]
    LabelCount {
        /// How many labels were given.
        labels: usize,
        /// How many rows the logits have.
        rows: usize,
    },
    /// A label names no class.
    #[error(
        "row {row} (from 0) has label {label}, but there are {classes} classes: labels run from 0 to below that"
    )]
    LabelOutOfRange {
        /// The row, counted from 0.
        row: usize,
        /// Its label.
        label: usize,
        /// The number of classes.
        classes: usize,
    },
    /// Batch statistics of fewer than two values a channel: their unbiased variance does not exist.
    #[error(
        "batch statistics need at least 2 values a channel, not {values}: give a larger batch, or use inference"
    )]
    TooFewValues {
        /// How many values each channel has.
        values: usize,
    },
}
