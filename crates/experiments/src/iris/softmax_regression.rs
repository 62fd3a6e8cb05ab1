//! Softmax regression: a linear map and a softmax, fitted by maximum likelihood. It is the network of P1.1 without its
//! hidden layer, and the discriminative method beside the [discriminant](super::lda).
//!
//! ```text
//! s = W x + b,    p = softmax(s)
//! L = Σ_n -ln p_(n, y_n) + λ/2 Σ_k |w_k|² + 1/2 (Σ_k b_k)²        the minimum is found by Newton's method
//! ```
//!
//! **The penalty is there because samples can be separated**: then the likelihood has no maximum, the weights grow for
//! ever. Of the biases only the sum is penalised, which changes no answer and is 0 at the minimum; it fixes the
//! constant that may be added to all of them.
//!
//! **A fit has converged when no entry of the gradient exceeds [`TOLERANCE`]**; `L` is convex, so that this is the
//! minimum. What has not after [`STEPS`] steps is an error.
//!
//! Shapes: `N` examples, `D` features, `K` classes, `E = D + 1` features with a 1 at the end, `P = K E` parameters.

use super::cholesky::{NotPositive, cholesky, solve};
use super::lda::answers;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, Slice, concatenate};
use numerics::elementary::{exp, ln};
use numerics::linalg::{matmul_nt, matmul_tn};
use numerics::reduce::sum;

/// The largest entry that the gradient may have at the end.
pub const TOLERANCE: f64 = 1e-8;

/// Newton steps at the most.
pub const STEPS: usize = 100;

/// A fitted regression.
#[derive(Clone, Debug, PartialEq)]
pub struct SoftmaxRegression {
    parameters: Array2<f64>, // (K, E), the biases last
}

/// Why there is no regression.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SoftmaxError {
    /// Newton's method did not arrive.
    #[error("after {STEPS} steps an entry of the gradient is {0}: more than {TOLERANCE}; raise the penalty")]
    NotConverged(f64),
    /// The second derivative has no inverse.
    #[error("the second derivative of the loss: {0}; raise the penalty")]
    Flat(#[from] NotPositive),
}

/// What is minimised.
struct Objective<'a> {
    x: Array2<f64>,       //       (N, E)
    targets: Array2<f64>, // (N, K), one-hot
    labels: &'a [usize],
    penalty: f64,
}

impl SoftmaxRegression {
    /// Fits to the examples `x`, `(N, D)`, with labels from 0 to `classes - 1` and the penalty `λ` of the squared
    /// weights **beside the sum of the losses**.
    ///
    /// # Errors
    /// [`SoftmaxError`].
    pub fn fit(
        x: ArrayView2<f64>,
        labels: &[usize],
        classes: usize,
        penalty: f64,
    ) -> Result<Self, SoftmaxError> {
        let of = Objective::new(x, labels, classes, penalty);
        let mut parameters = Array2::zeros((classes, of.x.ncols())); // (K, E)
        let mut loss = of.loss(&parameters);
        for _ in 0..STEPS {
            let probabilities = of.probabilities(&parameters); //                              (N, K)
            let gradient = of.gradient(&parameters, &probabilities); //                        (K, E)
            if largest_entry(&gradient) <= TOLERANCE {
                return Ok(Self { parameters });
            }
            let factor = cholesky(&of.second_derivative(&probabilities))?; //                  (P, P)
            let flat: Array1<f64> = gradient.iter().copied().collect(); //                     (P)
            let step = solve(&factor, flat.view()); //                                         (P)
            let step = Array2::from_shape_vec(parameters.dim(), step.to_vec()).expect("P = K E"); // (K, E)
            (parameters, loss) = of.descend(&parameters, loss, &step);
        }
        let gradient = of.gradient(&parameters, &of.probabilities(&parameters));
        Err(SoftmaxError::NotConverged(largest_entry(&gradient)))
    }

    /// The class of each example of `x`, `(N, D)`: the place of its largest score, **the first one of equals**.
    ///
    /// # Panics
    /// When `x` has another number of columns than the features of the fit.
    pub fn predict(&self, x: ArrayView2<f64>) -> Vec<usize> {
        let d = x.ncols();
        let weights = self.parameters.slice_axis(Axis(1), Slice::from(..d)); //                                   (K, D)
        let scores = matmul_nt(x, weights) + self.parameters.column(d); //                     (N, K)
        answers(scores.view())
    }
}

