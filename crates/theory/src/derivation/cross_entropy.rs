//! T1a: the cross-entropy of a batch under one-hot coding.
//!
//! Shapes: `B` examples, `C` classes; outputs `y (B, C)`, labels `c (B)`, one-hot rows `p (B, C)`.

use super::Derivation;
use crate::cross_entropy::{Reading, cross_entropy};
use numerics::{elementary::ln, random::Stream, reduce::sum};

/// A batch of class probabilities with labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The network's outputs `y (B, C)`, each in `(0, 1)`.
    pub y: Vec<Vec<f64>>,
    /// The labels `c (B)`, from 0.
    pub c: Vec<usize>,
}

impl Batch {
    /// One to six examples of two to six classes.
    pub fn random(stream: &mut Stream) -> Self {
        let (batch, classes) = (1 + stream.below(6) as usize, 2 + stream.below(5) as usize);
        let c = (0..batch).map(|_| stream.below(classes as u64) as usize).collect();
        Self { y: random_outputs(batch, classes, stream), c }
    }

    /// Three examples, the first of class 1, the second of class 2, the third of class 3.
    pub fn of_the_question(stream: &mut Stream) -> Self {
        Self { y: random_outputs(3, 3, stream), c: vec![0, 1, 2] }
    }

    /// `p_bk`: 1 when example `b` is of class `k`, else 0.
    fn one_hot(&self, b: usize, k: usize) -> f64 {
        if self.c[b] == k { 1.0 } else { 0.0 }
    }

    /// The mean of `term(b)` over the batch.
    fn mean(&self, term: impl Fn(usize) -> f64) -> f64 {
        sum((0..self.y.len()).map(term)) / self.y.len() as f64
    }
}

fn random_outputs(batch: usize, classes: usize, stream: &mut Stream) -> Vec<Vec<f64>> {
    (0..batch).map(|_| (0..classes).map(|_| stream.uniform(0.05, 0.95)).collect()).collect()
}

// ANCHOR: any_batch
/// The loss of any batch: from the definition of cross-entropy to minus the mean logarithm of the outputs at the
/// labels.
pub fn any_batch() -> Derivation<Batch> {
    let derivation =
        Derivation::new("T1a.1", "Cross-entropy of a batch of B one-hot examples", "L", Batch::random);
    // SOLUTION: T1a the steps from the definition of the loss to the logarithms of the outputs at the labels
    derivation
        .step(
            r"\frac{1}{B} \sum_{b=1}^{B} H(p_b, y_b)",
            "the loss of a batch is the mean cross-entropy of its examples",
            |batch| cross_entropy(&batch.y, &batch.c, Reading::Probabilities).map_or(f64::NAN, |l| l.mean),
        )
        .step(
            r"-\frac{1}{B} \sum_{b=1}^{B} \sum_{k=1}^{C} p_{bk} \ln y_{bk}",
            "the definition H(p, q) = -Σ_k p_k ln q_k",
            |batch| -batch.mean(|b| sum((0..batch.y[b].len()).map(|k| batch.one_hot(b, k) * ln(batch.y[b][k])))),
        )
        .step(
            r"-\frac{1}{B} \sum_{b=1}^{B} \left( p_{b c_b} \ln y_{b c_b} + \sum_{k \ne c_b} p_{bk} \ln y_{bk} \right)",
            "the term of the example's own class c_b is written apart",
            |batch| {
                -batch.mean(|b| {
                    let (y, c) = (&batch.y[b], batch.c[b]);
                    let others = (0..y.len()).filter(|&k| k != c);
                    batch.one_hot(b, c) * ln(y[c]) + sum(others.map(|k| batch.one_hot(b, k) * ln(y[k])))
                })
            },
        )
        .step(
            r"-\frac{1}{B} \sum_{b=1}^{B} \ln y_{b c_b}",
            "one-hot coding: p_bk is 1 at k = c_b and 0 elsewhere",
            |batch| -batch.mean(|b| ln(batch.y[b][batch.c[b]])),
        )
        .step(
            r"-\frac{1}{B} \ln \prod_{b=1}^{B} y_{b c_b}",
            "a sum of logarithms is the logarithm of the product: the likelihood of the labels",
            |batch| -ln((0..batch.y.len()).map(|b| batch.y[b][batch.c[b]]).product()) / batch.y.len() as f64,
        )
    // SOLUTION_END: T1a
}
// ANCHOR_END: any_batch

// ANCHOR: batch_of_the_question
/// The loss of the question's batch, x1, x2, x3 of the classes 1, 2, 3.
pub fn batch_of_the_question() -> Derivation<Batch> {
    let question = Batch::of_the_question;
    let derivation = Derivation::new("T1a.2", "The batch x1, x2, x3 of the classes 1, 2, 3", "L", question);
    // SOLUTION: T1a the steps for the batch of the question
    derivation
        .step(
            r"-\frac{1}{3} \sum_{b=1}^{3} \sum_{k=1}^{3} p_{bk} \ln y_{bk}",
            "T1a.1 with B = C = 3",
            |batch| -batch.mean(|b| sum((0..3).map(|k| batch.one_hot(b, k) * ln(batch.y[b][k])))),
        )
        .step(
            r"-\frac{1}{3} \left[ (1 \ln y_{11} + 0 \ln y_{12} + 0 \ln y_{13}) + (0 \ln y_{21} + 1 \ln y_{22} + 0 \ln y_{23}) + (0 \ln y_{31} + 0 \ln y_{32} + 1 \ln y_{33}) \right]",
            "p_1 = (1, 0, 0), p_2 = (0, 1, 0), p_3 = (0, 0, 1)",
            |batch| {
                let [first, second, third] = [&batch.y[0], &batch.y[1], &batch.y[2]];
                let first = 1.0 * ln(first[0]) + 0.0 * ln(first[1]) + 0.0 * ln(first[2]);
                let second = 0.0 * ln(second[0]) + 1.0 * ln(second[1]) + 0.0 * ln(second[2]);
                let third = 0.0 * ln(third[0]) + 0.0 * ln(third[1]) + 1.0 * ln(third[2]);
                -(first + second + third) / 3.0
            },
        )
        .step(
            r"-\frac{1}{3} \left( \ln y_{11} + \ln y_{22} + \ln y_{33} \right)",
            "six of the nine terms are 0",
            |batch| -(ln(batch.y[0][0]) + ln(batch.y[1][1]) + ln(batch.y[2][2])) / 3.0,
        )
    // SOLUTION_END: T1a
}
// ANCHOR_END: batch_of_the_question
