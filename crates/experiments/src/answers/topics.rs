//! What can be asked for.

use super::answer::{Answer, AnswerList};
use super::{by_hand, images, learning, of_theory};
use crate::study::ExperimentError;
use cnn::kernels::Isa;
use numerics::random::{Purpose, Stream};

/// What can be asked for.
pub struct Topic {
    /// Its name in `rubric.toml`.
    pub id: &'static str,
    /// How far two numbers may lie apart, relative to the largest of the same answer: what another order of sums can
    /// make of them, in the precision in which they are computed.
    pub tolerance: f64,
    ask: fn(Isa, &mut Stream, &mut AnswerList) -> Result<(), ExperimentError>,
}

/// In double precision.
const DOUBLE: f64 = 1e-9;

/// In single precision, through one or two layers.
const SINGLE: f64 = 1e-4;

/// In single precision, through many layers, or over several steps.
const SINGLE_AND_DEEP: f64 = 1e-2;

/// All topics.
pub const TOPICS: [Topic; 14] = [
    Topic {
        id: "cross-entropy",
        tolerance: DOUBLE,
        ask: |_, draw, asked| of_theory::cross_entropy(draw, asked),
    },
    Topic { id: "derivations", tolerance: DOUBLE, ask: |_, draw, asked| of_theory::derivations(draw, asked) },
    Topic { id: "graph", tolerance: DOUBLE, ask: |_, draw, asked| of_theory::graph(draw, asked) },
    Topic {
        id: "graph-gradients",
        tolerance: DOUBLE,
        ask: |_, draw, asked| of_theory::gradients(draw, asked),
    },
    Topic { id: "relu", tolerance: SINGLE, ask: learning::relu },
    Topic { id: "sigmoid", tolerance: SINGLE, ask: learning::sigmoid },
    Topic { id: "tanh", tolerance: SINGLE, ask: learning::tanh },
    Topic { id: "prelu", tolerance: SINGLE, ask: learning::prelu },
    Topic { id: "layers", tolerance: DOUBLE, ask: |_, draw, asked| learning::layers(draw, asked) },
    Topic { id: "descent", tolerance: SINGLE_AND_DEEP, ask: learning::descent },
    Topic { id: "adam", tolerance: SINGLE_AND_DEEP, ask: learning::adam },
    Topic { id: "images", tolerance: SINGLE_AND_DEEP, ask: images::ask },
    Topic { id: "by-hand", tolerance: DOUBLE, ask: |_, draw, asked| by_hand::objectives(draw, asked) },
    Topic { id: "descent-by-hand", tolerance: DOUBLE, ask: |_, draw, asked| by_hand::descent(draw, asked) },
];

/// The topic of this name.
pub fn topic(id: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.id == id)
}

impl Topic {
    /// What the crates that are linked answer on the inputs that `seed` draws.
    ///
    /// # Errors
    /// When a crate refuses an input that is right.
    pub fn answers(&self, isa: Isa, seed: u64) -> Result<Vec<Answer>, ExperimentError> {
        let mut asked = AnswerList::default();
        (self.ask)(isa, &mut Stream::new(seed, Purpose::Check), &mut asked)?;
        Ok(asked.answers)
    }
}
