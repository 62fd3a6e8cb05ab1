//! The studies on iris: many seeds, paired, with tests that can come out either way.
//!
//! | module | asks |
//! |---|---|
//! | [`tuning`] | which weight decay errs least in cross-validation? (P1.1) |
//! | [`seeds`] | the registered seed and a hundred others: `iris.json` (P1.1, P2.1, P2.2) |
//! | [`activations`] | do the four activations, and none at all, differ in where they end and how soon? (P1.1) |
//! | [`boundaries`] | where does which network decide for which species? (P1.1) |
//! | [`factors`] | which of the differences between P1.1 and the original's P2.1 matter? (P2.2) |
//! | [`plateau`] | was the original's run stuck in a local minimum? (P2.2) |
//! | [`trajectory`] | do the two implementations go one way? (P2.2) |
//! | [`whitened`] | a network that errs no more often than the discriminant (P1.1) |
//! | [`honest`] | Fisher's discriminant beside a network whose settings no test flower had a say in |
//! | [`efron`] | what does it cost to learn only on which side of a boundary the flowers lie? (P1.1) |

pub mod activations;
pub mod boundaries;
pub mod efron;
pub mod factors;
mod flowers;
pub mod honest;
mod new_flowers;
mod paired;
mod parts;
pub mod plateau;
pub mod seeds;
pub mod trajectory;
pub mod tuning;
pub mod whitened;

pub use flowers::WrongFlower;
pub use new_flowers::{NewFlowersMean, NewFlowersTest};
pub use paired::{Direction, HypothesisVerdict, Measure, PairedTest, Versus, family};

use crate::registry::Experiment;

/// The experiments of these studies, in the order of the registry.
pub(crate) const EXPERIMENTS: &[Experiment] = &[
    tuning::EXPERIMENT,
    seeds::EXPERIMENT,
    boundaries::EXPERIMENT,
    activations::EXPERIMENT,
    factors::EXPERIMENT,
    plateau::EXPERIMENT,
    trajectory::EXPERIMENT,
    honest::EXPERIMENT,
    whitened::EXPERIMENT,
    efron::EXPERIMENT,
];
