//! T1 and T2: cross-entropy and standard deviation, as derivations that are programs and a graph with adjoints.
//!
//! Everything is scalar `f64` on slices, without an array library and without any other model crate: what this
//! crate computes is the oracle that the networks are held to. It reads no file and prints nothing.
//!
//! | module | holds |
//! |---|---|
//! | [`cross_entropy`] | T1: the loss of a batch and its gradient, in three readings of the outputs |
//! | [`softmax`] | softmax and its negative logarithm |
//! | [`std_dev`] | T2: the standard deviation and its gradient in closed form |
//! | [`graph`] | a computation graph: values forward, adjoints backward, a gradient on every edge |
//! | [`std_dev_graph`] | T2: the graph of the standard deviation in detail, and its two roads |
//! | [`derivation`] | T1a and T2 as chains of equal expressions, which must be verified before they can be read |
//! | [`render`] | tables, JSON, SVG and the worked solutions |

#![forbid(unsafe_code)]

pub mod cross_entropy;
pub mod derivation;
pub mod graph;
pub mod render;
pub mod softmax;
pub mod std_dev;
pub mod std_dev_graph;
