//! Exercises of P2.2: `cargo test --package exercises exercise_p2_2`.

/// Exercise 1, what momentum does to the rate: return the length of a step of gradient descent with momentum,
/// `v = momentum v + g; w -= rate v`, after very many steps with one and the same gradient of length 1.
// ANCHOR: exercise_1
pub fn steady_step(rate: f64, momentum: f64) -> f64 {
    // SOLUTION: exercise_p2_2_1 the limit of the length of a step
    rate / (1.0 - momentum)
    // SOLUTION_END: exercise_p2_2_1
}
// ANCHOR_END: exercise_1

/// Exercise 2, Adam's first step: by how much does it change a weight whose gradient is `g`? With `m = b1 m + (1-b1) g;
/// v = b2 v + (1-b2) g^2; w -= rate (m / (1-b1)) / (sqrt(v / (1-b2)) + eps)` and `m = v = 0` before it.
// ANCHOR: exercise_2
pub fn adam_first_step(rate: f64, g: f64, eps: f64) -> f64 {
    // SOLUTION: exercise_p2_2_2 the change of the weight
    -rate * g / (g.abs() + eps)
    // SOLUTION_END: exercise_p2_2_2
}
// ANCHOR_END: exercise_2
