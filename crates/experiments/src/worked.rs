//! `theory.json`: T1 and T2, each question a part.

use crate::context::Context;
use crate::registry::{Computed, Experiment};
use crate::study::{ExperimentError, FileLayout, OfASubmission, Part, Progress, Study, first_file};
use records::{Header, json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use theory::cross_entropy::{CrossEntropy, Reading, cross_entropy, gradient_of_mean};
use theory::render::json::StdDevRecord;
use theory::render::worked::{INPUTS, LABELS, OUTPUTS, WorkedError, derivations_of};
use theory::std_dev::Ddof;
use theory::std_dev_graph::StdDevGraph;

/// The seed of the random inputs on which the derivations are verified.
pub const SEED: u64 = crate::REGISTERED_SEED;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "theory",
    question: "T1 and T2: the cross-entropy of the batch, the standard deviation and its gradient",
    hypothesis: "every step of every derivation equals the one before on random inputs",
    refuted_by: "an input at which two neighbouring steps differ",
    chosen_on: "nothing was chosen",
    data: &[],
    files: &["theory.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = Study {
    of_a_submission: OfASubmission::ALL,
    ..Study::in_full(parts, compute, FileLayout::Own { files, parts: parts_in })
};

/// How many random inputs that are.
pub const TRIALS: usize = 200;

/// The record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TheoryRecord {
    #[serde(flatten)]
    pub header: Header,
    /// T1a and the gradient of T2: every step computed on random inputs and found equal to the one before.
    pub derivations: Vec<RecordedDerivation>,
    /// T1b in the three readings.
    pub cross_entropy: Vec<RecordedLoss>,
    /// T2 at (-1, 3): population, then sample.
    pub std_dev: Vec<StdDevRecord>,
}

/// A verified derivation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordedDerivation {
    /// Its id, which begins with that of the question.
    pub id: String,
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
pub struct RecordedLoss {
    /// Terms, sum and mean in nats.
    #[serde(flatten)]
    pub loss: CrossEntropy,
    /// The gradient of the mean by the outputs, `(N, C)`.
    pub gradient_of_mean: Vec<Vec<f64>>,
}

/// The part that holds the derivations of T1a, `[`[`RecordedDerivation`]`]`.
pub const T1A: &str = "T1a";

/// The part that holds the losses of T1b, `[`[`RecordedLoss`]`]`.
pub const T1B: &str = "T1b";

/// The part that holds the graphs of T2.1 and T2.2, `[`[`StdDevRecord`]`]`.
pub const T2: &str = "T2";

/// The part that holds the derivation of T2's gradient, `[`[`RecordedDerivation`]`]`.
pub const T2_DERIVATIONS: &str = "T2-derivations";

fn parts() -> Vec<Part> {
    [T1A, T1B, T2, T2_DERIVATIONS].map(|id| Part { id: id.to_owned(), work: 1 }).into()
}

fn compute(_: &Context, part: &Part, done: Progress) -> Result<Value, ExperimentError> {
    let value = match &part.id[..] {
        T1A => serde_json::to_value(derivations("T1a")?)?,
        T1B => serde_json::to_value(Reading::ALL.into_iter().map(loss).collect::<Result<Vec<_>, _>>()?)?,
        T2 => serde_json::to_value(Ddof::ALL.into_iter().map(graph).collect::<Result<Vec<_>, _>>()?)?,
        T2_DERIVATIONS => serde_json::to_value(derivations("T2")?)?,
        other => return Err(ExperimentError::Parts(format!("there is no part `{other}`"))),
    };
    done(part.work);
    Ok(value)
}

/// The verified derivations of a question.
fn derivations(question: &str) -> Result<Vec<RecordedDerivation>, WorkedError> {
    let verified = derivations_of(question, SEED, TRIALS)?;
    let kept = |verified: &theory::derivation::Verified| RecordedDerivation {
        id: verified.id().to_owned(),
        title: verified.title().to_owned(),
        steps: verified.steps().iter().map(|step| step.tex().to_owned()).collect(),
        trials: verified.trials(),
        worst_difference: verified.worst_difference(),
    };
    Ok(verified.iter().map(kept).collect())
}

/// The loss of T1b in one reading.
fn loss(reading: Reading) -> Result<RecordedLoss, WorkedError> {
    Ok(RecordedLoss {
        loss: cross_entropy(&OUTPUTS, &LABELS, reading)?,
        gradient_of_mean: gradient_of_mean(&OUTPUTS, &LABELS, reading)?,
    })
}

/// The graph of T2 with one divisor.
fn graph(ddof: Ddof) -> Result<StdDevRecord, WorkedError> {
    Ok(StdDevRecord::from(&StdDevGraph::new(&INPUTS, ddof)?))
}

fn files(header: Header, parts: &[Value]) -> Result<Vec<Vec<u8>>, ExperimentError> {
    let [t1a, t1b, t2, t2_derivations] = parts else {
        return Err(ExperimentError::Parts(format!("theory has 4 parts, not {}", parts.len())));
    };
    let mut derivations = Vec::<RecordedDerivation>::deserialize(t1a)?;
    derivations.extend(Vec::<RecordedDerivation>::deserialize(t2_derivations)?);
    let record = TheoryRecord {
        header,
        derivations,
        cross_entropy: Deserialize::deserialize(t1b)?,
        std_dev: Deserialize::deserialize(t2)?,
    };
    Ok(vec![json::to_bytes(&record)?])
}

fn parts_in(files: &[&[u8]]) -> Result<Vec<Value>, ExperimentError> {
    let record: TheoryRecord = first_file(files)?;
    let (of_t1a, others): (Vec<_>, Vec<_>) =
        record.derivations.into_iter().partition(|it| it.id.starts_with("T1a"));
    Ok(vec![
        serde_json::to_value(of_t1a)?,
        serde_json::to_value(record.cross_entropy)?,
        serde_json::to_value(record.std_dev)?,
        serde_json::to_value(others)?,
    ])
}
