//! Exercises of T1: `cargo test --package exercises exercise_t1`.

use numerics::elementary::{exp, ln};

/// Exercise 1, the fourth reading: the outputs `y_bk` of a network with a sigmoid at each output are read as the
/// probabilities of `C` independent yes-or-no questions, "is example `b` of class `k`?".
///
/// Returns the mean over the batch of `-ln P`, in nats, where `P` is the probability that the network gives to all `C`
/// right answers on an example at once. Outputs lie strictly between 0 and 1; labels count from 0.
// ANCHOR: exercise_1
pub fn binary_cross_entropy(outputs: &[Vec<f64>], labels: &[usize]) -> f64 {
    // SOLUTION: exercise_t1_1 the loss of each example, and their mean
    let of_example = |(y, &c): (&Vec<f64>, &usize)| {
        let of_class = |(k, &y): (usize, &f64)| if k == c { -ln(y) } else { -ln(1.0 - y) };
        y.iter().enumerate().map(of_class).sum::<f64>()
    };
    outputs.iter().zip(labels).map(of_example).sum::<f64>() / outputs.len() as f64
    // SOLUTION_END: exercise_t1_1
}
// ANCHOR_END: exercise_1

/// Exercise 2, the temperature: a network's logits `z` are divided by `T` before the softmax. The loss is the
/// cross-entropy of one example of class `c`, `L = -ln softmax(z / T)_c`.
///
/// Returns its derivative by the temperature, `dL/dT`. `T` is above 0; `c` counts from 0.
// ANCHOR: exercise_2
pub fn gradient_by_temperature(z: &[f64], c: usize, temperature: f64) -> f64 {
    // SOLUTION: exercise_t1_2 the derivative of the loss by the temperature
    let largest = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = z.iter().map(|z| exp((z - largest) / temperature)).collect();
    let total: f64 = powers.iter().sum();
    let mean_logit: f64 = z.iter().zip(&powers).map(|(z, power)| z * power / total).sum();
    (z[c] - mean_logit) / (temperature * temperature)
    // SOLUTION_END: exercise_t1_2
}
// ANCHOR_END: exercise_2
