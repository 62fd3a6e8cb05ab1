//! The temperature of a network's answers: by what its logits are divided before the softmax.
//!
//! ```text
//! p = softmax(z / T)        best T: the least mean of -ln p at the labels
//! ```
//!
//! It changes no answer, only how sure the network says it is. In `β = 1/T` the mean is convex, and its derivative is
//! the mean of `Σ_k p_k z_k - z_label`, so its root is found by halving an interval. **A temperature is chosen on
//! images that neither trained the network nor test it.** Source: C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On
//! calibration of modern neural networks", 2017.

use super::evaluation::Prediction;
use cnn::loss::argmax;
use numerics::elementary::exp;

/// Halvings of the interval of `β`: more than a double has bits.
const HALVINGS: usize = 60;

/// `β` is sought between these.
const BOUNDS: [f64; 2] = [1.0 / 16.0, 16.0];

/// The best temperature for these logits `(N, C)`, within 1/16 to 16.
pub fn best_temperature(logits: &[Vec<f32>], labels: &[u8]) -> f64 {
    let [mut low, mut high] = BOUNDS;
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        let slopes = logits.iter().zip(labels).map(|(z, &label)| slope(z, usize::from(label), middle));
        if slopes.fold(0.0, |sum, slope| sum + slope) < 0.0 { low = middle } else { high = middle }
    }
    2.0 / (low + high)
}

/// The derivative by `β` of `-ln softmax(β z)_label`.
fn slope(z: &[f32], label: usize, beta: f64) -> f64 {
    let largest = f64::from(z[argmax(z)]);
    let weights = z.iter().map(|&z| (exp(beta * (f64::from(z) - largest)), f64::from(z)));
    let (sum, mean) = weights.fold((0.0, 0.0), |(sum, mean), (p, z)| (sum + p, mean + p * z));
    mean / sum - f64::from(z[label])
}

/// The largest logit's digit, and its probability at a temperature.
pub(super) fn prediction_at(logits: &[f32], temperature: f64) -> Prediction {
    let digit = argmax(logits);
    let share = |&z: &f32| exp((f64::from(z) - f64::from(logits[digit])) / temperature);
    Prediction { digit, confidence: 1.0 / logits.iter().map(share).fold(0.0, |sum, share| sum + share) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// And one that is off is refused.
    #[test]
    fn the_slope_is_a_central_difference() {
        let (z, label) = ([0.5_f32, -1.25, 2.0, 0.75], 1);
        let loss = |beta: &[f64]| {
            let scaled = || z.iter().map(|&z| beta[0] * f64::from(z));
            scaled().map(f64::exp).sum::<f64>().ln() - beta[0] * f64::from(z[label])
        };
        for beta in [0.25, 1.0, 3.0] {
            let claimed = slope(&z, label, beta);
            gradcheck::check("slope", loss, &[beta], &[claimed]).unwrap();
            gradcheck::check("slope", loss, &[beta], &[1.001 * claimed]).unwrap_err();
        }
    }

    /// Of two classes with logits `z` and 0, a share `q` of them the first: `z / T = ln(q / (1 - q))`.
    #[test]
    fn two_classes_are_as_sure_as_they_are_right() {
        for (z, right) in [(3.0_f32, 3), (0.5, 3), (2.0, 2)] {
            let labels: Vec<u8> = (0..4).map(|i| u8::from(i >= right)).collect();
            let share = right as f64 / 4.0;
            let expected = f64::from(z) / (share / (1.0 - share)).ln();
            let found = best_temperature(&vec![vec![z, 0.0]; 4], &labels);
            // Where both classes are equally frequent no temperature is high enough.
            let expected = if right == 2 { 16.0 } else { expected };
            assert!((found - expected).abs() < 1e-9 * expected, "{found} {expected}");
        }
    }

    #[test]
    fn a_higher_temperature_is_less_sure_of_the_same_digit() {
        let at = |temperature| prediction_at(&[0.0, 2.0, 1.0], temperature);
        assert_eq!((at(0.5).digit, at(2.0).digit), (1, 1));
        assert!(at(0.5).confidence > at(1.0).confidence && at(1.0).confidence > at(2.0).confidence);
        let expected = 1.0 / (1.0 + (-1.0_f64).exp() + (-2.0_f64).exp());
        assert!((at(1.0).confidence - expected).abs() < 1e-15);
    }
}
