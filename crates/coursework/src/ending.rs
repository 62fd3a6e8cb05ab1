//! How a command ended.

/// How a command ended that made no error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It did what was asked.
    Done,
    /// What was asked for did not hold: a difference was found, a criterion is not met.
    DidNotHold,
    /// It was interrupted, and put down what it did so that it can be taken up again.
    PutDown,
}
