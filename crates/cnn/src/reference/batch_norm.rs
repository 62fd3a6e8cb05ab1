//! Batch normalisation.
//!
//! ```text
//! y[.., c] = gamma[c] xhat[.., c] + beta[c]        xhat[.., c] = (x[.., c] - mean[c]) / sqrt(var[c] + eps)
//! ```
//!
//! In **training** `mean` and `var` are those of the batch, so they depend on every input and the backward pass must
//! differentiate through them. In **inference** they are the running statistics, constants, and every value is
//! treated by itself.
//!
//! Shapes: `C` channels on the last axis; `M` values a channel, which is `N` for vectors `(N, C)` and `N H W` for maps
//! `(N, H, W, C)`. The same code serves both: `rows()` walks over all axes but the last.
//!
//! Source: S. Ioffe and C. Szegedy, "Batch normalization: accelerating deep network training by reducing internal
//! covariate shift", 2015. The running statistics follow PyTorch, where they are exponential averages.

use super::ReferenceError;
use ndarray::{Array, Array1, Dimension};
use numerics::reduce::sum;

/// A batch-normalisation layer.
///
/// ```
/// use cnn::reference::batch_norm::BatchNorm;
/// use ndarray::array;
/// let mut layer = BatchNorm {
///     gamma: array![1.0],
///     beta: array![0.0],
///     running_mean: array![0.0],
///     running_var: array![1.0],
///     momentum: 0.5,
///     eps: 0.0,
/// };
/// let (y, _) = layer.forward_training(&array![[3.0], [5.0]])?;
/// assert_eq!(y, array![[-1.0], [1.0]]);
/// // Half way from 0 to the mean 4, and from 1 to the unbiased variance 2.
/// assert_eq!((layer.running_mean[0], layer.running_var[0]), (2.0, 1.5));
/// # Ok::<(), cnn::reference::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNorm {
    /// The scale `gamma`, `(C)`; PyTorch calls it `weight`.
    pub gamma: Array1<f64>,
    /// The shift `beta`, `(C)`; PyTorch calls it `bias`.
    pub beta: Array1<f64>,
    /// The running mean, `(C)`.
    pub running_mean: Array1<f64>,
    /// The running variance, `(C)`: **an average of unbiased variances (divided by `M - 1`), although training
    /// normalises by the biased one (divided by `M`).**
    pub running_var: Array1<f64>,
    /// The weight `m` of the new batch: **`running = (1 - m) running + m batch`**, usually 0.1.
    pub momentum: f64,
    /// What is added to the variance before the root, usually 1e-5.
    pub eps: f64,
}

/// Where the statistics came from that the forward pass used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Statistics {
    Batch,
    Running,
}

/// What [`BatchNorm::backward`] needs of the forward pass.
#[derive(Debug)]
pub struct Cache<D: Dimension> {
    statistics: Statistics,
    xhat: Array<f64, D>,  //                                            (.., C)
    inv_std: Array1<f64>, //                                            (C), 1 / sqrt(var + eps)
}

/// What [`BatchNorm::backward`] returns.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients<D: Dimension> {
    /// By the input, of its shape `(.., C)`.
    pub dx: Array<f64, D>,
    /// By the scale, `(C)`.
    pub dgamma: Array1<f64>,
    /// By the shift, `(C)`.
    pub dbeta: Array1<f64>,
}

impl BatchNorm {
    // ANCHOR: forward_training
    /// Normalises `x`, `(.., C)`, with its own statistics and moves the running ones towards them.
    ///
    /// # Errors
    /// [`ReferenceError::TooFewValues`] when a channel has fewer than two values.
    ///
    /// # Panics
    /// When the last axis of `x` is not as long as `gamma`.
    pub fn forward_training<D: Dimension>(
        &mut self,
        x: &Array<f64, D>,
    ) -> Result<(Array<f64, D>, Cache<D>), ReferenceError> {
        let m = self.values_per_channel(x);
        if m < 2 {
            return Err(ReferenceError::TooFewValues { values: m });
        }
        // SOLUTION: P1.2 the statistics of the batch, and the running ones
        let m = m as f64;
        let mean = self.per_channel(|c| sum(channel(x, c)) / m); //                              (C)
        let squares = self.per_channel(|c| {
            let deviations = channel(x, c).map(|x| x - mean[c]);
            sum(deviations.map(|d| d * d))
        }); //                                                                                   (C)
        self.running_mean = (1.0 - self.momentum) * &self.running_mean + self.momentum * &mean;
        self.running_var = (1.0 - self.momentum) * &self.running_var + self.momentum * &squares / (m - 1.0);
        Ok(self.normalise(x, Statistics::Batch, &mean, &(squares / m)))
        // SOLUTION_END: P1.2
    }
    // ANCHOR_END: forward_training

