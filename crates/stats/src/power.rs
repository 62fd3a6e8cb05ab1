//! What a test could have seen.

use crate::StatsError;
use crate::checks::check_confidence;
use crate::distribution::normal_point;

/// The smallest true difference that a two-sided test of a mean with this standard error finds with the probability
/// `power`, at the level `1 - confidence`:
///
/// ```text
/// (z_(1 - level/2) + z_power) standard error
/// ```
///
/// By the normal distribution, for **one test by itself**: within a family that is corrected the difference has to be
/// larger. A smaller difference may be there and is likely not found.
///
/// # Errors
/// [`StatsError::Confidence`], and [`StatsError::Power`] for a power that is not above one half and below 1.
///
/// Source: J. Cohen, "Statistical power analysis for the behavioral sciences", 1988.
pub fn detectable(standard_error: f64, confidence: f64, power: f64) -> Result<f64, StatsError> {
    check_confidence(confidence)?;
    if !(power > 0.5 && power < 1.0) {
        return Err(StatsError::Power(power));
    }
    // P(Z <= z) = power is P(|Z| <= z) = 2 power - 1.
    Ok((normal_point(confidence) + normal_point(2.0 * power - 1.0)) * standard_error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use numerics::random::{Purpose, Stream};
    use rstest::rstest;

    #[test]
    fn a_power_as_high_as_the_upper_end_of_the_interval_takes_twice_its_half_width() {
        let twice = 2.0 * normal_point(0.95) * 0.25;
        assert_relative_eq!(detectable(0.25, 0.95, 0.975).unwrap(), twice, max_relative = 1e-13);
    }

    /// Of tests of a true difference of this size the power is found; of half of it far fewer: the control.
    #[test]
    fn so_many_tests_find_a_difference_of_this_size() {
        const TESTS: usize = 20_000;
        let size = detectable(1.0, 0.95, 0.8).unwrap();
        let found = |size: f64| {
            let mut stream = Stream::new(1, Purpose::Check);
            let bar = normal_point(0.95);
            (0..TESTS).filter(|_| (size + stream.normal()).abs() > bar).count() as f64 / TESTS as f64
        };
        assert!((found(size) - 0.8).abs() < 0.01, "{}", found(size));
        assert!(found(0.5 * size) < 0.35, "{}", found(0.5 * size));
    }

    #[rstest]
    #[case::in_percent(0.95, 80.0, StatsError::Power(80.0))]
    #[case::a_half(0.95, 0.5, StatsError::Power(0.5))]
    #[case::confidence_in_percent(95.0, 0.8, StatsError::Confidence(95.0))]
    fn no_size_is_given_for(#[case] confidence: f64, #[case] power: f64, #[case] expected: StatsError) {
        assert_eq!(detectable(1.0, confidence, power), Err(expected));
    }
}
