//! T1 and T2: cross-entropy and standard deviation, as derivations that are programs and a graph with adjoints.
//!
//! Everything is scalar `f64` on slices, without an array library and without any other model crate: what this
//! crate computes is the oracle that the networks are held to. It reads no file and prints nothing.
//!
//! # Example: the questions' numbers
//!
//! T1b: the cross-entropy of three outputs under one-hot coding, in nats, and its gradient. **What the outputs are
//! changes the number**, so the reading is an argument.
//!
//! ```
//! use theory::cross_entropy::{Reading, cross_entropy, gradient_of_mean};
//!
//! let y = [[0.65, 0.43, 0.11], [0.05, 0.51, 0.18], [0.33, 0.21, 0.72]]; // (B, C) = (3, 3)
//! let labels = [0, 1, 2]; //                                               (B), from 0
//! let loss = cross_entropy(&y, &labels, Reading::Probabilities)?;
//! assert!((loss.mean + (0.65 * 0.51 * 0.72_f64).ln() / 3.0).abs() < 1e-15); // -1/3 ln(0.65 0.51 0.72)
//!
//! let dy = gradient_of_mean(&y, &labels, Reading::Probabilities)?; //      (B, C)
//! assert_eq!(dy[0], [-1.0 / 0.65 / 3.0, 0.0, 0.0]); //                     -1/y_c of the label's class, over B
//!
//! let logits = cross_entropy(&y, &labels, Reading::Logits)?; //            the same numbers through softmax
//! assert!(logits.mean > 1.7 * loss.mean);
//! # Ok::<(), theory::cross_entropy::CrossEntropyError>(())
//! ```
//!
//! T2.2: the standard deviation of -1 and 3, and its gradient: in closed form, and node by node through the graph.
//!
//! ```
//! use theory::std_dev::{Ddof, gradient, std_dev};
//! use theory::std_dev_graph::StdDevGraph;
//!
//! let x = [-1.0, 3.0]; // (n) = (2)
//! assert_eq!(std_dev(&x, Ddof::Population)?, 2.0);
//! assert_eq!(gradient(&x, Ddof::Population)?, [-0.5, 0.5]); // (x_i - mu) / (n sigma)
//!
//! let graph = StdDevGraph::new(&x, Ddof::Population)?; //      3n + 5 nodes, 5n + 3 edges
//! assert_eq!(graph.gradient(), [-0.5, 0.5]);
//! assert_eq!((graph.graph.nodes().len(), graph.backward.edges.len()), (11, 13));
//!
//! let sample = gradient(&x, Ddof::Sample)?; //                 divided by n - 1 = 1 instead
//! assert!((sample[1] - 0.5_f64.sqrt()).abs() < 1e-15);
//! assert!(std_dev(&[5.0], Ddof::Sample).is_err()); //          one number has no sample deviation
//! # Ok::<(), theory::std_dev::StdDevError>(())
//! ```
//!
//! **Conventions.** Logarithms are natural. Labels, rows and inputs count from 0 in arguments and fields, and from 1 in
//! messages. Nothing panics on input: an error names the row or input, and what to do.
//!
//! # Modules
//!
//! | module | holds |
//! |---|---|
//! | [`cross_entropy`] | T1: the loss of a batch and its gradient, in three readings of the outputs |
//! | [`softmax`] | softmax and its negative logarithm |
//! | [`std_dev`] | T2: the standard deviation and its gradient in closed form |
//! | [`graph`] | a computation graph: values forward, adjoints backward, a gradient on every edge |
//! | [`std_dev_graph`] | T2: the graph of the standard deviation in detail, and its two paths |
//! | [`derivation`] | T1a and T2 as chains of equal expressions, which must be verified before they can be read |
//! | [`render`] | tables, JSON, SVG and the worked solutions |

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod cross_entropy;
pub mod derivation;
pub mod graph;
pub mod render;
pub mod softmax;
pub mod std_dev;
pub mod std_dev_graph;
