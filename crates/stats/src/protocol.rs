//! What all experiments have in common in their statistics. **Fixed before the first run and nowhere else.**

/// The confidence of every interval.
pub const CONFIDENCE: f64 = 0.95;

/// The level of every test, or of a whole family of tests at once.
pub const LEVEL: f64 = 0.05;

/// The power at which it is said which difference a test would have found.
pub const POWER: f64 = 0.8;

/// Resamples of every bootstrap.
pub const RESAMPLES: usize = 2000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_at_the_level_and_an_interval_of_the_confidence_say_the_same() {
        assert!((1.0 - CONFIDENCE - LEVEL).abs() < f64::EPSILON);
    }
}
