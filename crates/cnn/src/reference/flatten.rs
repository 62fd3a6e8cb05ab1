//! Flattening: maps to vectors, between the convolutions and the linear layers.
//!
//! ```text
//! y[n, (i W + j) C + c] = x[n, i, j, c]
//! ```
//!
//! **The order is (H, W, C), that of the memory; PyTorch's is (C, H, W).** A linear layer behind it therefore has the
//! rows of its weights in another order than PyTorch's has its columns, and an exchange file must permute them.
//!
//! Shapes: `N` maps of `H x W` pixels and `C` channels; vectors of `D = H W C` entries.

use ndarray::{Array2, Array4};

/// What [`backward`] needs of the forward pass.
#[derive(Debug)]
pub struct Cache {
    x_dim: (usize, usize, usize, usize),
}

/// The vectors `(N, D)` of the maps `x`, `(N, H, W, C)`.
pub fn forward(x: &Array4<f64>) -> (Array2<f64>, Cache) {
    let (n, h, w, channels) = x.dim();
    let mut y = Array2::zeros((n, h * w * channels)); //                (N, D)
    for ((n, i, j, c), x) in x.indexed_iter() {
        y[[n, (i * w + j) * channels + c]] = *x;
    }
    (y, Cache { x_dim: x.dim() })
}

/// The input's gradient `(N, H, W, C)` for the cotangent `dy`, `(N, D)`: every entry goes back to where it came from.
///
/// # Panics
/// When `dy` has another shape than the output had.
pub fn backward(cache: Cache, dy: &Array2<f64>) -> Array4<f64> {
    let (n, h, w, channels) = cache.x_dim;
    assert_eq!(dy.dim(), (n, h * w * channels), "cotangent {:?} of maps {:?}", dy.dim(), cache.x_dim);
    Array4::from_shape_fn(cache.x_dim, |(n, i, j, c)| dy[[n, (i * w + j) * channels + c]])
}
