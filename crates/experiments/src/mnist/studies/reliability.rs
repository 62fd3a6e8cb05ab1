//! Reliability: is a network right as often as it says?
//!
//! ```text
//! ECE = Σ_b n_b / N |correct_b / n_b - mean confidence_b|
//! ```
//!
//! over bins `b` of equal width by the confidence, the probability of the answered digit. Source: C. Guo, G. Pleiss, Y.
//! Sun, K. Weinberger, "On calibration of modern neural networks", 2017.

use crate::mnist::Prediction;
use records::sum_of_counts;
use serde::{Deserialize, Serialize};

/// The bins, of equal width from 0 to 1; **a confidence on a boundary belongs to the upper bin, and 1 to the last.**
pub const BINS: usize = 15;

/// The answers of a bin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "(usize, usize, f64)", into = "(usize, usize, f64)")]
pub struct Bin {
    /// How many there are.
    pub count: usize,
    /// How many of them are right.
    pub correct: usize,
    /// The sum of their confidences.
    pub confidence_sum: f64,
}

impl From<(usize, usize, f64)> for Bin {
    fn from((count, correct, confidence_sum): (usize, usize, f64)) -> Self {
        Self { count, correct, confidence_sum }
    }
}

impl From<Bin> for (usize, usize, f64) {
    fn from(bin: Bin) -> Self {
        (bin.count, bin.correct, bin.confidence_sum)
    }
}

impl Bin {
    /// This bin and another run's.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            correct: self.correct + other.correct,
            confidence_sum: self.confidence_sum + other.confidence_sum,
        }
    }
}

/// The answers by confidence.
pub fn bins(answers: &[Prediction], labels: &[u8]) -> Vec<Bin> {
    let mut bins = vec![Bin::default(); BINS];
    for (answer, &label) in answers.iter().zip(labels) {
        let bin = ((answer.confidence * BINS as f64) as usize).min(BINS - 1);
        let correct = usize::from(answer.digit == usize::from(label));
        bins[bin] = bins[bin].and(Bin { count: 1, correct, confidence_sum: answer.confidence });
    }
    bins
}

/// The expected calibration error; 0 when there is no answer.
pub fn expected_calibration_error(bins: &[Bin]) -> f64 {
    let total = sum_of_counts(bins.iter().map(|bin| &bin.count));
    let gap = |bin: &Bin| (bin.correct as f64 - bin.confidence_sum).abs();
    bins.iter().fold(0.0, |sum, bin| sum + gap(bin)) / total.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Predictions of one confidence, so many of them right.
    fn answers(confidence: f64, right: usize, wrong: usize) -> (Vec<Prediction>, Vec<u8>) {
        let labels = (0..right + wrong).map(|i| u8::from(i >= right)).collect();
        (vec![Prediction { digit: 0, confidence }; right + wrong], labels)
    }

    #[test]
    fn a_network_that_is_right_as_often_as_it_says_has_no_calibration_error() {
        let (answers, labels) = answers(0.75, 3, 1);
        assert_eq!(expected_calibration_error(&bins(&answers, &labels)), 0.0);
    }

    #[test]
    fn one_that_says_more_has_the_difference() {
        let (answers, labels) = answers(0.75, 1, 1);
        let bins = bins(&answers, &labels);
        assert_eq!(bins[11], Bin { count: 2, correct: 1, confidence_sum: 1.5 });
        assert_eq!(expected_calibration_error(&bins), 0.75 - 0.5);
    }

    #[test]
    fn certainty_lies_in_the_last_bin_and_a_boundary_in_the_upper() {
        let place = |confidence| {
            let (answers, labels) = answers(confidence, 1, 0);
            bins(&answers, &labels).iter().position(|bin| bin.count == 1)
        };
        assert_eq!((place(1.0), place(0.2), place(0.0)), (Some(BINS - 1), Some(3), Some(0)));
    }
}
