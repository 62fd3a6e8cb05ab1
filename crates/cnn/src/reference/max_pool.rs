//! Max-pooling over windows that do not overlap.
//!
//! ```text
//! y[n, i, j, c] = max_{0 <= u, v < K} x[n, K i + u, K j + v, c]
//! ```
//!
//! Shapes: `N` maps of `H x W` pixels and `C` channels; window and stride `K`; the output has `OH = H / K` rows and
//! `OW = W / K` columns, **rounded down: rows and columns that do not fill a window are dropped** (PyTorch's
//! `ceil_mode=False`).

use ndarray::Array4;

/// A max-pooling layer; it has no parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxPool {
    /// The window's side `K`, which is the stride too.
    pub window: usize,
}

/// What [`MaxPool::backward`] needs of the forward pass.
#[derive(Debug)]
pub struct Cache {
    x_dim: (usize, usize, usize, usize),
    winners: Array4<(usize, usize)>, //                                 (N, OH, OW, C), row and column in the input
}

impl MaxPool {
    /// The maxima `(N, OH, OW, C)` of the maps `x`, `(N, H, W, C)`.
    ///
    /// **Of equal maxima the first in row-major order wins**, and the whole gradient with it; a NaN wins over every
    /// number, so that it is not lost.
    ///
    /// # Panics
    /// When the window is 0.
    pub fn forward(&self, x: &Array4<f64>) -> (Array4<f64>, Cache) {
        let (n, h, w, channels) = x.dim();
        let k = self.window;
        assert!(k > 0, "a pooling window of 0 pixels");
        // SOLUTION: P1.2 the maximum of each window and its place; of equal ones the first
        let winners = Array4::from_shape_fn((n, h / k, w / k, channels), |(n, i, j, c)| {
            let mut best = (k * i, k * j);
            for row in k * i..k * (i + 1) {
                for col in k * j..k * (j + 1) {
                    let value = x[[n, row, col, c]];
                    if value > x[[n, best.0, best.1, c]] || value.is_nan() {
                        best = (row, col);
                    }
                }
            }
            best
        });
        let maximum = |(n, i, j, c)| {
            let (row, col) = winners[[n, i, j, c]];
            x[[n, row, col, c]]
        };
        let y = Array4::from_shape_fn(winners.dim(), maximum); //      (N, OH, OW, C)
        (y, Cache { x_dim: x.dim(), winners })
        // SOLUTION_END: P1.2
    }

    // ANCHOR: backward
    /// The input's gradient `(N, H, W, C)` for the cotangent `dy`, `(N, OH, OW, C)`: it goes to the winner of each
    /// window, and nothing to the others.
    ///
    /// # Panics
    /// When `dy` has another shape than the output had.
    pub fn backward(&self, cache: Cache, dy: &Array4<f64>) -> Array4<f64> {
        let Cache { x_dim, winners } = cache;
        assert_eq!(dy.dim(), winners.dim(), "cotangent {:?} of outputs {:?}", dy.dim(), winners.dim());
        // SOLUTION: P1.2 the gradient, to the winner of each window
        let mut dx = Array4::zeros(x_dim); //                           (N, H, W, C)
        for ((n, i, j, c), &(row, col)) in winners.indexed_iter() {
            dx[[n, row, col, c]] += dy[[n, i, j, c]];
        }
        dx
        // SOLUTION_END: P1.2
    }
    // ANCHOR_END: backward
}
