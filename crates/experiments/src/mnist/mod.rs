//! P1.2: convolutional networks on MNIST.
//!
//! | module | holds |
//! |---|---|
//! | [`recipe`] | what determines a run but its seed |
//! | [`augment`] | distortions of training images |
//! | `bend` | the bend among them |
//! | [`checkpoint`] | a run put down between two steps, as a file from which it goes on |
//! | [`run`] | a run as data: settings, scores, where it stands |
//! | [`training`] | a run: it sees training images and nothing else |
//! | `dead` | whether a layer of a trained network is dead |
//! | [`evaluation`] | what a network says of other images |
//! | [`views`] | the same of images in fixed views |
//! | [`model_file`] | the trained network as a file that says what its input is |
//! | [`given`] | a trained network out of a file, with what is known of its input |
//! | [`studies`] | many runs, and what follows from them |

pub mod augment;
mod batch;
mod bend;
pub mod checkpoint;
mod dead;
pub mod evaluation;
pub mod given;
pub mod model_file;
pub mod recipe;
pub mod run;
pub mod studies;
mod temperature;
pub mod training;
pub mod views;

pub use dead::dead_layer;
pub use evaluation::{Evaluation, Misclassified, Prediction, evaluate, predict};
pub use recipe::{Architecture, Optimiser, Rates, Recipe};
pub use run::{Run, RunError, Settings, TrainedEpoch, Underway, Watch};
pub use training::{batches, train, train_from};
