//! The layers, one a file.

mod activation;
mod batch_norm;
mod conv2d;
mod flatten;
mod linear;
mod max_pool;

pub use activation::{Activation, ActivationKind, PRelu};
pub use batch_norm::BatchNorm;
pub use conv2d::Conv2d;
pub use flatten::Flatten;
pub use linear::Linear;
pub use max_pool::MaxPool2d;
