use crate::{Verdict, near};
use exercises::p2_2::{adam_first_step, steady_step};
use rstest::rstest;

/// The step is that of a simulation.
fn check_steady(answer: fn(f64, f64) -> f64) -> Verdict {
    [(0.1, 0.0), (0.01, 0.9), (0.5, 0.5)].into_iter().try_for_each(|(rate, momentum)| {
        let velocity = (0..1000).fold(0.0, |velocity, _| momentum * velocity + 1.0);
        near(&format!("rate {rate}, momentum {momentum}"), answer(rate, momentum), rate * velocity)
    })
}

#[test]
fn exercise_p2_2_1_what_momentum_does_to_the_rate() {
    check_steady(steady_step).unwrap();
}

#[rstest]
#[case::the_rate(|rate: f64, _| rate)]
#[case::one_step_more(|rate: f64, momentum: f64| rate * (1.0 + momentum))]
#[case::the_other_way(|rate: f64, momentum: f64| rate * (1.0 - momentum))]
fn exercise_p2_2_1_refuses(#[case] answer: fn(f64, f64) -> f64) {
    check_steady(answer).unwrap_err();
}

/// The change is that of the formula, with the coefficients of Adam's paper.
fn check_adam(answer: fn(f64, f64, f64) -> f64) -> Verdict {
    let (b1, b2) = (0.9, 0.999);
    [(0.01, 2.0, 1e-8), (0.01, -1e-4, 1e-8), (0.1, 1e-8, 1e-8)].into_iter().try_for_each(|(rate, g, eps)| {
        let (m, v): (f64, f64) = ((1.0 - b1) * g, (1.0 - b2) * g * g);
        let expected = -rate * (m / (1.0 - b1)) / ((v / (1.0 - b2)).sqrt() + eps);
        near(&format!("gradient {g}"), answer(rate, g, eps), expected)
    })
}

#[test]
fn exercise_p2_2_2_adams_first_step() {
    check_adam(adam_first_step).unwrap();
}

#[rstest]
#[case::the_rate_alone(|rate: f64, g: f64, _| -rate * g.signum())]
#[case::the_gradient(|rate: f64, g: f64, _| -rate * g)]
#[case::upwards(|rate: f64, g: f64, eps: f64| -adam_first_step(rate, g, eps))]
fn exercise_p2_2_2_refuses(#[case] answer: fn(f64, f64, f64) -> f64) {
    check_adam(answer).unwrap_err();
}
