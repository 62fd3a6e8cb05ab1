//! The mean over many splits of one data set, as a statement on new examples: Nadeau and Bengio's correction.

use crate::checks::check_confidence;
use crate::distribution::t_two_sided_tail;
use crate::power::detectable;
use crate::{Interval, MeanAndError, POWER, StatsError, mean_and_standard_error};
use serde::{Deserialize, Serialize};

/// How many examples of every split train, and how many test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitSizes {
    /// The examples that are trained on.
    pub train: usize,
    /// The examples that are tested on.
    pub test: usize,
}

/// The outcome of a corrected resampled t-test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorrectedTest {
    /// The mean difference over the splits, with the corrected interval.
    pub difference: Interval,
    /// Its corrected standard error.
    pub standard_error: f64,
    /// The two-sided p-value of no difference on new examples.
    pub p_value: f64,
    /// The smallest difference that this test would find with the power [`POWER`], see [`detectable`].
    pub detectable: f64,
}

/// Mean, sample standard deviation and **corrected** standard error of one value for each of `J` random splits of the
/// same examples:
///
/// ```text
/// s = sqrt(sum (x - mean)^2 / (J - 1))        standard error = s sqrt(1/J + n_test / n_train)
/// ```
///
/// The splits share their examples, so their values are correlated, and `s / sqrt(J)` is the error of the mean over
/// splits **of these examples only**: it goes to 0 with `J`, though no further example was looked at. Here the
/// correlation of two splits is taken to be `n_test / (n_test + n_train)`. **That is an assumption and no estimate**,
/// so intervals and p-values made of it are approximate. The error never falls below `s sqrt(n_test / n_train)`.
///
/// # Errors
/// Those of [`mean_and_standard_error`], and [`StatsError::Split`] for a part without examples.
///
/// Source: C. Nadeau, Y. Bengio, "Inference for the generalization error", Machine Learning 52, 2003.
pub fn corrected_mean(xs: &[f64], sizes: SplitSizes) -> Result<MeanAndError, StatsError> {
    let SplitSizes { train, test } = sizes;
    if train == 0 || test == 0 {
        return Err(StatsError::Split { train, test });
    }
    let summary = mean_and_standard_error(xs)?;
    let factor = (1.0 / summary.count as f64 + test as f64 / train as f64).sqrt();
    Ok(MeanAndError { standard_error: summary.standard_deviation * factor, ..summary })
}

/// The interval of [`corrected_mean`] with Student's `t` for `J - 1` degrees of freedom.
///
/// # Errors
/// Those of [`corrected_mean`], and [`StatsError::Confidence`].
///
/// ```
/// use stats::SplitSizes;
/// let (errors, sizes) = ([0.1, 0.0, 0.2, 0.1], SplitSizes { train: 120, test: 30 });
/// let these = stats::t_interval(&errors, 0.95)?; // on these examples, over splits
/// let new = stats::corrected_t_interval(&errors, sizes, 0.95)?; // on new examples
/// assert!(new.low < these.low && these.high < new.high);
/// # Ok::<(), stats::StatsError>(())
/// ```
pub fn corrected_t_interval(xs: &[f64], sizes: SplitSizes, confidence: f64) -> Result<Interval, StatsError> {
    corrected_mean(xs, sizes)?.t_interval(confidence)
}

