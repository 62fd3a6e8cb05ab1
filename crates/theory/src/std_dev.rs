//! The standard deviation and its gradient, in closed form.
//!
//! ```text
//! mu = (1/n) sum_i x_i       sigma = sqrt( (1/(n - ddof)) sum_i (x_i - mu)^2 )
//! d sigma / d x_i = (x_i - mu) / ((n - ddof) sigma)
//! ```
//!
//! Shapes: `n` inputs. The same numbers come a second way, node by node, from [`crate::std_dev_graph`].

use crate::graph::GraphError;
use numerics::reduce::{dot, mean};
use serde::Serialize;

/// What the sum of squares is divided by ("delta degrees of freedom", NumPy's name).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(into = "usize")]
pub enum Ddof {
    /// `n`: the deviation of these numbers, NumPy's default.
    Population = 0,
    /// `n - 1`: the usual estimate from a sample, R's and PyTorch's default.
    Sample = 1,
}

impl Ddof {
    /// Both conventions.
    pub const ALL: [Self; 2] = [Self::Population, Self::Sample];

    /// 0 or 1.
    pub fn get(self) -> usize {
        self as usize
    }

    /// `population` or `sample`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Population => "population",
            Self::Sample => "sample",
        }
    }
}

impl From<Ddof> for usize {
    fn from(ddof: Ddof) -> Self {
        ddof.get()
    }
}

/// Why there is no deviation, or no gradient of it. Inputs count **from 0 in the fields and from 1 in the
/// messages**.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StdDevError {
    /// The divisor `n - ddof` would be 0 or below.
    #[error("{} no {} deviation: give at least {}", subject(*.found), .ddof.name(), in_words(*.needed))]
    TooFew {
        /// The number of inputs.
        found: usize,
        /// `ddof + 1`.
        needed: usize,
        /// The convention.
        ddof: Ddof,
    },
    /// An input is infinite or not a number.
    #[error("input {}: {value} is not finite; give a finite number", .index + 1)]
    NotFinite {
        /// The input.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// All inputs are equal: the deviation is 0, where the square root has no derivative.
    #[error(
        "all inputs equal {value}, so the deviation is 0 and has no gradient: give at least two that differ"
    )]
    NoGradient {
        /// The common value.
        value: f64,
    },
    /// The deviation is too large for a double.
    #[error("the deviation is too large for a double; divide the inputs by a constant first")]
    Overflow,
    /// The graph's plain arithmetic left the range of doubles, although the scaled closed form need not.
    #[error("the graph leaves the range of doubles; divide or multiply the inputs by a constant first")]
    Graph(#[from] GraphError),
}

/// What the message of [`StdDevError::TooFew`] begins with: there are 0 inputs, or 1.
fn subject(found: usize) -> &'static str {
    if found == 0 { "without an input there is" } else { "one input has" }
}

/// How many inputs are needed: 1 or 2.
fn in_words(needed: usize) -> &'static str {
    if needed == 1 { "one" } else { "two" }
}

/// The standard deviation of `x (n)`.
///
/// **`ddof` decides between division by `n` and by `n - 1`; neither is a default here.**
///
/// Two passes, compensated sums, and the inputs divided by a power of two near the largest of them, so no square
/// overflows or underflows; equal inputs give exactly 0.
///
/// # Errors
/// [`StdDevError::TooFew`], [`NotFinite`](StdDevError::NotFinite), or [`Overflow`](StdDevError::Overflow) when
/// the result itself is above 1.8e308.
///
/// ```
/// use theory::std_dev::{Ddof, std_dev};
/// assert_eq!(std_dev(&[-1.0, 3.0], Ddof::Population)?, 2.0);
/// assert_eq!(std_dev(&[-1.0, 3.0], Ddof::Sample)?, 8f64.sqrt());
/// assert_eq!(std_dev(&[5.0, 5.0], Ddof::Population)?, 0.0);
/// # Ok::<(), theory::std_dev::StdDevError>(())
/// ```
pub fn std_dev(x: &[f64], ddof: Ddof) -> Result<f64, StdDevError> {
    check(x, ddof)?;
    // SOLUTION: T2.1 the deviation in closed form
    if equal(x) {
        return Ok(0.0);
    }
    let scale = power_of_two(x);
    let sigma = scale * scaled_sigma(&scaled_deviations(x, scale), ddof);
    if sigma.is_finite() { Ok(sigma) } else { Err(StdDevError::Overflow) }
    // SOLUTION_END: T2.1
}

/// The gradient `(n)` of the standard deviation of `x (n)`: `(x_i - mu) / ((n - ddof) sigma)`.
///
/// It sums to 0, as moving all inputs together changes nothing, and it does not change when all inputs are
/// multiplied by a positive constant.
///
/// # Errors
/// Those of [`std_dev`], and [`StdDevError::NoGradient`] when all inputs are equal.
///
/// ```
/// use theory::std_dev::{Ddof, gradient};
/// assert_eq!(gradient(&[-1.0, 3.0], Ddof::Population)?, [-0.5, 0.5]);
/// # Ok::<(), theory::std_dev::StdDevError>(())
/// ```
// ANCHOR: gradient
pub fn gradient(x: &[f64], ddof: Ddof) -> Result<Vec<f64>, StdDevError> {
    check(x, ddof)?;
    // SOLUTION: T2.2 the gradient in closed form; equal inputs have none
    if equal(x) {
        return Err(StdDevError::NoGradient { value: x[0] });
    }
    // The scale cancels: sigma of c x is c times sigma of x.
    let d = scaled_deviations(x, power_of_two(x)); //                (n)
    let divisor = (x.len() - ddof.get()) as f64 * scaled_sigma(&d, ddof);
    Ok(d.into_iter().map(|d| d / divisor).collect()) //              (n)
    // SOLUTION_END: T2.2
}
// ANCHOR_END: gradient

pub(crate) fn check(x: &[f64], ddof: Ddof) -> Result<(), StdDevError> {
    let needed = ddof.get() + 1;
    if x.len() < needed {
        return Err(StdDevError::TooFew { found: x.len(), needed, ddof });
    }
    match x.iter().position(|x| !x.is_finite()) {
        Some(index) => Err(StdDevError::NotFinite { index, value: x[index] }),
        None => Ok(()),
    }
}

/// Whether all inputs are the same number. Asked first: the rounded mean of equal numbers may differ from them.
pub(crate) fn equal(x: &[f64]) -> bool {
    x.iter().all(|&other| other == x[0])
}

/// The largest power of two that is not above the largest absolute input; dividing by it loses no bit.
fn power_of_two(x: &[f64]) -> f64 {
    const EXPONENT: u64 = 0x7ff << 52;
    let largest = x.iter().fold(f64::MIN_POSITIVE, |largest, x| largest.max(x.abs()));
    f64::from_bits(largest.to_bits() & EXPONENT)
}

fn scaled_deviations(x: &[f64], scale: f64) -> Vec<f64> {
    // SOLUTION: T2.1 the deviations from the mean of the scaled inputs
    let x: Vec<f64> = x.iter().map(|x| x / scale).collect(); //      (n)
    let mu = mean(&x);
    x.into_iter().map(|x| x - mu).collect() //                       (n)
    // SOLUTION_END: T2.1
}

fn scaled_sigma(d: &[f64], ddof: Ddof) -> f64 {
    // SOLUTION: T2.1 the root of the mean square
    (dot(d, d) / (d.len() - ddof.get()) as f64).sqrt()
    // SOLUTION_END: T2.1
}
