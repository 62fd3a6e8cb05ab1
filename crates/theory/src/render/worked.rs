//! The worked solutions of T1 and T2, step by step.

use super::{
    number::{full, short, short_total},
    table,
};
use crate::{
    cross_entropy::{CrossEntropyError, Reading, class_probabilities, cross_entropy},
    derivation::{self, DerivationError, Verified},
    std_dev::{Ddof, StdDevError},
    std_dev_graph::StdDevGraph,
};

/// T1b: the outputs of the question, `(3, 3)`. No row sums to 1.
pub const OUTPUTS: [[f64; 3]; 3] = [[0.65, 0.43, 0.11], [0.05, 0.51, 0.18], [0.33, 0.21, 0.72]];

/// T1b: the classes of the question's examples, **from 0**.
pub const LABELS: [usize; 3] = [0, 1, 2];

/// T2.2: the inputs of the question.
pub const INPUTS: [f64; 2] = [-1.0, 3.0];

/// How a derivation is verified: on the random inputs of a stream, so many of them.
type Verify = fn(u64, usize) -> Result<Verified, DerivationError>;

/// The derivations, by id.
const DERIVATIONS: [(&str, Verify); 4] = [
    ("T1a.1", |seed, trials| derivation::cross_entropy::any_batch().verify(seed, trials)),
    ("T1a.2", |seed, trials| derivation::cross_entropy::batch_of_the_question().verify(seed, trials)),
    ("T1a.3", |seed, trials| derivation::softmax::gradient().verify(seed, trials)),
    ("T2", |seed, trials| derivation::std_dev::gradient().verify(seed, trials)),
];

/// Why a worked solution was not written.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WorkedError {
    /// A derivation has a wrong step.
    #[error(transparent)]
    Derivation(#[from] DerivationError),
    /// The batch has no cross-entropy.
    #[error(transparent)]
    CrossEntropy(#[from] CrossEntropyError),
    /// The inputs have no deviation with a gradient.
    #[error(transparent)]
    StdDev(#[from] StdDevError),
}

/// Every derivation of T1a and T2, verified on `trials` random inputs of the stream `seed`.
///
/// # Errors
/// [`DerivationError`], naming the first wrong step.
pub fn derivations(seed: u64, trials: usize) -> Result<Vec<Verified>, DerivationError> {
    derivations_of("", seed, trials)
}

/// Those derivations whose id begins with that of a question, such as `T1a`; no other is computed.
///
/// # Errors
/// [`DerivationError`], naming the first wrong step.
pub fn derivations_of(question: &str, seed: u64, trials: usize) -> Result<Vec<Verified>, DerivationError> {
    let mut verified = Vec::new();
    for (_, verify) in DERIVATIONS.iter().filter(|(id, _)| id.starts_with(question)) {
        verified.push(verify(seed, trials)?);
    }
    Ok(verified)
}

/// The worked solutions of all four questions as plain text: derivations, substitution, node and edge tables.
///
/// # Errors
/// [`WorkedError`]; a derivation with a wrong step is not printed, and nothing else is either.
pub fn solutions(seed: u64, trials: usize) -> Result<String, WorkedError> {
    let derivations = derivations(seed, trials)?;
    let text_of = |prefix: &str| {
        let of_question = derivations.iter().filter(|derivation| derivation.id().starts_with(prefix));
        of_question.map(Verified::text).collect::<Vec<_>>().join("\n")
    };
    let mut text = heading("T1a. The cross-entropy of a batch, derived");
    text += &text_of("T1a");
    text += &heading("T1b. The loss of the given outputs");
    text += &t1b()?;
    text += &heading("T2.1. The computation graph of the standard deviation, and its gradient derived");
    text += &t2_graph()?;
    text += &text_of("T2");
    for ddof in Ddof::ALL {
        text += &heading(&format!("T2.2. At x1 = -1, x2 = 3: the {} standard deviation", ddof.name()));
        text += &t2_values(ddof)?;
    }
    Ok(text)
}

fn heading(title: &str) -> String {
    format!("\n{title}\n{}\n\n", "═".repeat(title.chars().count()))
}

/// The substitution, then a table for each reading.
fn t1b() -> Result<String, WorkedError> {
    let [first, second, third] = OUTPUTS;
    let loss = cross_entropy(&OUTPUTS, &LABELS, Reading::Probabilities)?;
    let mut text = format!(
        "  L = -(1/3) (ln {} + ln {} + ln {}) = {}\n\n",
        first[0],
        second[1],
        third[2],
        full(loss.mean)
    );
    text += "None of the three outputs sums to 1, so what they are must be said. We read the question as the first.\n";
    for reading in Reading::ALL {
        let loss = cross_entropy(&OUTPUTS, &LABELS, reading)?;
        let q = class_probabilities(&OUTPUTS, reading)?;
        text += &format!("\n{}", table::cross_entropy(&loss, &q, &LABELS));
    }
    Ok(text)
}

/// The nodes of the graph for two inputs, in words.
fn t2_graph() -> Result<String, WorkedError> {
    let graph = StdDevGraph::new(&INPUTS, Ddof::Population)?;
    let mut text =
        String::from("Every elementary operation is a node (population; a sample divides t by n - 1):\n\n");
    for id in graph.graph.ids() {
        let (name, is) = (&graph.graph.node(id).label, table::expression(&graph.graph, id, table::symbol));
        text += &format!("  {:<2} = {is}\n", table::symbol(name));
    }
    text += "\nEach input reaches σ along two paths: x → d → q → t → v → σ, and x → s → μ → d → q → t → v → σ.\n\n";
    Ok(text)
}

/// Value and gradient, then the graph node by node and edge by edge.
fn t2_values(ddof: Ddof) -> Result<String, WorkedError> {
    let graph = StdDevGraph::new(&INPUTS, ddof)?;
    let gradient: Vec<String> = graph.parts.x.iter().map(|&x| short_total(&graph.backward, x)).collect();
    Ok(format!(
        "  σ = {}     gradient = ({})\n\n{}\n{}\n{}",
        short(graph.value()),
        gradient.join(", "),
        table::nodes(&graph),
        table::edges(&graph),
        table::paths(&graph)
    ))
}
