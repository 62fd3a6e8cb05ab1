//! A batch is cut into chunks of [`CHUNK`] examples, whatever the number of threads.
//!
//! Work on different chunks may run at the same time; what must be added up over the batch is added up within each
//! chunk first and then chunk after chunk, so the result does not know how many threads there were.

use crate::tensor::Tensor;
use std::slice::{Chunks, ChunksMut};

/// Examples in a chunk.
pub const CHUNK: usize = 8;

/// The chunks of a batch, in order.
pub(crate) fn of(batch: &Tensor) -> Chunks<'_, f32> {
    batch.data().chunks((CHUNK * batch.shape().example_len()).max(1))
}

/// The chunks of a batch, to be written.
pub(crate) fn of_mut(batch: &mut Tensor) -> ChunksMut<'_, f32> {
    let len = (CHUNK * batch.shape().example_len()).max(1);
    batch.data_mut().chunks_mut(len)
}

/// The number of chunks of `n` examples.
pub(crate) fn count(n: usize) -> usize {
    n.div_ceil(CHUNK)
}
