//! Convolutional networks on the processor, in single precision, with the same bits on every machine.
//!
//! Layers, losses, optimisers and training for small networks on images and vectors; the networks of P1.1 and P1.2
//! are built of them. No file is read, no clock, and nothing is printed.
//!
//! # Train a network
//!
//! ```toml
//! [dependencies]
//! cnn = { path = "crates/cnn" } # of this repository: it is on no registry
//! ```
//!
//! The images have one bar, across or upright, under normal noise whose standard deviation is 0.4 of the bar's
//! brightness. A small network learns to tell the two apart from 400 images, and is asked about 1,000 others: at
//! least 99 % are right. With `cargo run --release` that is a fraction of a second.
//!
//! ```
//! use cnn::{
//!     Activation, ActivationKind, BatchNorm, Conv2d, Examples, ExamplesError, Flatten, Hyperparameters, Linear,
//!     MaxPool2d, Network, Purpose, Schedule, Shape, Stream, Trainer,
//! };
//!
//! /// Images of 8 x 8 pixels with a bar across (class 0) or upright (class 1).
//! fn bars(count: usize, seed: u64) -> Result<Examples, ExamplesError> {
//!     let mut stream = Stream::new(seed, Purpose::Check);
//!     let (mut pixels, mut labels) = (Vec::new(), Vec::new());
//!     for _ in 0..count {
//!         let (class, bar) = (stream.below(2), stream.below(8));
//!         for (row, column) in (0..64).map(|i| (i / 8, i % 8)) {
//!             let lit = bar == if class == 0 { row } else { column };
//!             pixels.push(f32::from(u8::from(lit)) + 0.4 * stream.normal() as f32);
//!         }
//!         labels.push(class as usize); // from 0
//!     }
//!     Examples::new(Shape::maps(count, 8, 8, 1), pixels, labels, 2) // (N, H, W, C) = (count, 8, 8, 1)
//! }
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let mut init = Stream::new(1, Purpose::Init);
//!     let network = Network::default() //                           (N, 8, 8, 1)
//!         .with("conv", Conv2d::new(1, 8, 3, 1, &mut init)) //      (N, 8, 8, 8)
//!         .with("norm", BatchNorm::new(8, 0.1, 1e-5)) //            (N, 8, 8, 8)
//!         .with("relu", Activation(ActivationKind::Relu)) //        (N, 8, 8, 8)
//!         .with("pool", MaxPool2d::new(8)) //                       (N, 1, 1, 8)
//!         .with("flatten", Flatten) //                              (N, 8)
//!         .with("fc", Linear::new(8, 2, &mut init)); //             (N, 2)
//!     println!("{}", network.table(Shape::maps(1, 8, 8, 1))?);
//!
//!     let hyperparameters = Hyperparameters {
//!         rates: Schedule::Constant { rate: 0.01 },
//!         batch_size: 20,
//!         ..Hyperparameters::default() // Adam, cross-entropy
//!     };
//!     let mut trainer = Trainer::new(network, bars(400, 1)?, hyperparameters);
//!     for epoch in trainer.epochs(10) {
//!         let epoch = epoch?;
//!         println!("epoch {:2}: {:.4} nats", epoch.number, epoch.score.loss_mean_nats());
//!     }
//!
//!     let test = trainer.evaluate(&mut bars(1000, 2)?)?;
//!     println!("{} of {} new images are right", test.correct, test.total);
//!     assert!(test.accuracy() >= 0.99);
//!     Ok(())
//! }
//! ```
//!
//! [`Trainer::epochs`] trains one epoch for each item; [`Trainer::epoch`] and [`Trainer::step`] make one at a time.
//! [`Trainer::into_result`] gives the network away, [`weights::to_safetensors`] as bytes that PyTorch can load.
//! `examples/` has this program, and one with a layer of its own.
//!
//! # Ask a network
//!
//! ```
//! use cnn::models::{Hidden, iris_network};
//! use cnn::{Isa, Mode, Pass, Shape, loss::argmax};
//! let (mut network, mut pass) = (iris_network(4, 40, 3, Hidden::Relu, 1), Pass::default());
//! pass.write(Shape::vectors(1, 4)).copy_from_slice(&[0.1, -0.2, 0.3, 0.4]); // (N, D) = (1, 4)
//! let logits = network.forward(Isa::detect(), &mut pass, Mode::Infer)?; //     (N, C) = (1, 3)
//! assert!(argmax(logits.example(0)) < 3);
//! # Ok::<(), cnn::ShapeError>(())
//! ```
//!
//! # Conventions
//!
//! - **Layout.** Channels last: a batch of images is `(N, H, W, C)`, one of vectors `(N, D)`, in memory example after
//!   example, row after row, pixel after pixel. Labels are classes **from 0**. [`Flatten`] gives PyTorch's order,
//!   `(C, H, W)`, and files hold PyTorch's layouts.
//! - **Loss.** [`Loss::CrossEntropy`] is softmax and cross-entropy in one, in nats, the **mean** over the batch, so a
//!   network ends in logits `(N, C)` without an activation. [`Loss::Other`] takes any function with its gradient.
//! - **Optimiser.** [`Rule::Sgd`], with momentum, and [`Rule::Adam`], in PyTorch's formulation; weight decay is an L2
//!   term. The rate of each step is that of a [`Schedule`]. [`Hyperparameters::averaging`] makes the result an average
//!   of the weights along the way.
//! - **Instruction set.** [`Isa::detect`] takes the fastest of this machine (AVX-512, AVX2, NEON, or plain Rust), and a
//!   [`Trainer`] does that by itself; [`Trainer::with_isa`] takes another.
//! - **Threads.** Those of the rayon pool in which a step is called: all processors, or what `RAYON_NUM_THREADS` or
//!   `ThreadPool::install` says.
//! - **Same bits.** The same seeds and data give the same weights to the last bit: on every machine, with every
//!   instruction set, at any number of threads. Each element is one chain of fused multiply-adds in a fixed order; sums
//!   over a batch are cut in a way that does not depend on the number of threads, and their parts added in order;
//!   elementary functions and random numbers are written out in `numerics`. **The batch size, another order of the
//!   examples, and [`kernels::Way`] do change bits.**
//! - **Errors.** What comes from outside is refused with its place and a remedy: [`ExamplesError`], [`ShapeError`],
//!   [`StepError`], [`weights::WeightsError`]. Functions that panic say so, and name the one that does not.
//!
//! # Modules
//!
//! | module | holds |
//! |---|---|
//! | [`tensor`] | a batch and its shape |
//! | [`layer`], [`layers`] | what a layer is, and each of them |
//! | [`loss`] | softmax cross-entropy, and losses of one's own |
//! | [`optimiser`], [`schedule`], [`average`] | SGD with momentum, Adam; learning rates; averaged weights |
//! | [`network`], [`models`] | layers in a row; the two networks of the homework, and others for images |
//! | [`train`] | one step, one evaluation: what [`Trainer`] is made of |
//! | [`lanes`] | many small networks trained side by side |
//! | [`weights`] | files that PyTorch can load |
//! | [`kernels`] | the vectorised loops |
//! | [`mod@reference`] | the same layers as plain loops in `f64`: the oracle |

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod average;
mod batches;
mod chunks;
mod dead;
mod examples;
mod init;
pub mod lanes;
pub mod layer;
pub mod layers;
pub mod loss;
pub mod models;
pub mod network;
pub mod optimiser;
mod origin;
pub mod reference;
pub mod schedule;
pub mod tensor;
pub mod train;
mod trainer;
pub mod weights;

pub use average::Average;
pub use batches::Place;
pub use dead::{DeadLayer, dead_layer};
pub use examples::{Examples, ExamplesError, Source};
pub use kernels;
pub use kernels::{Isa, IsaError, MultiplyAddsMade};
pub use lanes::{LaneTrainer, LanesError};
pub use layer::{Layer, Mode, Operator, Parameter, ParametersMut, ShapeError};
pub use layers::*; // all that is public there is a layer, or the kind of one
pub use loss::{Loss, Score, TargetError, Targets};
pub use network::{BackwardError, Network, Pass};
pub use numerics::random::{Purpose, Stream};
pub use optimiser::{Decayed, Optimiser, Rule};
pub use origin::Origin;
pub use schedule::Schedule;
pub use tensor::{CountError, Shape, Tensor};
pub use train::TrainError;
pub use trainer::{Epoch, Hyperparameters, OtherRun, Standing, StepError, Trainer};
