//! The paired bootstrap.

use crate::checks::{check_confidence, check_count, differences};
use crate::{Interval, StatsError, quantile};
use numerics::{
    random::{Purpose, Stream},
    reduce,
};

/// The percentile interval of the mean difference `mean(a - b)` of a paired sample, such as two settings run on
/// the same seeds.
///
/// The `n` differences are drawn `n` times with replacement, `resamples` times over, with the stream of `seed` for
/// [`Purpose::Bootstrap`]; the ends are the quantiles `(1 -+ confidence) / 2` of the resampled means, **of type 7,
/// without bias correction**. Pairs stay together, so what a seed does to both settings cancels. For fewer than
/// about 20 pairs the interval is too narrow; [`t_interval`](super::t_interval) is then the better one.
///
/// # Errors
/// [`StatsError::Lengths`], [`StatsError::TooFew`] without a pair or without a resample,
/// [`StatsError::NotFinite`], [`StatsError::Confidence`].
///
/// ```
/// let (a, b) = ([0.9, 0.8, 1.0, 0.9], [0.8, 0.8, 0.9, 0.7]);
/// let interval = stats::paired_bootstrap(&a, &b, 1000, 0.95, 1)?;
/// assert!((interval.estimate - 0.1).abs() < 1e-15 && interval.low < 0.1 && interval.high > 0.1);
/// # Ok::<(), stats::StatsError>(())
/// ```
///
/// Source: B. Efron, "Bootstrap methods: another look at the jackknife", The Annals of Statistics 7, 1979.
pub fn paired_bootstrap(
    a: &[f64],
    b: &[f64],
    resamples: usize,
    confidence: f64,
    seed: u64,
) -> Result<Interval, StatsError> {
    check_confidence(confidence)?;
    let differences = differences(a, b)?;
    check_count(1, differences.len())?;
    check_count(1, resamples)?;
    let n = differences.len();
    let mean = |drawn: &[usize]| reduce::sum(drawn.iter().map(|&i| differences[i])) / n as f64;
    let [low, high] = percentiles(n, resamples, confidence, seed, mean)?;
    Ok(Interval { estimate: reduce::mean(&differences), low, high, confidence })
}

/// The ends of the percentile interval of a statistic of `n` examples, given by their places, that are drawn with
/// replacement.
pub(crate) fn percentiles(
    n: usize,
    resamples: usize,
    confidence: f64,
    seed: u64,
    statistic: impl Fn(&[usize]) -> f64,
) -> Result<[f64; 2], StatsError> {
    let mut stream = Stream::new(seed, Purpose::Bootstrap);
    let mut drawn = vec![0; n];
    let mut resampled = || {
        drawn.fill_with(|| stream.below(n as u64) as usize);
        statistic(&drawn)
    };
    let found: Vec<f64> = (0..resamples).map(|_| resampled()).collect();
    let outside = 0.5 * (1.0 - confidence);
    Ok([quantile(&found, outside)?, quantile(&found, 1.0 - outside)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::t_interval;
    use proptest::prelude::*;
    use rstest::rstest;

    fn normals(n: usize, seed: u64) -> Vec<f64> {
        let mut stream = Stream::new(seed, Purpose::Check);
        (0..n).map(|_| stream.normal()).collect()
    }

    #[test]
    fn a_seed_gives_the_same_interval_and_another_seed_another() {
        let (a, b) = (normals(50, 1), normals(50, 2));
        let run = |seed| paired_bootstrap(&a, &b, 500, 0.95, seed).unwrap();
        assert_eq!(run(3), run(3));
        assert_ne!(run(3), run(4));
    }

    #[test]
    fn for_a_large_sample_it_agrees_with_the_t_interval() {
        let (a, b) = (normals(400, 1), normals(400, 2));
        let differences: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a - b).collect();
        let other = t_interval(&differences, 0.95).unwrap();
        let bootstrap = paired_bootstrap(&a, &b, 4000, 0.95, 5).unwrap();
        let width = other.high - other.low;
        assert!((bootstrap.low - other.low).abs() < 0.05 * width, "{bootstrap:?} {other:?}");
        assert!((bootstrap.high - other.high).abs() < 0.05 * width, "{bootstrap:?} {other:?}");
    }

    #[test]
    fn what_a_pair_shares_cancels() {
        let a = normals(40, 1);
        let shifted: Vec<f64> = a.iter().map(|x| x - 0.25).collect();
        let interval = paired_bootstrap(&a, &shifted, 200, 0.95, 1).unwrap();
        assert!((interval.low - 0.25).abs() < 1e-14 && (interval.high - 0.25).abs() < 1e-14, "{interval:?}");
    }

    #[test]
    fn a_true_difference_keeps_the_interval_off_zero_and_none_does_not() {
        let (a, noise) = (normals(100, 1), normals(100, 2));
        let with = |effect: f64| {
            let b: Vec<f64> = a.iter().zip(&noise).map(|(a, e)| a + 0.1 * e - effect).collect();
            paired_bootstrap(&a, &b, 2000, 0.99, 3).unwrap()
        };
        assert!(with(0.1).low > 0.0);
        let none = with(0.0);
        assert!(none.low < 0.0 && none.high > 0.0, "{none:?}");
    }

    #[rstest]
    #[case::without_pairs(&[], &[], 10, 0.95, StatsError::TooFew { needed: 1, found: 0 })]
    #[case::without_resamples(&[1.0], &[2.0], 0, 0.95, StatsError::TooFew { needed: 1, found: 0 })]
    #[case::of_unequal_lengths(&[1.0], &[], 10, 0.95, StatsError::Lengths { first: 1, second: 0 })]
    #[case::of_a_run_that_diverged(
        &[1.0], &[f64::INFINITY], 10, 0.95, StatsError::NotFinite { index: 0, value: f64::INFINITY }
    )]
    #[case::in_percent(&[1.0], &[2.0], 10, 95.0, StatsError::Confidence(95.0))]
    fn a_comparison_is_refused(
        #[case] a: &[f64],
        #[case] b: &[f64],
        #[case] resamples: usize,
        #[case] confidence: f64,
        #[case] expected: StatsError,
    ) {
        assert_eq!(paired_bootstrap(a, b, resamples, confidence, 1), Err(expected));
    }

    proptest! {
        #[test]
        fn the_ends_lie_within_the_differences_and_widen_with_confidence(
            a in prop::collection::vec(-10.0_f64..10.0, 1..20), seed: u64,
        ) {
            let zero = vec![0.0; a.len()];
            let run = |confidence| paired_bootstrap(&a, &zero, 100, confidence, seed).unwrap();
            let (narrow, wide) = (run(0.5), run(0.95));
            prop_assert!(wide.low <= narrow.low && narrow.low <= narrow.high && narrow.high <= wide.high);
            let least = a.iter().copied().fold(f64::INFINITY, f64::min);
            prop_assert!(wide.low >= least - 1e-12);
        }
    }
}
