use crate::{Verdict, near};
use exercises::t1::{binary_cross_entropy, gradient_by_temperature};
use numerics::elementary::{exp, ln, sigmoid};
use rstest::rstest;
use theory::cross_entropy::{Reading, cross_entropy};

type OfBatch = fn(&[Vec<f64>], &[usize]) -> f64;

/// The question's outputs and labels.
fn question() -> (Vec<Vec<f64>>, Vec<usize>) {
    (vec![vec![0.65, 0.43, 0.11], vec![0.05, 0.51, 0.18], vec![0.33, 0.21, 0.72]], vec![0, 1, 2])
}

/// The loss is right on the question's batch, and its gradient by the numbers before the sigmoids is `(y - p) / B`.
fn check_fourth_reading(answer: OfBatch) -> Verdict {
    let (outputs, labels) = question();
    let right =
        [[0.65, 1.0 - 0.43, 1.0 - 0.11], [1.0 - 0.05, 0.51, 1.0 - 0.18], [1.0 - 0.33, 1.0 - 0.21, 0.72]];
    let expected = -right.iter().flatten().map(|&p| ln(p)).sum::<f64>() / 3.0;
    near("the question's batch", answer(&outputs, &labels), expected)?;

    let logits = gradcheck::cotangent(8, 1);
    let of_logits = |z: &[f64]| {
        let outputs: Vec<Vec<f64>> = z.chunks(4).map(|z| z.iter().map(|&z| sigmoid(z)).collect()).collect();
        answer(&outputs, &[3, 1])
    };
    let is_label = |i: usize| if i == 3 || i == 5 { 1.0 } else { 0.0 };
    let gradient: Vec<f64> =
        logits.iter().enumerate().map(|(i, &z)| (sigmoid(z) - is_label(i)) / 2.0).collect();
    gradcheck::check("fourth reading", of_logits, &logits, &gradient)
        .map_err(|error| error.to_string())
        .map(drop)
}

#[test]
fn exercise_t1_1_the_fourth_reading() {
    check_fourth_reading(binary_cross_entropy).unwrap();
}

#[rstest]
#[case::the_first_reading(|y: &[Vec<f64>], c: &[usize]| cross_entropy(y, c, Reading::Probabilities).unwrap().mean)]
#[case::a_sum_over_the_batch(|y: &[Vec<f64>], c: &[usize]| binary_cross_entropy(y, c) * y.len() as f64)]
#[case::a_mean_over_the_entries(|y: &[Vec<f64>], c: &[usize]| binary_cross_entropy(y, c) / y[0].len() as f64)]
fn exercise_t1_1_refuses(#[case] answer: OfBatch) {
    check_fourth_reading(answer).unwrap_err();
}

type ByTemperature = fn(&[f64], usize, f64) -> f64;

/// The derivative is that of the library's loss, at several temperatures, and finite for large logits.
fn check_temperature(answer: ByTemperature) -> Verdict {
    let z = [2.0, -1.0, 0.5, 3.5];
    for (c, temperature) in [(0, 1.0), (3, 1.0), (1, 0.4), (2, 2.5)] {
        let loss = |t: &[f64]| {
            let divided: Vec<f64> = z.iter().map(|z| z / t[0]).collect();
            cross_entropy(&[divided], &[c], Reading::Logits).map_or(f64::NAN, |loss| loss.mean)
        };
        gradcheck::check("temperature", loss, &[temperature], &[answer(&z, c, temperature)])
            .map_err(|error| error.to_string())?;
    }
    near("large logits", answer(&[1000.0, 2000.0], 1, 1.0), 0.0)
}

#[test]
fn exercise_t1_2_the_temperature() {
    check_temperature(gradient_by_temperature).unwrap();
}

/// Right, but for powers that a double cannot hold.
fn of_powers_that_overflow(z: &[f64], c: usize, t: f64) -> f64 {
    let powers: Vec<f64> = z.iter().map(|z| exp(z / t)).collect();
    let mean = z.iter().zip(&powers).map(|(z, power)| z * power).sum::<f64>() / powers.iter().sum::<f64>();
    (z[c] - mean) / (t * t)
}

#[rstest]
#[case::of_the_wrong_sign(|z: &[f64], c, t| -gradient_by_temperature(z, c, t))]
#[case::without_the_inner_derivative(|z: &[f64], c, t: f64| gradient_by_temperature(z, c, t) * t * t)]
#[case::of_powers_that_overflow(of_powers_that_overflow)]
fn exercise_t1_2_refuses(#[case] answer: ByTemperature) {
    check_temperature(answer).unwrap_err();
}
