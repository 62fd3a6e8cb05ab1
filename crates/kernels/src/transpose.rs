//! The transpose of a matrix.

use crate::parallel;

/// Rows and columns of the blocks in which a matrix is turned over: a block's lines stay in the cache until all their
/// numbers are used.
const BLOCK: usize = 16;

/// `to`, `(C, R)`, becomes the transpose of `from`, `(R, C)` with `C = columns`.
pub fn transpose(from: &[f32], columns: usize, to: &mut [f32]) {
    assert_eq!(from.len(), to.len(), "a matrix and its transpose");
    some_columns(from, columns, 0, to);
}

/// [`transpose`] on all threads.
pub fn transpose_shared(from: &[f32], columns: usize, to: &mut [f32]) {
    assert_eq!(from.len(), to.len(), "a matrix and its transpose");
    let lines = to.chunks_mut((from.len() / columns * BLOCK).max(1)).enumerate();
    parallel::for_each(from.len(), lines, |(i, to)| some_columns(from, columns, i * BLOCK, to));
}

/// The columns of `from` from `first` on become the rows of `to`, as many as it holds.
fn some_columns(from: &[f32], columns: usize, first: usize, to: &mut [f32]) {
    let rows = from.len() / columns;
    let last = first + to.len() / rows;
    for top in (0..rows).step_by(BLOCK) {
        let height = BLOCK.min(rows - top);
        for left in (first..last).step_by(BLOCK) {
            for j in left..last.min(left + BLOCK) {
                let line = &mut to[(j - first) * rows + top..][..height];
                for (i, to) in line.iter_mut().enumerate() {
                    *to = from[(top + i) * columns + j];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MATRIX: [f32; 6] = [1.0, 2.0, 3.0, 10.0, 20.0, 30.0]; // (2, 3)

    #[test]
    fn a_transpose_swaps_rows_and_columns_and_comes_back() {
        let (mut there, mut back) = ([0.0; 6], [0.0; 6]);
        transpose(&MATRIX, 3, &mut there);
        assert_eq!(there, [1.0, 10.0, 2.0, 20.0, 3.0, 30.0]);
        transpose(&there, 2, &mut back);
        assert_eq!(back, MATRIX);
    }

    #[test]
    fn threads_share_a_transpose() {
        let (rows, columns) = (300, 5 * BLOCK + 3);
        let from: Vec<f32> = (0..rows * columns).map(|i| i as f32).collect();
        let (mut alone, mut shared) = (vec![0.0; from.len()], vec![0.0; from.len()]);
        transpose(&from, columns, &mut alone);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        pool.install(|| transpose_shared(&from, columns, &mut shared));
        assert_eq!(alone, shared);
        assert_eq!(alone[rows..][..2], [1.0, 1.0 + columns as f32]);
    }
}
