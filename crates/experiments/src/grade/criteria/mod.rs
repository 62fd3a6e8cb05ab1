//! The checks: each takes what was recomputed and the rubric's bar, and gives a number, a sentence and a verdict.

mod networks;
mod theory;

use self::networks::{activations, comparison, iris, mnist, scratch_gradients};
use self::theory::{cross_entropy, derivations, gradients, graph};
use super::Recomputed;
use super::isolated::LEFT_OUT;
use crate::iris::Activation;
use crate::verify::coverage;
use serde::{Deserialize, Serialize};

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

/// What was found: the number that is compared with the bar, and what it means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The number, if there is one.
    pub number: Option<f64>,
    /// A sentence or two.
    pub text: String,
}

impl Evidence {
    /// Evidence that is no number, such as why there is none.
    pub fn without_number(text: impl Into<String>) -> Self {
        Self { number: None, text: text.into() }
    }
}

/// The decision on a criterion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether the criterion is met.
    pub met: bool,
    /// What the decision rests on.
    pub evidence: Evidence,
}

impl Verdict {
    /// Not met.
    pub fn not_met(evidence: Evidence) -> Self {
        Self { met: false, evidence }
    }

    fn when(met: bool, number: f64, text: String) -> Self {
        Self { met, evidence: Evidence { number: Some(number), text } }
    }
}

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

/// Why there is no such piece of an experiment.
fn no_piece(recomputed: &Recomputed, experiment: &str, piece: &str) -> String {
    let failures = &recomputed.failures;
    let why = failures.get(&format!("{experiment}/{piece}")).or_else(|| failures.get(experiment));
    format!("{experiment} gave no {piece}: {}", why.map_or("it was not run", String::as_str))
}

/// Why there is no record of an experiment.
fn no_result(experiment: &str, why: Option<&String>) -> String {
    format!("the experiment {experiment} gave no result: {}", why.map_or("it was not run", String::as_str))
}

fn reproduced(recomputed: &Recomputed, bar: f64) -> Result<Verdict, String> {
    let found = recomputed.differences.len();
    if let Some(first) = recomputed.differences.first() {
        let text = format!("{found} values differ from the submitted ones, the first: {first}");
        return Ok(Verdict::when(
            recomputed.compared == recomputed.files && found as f64 <= bar,
            found as f64,
            text,
        ));
    }
    // The first that failed by itself says more than those that were left out because of it.
    let by_itself = recomputed.failures.iter().find(|(_, why)| !why.starts_with(LEFT_OUT));
    if let Some((experiment, why)) = by_itself.or_else(|| recomputed.failures.iter().next()) {
        return Err(no_result(experiment, Some(why)));
    }
    let summary = coverage::summary(&recomputed.coverage, recomputed.draw.as_deref());
    let text =
        std::iter::once(summary).chain(coverage::gaps(&recomputed.coverage)).collect::<Vec<_>>().join("; ");
    let covered = recomputed.coverage.iter().map(|of| of.files).sum::<usize>() == recomputed.files;
    Ok(Verdict::when(covered && recomputed.compared == recomputed.files, 0.0, text))
}
