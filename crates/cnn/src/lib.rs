//! P1: layers, losses, optimisers and kernels, and the networks of P1.1 and P1.2.
//!
//! Arrays are `f32`, channels last: maps `(N, H, W, C)`, vectors `(N, D)`. Same seed, same bits: at any number of
//! threads and with every instruction set. [`kernels`] says how an element is computed; sums over a batch
//! are cut in a way that does not depend on the number of threads, and their parts added in order.
//!
//! | module | holds |
//! |---|---|
//! | [`tensor`] | a batch and its shape |
//! | [`layer`], [`layers`] | what a layer is, and each of them |
//! | [`loss`] | softmax cross-entropy |
//! | [`optimiser`], [`schedule`], [`average`] | SGD with momentum, Adam; learning rates; averaged weights |
//! | [`network`], [`models`] | layers in a row; the two networks of the homework, and others for pictures |
//! | [`train`] | one step, one evaluation |
//! | [`weights`] | files that PyTorch can load |
//! | [`kernels`] | the vectorised loops |
//! | [`mod@reference`] | the same layers as plain loops in `f64`: the oracle |

pub mod average;
mod chunks;
mod init;
pub mod kernels;
pub mod layer;
pub mod layers;
pub mod loss;
pub mod models;
pub mod network;
pub mod optimiser;
pub mod reference;
pub mod schedule;
pub mod tensor;
pub mod train;
pub mod weights;
