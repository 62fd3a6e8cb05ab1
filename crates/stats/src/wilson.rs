//! The Wilson interval of a rate.

use crate::checks::check_confidence;
use crate::distribution::normal_point;
use crate::{Interval, StatsError};

/// The score interval of the rate `correct / total` by Wilson, **without continuity correction**:
///
/// ```text
/// (2 s + z^2 -+ z sqrt(z^2 + 4 s f / n)) / (2 (n + z^2))        s correct, f = n - s wrong
/// ```
///
/// `z` is the normal point of the confidence. Unlike the interval `rate -+ z sqrt(rate (1 - rate) / n)` it never
/// leaves 0 to 1 and has a width at 0 and at 1: of 30 flowers all right, the error rate is still only known to be
/// below 11.4 %.
///
/// # Errors
/// [`StatsError::TooFew`] for a total of 0, [`StatsError::Counts`], [`StatsError::Confidence`].
///
/// ```
/// use stats::wilson_interval;
/// let z = stats::distribution::normal_point(0.95);
/// let all_right = wilson_interval(30, 30, 0.95)?;
/// assert!((all_right.low - 30.0 / (30.0 + z * z)).abs() < 1e-15 && all_right.high == 1.0);
/// # Ok::<(), stats::StatsError>(())
/// ```
///
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
/// American Statistical Association 22, 1927.
pub fn wilson_interval(correct: u64, total: u64, confidence: f64) -> Result<Interval, StatsError> {
    check_confidence(confidence)?;
    if total == 0 {
        return Err(StatsError::TooFew { needed: 1, found: 0 });
    }
    if correct > total {
        return Err(StatsError::Counts { correct, total });
    }
    let z = normal_point(confidence);
    let (n, s, f) = (total as f64, correct as f64, (total - correct) as f64);
    let centre = 2.0 * s + z * z;
    let half = z * (z * z + 4.0 * s * f / n).sqrt();
    let scale = 2.0 * (n + z * z);
    let estimate = s / n;
    // At 0 and at n an end is the estimate itself, which rounding must not move past it.
    let low = ((centre - half) / scale).clamp(0.0, estimate);
    let high = ((centre + half) / scale).clamp(estimate, 1.0);
    Ok(Interval { estimate, low, high, confidence })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    fn none_of_n_begins_at_zero_and_ends_at_its_closed_form(#[values(1, 7, 30, 10_000)] n: u64) {
        let z2 = normal_point(0.95) * normal_point(0.95);
        let interval = wilson_interval(0, n, 0.95).unwrap();
        assert_eq!((interval.estimate, interval.low), (0.0, 0.0));
        assert!((interval.high - z2 / (n as f64 + z2)).abs() < 1e-15);
        assert_eq!(wilson_interval(n, n, 0.95).unwrap().high, 1.0);
    }

    #[rstest]
    #[case::of_nothing(0, 0, 0.95, StatsError::TooFew { needed: 1, found: 0 })]
    #[case::of_more_than_all(31, 30, 0.95, StatsError::Counts { correct: 31, total: 30 })]
    #[case::in_percent(1, 2, 95.0, StatsError::Confidence(95.0))]
    #[case::without_confidence(1, 2, 0.0, StatsError::Confidence(0.0))]
    fn a_rate_is_refused(
        #[case] correct: u64,
        #[case] total: u64,
        #[case] confidence: f64,
        #[case] expected: StatsError,
    ) {
        assert_eq!(wilson_interval(correct, total, confidence), Err(expected));
    }

    #[test]
    fn a_confidence_that_is_nan_is_refused() {
        assert!(matches!(wilson_interval(1, 2, f64::NAN), Err(StatsError::Confidence(_))));
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_estimate_and_mirrors_its_complement(n in 1_u64..5000, part in 0.0_f64..=1.0) {
            let s = (part * n as f64) as u64;
            let right = wilson_interval(s, n, 0.95).unwrap();
            let wrong = wilson_interval(n - s, n, 0.95).unwrap();
            prop_assert!(0.0 <= right.low && right.low <= right.estimate);
            prop_assert!(right.estimate <= right.high && right.high <= 1.0);
            prop_assert!((right.low - (1.0 - wrong.high)).abs() < 1e-14);
        }

        #[test]
        fn the_interval_narrows_with_more_examples_and_less_confidence(n in 1_u64..500, part in 0.0_f64..=1.0) {
            let s = (part * n as f64) as u64;
            let width = |s, n, confidence| {
                let interval = wilson_interval(s, n, confidence).unwrap();
                interval.high - interval.low
            };
            prop_assert!(width(4 * s, 4 * n, 0.95) < width(s, n, 0.95));
            prop_assert!(width(s, n, 0.9) < width(s, n, 0.95));
        }
    }
}
