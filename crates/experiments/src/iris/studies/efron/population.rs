//! The distributions that flowers are drawn from: a normal one for each species, with the means of the 150 flowers and
//! their pooled covariance within the species. All species are equally frequent.
//!
//! Flowers are drawn in coordinates in which that covariance is the identity. The discriminant gives the same answers
//! in them as in centimetres; the regression's penalty is small in them, and in the case of separated flowers its
//! boundary is the one farthest from the nearest flowers **in the measure of the true covariance**, which favours it.
//!
//! Shapes: `N` flowers, `D` features, `K` species.

use crate::iris::lda::{LdaError, Whitener, answers};
use data::iris::{Iris, SPECIES};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use numerics::linalg::{matmul_nt, sum_rows};
use numerics::random::Stream;
use numerics::reduce::dot;

/// The distributions.
pub(super) struct Population {
    whitener: Whitener,
    means: Array2<f64>, // (K, D), whitened
}

/// Flowers that were drawn, the species in turn.
pub(super) struct Drawn {
    /// Whitened features, `(N, D)`.
    pub z: Array2<f64>,
    /// Species, from 0, `(N)`.
    pub labels: Vec<usize>,
}

impl Population {
    /// Fits to the flowers.
    pub fn of(iris: &Iris) -> Result<Self, LdaError> {
        let whitener = Whitener::fit(iris.features.view(), &iris.labels, SPECIES.len())?;
        let z = whitener.apply(iris.features.view()); //                                  (N, D)
        let mut means = Array2::zeros((SPECIES.len(), z.ncols())); //                     (K, D)
        for (species, mut mean) in means.rows_mut().into_iter().enumerate() {
            let rows: Vec<usize> = (0..z.nrows()).filter(|&row| iris.labels[row] == species).collect();
            mean.assign(&(sum_rows(z.select(Axis(0), &rows).view()) / rows.len() as f64));
        }
        Ok(Self { whitener, means })
    }

    /// The means, whitened, `(K, D)`.
    pub fn means(&self) -> &Array2<f64> {
        &self.means
    }

    /// So many flowers of each species, a species after the other, so that the beginning of a draw is a smaller draw.
    pub fn draw(&self, stream: &mut Stream, flowers: usize) -> Drawn {
        let labels: Vec<usize> = (0..flowers * SPECIES.len()).map(|row| row % SPECIES.len()).collect();
        let of = |(row, feature): (usize, usize)| self.means[[labels[row], feature]] + stream.normal();
        let z = Array2::from_shape_fn((labels.len(), self.means.ncols()), of); //         (N, D)
        Drawn { z, labels }
    }

    /// The species of the nearest mean for each flower: where the model is true, nothing errs less often.
    pub fn best(&self, z: ArrayView2<f64>) -> Vec<usize> {
        let half = |mean: ndarray::ArrayView1<f64>| -0.5 * dot(&mean.to_vec(), &mean.to_vec());
        let biases: Array1<f64> = self.means.rows().into_iter().map(half).collect(); //   (K)
        answers((matmul_nt(z, self.means.view()) + &biases).view()) // (N, K) = (N, D)(D, K) + (K)
    }

    /// The flowers `z`, `(N, D)`, in centimetres.
    pub fn centimetres(&self, z: ArrayView2<f64>) -> Array2<f64> {
        self.whitener.undo(z)
    }
}

impl Drawn {
    /// How many of these answers are wrong.
    pub fn wrong(&self, answers: &[usize]) -> usize {
        answers.iter().zip(&self.labels).filter(|(answer, label)| answer != label).count()
    }
}
