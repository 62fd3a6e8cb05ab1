//! The linear (fully connected) layer.
//!
//! ```text
//! y[n, o] = b[o] + sum_i x[n, i] w[i, o]
//! ```
//!
//! Shapes: `N` examples, `I` inputs, `O` outputs.

use ndarray::{Array1, Array2};

/// A linear layer with bias.
///
/// ```
/// use cnn::reference::linear::Linear;
/// use ndarray::array;
/// let layer = Linear { weight: array![[1.0], [10.0]], bias: array![100.0] };
/// let (y, cache) = layer.forward(&array![[2.0, 3.0]]);
/// assert_eq!(y, array![[132.0]]);
/// assert_eq!(layer.backward(cache, &array![[1.0]]).dweight, array![[2.0], [3.0]]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// The weights `w`, `(I, O)`. **Inputs first, as in `y = x w + b`; PyTorch stores `(O, I)`.**
    pub weight: Array2<f64>,
    /// The bias `b`, `(O)`.
    pub bias: Array1<f64>,
}

/// What [`Linear::backward`] needs of the forward pass.
#[derive(Debug)]
pub struct Cache {
    x: Array2<f64>, //                                                  (N, I)
}

/// What [`Linear::backward`] returns.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// By the input, `(N, I)`.
    pub dx: Array2<f64>,
    /// By the weights, `(I, O)`, summed over the examples.
    pub dweight: Array2<f64>,
    /// By the bias, `(O)`, summed over the examples.
    pub dbias: Array1<f64>,
}

impl Linear {
    /// The outputs `(N, O)` of the inputs `x`, `(N, I)`.
    ///
    /// # Panics
    /// When `x` has another number of columns than the weights have rows, or the bias another length than the
    /// weights have columns.
    pub fn forward(&self, x: &Array2<f64>) -> (Array2<f64>, Cache) {
        let (inputs, outputs) = self.weight.dim();
        assert_eq!(x.ncols(), inputs, "linear layer {:?} on inputs {:?}", self.weight.dim(), x.dim());
        assert_eq!(self.bias.len(), outputs, "bias {:?} of weights {:?}", self.bias.dim(), self.weight.dim());
        // SOLUTION: P1.1 the outputs of the linear layer
        let mut y = Array2::zeros((x.nrows(), outputs)); //            (N, O)
        for ((n, o), y) in y.indexed_iter_mut() {
            *y = self.bias[o];
            for i in 0..inputs {
                *y += x[[n, i]] * self.weight[[i, o]];
            }
        }
        (y, Cache { x: x.clone() })
        // SOLUTION_END: P1.1
    }

    // ANCHOR: backward
    /// The gradients for the cotangent `dy`, `(N, O)`: each product `x w` of the forward pass sends `dy w` back to its
    /// input and `dy x` to its weight.
    ///
    /// # Panics
    /// When `dy` has another shape than the output had.
    pub fn backward(&self, cache: Cache, dy: &Array2<f64>) -> Gradients {
        let (inputs, outputs) = self.weight.dim();
        let x = cache.x; //                                             (N, I)
        assert_eq!(dy.dim(), (x.nrows(), outputs), "cotangent {:?} of {} outputs", dy.dim(), outputs);
        // SOLUTION: P1.1 the gradients of the linear layer
        let mut dx = Array2::zeros(x.dim()); //                         (N, I)
        let mut dweight = Array2::zeros(self.weight.dim()); //          (I, O)
        let mut dbias = Array1::zeros(outputs); //                      (O)
        for ((n, o), dy) in dy.indexed_iter() {
            dbias[o] += dy;
            for i in 0..inputs {
                dx[[n, i]] += dy * self.weight[[i, o]];
                dweight[[i, o]] += dy * x[[n, i]];
            }
        }
        Gradients { dx, dweight, dbias }
        // SOLUTION_END: P1.1
    }
    // ANCHOR_END: backward
}
