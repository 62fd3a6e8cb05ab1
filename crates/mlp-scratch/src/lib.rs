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
//! | [`loss`] | [`Loss`]: squared error or softmax cross-entropy, with the gradient that starts the way back |
//! | [`objective`] | [`Objective`]: the loss plus the L2 penalty, which is what descent minimises |
//! | [`train`] | [`Training`]: mini-batch gradient descent, one epoch at a time |
//! | [`examples`] | [`Examples`]: inputs and labels, checked once |
//! | [`labels`] | one-hot coding, arg max, [`Accuracy`] as counts |
//! | [`error`] | [`Error`]: everything that bad input can cause |
//!
//! The only dependencies are ndarray, for its arrays, and `numerics`, for products, sums and random numbers with
//! the same bits on every machine. Nothing here reads a clock, prints, or draws from a global generator.
//!
//! # Example: exclusive or
//!
//! ```
//! use mlp_scratch::{Examples, Hyperparameters, Loss, Network, Objective, Sizes, train};
//! use ndarray::array;
//!
//! let inputs = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]; // (N, D) = (4, 2)
//! let xor = Examples::new(inputs, vec![0, 1, 1, 0], 2)?;
//! let network = Network::init(Sizes { inputs: 2, hidden: 8, outputs: 2 }, 1)?;
//! let (trained, history) = train::train(
//!     network,
//!     xor.clone(),
//!     Hyperparameters {
//!         objective: Objective { loss: Loss::SoftmaxCrossEntropy, l2: 0.0 },
//!         learning_rate: 1.0,
//!         batch_size: 4,
//!         epochs: 1000,
//!         seed: 1,
//!     },
//! )?;
//! assert_eq!(trained.predict(xor.inputs())?, [0, 1, 1, 0]);
//! assert_eq!(history.last().map(|epoch| epoch.accuracy.to_string()), Some("4/4".to_owned()));
//! # Ok::<(), mlp_scratch::Error>(())
//! ```

#![forbid(unsafe_code)]

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
