//! Worked examples on integers, as one would write them on a blackboard.

use ndarray::{Array1, Array4};

/// One image of one channel.
pub(crate) fn image<const W: usize>(rows: &[[f64; W]]) -> Array4<f64> {
    let entries = rows.iter().flatten().copied();
    Array1::from_iter(entries)
        .into_shape_with_order((1, rows.len(), W, 1))
        .expect("as many entries as pixels")
}

/// A kernel of one input and one output channel.
pub(crate) fn kernel<const W: usize>(rows: &[[f64; W]]) -> Array4<f64> {
    image(rows).permuted_axes([1, 2, 0, 3])
}

/// Matrices under their names, one row a line; all axes but two must have length 1.
pub(crate) fn board(matrices: &[(&str, &Array4<f64>)]) -> String {
    let drawn = matrices.iter().map(|(name, matrix)| {
        let sides: Vec<usize> = matrix.shape().iter().copied().filter(|&side| side != 1).collect();
        let entries: Vec<String> = matrix.iter().map(|entry| format!("{entry:>5}")).collect();
        let rows: Vec<String> = entries.chunks(sides[1]).map(<[String]>::concat).collect();
        format!("{name} ({} x {})\n{}\n", sides[0], sides[1], rows.join("\n"))
    });
    drawn.collect::<Vec<_>>().join("\n")
}
