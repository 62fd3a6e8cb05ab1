//! T2: the gradient of the standard deviation, along both paths.
//!
//! Shapes: `n` inputs. `delta` is the ddof: 0 for the population, 1 for a sample.

use super::Derivation;
use crate::{
    std_dev::{Ddof, std_dev},
    std_dev_graph::StdDevGraph,
};
use numerics::{
    random::Stream,
    reduce::{mean, sum},
};

/// Inputs, a convention, and the input `x_i` by which the deviation is differentiated.
#[derive(Clone, Debug, PartialEq)]
pub struct InputOfMany {
    /// The inputs `(n)`.
    pub x: Vec<f64>,
    /// The convention.
    pub ddof: Ddof,
    /// The input, from 0.
    pub i: usize,
}

impl InputOfMany {
    /// Two to eight inputs of mean 1 and deviation 2, in either convention.
    pub fn random(stream: &mut Stream) -> Self {
        let n = 2 + stream.below(7) as usize;
        let x = (0..n).map(|_| 1.0 + 2.0 * stream.normal()).collect();
        Self { x, ddof: Ddof::ALL[stream.below(2) as usize], i: stream.below(n as u64) as usize }
    }

    fn n(&self) -> f64 {
        self.x.len() as f64
    }

    /// `n - delta`.
    fn divisor(&self) -> f64 {
        (self.x.len() - self.ddof.get()) as f64
    }

    fn sigma(&self) -> f64 {
        std_dev(&self.x, self.ddof).unwrap_or(f64::NAN)
    }

    /// `x_j - mu`.
    fn d(&self, j: usize) -> f64 {
        self.x[j] - mean(&self.x)
    }

    /// `[i = j]`: 1 when `j` is the input in question, else 0.
    fn is(&self, j: usize) -> f64 {
        if self.i == j { 1.0 } else { 0.0 }
    }

    /// The sum of `term(j)` over all inputs.
    fn sum(&self, term: impl Fn(usize) -> f64) -> f64 {
        sum((0..self.x.len()).map(term))
    }
}

/// From the computation graph to `(x_i - mu) / ((n - delta) sigma)`.
pub fn gradient() -> Derivation<InputOfMany> {
    let lhs = r"\frac{\partial \sigma}{\partial x_i}";
    let title = "Gradient of the standard deviation (δ = 0: population, δ = 1: sample)";
    let derivation = Derivation::new("T2", title, lhs, InputOfMany::random);
    // SOLUTION: T2.2 the steps from the graph to the closed gradient
    derivation
        .step(
            r"\frac{\partial}{\partial x_i} \sqrt{\frac{1}{n - \delta} \sum_{j=1}^{n} (x_j - \mu)^2}",
            "the definition of σ, with μ = (x_1 + .. + x_n)/n; evaluated as a computation graph",
            |at| StdDevGraph::new(&at.x, at.ddof).map_or(f64::NAN, |graph| graph.gradient()[at.i]),
        )
        .step(
            r"\frac{1}{2 \sigma} \frac{1}{n - \delta} \sum_{j=1}^{n} 2 (x_j - \mu) \left( [i = j] - \frac{1}{n} \right)",
            "the chain rule; x_j - μ depends on x_i along two paths: itself if j = i, and the mean always",
            |at| {
                let squares = at.sum(|j| 2.0 * at.d(j) * (at.is(j) - 1.0 / at.n()));
                1.0 / (2.0 * at.sigma()) * (1.0 / at.divisor()) * squares
            },
        )
        .step(
            r"\frac{x_i - \mu}{(n - \delta) \sigma} - \frac{1}{n} \frac{1}{(n - \delta) \sigma} \sum_{j=1}^{n} (x_j - \mu)",
            "the two paths apart: x_i's own deviation, and the mean",
            |at| {
                let c = at.divisor() * at.sigma();
                at.d(at.i) / c - 1.0 / at.n() * (1.0 / c) * at.sum(|j| at.d(j))
            },
        )
        .step(
            r"\frac{x_i - \mu}{(n - \delta) \sigma} - \frac{1}{n} \frac{1}{(n - \delta) \sigma} \left( \sum_{j=1}^{n} x_j - n \mu \right)",
            "the sum is taken term by term",
            |at| {
                let c = at.divisor() * at.sigma();
                at.d(at.i) / c - 1.0 / at.n() * (1.0 / c) * (at.sum(|j| at.x[j]) - at.n() * mean(&at.x))
            },
        )
        .step(
            r"\frac{x_i - \mu}{(n - \delta) \sigma}",
            "n μ is the sum of the inputs, so the path through the mean contributes 0",
            |at| at.d(at.i) / (at.divisor() * at.sigma()),
        )
    // SOLUTION_END: T2.2
}
