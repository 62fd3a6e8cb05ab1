//! What is seen of a run after its last epoch.

use cnn::DeadLayer;

/// What is seen of a run after its last epoch.
pub(super) struct End {
    pub(super) weights_sha256: String,
    /// The places in the test part of the flowers that are wrong.
    pub(super) test_wrong: Vec<usize>,
    /// A layer that is dead on the training part.
    pub(super) dead: Option<DeadLayer>,
}
