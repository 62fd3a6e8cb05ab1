//! Sums over the rows of a matrix.
//!
//! Shapes: matrices are `(R, C)`, row after row.

/// `total[c] += Σ_r rows[r, c]`, one row after the other.
pub(super) fn add_rows(rows: &[f32], total: &mut [f32]) {
    for row in rows.chunks_exact(total.len()) {
        for (total, x) in total.iter_mut().zip(row) {
            *total += x;
        }
    }
}

/// `total = Σ parts`, one part after the other, from 0.
pub(super) fn sum_parts<'a>(parts: impl Iterator<Item = &'a [f32]>, total: &mut [f32]) {
    total.fill(0.0);
    for part in parts {
        add_rows(part, total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MATRIX: [f32; 6] = [1.0, 2.0, 3.0, 10.0, 20.0, 30.0]; // (2, 3)

    #[test]
    fn rows_are_added_to_what_is_there_and_parts_from_zero() {
        let mut total = [100.0; 3];
        add_rows(&MATRIX, &mut total);
        assert_eq!(total, [111.0, 122.0, 133.0]);
        sum_parts(MATRIX.chunks(3), &mut total);
        assert_eq!(total, [11.0, 22.0, 33.0]);
    }
}