/// The corrected resampled t-test of two methods on the same `J` splits: is the mean of the differences, split by
/// split, 0 on new examples?
///
/// ```text
/// t = mean / standard error, with J - 1 degrees of freedom
/// ```
///
/// **Differences that are all equal** have no error: p is 1 when they are 0, else 0.
///
/// # Errors
/// Those of [`corrected_t_interval`].
pub fn corrected_t_test(
    differences: &[f64],
    sizes: SplitSizes,
    confidence: f64,
) -> Result<CorrectedTest, StatsError> {
    check_confidence(confidence)?;
    let summary = corrected_mean(differences, sizes)?;
    let degrees = u32::try_from(summary.count - 1).unwrap_or(u32::MAX);
    let MeanAndError { mean, standard_error, .. } = summary;
    Ok(CorrectedTest {
        difference: summary.t_interval(confidence)?,
        standard_error,
        p_value: if mean == 0.0 { 1.0 } else { t_two_sided_tail(mean.abs() / standard_error, degrees) },
        detectable: detectable(standard_error, confidence, POWER)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::t_interval;
    use approx::assert_relative_eq;
    use numerics::random::{Purpose, Stream};
    use proptest::prelude::*;
    use rstest::rstest;
    use std::f64::consts::PI;

    const FIVE: SplitSizes = SplitSizes { train: 4, test: 1 };

    /// Of 1 and 3 the deviation is sqrt(2), so the error is sqrt(2 (1/2 + 1/4)); with one degree of freedom `t` is 1 at
    /// a confidence of one half.
    #[test]
    fn an_interval_of_two_splits_is_computed_by_hand() {
        let interval = corrected_t_interval(&[1.0, 3.0], FIVE, 0.5).unwrap();
        assert_relative_eq!(interval.low, 2.0 - 1.5_f64.sqrt(), max_relative = 1e-14);
        assert_relative_eq!(interval.high, 2.0 + 1.5_f64.sqrt(), max_relative = 1e-14);
    }

    /// With one degree of freedom `P(|T| > t) = 1 - 2/pi atan t`.
    #[test]
    fn a_p_value_of_two_splits_is_computed_by_hand() {
        let test = corrected_t_test(&[1.0, 3.0], FIVE, 0.95).unwrap();
        assert_relative_eq!(test.standard_error, 1.5_f64.sqrt(), max_relative = 1e-15);
        let t = 2.0 / 1.5_f64.sqrt();
        assert_relative_eq!(test.p_value, 1.0 - 2.0 / PI * t.atan(), max_relative = 1e-13);
        let mirrored = corrected_t_test(&[-1.0, -3.0], FIVE, 0.95).unwrap();
        assert_eq!((mirrored.p_value, mirrored.difference.high), (test.p_value, -test.difference.low));
    }

    #[rstest]
    #[case::no_difference(0.0, 1.0)]
    #[case::always_the_same_difference(-0.1, 0.0)]
    fn equal_differences_have_no_error(#[case] difference: f64, #[case] p_value: f64) {
        let test = corrected_t_test(&[difference; 9], FIVE, 0.95).unwrap();
        assert_eq!(
            (test.p_value, test.difference.low, test.difference.high),
            (p_value, difference, difference)
        );
    }

    #[rstest]
    #[case::no_training_part(&[1.0, 2.0], 0, 30, 0.95, StatsError::Split { train: 0, test: 30 })]
    #[case::no_test_part(&[1.0, 2.0], 120, 0, 0.95, StatsError::Split { train: 120, test: 0 })]
    #[case::one_split(&[1.0], 120, 30, 0.95, StatsError::TooFew { needed: 2, found: 1 })]
    #[case::in_percent(&[1.0, 2.0], 120, 30, 95.0, StatsError::Confidence(95.0))]
    fn nothing_is_said_of(
        #[case] xs: &[f64],
        #[case] train: usize,
        #[case] test: usize,
        #[case] confidence: f64,
        #[case] expected: StatsError,
    ) {
        let sizes = SplitSizes { train, test };
        assert_eq!(corrected_t_interval(xs, sizes, confidence), Err(expected.clone()));
        assert_eq!(corrected_t_test(xs, sizes, confidence), Err(expected));
    }

    /// Means over `splits` test parts of 30 out of 150 draws of mean 0.
    fn over_splits(splits: usize, seed: u64) -> Vec<f64> {
        let mut stream = Stream::new(seed, Purpose::Check);
        let all: Vec<f64> = (0..150).map(|_| stream.normal()).collect();
        let mut test = || stream.permutation(150)[..30].iter().map(|&at| all[at]).sum::<f64>() / 30.0;
        (0..splits).map(|_| test()).collect()
    }

    /// What the correction is for. Of 300 data sets the corrected interval holds the true mean, 0, about as often as it
    /// says. The control: the interval of the mean over splits, which looks at the splits as if they were data sets,
    /// holds it on less than half.
    #[test]
    fn over_many_data_sets_the_corrected_interval_holds_the_truth_and_the_other_does_not() {
        const SETS: u64 = 300;
        let sizes = SplitSizes { train: 120, test: 30 };
        let holds = |interval: Interval| interval.low <= 0.0 && 0.0 <= interval.high;
        let share = |interval: &dyn Fn(&[f64]) -> Interval| {
            (0..SETS).filter(|&seed| holds(interval(&over_splits(100, seed)))).count() as f64 / SETS as f64
        };
        let corrected = share(&|xs| corrected_t_interval(xs, sizes, 0.95).unwrap());
        let naive = share(&|xs| t_interval(xs, 0.95).unwrap());
        assert!((0.92..=0.98).contains(&corrected), "corrected: {corrected}");
        assert!(naive < 0.5, "not corrected: {naive}");
    }

    proptest! {
        #[test]
        fn the_correction_adds_the_share_of_the_variance(
            xs in prop::collection::vec(-10.0_f64..10.0, 2..40), train in 1_usize..200, test in 1_usize..200,
        ) {
            let plain = mean_and_standard_error(&xs).unwrap();
            let corrected = corrected_mean(&xs, SplitSizes { train, test }).unwrap();
            let added = corrected.standard_error.powi(2) - plain.standard_error.powi(2);
            let expected = plain.standard_deviation.powi(2) * test as f64 / train as f64;
            prop_assert!((added - expected).abs() <= 1e-9 * (1.0 + expected));
            prop_assert_eq!(corrected.mean, plain.mean);
        }
    }
}
