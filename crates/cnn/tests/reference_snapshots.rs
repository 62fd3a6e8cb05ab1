//! Worked examples on integers, as one would write them on a blackboard.

use cnn::reference::conv2d::Conv2d;
use cnn::reference::max_pool::MaxPool;
use ndarray::{Array1, Array4};

/// One image of one channel.
fn image<const W: usize>(rows: &[[f64; W]]) -> Array4<f64> {
    let entries = rows.iter().flatten().copied();
    Array1::from_iter(entries)
        .into_shape_with_order((1, rows.len(), W, 1))
        .expect("as many entries as pixels")
}

/// A kernel of one input and one output channel.
fn kernel<const W: usize>(rows: &[[f64; W]]) -> Array4<f64> {
    image(rows).permuted_axes([1, 2, 0, 3])
}

/// Matrices under their names, one row a line; all axes but two must have length 1.
fn board(matrices: &[(&str, &Array4<f64>)]) -> String {
    let drawn = matrices.iter().map(|(name, matrix)| {
        let sides: Vec<usize> = matrix.shape().iter().copied().filter(|&side| side != 1).collect();
        let entries: Vec<String> = matrix.iter().map(|entry| format!("{entry:>5}")).collect();
        let rows: Vec<String> = entries.chunks(sides[1]).map(<[String]>::concat).collect();
        format!("{name} ({} x {})\n{}\n", sides[0], sides[1], rows.join("\n"))
    });
    drawn.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_convolution_of_4x4_pixels_forward_and_backward() {
    let x = image(&[[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 1.0], [2.0, 0.0, 1.0, 2.0], [1.0, 1.0, 0.0, 3.0]]);
    let weight = kernel(&[[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]);
    let layer = Conv2d { weight, bias: Array1::from_elem(1, 10.0), padding: 0 };
    let (y, cache) = layer.forward(&x);
    let dy = image(&[[1.0, 0.0], [0.0, -2.0]]);
    let gradients = layer.backward(cache, &dy);
    insta::assert_snapshot!(format!(
        "{}\nb = {}, db = {}\n",
        board(&[
            ("x", &x),
            ("w", &layer.weight),
            ("y = x * w + b", &y),
            ("dy", &dy),
            ("dx", &gradients.dx),
            ("dw", &gradients.dweight),
        ]),
        layer.bias,
        gradients.dbias
    ));
}

#[test]
fn a_max_pool_of_4x4_pixels_with_ties_forward_and_backward() {
    let x =
        image(&[[1.0, 3.0, 5.0, 5.0], [3.0, 2.0, 5.0, 5.0], [-1.0, -4.0, 0.0, 9.0], [-2.0, -3.0, 9.0, 0.0]]);
    let layer = MaxPool { window: 2 };
    let (y, cache) = layer.forward(&x);
    let dy = image(&[[1.0, 2.0], [3.0, 4.0]]);
    let dx = layer.backward(cache, &dy);
    insta::assert_snapshot!(board(&[("x", &x), ("y", &y), ("dy", &dy), ("dx", &dx)]));
}
