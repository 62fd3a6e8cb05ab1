//! The tests that decide on the exercises, a module for each chapter.
//!
//! Each exercise has a `check` that takes any function of the exercise's type; beside the test of the function in
//! `src`, a second one feeds it the likely wrong answers and expects a refusal.

mod gradients;
mod p1_1;
mod p1_2;
mod p2_1;
mod p2_2;
mod same_bits;
mod t1;
mod t2;

/// What a check says: nothing, or what is wrong.
type Verdict = Result<(), String>;

/// Two numbers are equal up to a relative error of 1e-9.
fn near(what: &str, found: f64, expected: f64) -> Verdict {
    let close = approx::relative_eq!(found, expected, max_relative = 1e-9, epsilon = 1e-12);
    if close { Ok(()) } else { Err(format!("{what}: {found}, expected {expected}")) }
}
