//! The two-dimensional convolution layer, stride 1, zero padding.
//!
//! ```text
//! y[n, i, j, o] = b[o] + sum_{u, v, c} x[n, i + u - P, j + v - P, c] w[u, v, c, o]
//! ```
//!
//! where `x` is 0 outside the image. **The kernel is not flipped**: what every framework calls convolution is a
//! cross-correlation.
//!
//! Shapes: `N` images of `H x W` pixels, `CI` input and `CO` output channels, kernel `KH x KW`, padding `P`. The output
//! has `OH = H + 2P - KH + 1` rows and `OW = W + 2P - KW + 1` columns: without padding a 3x3 kernel takes 12 x 12 to
//! 10 x 10, and padding 1 keeps the size.

use ndarray::{Array1, Array4};

/// A convolution layer with bias.
///
/// ```
/// use cnn::reference::conv2d::Conv2d;
/// use ndarray::{Array1, Array4};
/// // A kernel of ones on an image of ones counts the pixels under it: 9 in the middle, 4 in a corner.
/// let layer = Conv2d { weight: Array4::ones((3, 3, 1, 1)), bias: Array1::zeros(1), padding: 1 };
/// let (y, _) = layer.forward(&Array4::ones((1, 4, 4, 1)));
/// assert_eq!(y.dim(), (1, 4, 4, 1));
/// assert_eq!((y[[0, 1, 1, 0]], y[[0, 0, 0, 0]]), (9.0, 4.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Conv2d {
    /// The kernels `w`, `(KH, KW, CI, CO)`. **PyTorch stores `(CO, CI, KH, KW)`.**
    pub weight: Array4<f64>,
    /// The bias `b`, `(CO)`.
    pub bias: Array1<f64>,
    /// Rows and columns `P` of zeros added **on every side**.
    pub padding: usize,
}

/// What [`Conv2d::backward`] needs of the forward pass.
#[derive(Debug)]
pub struct Cache {
    x: Array4<f64>, //                                                  (N, H, W, CI)
}

/// What [`Conv2d::backward`] returns.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// By the input, `(N, H, W, CI)`.
    pub dx: Array4<f64>,
    /// By the kernels, `(KH, KW, CI, CO)`, summed over images and pixels.
    pub dweight: Array4<f64>,
    /// By the bias, `(CO)`, summed over images and pixels.
    pub dbias: Array1<f64>,
}

/// A place `(u, v)` of the kernel that lies on a pixel `(row, col)` of the image.
struct Tap {
    u: usize,
    v: usize,
    row: usize,
    col: usize,
}

impl Conv2d {
    // ANCHOR: forward
    /// The outputs `(N, OH, OW, CO)` of the images `x`, `(N, H, W, CI)`.
    ///
    /// # Panics
    /// When the channels of `x`, weights and bias do not fit, or the kernel is larger than the padded image.
    pub fn forward(&self, x: &Array4<f64>) -> (Array4<f64>, Cache) {
        // SOLUTION: P1.2 the outputs of the convolution
        let mut y = Array4::zeros(self.output_dim(x.dim())); //        (N, OH, OW, CO)
        for ((n, i, j, o), y) in y.indexed_iter_mut() {
            *y = self.bias[o];
            for Tap { u, v, row, col } in self.taps(x.dim(), i, j) {
                for c in 0..x.dim().3 {
                    *y += x[[n, row, col, c]] * self.weight[[u, v, c, o]];
                }
            }
        }
        (y, Cache { x: x.clone() })
        // SOLUTION_END: P1.2
    }
    // ANCHOR_END: forward

    // ANCHOR: backward
    /// The gradients for the cotangent `dy`, `(N, OH, OW, CO)`: each product `x w` of the forward pass sends `dy w`
    /// back to its pixel and `dy x` to its weight.
    ///
    /// # Panics
    /// When `dy` has another shape than the output had.
    pub fn backward(&self, cache: Cache, dy: &Array4<f64>) -> Gradients {
        let x = cache.x; //                                             (N, H, W, CI)
        let output_dim = self.output_dim(x.dim());
        assert_eq!(dy.dim(), output_dim, "cotangent {:?} of outputs {:?}", dy.dim(), output_dim);
        // SOLUTION: P1.2 the gradients of the convolution
        let mut dx = Array4::zeros(x.dim()); //                         (N, H, W, CI)
        let mut dweight = Array4::zeros(self.weight.dim()); //          (KH, KW, CI, CO)
        let mut dbias = Array1::zeros(self.bias.dim()); //              (CO)
        for ((n, i, j, o), dy) in dy.indexed_iter() {
            dbias[o] += dy;
            for Tap { u, v, row, col } in self.taps(x.dim(), i, j) {
                for c in 0..x.dim().3 {
                    dx[[n, row, col, c]] += dy * self.weight[[u, v, c, o]];
                    dweight[[u, v, c, o]] += dy * x[[n, row, col, c]];
                }
            }
        }
        Gradients { dx, dweight, dbias }
        // SOLUTION_END: P1.2
    }
    // ANCHOR_END: backward

    /// The shape `(N, OH, OW, CO)` of the output for an input of the shape `(N, H, W, CI)`.
    fn output_dim(&self, (n, h, w, ci): (usize, usize, usize, usize)) -> (usize, usize, usize, usize) {
        let (kh, kw, kernel_ci, co) = self.weight.dim();
        let (padded_h, padded_w) = (h + 2 * self.padding, w + 2 * self.padding);
        assert_eq!(ci, kernel_ci, "kernels {:?} on images {:?}", self.weight.dim(), (n, h, w, ci));
        assert_eq!(self.bias.len(), co, "bias {:?} of kernels {:?}", self.bias.dim(), self.weight.dim());
        assert!(
            kh <= padded_h && kw <= padded_w,
            "a {kh}x{kw} kernel on {padded_h}x{padded_w} padded pixels"
        );
        (n, padded_h - kh + 1, padded_w - kw + 1, co)
    }

    /// The places of the kernel that lie on the image when it computes output pixel `(i, j)`; those on the padding are
    /// left out, because they would multiply by zero.
    fn taps(&self, x_dim: (usize, usize, usize, usize), i: usize, j: usize) -> impl Iterator<Item = Tap> {
        let ((_, h, w, _), (kh, kw, _, _), p) = (x_dim, self.weight.dim(), self.padding);
        let on_padded = (0..kh).flat_map(move |u| (0..kw).map(move |v| (u, v)));
        on_padded
            .filter(move |&(u, v)| (p..p + h).contains(&(i + u)) && (p..p + w).contains(&(j + v)))
            .map(move |(u, v)| Tap { u, v, row: i + u - p, col: j + v - p })
    }
}
