//! Flattening: maps to vectors, between the convolutions and the linear layers.
//!
//! ```text
//! y[n, (c H + i) W + j] = x[n, i, j, c]
//! ```
//!
//! **The order of the vector is (C, H, W), PyTorch's, although maps lie in memory as (H, W, C)**: so the weights of a
//! linear layer behind it mean the same here and there, and an exchange file only transposes them.
//!
//! Shapes: `N` maps of `H x W` pixels and `C` channels; vectors of `D = C H W` entries.

use ndarray::{Array2, Array4};

/// What [`backward`] needs of the forward pass.
#[derive(Debug)]
pub struct Cache {
    x_dim: (usize, usize, usize, usize),
}

/// The vectors `(N, D)` of the maps `x`, `(N, H, W, C)`.
///
/// ```
/// use cnn::reference::flatten;
/// use ndarray::array;
/// // Two pixels side by side, three channels each: channel by channel, not pixel by pixel.
/// let maps = array![[[[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]]];
/// assert_eq!(flatten::forward(&maps).0, array![[1.0, 10.0, 2.0, 20.0, 3.0, 30.0]]);
/// ```
pub fn forward(x: &Array4<f64>) -> (Array2<f64>, Cache) {
    let (n, h, w, channels) = x.dim();
    // SOLUTION: P1.2 the vectors of the maps
    let mut y = Array2::zeros((n, channels * h * w)); //                (N, D)
    for ((n, i, j, c), x) in x.indexed_iter() {
        y[[n, (c * h + i) * w + j]] = *x;
    }
    (y, Cache { x_dim: x.dim() })
    // SOLUTION_END: P1.2
}

/// The input's gradient `(N, H, W, C)` for the cotangent `dy`, `(N, D)`: every entry goes back to where it came from.
///
/// # Panics
/// When `dy` has another shape than the output had.
pub fn backward(cache: Cache, dy: &Array2<f64>) -> Array4<f64> {
    let (n, h, w, channels) = cache.x_dim;
    assert_eq!(dy.dim(), (n, channels * h * w), "cotangent {:?} of maps {:?}", dy.dim(), cache.x_dim);
    // SOLUTION: P1.2 the gradient, back to where each entry came from
    Array4::from_shape_fn(cache.x_dim, |(n, i, j, c)| dy[[n, (c * h + i) * w + j]])
    // SOLUTION_END: P1.2
}
