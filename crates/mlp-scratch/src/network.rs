//! The three-layer network, forward and backward.
//!
//! ```text
//! forward                                backward, from dz2 = dL/dz2
//! z1 = x W1 + b1                         dW2 = aᵀ dz2    db2 = Σ_n dz2_n    da = dz2 W2ᵀ
//! a  = sigmoid(z1)                       dz1 = da ⊙ sigmoid'(z1) = da ⊙ a ⊙ (1 - a)
//! z2 = a W2 + b2                         dW1 = xᵀ dz1    db1 = Σ_n dz1_n    dx = dz1 W1ᵀ
//! ```
//!
//! `⊙` is the product **element by element**: unit `h` of example `n` acts on nothing but `a[n, h]`, so the
//! Jacobian of the sigmoid layer is diagonal, and the chain rule only scales each entry by its own slope.
//!
//! Shapes: `N` examples, `D` inputs, `H` hidden units, `C` outputs.
//!
//! Source: D. E. Rumelhart, G. E. Hinton, R. J. Williams, "Learning representations by back-propagating errors",
//! Nature 323, 1986, written here for a whole batch at once.

use crate::error::{Error, check_shape};
use crate::labels::arg_max;
use crate::sizes::Sizes;
use ndarray::{Array1, Array2, ArrayView2};
use numerics::elementary::sigmoid;
use numerics::linalg::{matmul, matmul_nt, matmul_tn, sum_rows};
use numerics::random::{Purpose, Stream};

// ANCHOR: types
/// The network's parameters. **Examples are rows**, so a layer is `x W + b`, and `W` has the inputs down its rows;
/// PyTorch's `Linear.weight` is the transpose.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    w1: Array2<f64>, // (D, H)
    b1: Array1<f64>, // (H)
    w2: Array2<f64>, // (H, C)
    b2: Array1<f64>, // (C)
}

/// What the backward pass needs of the forward pass. It borrows the network it came from, so the parameters cannot
/// change in between, and [`backward`](Cache::backward) consumes it, so it cannot be used twice.
#[derive(Debug)]
pub struct Cache<'a> {
    network: &'a Network,
    x: ArrayView2<'a, f64>, // (N, D)
    a: Array2<f64>,         // (N, H)
}

/// The derivatives of the loss by every parameter and by the input; each has the shape of what it derives by.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// `dL/dW1`, `(D, H)`.
    pub dw1: Array2<f64>,
    /// `dL/db1`, `(H)`.
    pub db1: Array1<f64>,
    /// `dL/dW2`, `(H, C)`.
    pub dw2: Array2<f64>,
    /// `dL/db2`, `(C)`.
    pub db2: Array1<f64>,
    /// `dL/dx`, `(N, D)`.
    pub dx: Array2<f64>,
}
// ANCHOR_END: types

impl Network {
    // ANCHOR: init
    /// A network with random parameters: **uniform on `±1/sqrt(fan_in)`**, biases too, where `fan_in` is `D` for
    /// the first layer and `H` for the second. This is the default of PyTorch's `Linear`, so that P2.2 compares
    /// this network with P1.1's from the same start. The draws of [`Purpose::Init`] fill W1, b1, W2, b2 in this
    /// order, row by row.
    ///
    /// # Errors
    /// [`Error::InvalidSetting`] for a size of 0.
    pub fn init(sizes: Sizes, seed: u64) -> Result<Self, Error> {
        sizes.check()?;
        let Sizes { inputs: d, hidden: h, outputs: c } = sizes;
        let mut stream = Stream::new(seed, Purpose::Init);
        let mut draw = |fan_in: usize| {
            let bound = 1.0 / (fan_in as f64).sqrt();
            stream.uniform(-bound, bound)
        };
        let w1 = Array2::from_shape_simple_fn((d, h), || draw(d)); // (D, H)
        let b1 = Array1::from_shape_simple_fn(h, || draw(d)); //      (H)
        let w2 = Array2::from_shape_simple_fn((h, c), || draw(h)); // (H, C)
        let b2 = Array1::from_shape_simple_fn(c, || draw(h)); //      (C)
        Ok(Self { w1, b1, w2, b2 })
    }
    // ANCHOR_END: init

    // ANCHOR: new
    /// A network with given parameters: `w1` `(D, H)`, `b1` `(H)`, `w2` `(H, C)`, `b2` `(C)`.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] when they do not fit together, [`Error::InvalidSetting`] for a size of 0.
    pub fn new(w1: Array2<f64>, b1: Array1<f64>, w2: Array2<f64>, b2: Array1<f64>) -> Result<Self, Error> {
        let (d, h, c) = (w1.nrows(), w1.ncols(), w2.ncols());
        Sizes { inputs: d, hidden: h, outputs: c }.check()?;
        check_shape("b1", &[h], b1.shape())?;
        check_shape("W2", &[h, c], w2.shape())?;
        check_shape("b2", &[c], b2.shape())?;
        Ok(Self { w1, b1, w2, b2 })
    }
    // ANCHOR_END: new

    // ANCHOR: parameters
    /// `D`, `H` and `C`.
    pub fn sizes(&self) -> Sizes {
        Sizes { inputs: self.w1.nrows(), hidden: self.w1.ncols(), outputs: self.w2.ncols() }
    }

    /// The first layer's weights `W1`, `(D, H)`.
    pub fn w1(&self) -> &Array2<f64> {
        &self.w1
    }

