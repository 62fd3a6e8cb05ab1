//! The statistics of a batch-norm layer for inference.

/// What follows the training batches.
#[derive(Clone, Debug)]
pub(super) struct Running {
    pub(super) mean: Vec<f32>, // (C)
    pub(super) var: Vec<f32>,  // (C)
    /// How many batches it has followed.
    pub(super) batches: u64,
}

impl Running {
    /// Before the first batch.
    pub(super) fn new(channels: usize) -> Self {
        Self { mean: vec![0.0; channels], var: vec![1.0; channels], batches: 0 }
    }

    /// Becomes another one of as many channels, in the memory that is there.
    pub(super) fn copy(&mut self, other: &Self) {
        self.mean.copy_from_slice(&other.mean);
        self.var.copy_from_slice(&other.var);
        self.batches = other.batches;
    }
}
