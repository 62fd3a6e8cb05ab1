//! Softmax cross-entropy, from logits.
//!
//! ```text
//! loss = 1/N Σ_n (ln Σ_c e^{z[n,c]} - z[n, label[n]])      dz[n, c] = (softmax(z[n])[c] - [c = label[n]]) / N
//! ```
//!
//! Natural logarithm; **the mean over the batch**. The largest logit of a row is subtracted first, so nothing
//! overflows. The numbers of a row are worked on in double precision.
//!
//! Shapes: `N` examples, `C` classes.

use crate::tensor::Tensor;
use kernels::{Isa, elementary, workspace};
use numerics::elementary::ln;

mod checked;
pub use checked::{Loss, LossFn, TargetError};

/// What the logits of a batch should say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Targets<'a> {
    /// The class of each example.
    pub labels: &'a [usize],
    /// The share `s` of the target that all classes get alike: `(1 - s) [c = label] + s / C`. **The label's own class
    /// gets its part of `s` too**, as in PyTorch. Source: C. Szegedy et al., "Rethinking the Inception architecture",
    /// 2016.
    pub smoothing: f64,
}

impl<'a> From<&'a [usize]> for Targets<'a> {
    fn from(labels: &'a [usize]) -> Self {
        Self { labels, smoothing: 0.0 }
    }
}

impl<'a> From<&'a Vec<usize>> for Targets<'a> {
    fn from(labels: &'a Vec<usize>) -> Self {
        Self::from(&labels[..])
    }
}

impl<'a, const N: usize> From<&'a [usize; N]> for Targets<'a> {
    fn from(labels: &'a [usize; N]) -> Self {
        Self::from(&labels[..])
    }
}

/// What a batch scored.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// The sum of the examples' losses, in nats.
    pub loss_sum_nats: f64,
    /// How many examples the largest logit puts into the right class.
    pub correct: usize,
    /// How many examples there were.
    pub total: usize,
}

impl Score {
    /// The mean loss of an example.
    pub fn loss_mean_nats(&self) -> f64 {
        self.loss_sum_nats / self.total as f64
    }

    /// Counted accuracy: correct / total.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.total as f64
    }

    /// This score and another batch's.
    pub fn and(self, other: Self) -> Self {
        Self {
            loss_sum_nats: self.loss_sum_nats + other.loss_sum_nats,
            correct: self.correct + other.correct,
            total: self.total + other.total,
        }
    }
}

/// The score of a batch and, if asked for, the gradient of its **mean** loss by the logits.
///
/// Shapes: logits and gradient `(N, C)`, labels `(N)`, each below `C`. Of equal logits the first counts as largest.
/// **Smoothed targets change the gradient alone**: the score is the loss by the labels, so that runs can be compared.
///
/// # Panics
/// When the number of labels is not `N` or a label is not below `C`: [`Targets::check`] says so before, and
/// [`Loss::score`] does both.
pub fn softmax_cross_entropy<'a>(
    isa: Isa,
    logits: &Tensor,
    targets: impl Into<Targets<'a>>,
    dlogits: Option<&mut Tensor>,
) -> Score {
    let targets @ Targets { labels, .. } = targets.into();
    assert_eq!(labels.len(), logits.shape().n, "{} labels for the logits {}", labels.len(), logits.shape());
    workspace::with_powers(|powers| {
        powers_of(isa, logits, powers);
        let score = score(logits, targets, powers);
        // SOLUTION: P1.1 the gradient of the mean loss by the logits, if asked for; the score
        if let Some(dlogits) = dlogits {
            dlogits.reshape_for_writing(logits.shape());
            let dz = dlogits.data_mut().iter_mut().zip(&*powers); // (N, C), twice
            dz.for_each(|(dz, difference)| *dz = (difference / labels.len() as f64) as f32);
        }
        score
        // SOLUTION_END: P1.1
    })
}

