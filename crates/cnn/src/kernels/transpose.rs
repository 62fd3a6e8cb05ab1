//! The transpose of a matrix.

/// `to`, `(C, R)`, becomes the transpose of `from`, `(R, C)` with `C = columns`.
pub(crate) fn transpose(from: &[f32], columns: usize, to: &mut [f32]) {
    let rows = from.len() / columns;
    for (i, row) in from.chunks_exact(columns).enumerate() {
        for (j, &x) in row.iter().enumerate() {
            to[j * rows + i] = x;
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
