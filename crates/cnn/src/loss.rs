//! Softmax cross-entropy, from logits.
//!
//! ```text
//! loss = 1/N Σ_n (ln Σ_c e^{z[n,c]} - z[n, label[n]])      dz[n, c] = (softmax(z[n])[c] - [c = label[n]]) / N
//! ```
//!
//! Natural logarithm; **the mean over the batch**. The largest logit of a row is subtracted first, so nothing
//! overflows. The ten numbers of a row are worked on in double precision.

use crate::kernels::{Isa, elementary, workspace};
use crate::tensor::Tensor;
use numerics::elementary::ln;

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
///
/// # Panics
/// When the number of labels is not `N` or a label is not below `C`; data sets are checked where they are loaded.
pub fn softmax_cross_entropy(
    isa: Isa,
    logits: &Tensor,
    labels: &[usize],
    dlogits: Option<&mut Tensor>,
) -> Score {
    assert_eq!(labels.len(), logits.shape().n, "{} labels for the logits {}", labels.len(), logits.shape());
    workspace::with_powers(|powers| {
        powers_of(isa, logits, powers);
        let score = score(logits, labels, powers);
        if let Some(dlogits) = dlogits {
            dlogits.reshape_for_writing(logits.shape());
            let dz = dlogits.data_mut().iter_mut().zip(&*powers);
            dz.for_each(|(dz, difference)| *dz = (difference / labels.len() as f64) as f32);
        }
        score
    })
}

/// `e^{z[n,c] - max z[n]}`, `(N, C)`.
fn powers_of(isa: Isa, logits: &Tensor, powers: &mut Vec<f64>) {
    powers.clear();
    for z in logits.data().chunks_exact(logits.shape().c) {
        let largest = f64::from(z[argmax(z)]);
        powers.extend(z.iter().map(|&z| f64::from(z) - largest));
    }
    elementary::exponentials(isa, powers);
}

/// Scores the batch; the powers become `softmax(z[n])[c] - [c = label[n]]`.
fn score(logits: &Tensor, labels: &[usize], powers: &mut [f64]) -> Score {
    let classes = logits.shape().c;
    let shifted = |z: &[f32], c: usize| f64::from(z[c]) - f64::from(z[argmax(z)]);
    let rows = logits.data().chunks_exact(classes).zip(powers.chunks_exact_mut(classes));
    let mut score = Score { total: labels.len(), ..Score::default() };
    for (n, ((z, powers), &label)) in rows.zip(labels).enumerate() {
        assert!(label < classes, "label {label} of example {n} among {classes} classes");
        let normaliser = powers.iter().fold(0.0, |sum, power| sum + power);
        score.loss_sum_nats += ln(normaliser) - shifted(z, label);
        score.correct += usize::from(argmax(z) == label);
        powers.iter_mut().for_each(|power| *power /= normaliser);
        powers[label] -= 1.0;
    }
    score
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
