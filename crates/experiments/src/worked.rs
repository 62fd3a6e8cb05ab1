//! `theory.json`: T1 and T2.

use records::Header;
use serde::{Deserialize, Serialize};
use theory::cross_entropy::{CrossEntropy, Reading, cross_entropy, gradient_of_mean};
use theory::render::json::StdDevRecord;
use theory::render::worked::{INPUTS, LABELS, OUTPUTS, WorkedError, derivations};
use theory::std_dev::Ddof;
use theory::std_dev_graph::StdDevGraph;

/// The seed of the random inputs on which the derivations are verified.
pub const SEED: u64 = crate::REGISTERED_SEED;

/// How many random inputs that are.
pub const TRIALS: usize = 200;

/// The record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// What it is.
    #[serde(flatten)]
    pub header: Header,
    /// T1a and the gradient of T2: every step computed on random inputs and found equal to the one before.
    pub derivations: Vec<Derivation>,
    /// T1b in the three readings.
    pub cross_entropy: Vec<Loss>,
    /// T2 at (-1, 3): population, then sample.
    pub std_dev: Vec<StdDevRecord>,
}

/// A verified derivation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Derivation {
    /// Its id, which begins with that of the question.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its steps as TeX.
    pub steps: Vec<String>,
    /// On how many random inputs every step was computed.
    pub trials: usize,
    /// The largest relative difference of two neighbouring steps.
    pub worst_difference: f64,
}

/// A loss in one reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loss {
    /// Terms, sum and mean in nats.
    #[serde(flatten)]
    pub loss: CrossEntropy,
    /// The gradient of the mean by the outputs, `(N, C)`.
    pub gradient_of_mean: Vec<Vec<f64>>,
}

/// What the record holds of a verified derivation.
pub(crate) fn derivation(verified: &theory::derivation::Verified) -> Derivation {
    Derivation {
        id: verified.id().to_owned(),
        title: verified.title().to_owned(),
        steps: verified.steps().iter().map(|step| step.tex().to_owned()).collect(),
        trials: verified.trials(),
        worst_difference: verified.worst_difference(),
    }
}

/// The loss of T1b in one reading.
pub(crate) fn loss(reading: Reading) -> Result<Loss, WorkedError> {
    Ok(Loss {
        loss: cross_entropy(&OUTPUTS, &LABELS, reading)?,
        gradient_of_mean: gradient_of_mean(&OUTPUTS, &LABELS, reading)?,
    })
}

/// Computes the record.
///
/// # Errors
/// When a derivation has a wrong step.
pub fn record(header: Header) -> Result<Record, WorkedError> {
    let std_dev = |ddof| -> Result<StdDevRecord, WorkedError> {
        Ok(StdDevRecord::from(&StdDevGraph::new(&INPUTS, ddof)?))
    };
    Ok(Record {
        header,
        derivations: derivations(SEED, TRIALS)?.iter().map(derivation).collect(),
        cross_entropy: Reading::ALL.into_iter().map(loss).collect::<Result<_, _>>()?,
        std_dev: Ddof::ALL.into_iter().map(std_dev).collect::<Result<_, _>>()?,
    })
}
