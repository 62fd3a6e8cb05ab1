//! The standard deviation as a computation graph *in detail*: every elementary operation is a node.
//!
//! ```text
//! s = x1 + .. + xn     mu = s / n     di = xi - mu     qi = di^2     t = q1 + .. + qn     v = t / (n - ddof)
//! sigma = sqrt(v)
//! ```
//!
//! Each `xi` reaches `sigma` along two paths: through its own deviation (`xi -> di`) and through the mean
//! (`xi -> s -> mu -> d1, .., dn`). The gradients that the deviations send to the mean are in proportion to
//! `d1, .., dn`, whose sum is 0, so **the path through the mean contributes 0 in total**.
//!
//! Shapes: `n` inputs, `3n + 5` nodes, `5n + 3` edges: `n` into `s`, 1 into `mu`, `2n` into the deviations,
//! `n` into the squares, `n` into `t`, 1 into `v`, 1 into `sigma`. **Each sum is one node of `n` terms**, not
//! a chain of additions.

use crate::{
    graph::{Backward, Edge, Graph, NodeId, Op},
    std_dev::{Ddof, StdDevError, check, equal},
};

/// The graph of the standard deviation of given inputs, with values and gradients.
#[derive(Clone, Debug, PartialEq)]
pub struct StdDevGraph {
    /// The convention.
    pub ddof: Ddof,
    /// The nodes with their values.
    pub graph: Graph,
    /// The gradients of `sigma`.
    pub backward: Backward,
    /// Where each part of the formula stands in the graph.
    pub parts: Parts,
}

/// The nodes of the graph by their part in the formula.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// `x1, .., xn`.
    pub x: Vec<NodeId>,
    /// The sum of the inputs.
    pub s: NodeId,
    /// The mean.
    pub mu: NodeId,
    /// The deviations from the mean, `(n)`.
    pub d: Vec<NodeId>,
    /// Their squares, `(n)`.
    pub q: Vec<NodeId>,
    /// The sum of the squares.
    pub t: NodeId,
    /// The variance.
    pub v: NodeId,
    /// The standard deviation.
    pub sigma: NodeId,
}

/// The two paths from one input to the deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InputPaths {
    /// The edge `xi -> di`.
    pub deviation: Edge,
    /// The edge `xi -> s`.
    pub mean: Edge,
}

impl InputPaths {
    /// The total gradient, the sum of the two.
    pub fn total(&self) -> f64 {
        self.deviation.gradient + self.mean.gradient
    }
}

impl StdDevGraph {
    /// Builds the graph for the inputs `x (n)`, forward and backward.
    ///
    /// # Errors
    /// [`StdDevError::TooFew`], [`NotFinite`](StdDevError::NotFinite), [`NoGradient`](StdDevError::NoGradient)
    /// when all inputs are equal, and [`Graph`](StdDevError::Graph) when a square leaves the range of doubles:
    /// inputs beyond 1e154 or closer together than 1e-154.
    ///
    /// ```
    /// use theory::{std_dev::Ddof, std_dev_graph::StdDevGraph};
    /// let graph = StdDevGraph::new(&[-1.0, 3.0], Ddof::Population)?;
    /// assert_eq!(graph.value(), 2.0);
    /// assert_eq!(graph.gradient(), [-0.5, 0.5]);
    /// assert!(graph.paths().iter().all(|paths| paths.mean.gradient == 0.0));
    /// # Ok::<(), theory::std_dev::StdDevError>(())
    /// ```
    pub fn new(x: &[f64], ddof: Ddof) -> Result<Self, StdDevError> {
        let (graph, parts) = Self::forward(x, ddof)?;
        if equal(x) {
            return Err(StdDevError::NoGradient { value: x[0] });
        }
        let backward = graph.backward(parts.sigma)?;
        Ok(Self { ddof, graph, backward, parts })
    }

    /// The nodes for the inputs `x (n)` with their values, and no gradient: equal inputs have the one, not the other.
    ///
    /// # Errors
    /// [`StdDevError::TooFew`], [`NotFinite`](StdDevError::NotFinite).
    pub fn forward(x: &[f64], ddof: Ddof) -> Result<(Graph, Parts), StdDevError> {
        check(x, ddof)?;
        let mut graph = Graph::new();
        let parts = Parts::build(&mut graph, x, ddof);
        Ok((graph, parts))
    }

    /// The standard deviation.
    pub fn value(&self) -> f64 {
        self.graph.value(self.parts.sigma)
    }

    /// The total gradient by each input, `(n)`.
    pub fn gradient(&self) -> Vec<f64> {
        self.parts.x.iter().map(|x| self.backward.adjoints[x.index()]).collect()
    }

    /// The two paths of each input, `(n)`.
    pub fn paths(&self) -> Vec<InputPaths> {
        let edge = |from, to| self.edges_into(to).find(|edge| edge.from == from);
        let paths = |(&x, &d)| Some(InputPaths { deviation: edge(x, d)?, mean: edge(x, self.parts.s)? });
        // Every input has both edges by construction, so none is left out here.
        self.parts.x.iter().zip(&self.parts.d).filter_map(paths).collect()
    }

    /// The gradients by the mean as an input of each deviation, `(n)`: they add up to [`Self::mean_total`].
    pub fn by_mean(&self) -> Vec<Edge> {
        self.backward.edges.iter().copied().filter(|edge| edge.from == self.parts.mu).collect()
    }

    /// The total gradient by the mean: 0, up to rounding.
    pub fn mean_total(&self) -> f64 {
        self.backward.adjoints[self.parts.mu.index()]
    }

    fn edges_into(&self, to: NodeId) -> impl Iterator<Item = Edge> {
        self.backward.edges.iter().copied().filter(move |edge| edge.to == to)
    }
}

impl Parts {
    // ANCHOR: build
    fn build(graph: &mut Graph, inputs: &[f64], ddof: Ddof) -> Self {
        // SOLUTION: T2.1 the nodes of the formula, first to last
        let n = inputs.len();
        let x: Vec<NodeId> =
            inputs.iter().enumerate().map(|(i, &x)| graph.input(format!("x{}", i + 1), x)).collect(); // (n)
        let s = graph.apply("s", Op::Add, &x);
        let mu = graph.apply("mu", Op::DivideBy(n as f64), &[s]);
        let mut each = |name: char, op: Op, of: &dyn Fn(usize) -> Vec<NodeId>| -> Vec<NodeId> {
            (0..n).map(|i| graph.apply(format!("{name}{}", i + 1), op, &of(i))).collect()
        };
        let d = each('d', Op::Sub, &|i| vec![x[i], mu]); // (n)
        let q = each('q', Op::Square, &|i| vec![d[i]]); //  (n)
        let t = graph.apply("t", Op::Add, &q);
        let v = graph.apply("v", Op::DivideBy((n - ddof.get()) as f64), &[t]);
        let sigma = graph.apply("sigma", Op::Sqrt, &[v]);
        Self { x, s, mu, d, q, t, v, sigma }
        // SOLUTION_END: T2.1
    }
    // ANCHOR_END: build
}