    /// The first layer's biases `b1`, `(H)`.
    pub fn b1(&self) -> &Array1<f64> {
        &self.b1
    }

    /// The second layer's weights `W2`, `(H, C)`.
    pub fn w2(&self) -> &Array2<f64> {
        &self.w2
    }

    /// The second layer's biases `b2`, `(C)`.
    pub fn b2(&self) -> &Array1<f64> {
        &self.b2
    }

    /// All parameters in one list: W1, b1, W2, b2, each row by row.
    pub fn to_vec(&self) -> Vec<f64> {
        self.w1.iter().chain(&self.b1).chain(&self.w2).chain(&self.b2).copied().collect()
    }
    // ANCHOR_END: parameters

    // ANCHOR: forward
    /// The outputs `z2`, `(N, C)`, of the examples `x`, `(N, D)`, and the cache for the backward pass.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] when `x` has not `D` columns.
    pub fn forward<'a>(&'a self, x: ArrayView2<'a, f64>) -> Result<(Array2<f64>, Cache<'a>), Error> {
        check_shape("inputs", &[x.nrows(), self.w1.nrows()], x.shape())?;
        // SOLUTION: P2.1 the network forward
        let z1 = matmul(x, self.w1.view()) + &self.b1; //        (N, H) = (N, D)(D, H) + (H)
        let a = z1.mapv_into(sigmoid); //                        (N, H)
        let z2 = matmul(a.view(), self.w2.view()) + &self.b2; // (N, C) = (N, H)(H, C) + (C)
        Ok((z2, Cache { network: self, x, a }))
        // SOLUTION_END: P2.1
    }
    // ANCHOR_END: forward

    // ANCHOR: predict
    /// The class of each example of `x`, `(N, D)`: the place of its largest output, **the first one of equals**.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] when `x` has not `D` columns.
    pub fn predict(&self, x: ArrayView2<f64>) -> Result<Vec<usize>, Error> {
        let (z2, _) = self.forward(x)?; // (N, C)
        Ok(arg_max(z2.view()))
    }
    // ANCHOR_END: predict

    // ANCHOR: descend
    /// One step of plain gradient descent, `W <- W - learning_rate dW`, on all four parameters.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] when the gradients are those of a network of other sizes; nothing is changed then.
    pub fn descend(&mut self, gradients: &Gradients, learning_rate: f64) -> Result<(), Error> {
        let Gradients { dw1, db1, dw2, db2, .. } = gradients;
        check_shape("dW1", self.w1.shape(), dw1.shape())?;
        check_shape("db1", self.b1.shape(), db1.shape())?;
        check_shape("dW2", self.w2.shape(), dw2.shape())?;
        check_shape("db2", self.b2.shape(), db2.shape())?;
        // SOLUTION: P2.2 one step of gradient descent
        self.w1.scaled_add(-learning_rate, dw1); // (D, H)
        self.b1.scaled_add(-learning_rate, db1); // (H)
        self.w2.scaled_add(-learning_rate, dw2); // (H, C)
        self.b2.scaled_add(-learning_rate, db2); // (C)
        Ok(())
        // SOLUTION_END: P2.2
    }
    // ANCHOR_END: descend
}

impl Cache<'_> {
    // ANCHOR: hidden
    /// The hidden units' activations `a = sigmoid(x W1 + b1)`, `(N, H)`.
    pub fn hidden(&self) -> ArrayView2<'_, f64> {
        self.a.view()
    }
    // ANCHOR_END: hidden

    // ANCHOR: backward
    /// The gradients of any function of the outputs whose derivative by them is `dz2`, `(N, C)`.
    ///
    /// The slope of the sigmoid is taken from its value, `sigmoid'(z1) = a (1 - a)`, so `z1` is not kept.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] when `dz2` has another shape than the outputs.
    pub fn backward(self, dz2: ArrayView2<f64>) -> Result<Gradients, Error> {
        let Self { network, x, a } = self;
        check_shape("dz2", &[x.nrows(), network.w2.ncols()], dz2.shape())?;
        // SOLUTION: P2.1 the network backward, by hand
        let dw2 = matmul_tn(a.view(), dz2); //                (H, C) = (H, N)(N, C)
        let db2 = sum_rows(dz2); //                           (C)    = sum over N of (N, C)
        let da = matmul_nt(dz2, network.w2.view()); //        (N, H) = (N, C)(C, H)
        let slope = a.mapv_into(|a| a * (1.0 - a)); //        (N, H)
        let dz1 = da * slope; //                              (N, H) = (N, H) ⊙ (N, H), not a matrix product
        let dw1 = matmul_tn(x, dz1.view()); //                (D, H) = (D, N)(N, H)
        let db1 = sum_rows(dz1.view()); //                    (H)    = sum over N of (N, H)
        let dx = matmul_nt(dz1.view(), network.w1.view()); // (N, D) = (N, H)(H, D)
        Ok(Gradients { dw1, db1, dw2, db2, dx })
        // SOLUTION_END: P2.1
    }
    // ANCHOR_END: backward
}

impl Gradients {
    // ANCHOR: gradients
    /// The parameters' derivatives in one list, in the order of [`Network::to_vec`]; `dx` is not among them.
    pub fn to_vec(&self) -> Vec<f64> {
        self.dw1.iter().chain(&self.db1).chain(&self.dw2).chain(&self.db2).copied().collect()
    }
    // ANCHOR_END: gradients
}