/// `e^{z[n,c] - max z[n]}`, `(N, C)`.
fn powers_of(isa: Isa, logits: &Tensor, powers: &mut Vec<f64>) {
    powers.clear();
    for z in logits.data().chunks_exact(logits.shape().c) {
        let largest = f64::from(z[argmax(z)]); //                      of z (C)
        powers.extend(z.iter().map(|&z| f64::from(z) - largest)); //  (C), a row of (N, C)
    }
    elementary::exponentials(isa, powers); // (N, C)
}

/// Scores the batch; the powers become `softmax(z[n])[c]` without the target's share of `c`.
fn score(logits: &Tensor, Targets { labels, smoothing }: Targets, powers: &mut [f64]) -> Score {
    let classes = logits.shape().c;
    let everyone = smoothing / classes as f64;
    // SOLUTION: P1.1 the losses, the hits, and softmax without the share of the target
    let shifted = |z: &[f32], c: usize| f64::from(z[c]) - f64::from(z[argmax(z)]);
    let rows = logits.data().chunks_exact(classes).zip(powers.chunks_exact_mut(classes)); // N times (C), twice
    let mut score = Score { total: labels.len(), ..Score::default() };
    for (n, ((z, powers), &label)) in rows.zip(labels).enumerate() {
        assert!(label < classes, "label {label} of example {n} among {classes} classes");
        let normaliser = powers.iter().fold(0.0, |sum, power| sum + power);
        score.loss_sum_nats += ln(normaliser) - shifted(z, label);
        score.correct += usize::from(argmax(z) == label);
        powers.iter_mut().for_each(|power| *power = *power / normaliser - everyone); // (C)
        powers[label] -= 1.0 - smoothing;
    }
    score
    // SOLUTION_END: P1.1
}

/// The index of the first largest number.
pub fn argmax(xs: &[f32]) -> usize {
    (1..xs.len()).fold(0, |best, i| if xs[i] > xs[best] { i } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Shape;

    #[test]
    fn equal_logits_cost_the_logarithm_of_their_number() {
        let logits = Tensor::new(Shape::vectors(2, 10), vec![3.0; 20]);
        let score = softmax_cross_entropy(Isa::detect(), &logits, &[0, 7], None);
        assert!((score.loss_mean_nats() - 10_f64.ln()).abs() < 1e-15);
        assert_eq!((score.correct, score.total), (1, 2));
    }

    #[test]
    fn a_smoothed_target_is_met_where_the_probabilities_are_the_target() {
        // softmax(ln p) = p: with p the target itself the gradient is 0.
        let (smoothing, labels) = (0.3, [1]);
        let target = [0.1, 0.8, 0.1];
        let logits = Tensor::new(Shape::vectors(1, 3), target.map(|p: f64| p.ln() as f32).to_vec());
        let mut dlogits = Tensor::default();
        let of = |targets: Targets, dlogits: &mut Tensor| {
            softmax_cross_entropy(Isa::detect(), &logits, targets, Some(dlogits))
        };
        let smoothed = of(Targets { labels: &labels, smoothing }, &mut dlogits);
        assert!(dlogits.data().iter().all(|dz| dz.abs() < 1e-7), "{:?}", dlogits.data());
        assert_eq!(smoothed, of(Targets::from(&labels), &mut dlogits));
        assert!(dlogits.data().iter().all(|dz| dz.abs() > 0.05), "{:?}", dlogits.data());
    }

    #[test]
    fn huge_logits_do_not_overflow() {
        let logits = Tensor::new(Shape::vectors(1, 3), vec![1e30, -1e30, 0.0]);
        let mut dlogits = Tensor::default();
        let score = softmax_cross_entropy(Isa::detect(), &logits, &[0], Some(&mut dlogits));
        assert_eq!(score.loss_sum_nats, 0.0);
        assert_eq!(dlogits.data(), [0.0; 3]);
    }

    #[test]
    fn a_diverged_network_has_a_loss_that_is_not_finite() {
        let logits = Tensor::new(Shape::vectors(1, 3), vec![f32::NAN, 1.0, 0.0]);
        assert!(!softmax_cross_entropy(Isa::detect(), &logits, &[2], None).loss_sum_nats.is_finite());
    }
}
