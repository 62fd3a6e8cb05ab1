//! Exercises of the chapter on equal bits: `cargo test --package exercises exercise_same_bits`.

/// Exercise 1, an order that matters: return three numbers `a`, `b`, `c`, each between 1 and 2, for which
/// `(a + b) + c` and `a + (b + c)` are different `f32`.
// ANCHOR: exercise_1
pub fn three_numbers() -> [f32; 3] {
    // SOLUTION: exercise_same_bits_1 three such numbers
    let next = 1.0 + f32::EPSILON;
    [1.0, next, next]
    // SOLUTION_END: exercise_same_bits_1
}
// ANCHOR_END: exercise_1

/// Exercise 2, a sum that remembers what it rounds off: return the sum of `f32` numbers in single precision only. The
/// test takes up to a million of them, and asks for an error of at most one machine epsilon of the sum.
// ANCHOR: exercise_2
pub fn compensated_sum(numbers: &[f32]) -> f32 {
    // SOLUTION: exercise_same_bits_2 the sum, with what was rounded off carried along
    let (mut sum, mut lost) = (0.0_f32, 0.0_f32);
    for number in numbers {
        let corrected = number - lost;
        let next = sum + corrected;
        lost = (next - sum) - corrected;
        sum = next;
    }
    sum
    // SOLUTION_END: exercise_same_bits_2
}
// ANCHOR_END: exercise_2
