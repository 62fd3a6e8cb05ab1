//! The elementary operations: what each computes, and its derivative by each input.

use numerics::{
    elementary::{exp, ln},
    reduce::sum,
};

/// An elementary operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// An independent variable.
    Input,
    /// `a + b + ..`: **one node for any number of terms**, since each term's derivative is 1 in either form.
    Add,
    /// `a - b`.
    Sub,
    /// `a b`.
    Mul,
    /// `a / b`.
    Div,
    /// `a / c` by a constant, which is no node.
    DivideBy(f64),
    /// `a^2`.
    Square,
    /// The square root of `a`.
    Sqrt,
    /// `e^a`.
    Exp,
    /// The natural logarithm of `a`.
    Ln,
}

impl Op {
    /// The number of inputs; `None` for any number from 1.
    pub(super) fn arity(self) -> Option<usize> {
        match self {
            Self::Input => Some(0),
            Self::Add => None,
            Self::Sub | Self::Mul | Self::Div => Some(2),
            Self::DivideBy(_) | Self::Square | Self::Sqrt | Self::Exp | Self::Ln => Some(1),
        }
    }

    /// The value of the operation on `a`.
    pub(super) fn forward(self, a: &[f64]) -> f64 {
        // SOLUTION: T2.1 the value of each operation
        match self {
            Self::Input => f64::NAN,
            Self::Add => sum(a.iter().copied()),
            Self::Sub => a[0] - a[1],
            Self::Mul => a[0] * a[1],
            Self::Div => a[0] / a[1],
            Self::DivideBy(c) => a[0] / c,
            Self::Square => a[0] * a[0],
            Self::Sqrt => a[0].sqrt(),
            Self::Exp => exp(a[0]),
            Self::Ln => ln(a[0]),
        }
        // SOLUTION_END: T2.1
    }

    // ANCHOR: partial
    /// The derivative of the operation's value by its input in place `slot`.
    pub(super) fn partial(self, a: &[f64], slot: usize) -> f64 {
        // SOLUTION: T2.2 the derivative of each operation by each of its inputs
        match (self, slot) {
            (Self::Input, _) => 0.0,
            (Self::Add, _) | (Self::Sub, 0) => 1.0,
            (Self::Sub, _) => -1.0,
            (Self::Mul, _) => a[1 - slot],
            (Self::Div, 0) => 1.0 / a[1],
            (Self::Div, _) => -a[0] / (a[1] * a[1]),
            (Self::DivideBy(c), _) => 1.0 / c,
            (Self::Square, _) => 2.0 * a[0],
            (Self::Sqrt, _) => 0.5 / a[0].sqrt(),
            (Self::Exp, _) => exp(a[0]),
            (Self::Ln, _) => 1.0 / a[0],
        }
        // SOLUTION_END: T2.2
    }
    // ANCHOR_END: partial
}
