//! What the crates of a student compute on inputs that are drawn for one grading.
//!
//! The same program is linked twice: with the student's crates, where it only writes its numbers down, and with the
//! assignment's, in the grader, where it computes the same numbers and compares. **The process that holds a student's
//! code gives numbers and no verdict**, on inputs that nobody has seen before, so that neither a test that was made to
//! pass nor a table of the printed answers earns anything.
//!
//! | topic | asks for |
//! |---|---|
//! | `cross-entropy` | T1b: losses, class probabilities and gradients in each reading |
//! | `derivations` | T1a: the steps of each derivation |
//! | `graph` | T2.1: the deviation, in closed form and as a graph |
//! | `graph-gradients` | T2.2: its gradient, derived, in closed form and on every edge |
//! | `relu`, `sigmoid`, `tanh`, `prelu` | P1.1: an activation, alone and in a network with its gradients |
//! | `layers` | P1.1: the linear layer, and the loss |
//! | `descent`, `adam` | P1.2 and P1.1: an optimiser, alone and in runs of a few steps with their scores |
//! | `images` | P1.2: convolution, pooling, batch-norm, and the gradients of networks of them |
//! | `by-hand` | P2.1: the objectives of the network by hand, and their gradients |
//! | `descent-by-hand` | P2.2: its steps |

mod answer;
mod by_hand;
mod compare;
mod draw;
mod images;
mod learning;
mod of_theory;
mod request;
mod topics;

pub use answer::{Answer, AnswerList};
pub use compare::{AnswersComparison, compare};
pub use request::{AnswersOutcome, AnswersRequest, answers_file};
pub use topics::{TOPICS, Topic, topic};

#[cfg(test)]
mod tests;
