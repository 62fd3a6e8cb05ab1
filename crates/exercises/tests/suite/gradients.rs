use crate::Verdict;
use exercises::gradients::best_step;
use rstest::rstest;

/// No step a little longer or shorter has a smaller error.
fn check_step(answer: fn(f64, f64) -> f64) -> Verdict {
    for (rounding, third) in [(f64::EPSILON, 1.0), (f64::from(f32::EPSILON), 6.0), (1e-10, 0.01)] {
        let error = |h: f64| h * h * third / 6.0 + rounding / h;
        let h = answer(rounding, third);
        if !(h > 0.0 && error(h) < error(h * 1.001) && error(h) < error(h / 1.001)) {
            return Err(format!("h = {h} is not the best step for {rounding} and {third}"));
        }
    }
    Ok(())
}

#[test]
fn exercise_gradients_1_the_best_step() {
    check_step(best_step).unwrap();
}

#[rstest]
#[case::of_the_forward_difference(|rounding: f64, third: f64| 2.0 * (rounding / third).sqrt())]
#[case::without_the_factor(|rounding: f64, third: f64| (rounding / third).cbrt())]
#[case::as_small_as_can_be(|rounding: f64, _: f64| rounding)]
fn exercise_gradients_1_refuses(#[case] answer: fn(f64, f64) -> f64) {
    check_step(answer).unwrap_err();
}
