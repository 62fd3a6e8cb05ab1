//! Quantiles of a sample.

use crate::checks::{check_confidence, check_count, check_finite};
use crate::{Interval, StatsError, mcnemar_exact};

/// The quantile of `level` 0 (the smallest value) to 1 (the largest), of values in any order.
///
/// **Interpolation of type 7**, as NumPy and R do by default: with the values sorted, `x_0 <= ... <= x_(n-1)`,
///
/// ```text
/// h = (n - 1) level        q = x_floor(h) + (h - floor(h)) (x_(floor(h)+1) - x_floor(h))
/// ```
///
/// # Errors
/// [`StatsError::TooFew`] for an empty sample, [`StatsError::NotFinite`], [`StatsError::Level`].
///
/// ```
/// use stats::quantile;
/// assert_eq!(quantile(&[30.0, 10.0, 20.0], 0.25)?, 15.0);
/// # Ok::<(), stats::StatsError>(())
/// ```
///
/// Source: R. J. Hyndman, Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50, 1996.
pub fn quantile(xs: &[f64], level: f64) -> Result<f64, StatsError> {
    check_count(1, xs.len())?;
    check_finite(xs)?;
    if !(0.0..=1.0).contains(&level) {
        return Err(StatsError::Level(level));
    }
    let mut sorted = xs.to_vec();
    sorted.sort_by(f64::total_cmp);
    let h = (xs.len() - 1) as f64 * level;
    let below = h as usize;
    let (low, high) = (sorted[below], sorted[(below + 1).min(xs.len() - 1)]);
    // Rounding must not carry the result past the value above.
    Ok((low + (h - below as f64) * (high - low)).min(high))
}

/// The median: the quantile of level 1/2, **the mean of the two middle values** when their number is even.
///
/// # Errors
/// [`StatsError::TooFew`] for an empty sample, [`StatsError::NotFinite`].
pub fn median(xs: &[f64]) -> Result<f64, StatsError> {
    quantile(xs, 0.5)
}

/// The median with an interval of two order statistics, whatever the distribution:
///
/// ```text
/// [x_(k), x_(n+1-k)]        k the largest with 2 P(B < k) <= 1 - confidence, B binomial (n, 1/2)
/// ```
///
/// with the values sorted and counted from 1. **The interval covers the median with at least the given confidence,
/// mostly with more**, since `k` is whole.
///
/// # Errors
/// [`StatsError::TooFew`] when even the smallest and largest value (`k = 1`) do not cover that often: 6 values are
/// needed for 0.95. [`StatsError::NotFinite`], [`StatsError::Confidence`], [`StatsError::TooMany`].
///
/// Source: W. R. Thompson, "On confidence ranges for the median and other expectation distributions for populations of
/// unknown distribution form", The Annals of Mathematical Statistics 7, 1936.
pub fn median_interval(xs: &[f64], confidence: f64) -> Result<Interval, StatsError> {
    check_confidence(confidence)?;
    let (estimate, n) = (median(xs)?, xs.len());
    let outside = |k: usize| mcnemar_exact(k as u64 - 1, (n - k + 1) as u64);
    let mut k = 0;
    while 2 * (k + 1) <= n && outside(k + 1)? <= 1.0 - confidence {
        k += 1;
    }
    if k == 0 {
        let needed = (1..64).find(|&n| 0.5_f64.powi(n - 1) <= 1.0 - confidence).unwrap_or(64);
        return Err(StatsError::TooFew { needed: needed as usize, found: n });
    }
    let mut sorted = xs.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(Interval { estimate, low: sorted[k - 1], high: sorted[n - k], confidence })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case::one_value(&[7.0], 7.0)]
    #[case::two_values(&[1.0, 4.0], 2.5)]
    #[case::three_values_in_disorder(&[9.0, -1.0, 2.0], 2.0)]
    #[case::an_outlier(&[1.0, 2.0, 3.0, 1e9], 2.5)]
    fn the_median_is_the_middle_of(#[case] xs: &[f64], #[case] middle: f64) {
        assert_eq!(median(xs), Ok(middle));
    }

    #[rstest]
    #[case::nothing(&[], 0.5, StatsError::TooFew { needed: 1, found: 0 })]
    #[case::an_infinity(&[1.0, f64::NEG_INFINITY], 0.5, StatsError::NotFinite { index: 1, value: f64::NEG_INFINITY })]
    #[case::a_level_in_percent(&[1.0], 50.0, StatsError::Level(50.0))]
    #[case::a_negative_level(&[1.0], -0.1, StatsError::Level(-0.1))]
    fn there_is_no_quantile_of(#[case] xs: &[f64], #[case] level: f64, #[case] expected: StatsError) {
        assert_eq!(quantile(xs, level), Err(expected));
    }

    #[test]
    fn a_value_or_level_that_is_nan_is_refused() {
        assert!(matches!(quantile(&[f64::NAN], 0.5), Err(StatsError::NotFinite { index: 0, .. })));
        assert!(matches!(quantile(&[1.0], f64::NAN), Err(StatsError::Level(_))));
    }

    /// 2 / 2^6 of six throws are all heads or all tails; of five it is more than 5 %.
    #[test]
    fn six_values_hold_the_median_between_them_and_five_do_not() {
        let interval = median_interval(&[3.0, 1.0, 6.0, 2.0, 5.0, 4.0], 0.95).unwrap();
        assert_eq!((interval.low, interval.estimate, interval.high), (1.0, 3.5, 6.0));
        assert_eq!(median_interval(&[1.0; 5], 0.95), Err(StatsError::TooFew { needed: 6, found: 5 }));
        assert_eq!(median_interval(&[1.0; 9], 95.0), Err(StatsError::Confidence(95.0)));
    }

    proptest! {
        #[test]
        fn quantiles_rise_from_the_smallest_to_the_largest_value(
            xs in prop::collection::vec(-1e6_f64..1e6, 1..40), a in 0.0_f64..=1.0, b in 0.0_f64..=1.0,
        ) {
            let q = |level| quantile(&xs, level).unwrap();
            prop_assert_eq!(q(0.0), xs.iter().copied().fold(f64::INFINITY, f64::min));
            prop_assert_eq!(q(1.0), xs.iter().copied().fold(f64::NEG_INFINITY, f64::max));
            prop_assert!(q(a.min(b)) <= q(a.max(b)));
        }

        #[test]
        fn quantiles_of_the_negatives_are_mirrored(
            xs in prop::collection::vec(-1e3_f64..1e3, 1..40),
            a in 0.0_f64..=1.0,
        ) {
            let negatives: Vec<f64> = xs.iter().map(|x| -x).collect();
            let mirrored = -quantile(&negatives, 1.0 - a).unwrap();
            prop_assert!((quantile(&xs, a).unwrap() - mirrored).abs() < 1e-9);
        }
    }
}
