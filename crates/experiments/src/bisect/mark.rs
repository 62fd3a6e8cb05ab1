//! What a record keeps of an epoch.

use records::Count;

/// Something that a record keeps of an epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The epoch, from 1.
    pub epoch: usize,
    /// What it is, for example `SHA-256 of the weights`.
    pub what: &'static str,
    /// Its value. Equal texts are equal bits: a number has as many digits as read back to the same bits.
    pub value: String,
}

impl Mark {
    /// The SHA-256 of the weights in training after the epoch.
    pub const WEIGHTS: &'static str = "SHA-256 of the weights";
    /// The SHA-256 of the weights after the run's first steps.
    pub const BEGINNING: &'static str = "SHA-256 of the weights after the first 64 steps";
    /// The SHA-256 of the resulting weights.
    pub const RESULT: &'static str = "SHA-256 of the resulting weights";
    /// The mean loss of the training part.
    pub const TRAIN_LOSS: &'static str = "training loss";
    /// The right answers on the training part.
    pub const TRAIN_COUNT: &'static str = "right answers on the training part";
    /// The mean loss of the test part.
    pub const TEST_LOSS: &'static str = "test loss";
    /// The right answers on the test part.
    pub const TEST_COUNT: &'static str = "right answers on the test part";

    /// A hash.
    pub fn hash(epoch: usize, what: &'static str, sha256: &str) -> Self {
        Self { epoch, what, value: sha256.to_owned() }
    }

    /// A loss.
    pub fn loss(epoch: usize, what: &'static str, loss: f64) -> Self {
        Self { epoch, what, value: format!("{loss:?}") }
    }

    /// A count.
    pub fn count(epoch: usize, what: &'static str, count: Count) -> Self {
        Self { epoch, what, value: count.to_string() }
    }
}
