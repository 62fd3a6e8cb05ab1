use crate::{Verdict, near};
use exercises::t2::{gradient_norm, gradient_of_variation};
use rstest::rstest;
use theory::std_dev::{Ddof, gradient, std_dev};

/// The norm is that of the library's gradient, for random inputs of several numbers.
fn check_norm(answer: fn(usize) -> f64) -> Verdict {
    (2..9).try_for_each(|n| {
        let x = gradcheck::cotangent(n, n as u64);
        let squares = gradient(&x, Ddof::Population).unwrap().iter().map(|g| g * g).sum::<f64>();
        near(&format!("{n} inputs"), answer(n), squares.sqrt())
    })
}

#[test]
fn exercise_t2_1_the_norm_of_the_gradient() {
    check_norm(gradient_norm).unwrap();
}

#[rstest]
#[case::of_two_inputs_always(|_: usize| 0.5_f64.sqrt())]
#[case::its_square(|n: usize| 1.0 / n as f64)]
#[case::the_samples(|n: usize| 1.0 / (n as f64 - 1.0).sqrt())]
fn exercise_t2_1_refuses(#[case] answer: fn(usize) -> f64) {
    check_norm(answer).unwrap_err();
}

type OfInputs = fn(&[f64]) -> Vec<f64>;

/// The gradient is that of central differences.
fn check_variation(answer: OfInputs) -> Verdict {
    let x = [1.0, 4.0, 2.5, 6.0];
    let value = |x: &[f64]| {
        std_dev(x, Ddof::Population).unwrap_or(f64::NAN) / (x.iter().sum::<f64>() / x.len() as f64)
    };
    let checked = gradcheck::check("coefficient of variation", value, &x, &answer(&x));
    checked.map(drop).map_err(|error| error.to_string())
}

#[test]
fn exercise_t2_2_the_coefficient_of_variation() {
    check_variation(gradient_of_variation).unwrap();
}

/// As if the mean in the denominator were a constant.
fn without_the_means_path(x: &[f64]) -> Vec<f64> {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    gradient(x, Ddof::Population).unwrap().iter().map(|g| g / mean).collect()
}

#[rstest]
#[case::without_the_means_path(without_the_means_path)]
#[case::the_samples(|x: &[f64]| {
    let factor = (x.len() as f64 / (x.len() as f64 - 1.0)).sqrt();
    gradient_of_variation(x).iter().map(|g| g * factor).collect()
})]
fn exercise_t2_2_refuses(#[case] answer: OfInputs) {
    check_variation(answer).unwrap_err();
}
