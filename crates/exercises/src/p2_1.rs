//! Exercises of P2.1: `cargo test --package exercises exercise_p2_1`.

use ndarray::{Array2, ArrayView2};
use numerics::elementary::sigmoid;
use numerics::linalg::{matmul, matmul_nt, matmul_tn};

/// Exercise 1, another nonlinearity: write the backward pass of `a = x W1, h = max(a, 0), z = h W2`, without biases.
/// Shapes: `x (N, D)`, `w1 (D, H)`, `w2 (H, C)`; `dz (N, C)` is the gradient of the loss by `z`.
///
/// Returns the gradients by `w1` and `w2`. No entry of `a` is 0.
// ANCHOR: exercise_1
pub fn relu_backward(
    x: ArrayView2<f64>,
    w1: ArrayView2<f64>,
    w2: ArrayView2<f64>,
    dz: ArrayView2<f64>,
) -> (Array2<f64>, Array2<f64>) {
    // SOLUTION: exercise_p2_1_1 the two gradients
    let a = matmul(x, w1); //                                     (N, H)
    let h = a.mapv(|a| a.max(0.0)); //                            (N, H)
    let dh = matmul_nt(dz, w2); //                                (N, H)
    let da = dh * a.mapv(|a| if a > 0.0 { 1.0 } else { 0.0 }); // (N, H)
    (matmul_tn(x, da.view()), matmul_tn(h.view(), dz))
    // SOLUTION_END: exercise_p2_1_1
}
// ANCHOR_END: exercise_1

/// Exercise 2, weights that are used twice: an autoencoder `s = sigmoid(x W)`, `y = s W^T` with the loss
/// `L = 1/2 |y - x|^2`, summed over all entries. Shapes: `x (N, D)`, `w (D, H)`.
///
/// Returns the gradient of the loss by `w`.
// ANCHOR: exercise_2
pub fn tied_gradient(x: ArrayView2<f64>, w: ArrayView2<f64>) -> Array2<f64> {
    // SOLUTION: exercise_p2_1_2 the sum over both uses of the weights
    let s = matmul(x, w).mapv(sigmoid); //         (N, H)
    let dy = matmul_nt(s.view(), w) - x; //        (N, D)
    let ds = matmul(dy.view(), w); //              (N, H)
    let da = ds * s.mapv(|s| s * (1.0 - s)); //    (N, H)
    matmul_tn(x, da.view()) + matmul_tn(dy.view(), s.view())
    // SOLUTION_END: exercise_p2_1_2
}
// ANCHOR_END: exercise_2
