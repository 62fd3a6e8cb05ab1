//! Half the squared error, summed: the original's loss of P2.1, for the layers of `cnn`.
//!
//! ```text
//! L = 1/2 Σ_n Σ_c (z[n, c] - [c = label[n]])²        dz[n, c] = z[n, c] - [c = label[n]]
//! ```
//!
//! **The sum over the batch**: a batch twice as large has a gradient twice as large. `mlp-scratch` has the same loss in
//! double precision, and a test holds the two together.

use cnn::loss::argmax;
use cnn::tensor::Tensor;
use numerics::reduce;

/// The loss of the outputs `(N, C)` against the labels `(N)`, how many of the labels have the largest output, and, if
/// asked for, the gradient by the outputs, `(N, C)`.
///
/// # Panics
/// When there are not as many labels as rows.
pub(super) fn half_squared_error_sum(
    outputs: &Tensor,
    labels: &[usize],
    doutputs: Option<&mut Tensor>,
) -> (f64, usize) {
    let (shape, classes) = (outputs.shape(), outputs.shape().c);
    assert_eq!(labels.len(), shape.n, "{} labels for the outputs {shape}", labels.len());
    let rows = || outputs.data().chunks_exact(classes).zip(labels);
    let error = |c: usize, z: f32, label: usize| f64::from(z) - f64::from(u8::from(c == label));
    let squares = rows().flat_map(|(z, &label)| {
        z.iter().enumerate().map(move |(c, &z)| error(c, z, label) * error(c, z, label))
    });
    let loss = 0.5 * reduce::sum(squares);
    if let Some(doutputs) = doutputs {
        doutputs.reshape_for_writing(shape);
        let dz = doutputs.data_mut().chunks_exact_mut(classes);
        for (dz, (z, &label)) in dz.zip(rows()) {
            dz.iter_mut().enumerate().for_each(|(c, dz)| *dz = error(c, z[c], label) as f32);
        }
    }
    (loss, rows().filter(|&(z, &label)| argmax(z) == label).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cnn::tensor::Shape;
    use mlp_scratch::{Loss, one_hot};
    use ndarray::Array2;

    #[test]
    fn it_is_the_loss_of_the_network_by_hand() {
        let z = [0.5_f32, -1.25, 2.0, 0.0, 1.0, 0.75];
        let (outputs, mut doutputs) = (Tensor::new(Shape::vectors(2, 3), z.to_vec()), Tensor::default());
        let (loss, correct) = half_squared_error_sum(&outputs, &[0, 1], Some(&mut doutputs));
        let by_hand = Array2::from_shape_vec((2, 3), z.map(f64::from).to_vec()).unwrap();
        let targets = one_hot(&[0, 1], 3).unwrap();
        let (expected, gradient) =
            Loss::HalfSquaredErrorSum.value_and_gradient(by_hand.view(), targets.view()).unwrap();
        assert_eq!((loss, correct), (expected, 1));
        let single: Vec<f64> = doutputs.data().iter().map(|&dz| f64::from(dz)).collect();
        assert_eq!(single, gradient.into_raw_vec_and_offset().0);
    }
}
