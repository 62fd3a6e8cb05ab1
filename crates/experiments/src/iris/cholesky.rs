//! Cholesky's factor of a symmetric positive definite matrix, and the two triangular systems.

use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1};
use numerics::reduce::sum;

/// A matrix that is not positive definite, up to rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the matrix is not positive definite: row {pivot} follows from those before it")]
pub struct NotPositive {
    /// The first row without a pivot, from 0.
    pub pivot: usize,
}

/// A pivot below this share of its diagonal entry is rounding.
const SMALLEST_PIVOT: f64 = 1e-12;

/// The lower triangle `L` of `a = L Lᵀ`, `(D, D)`.
pub(super) fn cholesky(a: &Array2<f64>) -> Result<Array2<f64>, NotPositive> {
    let d = a.nrows();
    let mut l = Array2::zeros((d, d)); // (D, D)
    for i in 0..d {
        for j in 0..=i {
            let rest = a[[i, j]] - sum((0..j).map(|k| l[[i, k]] * l[[j, k]]));
            if i > j {
                l[[i, j]] = rest / l[[j, j]];
            } else if rest > SMALLEST_PIVOT * a[[i, i]] {
                l[[i, i]] = rest.sqrt();
            } else {
                return Err(NotPositive { pivot: i });
            }
        }
    }
    Ok(l)
}

/// Puts `x` with `L x = b` into the place of `b`, `(D)`.
pub(super) fn forward(l: &Array2<f64>, mut b: ArrayViewMut1<f64>) {
    for i in 0..b.len() {
        b[i] = (b[i] - sum((0..i).map(|k| l[[i, k]] * b[k]))) / l[[i, i]];
    }
}

/// `x` with `L Lᵀ x = b`, `(D)`.
pub(super) fn solve(l: &Array2<f64>, b: ArrayView1<f64>) -> Array1<f64> {
    let d = b.len();
    let mut x = b.to_owned(); // (D)
    forward(l, x.view_mut());
    for i in (0..d).rev() {
        x[i] = (x[i] - sum((i + 1..d).map(|k| l[[k, i]] * x[k]))) / l[[i, i]];
    }
    x
}