impl<'a> Objective<'a> {
    fn new(x: ArrayView2<f64>, labels: &'a [usize], classes: usize, penalty: f64) -> Self {
        let ones = Array2::ones((x.nrows(), 1)); //                                            (N, 1)
        let x = concatenate(Axis(1), &[x, ones.view()]).expect("as many rows"); //             (N, E)
        let of = |(row, class): (usize, usize)| f64::from(u8::from(labels[row] == class));
        Self { targets: Array2::from_shape_fn((x.nrows(), classes), of), x, labels, penalty }
    }

    fn loss(&self, parameters: &Array2<f64>) -> f64 {
        let scores = matmul_nt(self.x.view(), parameters.view()); //                           (N, K)
        let of = |(row, &label): (ArrayView1<f64>, &usize)| {
            let top = row.fold(f64::NEG_INFINITY, |top, &score| top.max(score));
            top + ln(sum(row.iter().map(|score| exp(score - top)))) - row[label]
        };
        let d = self.x.ncols() - 1;
        let weights = parameters.slice_axis(Axis(1), Slice::from(..d)); // (K, D)
        let squares = sum(weights.iter().map(|weight| weight * weight));
        let biases = sum(parameters.column(d).iter().copied());
        let losses = sum(scores.rows().into_iter().zip(self.labels).map(of));
        losses + 0.5 * (self.penalty * squares + biases * biases)
    }

    fn probabilities(&self, parameters: &Array2<f64>) -> Array2<f64> {
        let mut scores = matmul_nt(self.x.view(), parameters.view()); //                       (N, K)
        for mut row in scores.rows_mut() {
            let top = row.fold(f64::NEG_INFINITY, |top, &score| top.max(score));
            row.mapv_inplace(|score| exp(score - top));
            let total = sum(row.iter().copied());
            row.mapv_inplace(|part| part / total);
        }
        scores
    }

    fn gradient(&self, parameters: &Array2<f64>, probabilities: &Array2<f64>) -> Array2<f64> {
        let dscores = probabilities - &self.targets; //                                        (N, K)
        let mut gradient = matmul_tn(dscores.view(), self.x.view()); //                        (K, E) = (K, N)(N, E)
        let d = self.x.ncols() - 1;
        let weights = parameters.slice_axis(Axis(1), Slice::from(..d)); // (K, D)
        gradient.slice_axis_mut(Axis(1), Slice::from(..d)).scaled_add(self.penalty, &weights);
        gradient.column_mut(d).mapv_inplace(|entry| entry + sum(parameters.column(d).iter().copied()));
        gradient
    }

    /// `d²L`: in blocks of two classes `Σ_n p_k (1_kl - p_l) x xᵀ`, and what the penalties add.
    fn second_derivative(&self, probabilities: &Array2<f64>) -> Array2<f64> {
        let (e, classes) = (self.x.ncols(), probabilities.ncols());
        let mut all = Array2::zeros((classes * e, classes * e)); //                            (P, P)
        for k in 0..classes {
            for l in 0..=k {
                let (p, q) = (probabilities.column(k), probabilities.column(l)); //            (N), (N)
                let factor = &p * &q.mapv(|q| f64::from(u8::from(k == l)) - q); //             (N)
                let weighted = &self.x * &factor.insert_axis(Axis(1)); //                      (N, E)
                let mut block = matmul_tn(weighted.view(), self.x.view()); //                  (E, E)
                block[[e - 1, e - 1]] += 1.0;
                if k == l {
                    (0..e - 1).for_each(|i| block[[i, i]] += self.penalty);
                }
                let mut rows = all.slice_axis_mut(Axis(0), Slice::from(k * e..(k + 1) * e));
                rows.slice_axis_mut(Axis(1), Slice::from(l * e..(l + 1) * e)).assign(&block);
            }
        }
        all
    }

    /// Parameters and loss after the step, halved until the loss is no larger than before, up to rounding.
    fn descend(&self, from: &Array2<f64>, before: f64, step: &Array2<f64>) -> (Array2<f64>, f64) {
        let mut share = 1.0;
        loop {
            let parameters = from - &(share * step);
            let loss = self.loss(&parameters);
            if loss <= before + 1e-12 * (1.0 + before) || share < 1e-9 {
                return (parameters, loss);
            }
            share *= 0.5;
        }
    }
}

fn largest_entry(gradient: &Array2<f64>) -> f64 {
    gradient.fold(0.0, |most: f64, entry| if entry.is_nan() { f64::NAN } else { most.max(entry.abs()) })
}

#[cfg(test)]
mod tests;
