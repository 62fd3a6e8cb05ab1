//! The four activation functions, applied to every entry by itself.
//!
//! ```text
//! ReLU      f(z) = max(z, 0)                  f'(z) = 1 for z > 0, else 0
//! sigmoid   f(z) = 1 / (1 + e^-z)             f'(z) = f(z) (1 - f(z))
//! tanh      f(z) = tanh z                     f'(z) = 1 - f(z)^2
//! PReLU     f(z) = z for z > 0, else a z      f'(z) = 1 for z > 0, else a         df/da = 0 for z > 0, else z
//! ```
//!
//! **At the kink `z = 0` the derivative is the left one**, 0 and `a`, as in PyTorch; it is one of many subgradients.
//!
//! Source of PReLU: K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", 2015. **The slope is one number
//! shared by all channels**, PyTorch's default.

use ndarray::{Array, Dimension};
use numerics::elementary::{sigmoid, tanh};
use numerics::reduce::sum;

/// An activation function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// The rectified linear unit.
    Relu,
    /// The logistic function.
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// The rectified linear unit with a learnt slope on the negative side.
    PRelu {
        /// The slope `a` for `z <= 0`; PyTorch starts it at 0.25.
        slope: f64,
    },
}

/// What [`Activation::backward`] needs of the forward pass.
#[derive(Debug)]
pub struct Cache<D: Dimension> {
    z: Array<f64, D>, //                                                (..)
}

/// What [`Activation::backward`] returns.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients<D: Dimension> {
    /// By the input, of its shape.
    pub dz: Array<f64, D>,
    /// By the slope of [`Activation::PRelu`]; `None` for the functions without parameter.
    pub dslope: Option<f64>,
}

impl Activation {
    /// The outputs `f(z)`, of the shape of `z`.
    pub fn forward<D: Dimension>(&self, z: &Array<f64, D>) -> (Array<f64, D>, Cache<D>) {
        (z.map(|&z| self.value(z)), Cache { z: z.clone() })
    }

    /// The gradients for the cotangent `dy`, of the shape of the output.
    ///
    /// # Panics
    /// When `dy` has another shape than the output had.
    pub fn backward<D: Dimension>(&self, cache: Cache<D>, dy: &Array<f64, D>) -> Gradients<D> {
        let z = cache.z; //                                             (..)
        assert_eq!(dy.shape(), z.shape(), "cotangent {:?} of outputs {:?}", dy.shape(), z.shape());
        // SOLUTION: P1.1 the gradients by the input and by the slope of PReLU
        let mut dz = dy.clone(); //                                     (..)
        dz.zip_mut_with(&z, |dz, &z| *dz *= self.derivative(z));
        let by_slope = dy.iter().zip(&z).map(|(dy, z)| if *z <= 0.0 { dy * z } else { 0.0 });
        let dslope = matches!(self, Self::PRelu { .. }).then(|| sum(by_slope));
        Gradients { dz, dslope }
        // SOLUTION_END: P1.1
    }

    // ANCHOR: value
    /// `f(z)`.
    pub fn value(&self, z: f64) -> f64 {
        // SOLUTION: P1.1 the value of each activation
        match *self {
            Self::Sigmoid => sigmoid(z),
            Self::Tanh => tanh(z),
            // Not f64::max, which would turn a NaN into 0 and hide a diverging run.
            Self::Relu if z <= 0.0 => 0.0,
            Self::PRelu { slope } if z <= 0.0 => slope * z,
            Self::Relu | Self::PRelu { .. } => z,
        }
        // SOLUTION_END: P1.1
    }
    // ANCHOR_END: value

    // ANCHOR: derivative
    /// `f'(z)`.
    pub fn derivative(&self, z: f64) -> f64 {
        // SOLUTION: P1.1 the derivative of each activation; at 0 the left one
        match *self {
            // f(z) f(-z), because 1 - f(z) would lose its digits where f(z) is near 1.
            Self::Sigmoid => sigmoid(z) * sigmoid(-z),
            Self::Tanh => 1.0 - tanh(z) * tanh(z),
            Self::Relu if z <= 0.0 => 0.0,
            Self::PRelu { slope } if z <= 0.0 => slope,
            Self::Relu | Self::PRelu { .. } => 1.0,
        }
        // SOLUTION_END: P1.1
    }
    // ANCHOR_END: derivative
}
