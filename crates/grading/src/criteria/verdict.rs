//! What a check finds.

use serde::{Deserialize, Serialize};

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

    pub(super) fn when(met: bool, number: f64, text: String) -> Self {
        Self { met, evidence: Evidence { number: Some(number), text } }
    }
}
