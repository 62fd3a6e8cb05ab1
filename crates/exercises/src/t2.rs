//! Exercises of T2: `cargo test --package exercises exercise_t2`.

/// Exercise 1, how long the gradient is: return the Euclidean norm of the gradient of the **population's** standard
/// deviation of `n` inputs that are not all equal.
// ANCHOR: exercise_1
pub fn gradient_norm(n: usize) -> f64 {
    // SOLUTION: exercise_t2_1 the norm, which does not depend on the inputs
    1.0 / (n as f64).sqrt()
    // SOLUTION_END: exercise_t2_1
}
// ANCHOR_END: exercise_1

/// Exercise 2, a graph where the mean's path counts: return the gradient of the coefficient of variation `sigma / mu`
/// by each input, with the population's standard deviation. The inputs are not all equal and their mean is not 0.
// ANCHOR: exercise_2
pub fn gradient_of_variation(x: &[f64]) -> Vec<f64> {
    // SOLUTION: exercise_t2_2 the gradient by each input
    let n = x.len() as f64;
    let mu = x.iter().sum::<f64>() / n;
    let sigma = (x.iter().map(|x| (x - mu) * (x - mu)).sum::<f64>() / n).sqrt();
    x.iter().map(|x| (x - mu) / (n * sigma) / mu - sigma / (mu * mu) / n).collect()
    // SOLUTION_END: exercise_t2_2
}
// ANCHOR_END: exercise_2
