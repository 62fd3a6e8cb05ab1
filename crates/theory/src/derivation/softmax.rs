//! The gradient of the mean cross-entropy by logits: `(softmax(z) - p) / B`.
//!
//! Shapes: `B` examples, `C` classes; logits `z (B, C)`, labels `c (B)`.

use super::Derivation;
use crate::{
    graph::{Graph, NodeId, Op},
    softmax::softmax,
};
use numerics::{elementary::exp, random::Stream, reduce::sum};

/// A batch of logits with labels, and the logit `z_bk` by which the loss is differentiated.
#[derive(Clone, Debug, PartialEq)]
pub struct LogitOfBatch {
    /// The logits `z (B, C)`.
    pub z: Vec<Vec<f64>>,
    /// The labels `c (B)`, from 0.
    pub c: Vec<usize>,
    /// The example, from 0.
    pub b: usize,
    /// The class, from 0.
    pub k: usize,
}

impl LogitOfBatch {
    /// One to five examples of two to five classes.
    pub fn random(stream: &mut Stream) -> Self {
        let (batch, classes) = (1 + stream.below(5) as usize, 2 + stream.below(4) as usize);
        let z = (0..batch).map(|_| (0..classes).map(|_| stream.normal()).collect()).collect();
        let c = (0..batch).map(|_| stream.below(classes as u64) as usize).collect();
        Self { z, c, b: stream.below(batch as u64) as usize, k: stream.below(classes as u64) as usize }
    }

    fn size(&self) -> f64 {
        self.z.len() as f64
    }

    /// 1 when `k` is the class of example `b`, else 0.
    fn one_hot(&self) -> f64 {
        if self.c[self.b] == self.k { 1.0 } else { 0.0 }
    }

    /// The derivative by `z_bk` of what `build` makes of the examples' logits and classes.
    fn derivative(
        &self,
        examples: &[usize],
        build: impl Fn(&mut Graph, &[(Vec<NodeId>, usize)]) -> NodeId,
    ) -> f64 {
        let mut graph = Graph::new();
        let mut rows = Vec::new();
        let mut target = None;
        for &b in examples {
            let z: Vec<NodeId> = self.z[b].iter().map(|&z| graph.input("z", z)).collect(); // (C)
            target = if b == self.b { Some(z[self.k]) } else { target };
            rows.push((z, self.c[b]));
        }
        let output = build(&mut graph, &rows);
        let backward = graph.backward(output).ok();
        target.zip(backward).map_or(f64::NAN, |(z, backward)| backward.adjoints[z.index()])
    }
}

/// `ln( e^(z_c) / sum_j e^(z_j) )` as written: an exponential each, a sum, a quotient, a logarithm.
fn log_of_quotient(graph: &mut Graph, z: &[NodeId], c: usize) -> NodeId {
    let e: Vec<NodeId> = z.iter().map(|&z| graph.apply("e", Op::Exp, &[z])).collect(); // (C)
    let total = graph.apply("sum", Op::Add, &e);
    let q = graph.apply("q", Op::Div, &[e[c], total]);
    graph.apply("ln q", Op::Ln, &[q])
}

/// `ln sum_j e^(z_j) - z_c`.
fn difference_of_logs(graph: &mut Graph, z: &[NodeId], c: usize) -> NodeId {
    let e: Vec<NodeId> = z.iter().map(|&z| graph.apply("e", Op::Exp, &[z])).collect(); // (C)
    let total = graph.apply("sum", Op::Add, &e);
    let log = graph.apply("lse", Op::Ln, &[total]);
    graph.apply("loss", Op::Sub, &[log, z[c]])
}

/// From the loss of the whole batch to the softmax minus the one-hot label, for one logit.
pub fn gradient() -> Derivation<LogitOfBatch> {
    let lhs = r"\frac{\partial L}{\partial z_{bk}}";
    let title = "Gradient of the loss by a logit, with y = softmax(z)";
    let derivation = Derivation::new("T1a.3", title, lhs, LogitOfBatch::random);
    // SOLUTION: T1a the steps from the loss to its gradient by a logit
    derivation
        .step(
            r"\frac{\partial}{\partial z_{bk}} \left( -\frac{1}{B} \sum_{a=1}^{B} \ln \frac{e^{z_{a c_a}}}{\sum_{j=1}^{C} e^{z_{aj}}} \right)",
            "T1a.1 with the outputs y_ak = e^(z_ak) / Σ_j e^(z_aj)",
            |at| {
                let all: Vec<usize> = (0..at.z.len()).collect();
                -at.derivative(&all, |graph, rows| {
                    let logs: Vec<NodeId> = rows.iter().map(|(z, c)| log_of_quotient(graph, z, *c)).collect(); // (B)
                    let total = graph.apply("total", Op::Add, &logs);
                    graph.apply("mean", Op::DivideBy(rows.len() as f64), &[total])
                })
            },
        )
        .step(
            r"-\frac{1}{B} \frac{\partial}{\partial z_{bk}} \ln \frac{e^{z_{b c_b}}}{\sum_{j=1}^{C} e^{z_{bj}}}",
            "only the term of example b depends on its logits",
            |at| -at.derivative(&[at.b], |graph, rows| log_of_quotient(graph, &rows[0].0, rows[0].1)) / at.size(),
        )
        .step(
            r"\frac{1}{B} \frac{\partial}{\partial z_{bk}} \left( \ln \sum_{j=1}^{C} e^{z_{bj}} - z_{b c_b} \right)",
            "the logarithm of a quotient is a difference, and ln e^z = z",
            |at| at.derivative(&[at.b], |graph, rows| difference_of_logs(graph, &rows[0].0, rows[0].1)) / at.size(),
        )
        .step(
            r"\frac{1}{B} \left( \frac{e^{z_{bk}}}{\sum_{j=1}^{C} e^{z_{bj}}} - [k = c_b] \right)",
            "the chain rule; z_bk is one of the summands, and [k = c_b] is 1 if k is the class of b, else 0",
            |at| {
                let z = &at.z[at.b];
                (exp(z[at.k]) / sum(z.iter().map(|&z| exp(z))) - at.one_hot()) / at.size()
            },
        )
        .step(
            r"\frac{1}{B} \left( \mathrm{softmax}(z_b)_k - p_{bk} \right)",
            "the definitions of softmax and of one-hot coding",
            |at| (softmax(&at.z[at.b])[at.k] - at.one_hot()) / at.size(),
        )
    // SOLUTION_END: T1a
}
