//! What the eight lines work on.
//!
//! Shapes: `N` examples, `D` inputs, `H` hidden units, `C` outputs. **Where `N`, `H` and `C` differ, most of the wrong
//! formulas cannot be computed at all**, so here they are equal.

use mlp_scratch::{Error, Gradients, Network};
use ndarray::{Array1, Array2, ArrayView2};
use numerics::linalg::{matmul, matmul_nt};

/// A batch on its way back: what the way forward left, and what the lines made of it so far.
#[derive(Clone, Debug)]
pub struct WayBack<'a> {
    /// The parameters.
    pub network: &'a Network,
    /// The strength of the penalty.
    pub l2: f64,
    /// `(N, D)`.
    pub x: ArrayView2<'a, f64>,
    /// `(N, C)`.
    pub targets: ArrayView2<'a, f64>,
    /// Before the sigmoid, `(N, H)`.
    pub z1: Array2<f64>,
    /// After it, `(N, H)`.
    pub a: Array2<f64>,
    /// The outputs, `(N, C)`.
    pub z2: Array2<f64>,
    /// `(N, C)`.
    pub dz2: Array2<f64>,
    /// `(H, C)`.
    pub dw2: Array2<f64>,
    /// `(C)`.
    pub db2: Array1<f64>,
    /// `(N, H)`.
    pub da: Array2<f64>,
    /// `(N, H)`.
    pub dz1: Array2<f64>,
    /// `(D, H)`.
    pub dw1: Array2<f64>,
    /// `(H)`.
    pub db1: Array1<f64>,
}

impl<'a> WayBack<'a> {
    /// After the way forward of `x`, `(N, D)`, and before the first line; the targets are `(N, C)`.
    ///
    /// # Errors
    /// Those of [`Network::forward`].
    pub fn begin(
        network: &'a Network,
        l2: f64,
        x: ArrayView2<'a, f64>,
        targets: ArrayView2<'a, f64>,
    ) -> Result<Self, Error> {
        let (z2, cache) = network.forward(x)?; //              (N, C)
        let a = cache.hidden().to_owned(); //                  (N, H)
        let z1 = matmul(x, network.w1().view()) + network.b1(); // (N, H) = (N, D)(D, H) + (H)
        let none = || Array2::zeros((0, 0));
        let [dz2, dw2, da, dz1, dw1] = [none(), none(), none(), none(), none()];
        let [db2, db1] = [Array1::zeros(0), Array1::zeros(0)];
        Ok(Self { network, l2, x, targets, z1, a, z2, dz2, dw2, db2, da, dz1, dw1, db1 })
    }

    /// `N`.
    pub fn examples(&self) -> f64 {
        self.x.nrows() as f64
    }

    /// What the lines made. The gradient by the input follows from `dz1`; no line is about it.
    pub fn gradients(self) -> Gradients {
        let dx = matmul_nt(self.dz1.view(), self.network.w1().view()); // (N, D) = (N, H)(H, D)
        Gradients { dw1: self.dw1, db1: self.db1, dw2: self.dw2, db2: self.db2, dx }
    }
}
