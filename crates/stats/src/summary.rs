//! The mean of a sample and how sure it is.

use crate::checks::{check_confidence, check_count, check_finite};
use crate::distribution::t_point;
use crate::{Interval, StatsError};
use numerics::reduce;
use serde::{Deserialize, Serialize};

/// A mean with its standard error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeanAndError {
    /// The number of values.
    pub count: usize,
    /// The mean.
    pub mean: f64,
    /// The **sample** standard deviation (divided by `n - 1`).
    pub standard_deviation: f64,
    /// The standard error of the mean: standard deviation over `sqrt(n)`.
    pub standard_error: f64,
}

/// Mean, sample standard deviation and standard error of at least two values:
///
/// ```text
/// s = sqrt(sum (x - mean)^2 / (n - 1))        standard error = s / sqrt(n)
/// ```
///
/// # Errors
/// [`StatsError::TooFew`] below two values, [`StatsError::NotFinite`], [`StatsError::Overflow`].
///
/// ```
/// let summary = stats::mean_and_standard_error(&[1.0, 3.0])?;
/// assert_eq!((summary.mean, summary.standard_deviation), (2.0, 2.0_f64.sqrt()));
/// # Ok::<(), stats::StatsError>(())
/// ```
pub fn mean_and_standard_error(xs: &[f64]) -> Result<MeanAndError, StatsError> {
    check_count(2, xs.len())?;
    check_finite(xs)?;
    let (count, n) = (xs.len(), xs.len() as f64);
    // Of equal values the mean must be that value: the rounded mean would show a deviation that is not there.
    let mean = if xs.iter().all(|&x| x == xs[0]) { xs[0] } else { reduce::mean(xs) };
    let squares = reduce::sum(xs.iter().map(|x| (x - mean) * (x - mean)));
    let standard_deviation = (squares / (n - 1.0)).sqrt();
    if !standard_deviation.is_finite() {
        return Err(StatsError::Overflow);
    }
    Ok(MeanAndError { count, mean, standard_deviation, standard_error: standard_deviation / n.sqrt() })
}

/// The interval `mean -+ t s / sqrt(n)` with Student's `t` for `n - 1` degrees of freedom: what a mean over seeds
/// should carry.
///
/// # Errors
/// Those of [`mean_and_standard_error`], and [`StatsError::Confidence`].
///
/// Source: "Student" (W. S. Gosset), "The probable error of a mean", Biometrika 6, 1908.
pub fn t_interval(xs: &[f64], confidence: f64) -> Result<Interval, StatsError> {
    mean_and_standard_error(xs)?.t_interval(confidence)
}

impl MeanAndError {
    /// The interval of this mean, see [`t_interval`].
    ///
    /// # Errors
    /// [`StatsError::Confidence`].
    pub fn t_interval(&self, confidence: f64) -> Result<Interval, StatsError> {
        check_confidence(confidence)?;
        let degrees = u32::try_from(self.count.saturating_sub(1)).unwrap_or(u32::MAX);
        let half = t_point(confidence, degrees) * self.standard_error;
        Ok(Interval { estimate: self.mean, low: self.mean - half, high: self.mean + half, confidence })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::normal_point;
    use approx::assert_relative_eq;
    use proptest::prelude::*;
    use rstest::rstest;

    fn width(interval: Interval) -> f64 {
        interval.high - interval.low
    }

    #[test]
    fn equal_values_have_no_error() {
        let interval = t_interval(&[0.1; 7], 0.95).unwrap();
        assert_eq!((interval.low, interval.estimate, interval.high), (0.1, 0.1, 0.1));
    }

    /// With one degree of freedom `t = tan(pi c / 2)`, which is 1 at `c = 1/2`.
    #[test]
    fn half_of_all_pairs_straddle_the_mean() {
        let interval = t_interval(&[3.0, 5.0], 0.5).unwrap();
        assert_relative_eq!(interval.low, 3.0, max_relative = 1e-14);
        assert_relative_eq!(interval.high, 5.0, max_relative = 1e-14);
    }

    #[rstest]
    #[case::of_ten(10, 0.1542)]
    #[case::of_a_hundred(100, 0.0124)]
    fn an_interval_with_the_normal_point_would_be_too_narrow(#[case] n: u32, #[case] lacking: f64) {
        let ratio = t_point(0.95, n - 1) / normal_point(0.95);
        assert_relative_eq!(ratio, 1.0 + lacking, epsilon = 5e-5);
    }

    #[rstest]
    #[case::nothing(&[], StatsError::TooFew { needed: 2, found: 0 })]
    #[case::one_value(&[1.0], StatsError::TooFew { needed: 2, found: 1 })]
    #[case::a_run_that_diverged(&[1.0, f64::INFINITY], StatsError::NotFinite { index: 1, value: f64::INFINITY })]
    #[case::huge_values(&[1e300, -1e300], StatsError::Overflow)]
    #[case::a_sum_beyond_doubles(&[1.7e308, 1.6e308], StatsError::Overflow)]
    fn no_interval_is_given_for(#[case] xs: &[f64], #[case] expected: StatsError) {
        assert_eq!(t_interval(xs, 0.95), Err(expected.clone()));
        assert_eq!(mean_and_standard_error(xs), Err(expected));
    }

    #[test]
    fn a_confidence_in_percent_is_refused() {
        assert_eq!(t_interval(&[1.0, 2.0], 95.0), Err(StatsError::Confidence(95.0)));
    }

    proptest! {
        #[test]
        fn the_interval_lies_around_the_mean(xs in prop::collection::vec(-100.0_f64..100.0, 2..50)) {
            let Interval { estimate, low, high, .. } = t_interval(&xs, 0.95).unwrap();
            prop_assert!(low <= estimate && estimate <= high);
            prop_assert!(((high - estimate) - (estimate - low)).abs() < 1e-9 * (1.0 + high - low));
        }

        #[test]
        fn the_interval_narrows_when_every_value_comes_four_times(
            xs in prop::collection::vec(-100.0_f64..100.0, 2..20),
        ) {
            prop_assume!(xs.iter().any(|x| *x != xs[0]));
            prop_assert!(width(t_interval(&xs.repeat(4), 0.95).unwrap()) < width(t_interval(&xs, 0.95).unwrap()));
        }
    }
}
