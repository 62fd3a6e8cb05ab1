//! Exercises of the chapter on gradient checks: `cargo test --package exercises exercise_gradients`.

/// Exercise 1, the best step: the two-point central difference `(f(x + h) - f(x - h)) / (2 h)` has the truncation error
/// `h^2 |f'''| / 6` and, when each value of `f` is rounded by at most `rounding`, a rounding error of at most
/// `rounding / h`.
///
/// Returns the `h` at which the sum of the two is least. Both arguments are above 0; `third` is `|f'''|`.
// ANCHOR: exercise_1
pub fn best_step(rounding: f64, third: f64) -> f64 {
    // SOLUTION: exercise_gradients_1 the step at which the derivative of the sum is 0
    (3.0 * rounding / third).cbrt()
    // SOLUTION_END: exercise_gradients_1
}
// ANCHOR_END: exercise_1
