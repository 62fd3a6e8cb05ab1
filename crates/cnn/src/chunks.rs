//! A batch is cut into chunks of [`CHUNK`] examples, whatever the number of threads.
//!
//! Work on different chunks may run at the same time; what must be added up over the batch is added up within each
//! chunk first and then chunk after chunk, so the result does not know how many threads there were.

use crate::tensor::Tensor;
use rayon::prelude::*;

/// Examples in a chunk.
pub const CHUNK: usize = 8;

/// Below this many numbers a pass over memory is cheaper on one thread than two threads are to start.
const SERIAL: usize = 1 << 14;

/// How many chunks one thread takes at least when there are `work` operations in all: every one when the work is
/// small. This decides who computes, never what.
pub(crate) fn grain(work: usize) -> usize {
    if work < SERIAL { usize::MAX } else { 1 }
}

/// The chunks of a batch, in order.
pub(crate) fn of(batch: &Tensor) -> rayon::slice::Chunks<'_, f32> {
    batch.data().par_chunks((CHUNK * batch.shape().example_len()).max(1))
}

/// The chunks of a batch, to be written.
pub(crate) fn of_mut(batch: &mut Tensor) -> rayon::slice::ChunksMut<'_, f32> {
    let len = (CHUNK * batch.shape().example_len()).max(1);
    batch.data_mut().par_chunks_mut(len)
}

/// The number of chunks of `n` examples.
pub(crate) fn count(n: usize) -> usize {
    n.div_ceil(CHUNK)
}
