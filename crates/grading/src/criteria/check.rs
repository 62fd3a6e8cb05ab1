//! The table of the checks.

use super::networks::{activations, comparison, iris, mnist, scratch_gradients};
use super::reproduced::reproduced;
use super::theory::{cross_entropy, derivations, gradients, graph};
use super::verdict::Verdict;
use experiments::iris::Activation;
use experiments::verify::Recomputed;
use serde::Deserialize;

/// Which check a criterion names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// T1a: every step of every derivation equals the one before.
    Derivations,
    /// T1b: the three readings have the reference values.
    CrossEntropy,
    /// T2.1: the graph computes the deviation, and all of it is drawn.
    Graph,
    /// T2.2: the gradient on every edge, and the totals.
    Gradients,
    /// P1.1 with ReLU.
    IrisRelu,
    /// P1.1 with sigmoid.
    IrisSigmoid,
    /// P1.1 with tanh.
    IrisTanh,
    /// P1.1 with PReLU.
    IrisPrelu,
    /// P1.1: the comparison.
    Activations,
    /// P1.2.
    Mnist,
    /// P2.1: back-propagation by hand against the reference layers of `cnn`.
    ScratchGradients,
    /// P2.2.
    Comparison,
    /// Every submitted record recomputed.
    Reproduced,
}

/// What a check is.
pub type CheckFunction = fn(&Recomputed, f64) -> Result<Verdict, String>;

impl Check {
    /// The check itself.
    pub fn function(self) -> CheckFunction {
        match self {
            Self::Derivations => derivations,
            Self::CrossEntropy => cross_entropy,
            Self::Graph => graph,
            Self::Gradients => gradients,
            Self::IrisRelu => |recomputed, bar| iris(recomputed, bar, Activation::Relu),
            Self::IrisSigmoid => |recomputed, bar| iris(recomputed, bar, Activation::Sigmoid),
            Self::IrisTanh => |recomputed, bar| iris(recomputed, bar, Activation::Tanh),
            Self::IrisPrelu => |recomputed, bar| iris(recomputed, bar, Activation::Prelu),
            Self::Activations => activations,
            Self::Mnist => mnist,
            Self::ScratchGradients => scratch_gradients,
            Self::Comparison => comparison,
            Self::Reproduced => reproduced,
        }
    }
}
