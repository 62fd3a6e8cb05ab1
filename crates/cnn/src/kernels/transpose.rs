//! The transpose of a matrix.

/// Rows and columns of the blocks in which a matrix is turned over: a block's lines stay in the cache until all their
/// numbers are used.
const BLOCK: usize = 16;

/// `to`, `(C, R)`, becomes the transpose of `from`, `(R, C)` with `C = columns`.
pub(crate) fn transpose(from: &[f32], columns: usize, to: &mut [f32]) {
    let rows = from.len() / columns;
    assert_eq!(from.len(), to.len(), "a matrix and its transpose");
    for top in (0..rows).step_by(BLOCK) {
        let height = BLOCK.min(rows - top);
        for left in (0..columns).step_by(BLOCK) {
            let width = BLOCK.min(columns - left);
            for j in left..left + width {
                let line = &mut to[j * rows + top..][..height];
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
}
