//! P2.1: the three-layer network with back-propagation by hand, on ndarray.
//!
//! ```text
//! x  --W1,b1-->  z1 = x W1 + b1  --sigmoid-->  a  --W2,b2-->  z2 = a W2 + b2  -->  loss(z2, targets)
//! ```
//!
//! The input layer passes `x` on, the hidden layer is sigmoid, the output layer passes `z2` on. Every array line
//! of this crate carries its shape in these letters:
//!
//! | letter | counts | letter | counts |
//! |---|---|---|---|
//! | `N` | examples (or `B`, those of a batch) | `H` | hidden units |
//! | `D` | inputs | `C` | outputs: classes, one-hot coded |
//!
//! and `d` before a name is the derivative of the loss by it: `dw1` is `dL/dW1` and has the shape of `W1`.
//!
//! | module | holds |
//! |---|---|
//! | [`network`] | [`Network`]: parameters, forward, backward, the descent step |
//! | [`sizes`] | [`Sizes`]: `D`, `H`, `C`, and how many parameters they make |
//! | [`loss`] | [`Loss`]: squared error or softmax cross-entropy, with the gradient that starts the backward pass |
//! | [`objective`] | [`Objective`]: the loss plus the L2 penalty, which is what descent minimises |
//! | [`train`] | [`Training`]: mini-batch gradient descent, one epoch at a time |
//! | [`examples`] | [`Examples`]: inputs and labels, checked once |
//! | [`labels`] | one-hot coding, arg max, [`Accuracy`] as counts |
//! | [`error`] | [`Error`]: everything that bad input can cause |
//!
//! The only dependencies are ndarray, for its arrays, and `numerics`, for products, sums, the exponential function, the
//! logarithm, the sigmoid and random numbers with the same bits on every machine. Nothing here reads a clock, prints,
//! or draws from a global generator.
//!
//! # Example: inside or outside
//!
//! Points of a square are inside a circle or not. The network learns that from a grid of 20 x 20 points, and is asked
//! about the 19 x 19 points between them, none of which it has seen.
//!
//! ```
//! use mlp_scratch::ndarray::Array2;
//! use mlp_scratch::{
//!     Error, Examples, Hyperparameters, Loss, Network, Objective, Sizes, Training, train::evaluate,
//! };
//!
//! /// `side` x `side` points around the origin, 0.1 apart; class 1 is inside the circle.
//! fn grid(side: usize) -> Result<Examples, Error> {
//!     let place = |i: usize| 0.1 * (i as f64 - (side - 1) as f64 / 2.0);
//!     let points = Array2::from_shape_fn((side * side, 2), |(n, axis)| {
//!         place(if axis == 0 { n / side } else { n % side })
//!     }); //                                                                  (N, D)
//!     let inside = |point: &[f64]| usize::from(point.iter().map(|x| x * x).sum::<f64>() < 0.5);
//!     let labels = points.rows().into_iter().map(|row| inside(&row.to_vec())).collect(); // (N)
//!     Examples::new(points, labels, 2)
//! }
//!
//! fn main() -> Result<(), Error> {
//!     let network = Network::init(Sizes { inputs: 2, hidden: 16, outputs: 2 }, 1)?;
//!     let hyperparameters = Hyperparameters {
//!         objective: Objective { loss: Loss::SoftmaxCrossEntropy, l2: 0.0 },
//!         learning_rate: 1.0,
//!         batch_size: 20,
//!         epochs: 300,
//!         seed: 1,
//!     };
//!     let mut training = Training::new(network, grid(20)?, hyperparameters)?;
//!     for epoch in training.by_ref() {
//!         let epoch = epoch?;
//!         if epoch.number % 100 == 0 {
//!             println!("epoch {}: {:.4} nats, {} right", epoch.number, epoch.loss, epoch.accuracy);
//!         }
//!     }
//!     let (loss, accuracy) = evaluate(training.network(), &grid(19)?, Loss::SoftmaxCrossEntropy)?;
//!     println!("between the points: {loss:.4} nats, {accuracy} right");
//!     assert!(accuracy.rate() >= 0.97);
//!     Ok(())
//! }
//! ```
//!
//! **Conventions.** Labels count from 0. A [`Loss`] says its reduction in its name or its documentation; the learning
//! rate belongs to it. The initial weights are uniform on `±1/sqrt(fan_in)`. Seeds, sizes and rates are arguments, and
//! the same arguments give the same bits on every machine. What comes from outside is refused as an [`Error`] that
//! names the place and the remedy; nothing panics on input. `examples/inside_or_outside.rs` is this program.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod diverged;
pub mod error;
pub mod examples;
pub mod labels;
pub mod loss;
pub mod network;
pub mod objective;
pub mod sizes;
pub mod train;

pub use error::Error;
pub use examples::Examples;
pub use labels::{Accuracy, one_hot};
pub use loss::Loss;
pub use network::{Cache, Gradients, Network};
pub use objective::Objective;
pub use sizes::Sizes;
pub use train::{Epoch, Hyperparameters, Training};

/// The arrays of this crate's signatures.
pub use ndarray;