    /// Normalises `x`, `(.., C)`, with the running statistics, which stay as they are.
    ///
    /// # Panics
    /// When the last axis of `x` is not as long as `gamma`.
    pub fn forward_inference<D: Dimension>(&self, x: &Array<f64, D>) -> (Array<f64, D>, Cache<D>) {
        self.values_per_channel(x);
        self.normalise(x, Statistics::Running, &self.running_mean, &self.running_var)
    }

    // ANCHOR: backward
    /// The gradients for the cotangent `dy`, `(.., C)`, in the mode of the forward pass that made the cache.
    ///
    /// ```text
    /// inference:  dx = gamma inv_std  dy
    /// training:   dx = gamma inv_std (dy - mean(dy) - xhat mean(dy xhat))        means over the M values of a channel
    /// ```
    ///
    /// The two terms that training subtracts are the paths through the batch's mean and through its variance. With
    /// them `dx` has mean 0 in every channel and is orthogonal to `xhat` but for `eps`: shifting or scaling the input
    /// does not change the output.
    ///
    /// # Panics
    /// When `dy` has another shape than the output had.
    pub fn backward<D: Dimension>(&self, cache: Cache<D>, dy: &Array<f64, D>) -> Gradients<D> {
        let Cache { statistics, xhat, inv_std } = cache;
        assert_eq!(dy.shape(), xhat.shape(), "cotangent {:?} of outputs {:?}", dy.shape(), xhat.shape());
        // SOLUTION: P1.2 the gradients, through the statistics of the batch in training
        let dbeta = self.per_channel(|c| sum(channel(dy, c))); //                                (C)
        let products = |c| channel(dy, c).zip(channel(&xhat, c)).map(|(dy, xhat)| dy * xhat);
        let dgamma = self.per_channel(|c| sum(products(c))); //                                  (C)
        let m = self.values_per_channel(dy) as f64;
        let mut dx = dy.clone(); //                                                              (.., C)
        for (mut dx, xhat) in dx.rows_mut().into_iter().zip(xhat.rows()) {
            for c in 0..dx.len() {
                if statistics == Statistics::Batch {
                    dx[c] -= (dbeta[c] + xhat[c] * dgamma[c]) / m;
                }
                dx[c] *= self.gamma[c] * inv_std[c];
            }
        }
        Gradients { dx, dgamma, dbeta }
        // SOLUTION_END: P1.2
    }
    // ANCHOR_END: backward

    /// Applies given statistics: output and cache.
    fn normalise<D: Dimension>(
        &self,
        x: &Array<f64, D>,
        statistics: Statistics,
        mean: &Array1<f64>,
        var: &Array1<f64>,
    ) -> (Array<f64, D>, Cache<D>) {
        // SOLUTION: P1.2 the outputs for given statistics
        let inv_std = var.map(|var| 1.0 / (var + self.eps).sqrt()); //                           (C)
        let (mut xhat, mut y) = (x.clone(), x.clone()); //                                       (.., C)
        for (mut xhat, mut y) in xhat.rows_mut().into_iter().zip(y.rows_mut()) {
            for c in 0..y.len() {
                xhat[c] = (xhat[c] - mean[c]) * inv_std[c];
                y[c] = self.gamma[c] * xhat[c] + self.beta[c];
            }
        }
        (y, Cache { statistics, xhat, inv_std })
        // SOLUTION_END: P1.2
    }

    /// One number a channel, `(C)`.
    fn per_channel(&self, number: impl Fn(usize) -> f64) -> Array1<f64> {
        (0..self.gamma.len()).map(number).collect()
    }

    /// `M`: how many values `x`, `(.., C)`, holds of each channel.
    fn values_per_channel<D: Dimension>(&self, x: &Array<f64, D>) -> usize {
        let channels = self.gamma.len();
        assert_eq!(x.shape().last(), Some(&channels), "{channels} channels to normalise in {:?}", x.shape());
        x.rows().into_iter().len()
    }
}

/// The `M` values of channel `c` in `x`, `(.., C)`.
fn channel<D: Dimension>(x: &Array<f64, D>, c: usize) -> impl Iterator<Item = f64> {
    x.rows().into_iter().map(move |row| row[c])
}
