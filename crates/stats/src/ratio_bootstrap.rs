//! The bootstrap of a rate over groups, such as examples that were asked about several times each.

use crate::bootstrap::percentiles;
use crate::checks::{check_confidence, check_count, check_finite};
use crate::{Interval, StatsError};
use numerics::reduce;

/// The percentile interval of `sum(numerators) / sum(denominators)` over groups, such as errors over questions, where
/// a group is an example and its counts are those of all splits that tested it.
///
/// The `n` groups are drawn `n` times with replacement, `resamples` times over, with the stream of `seed` for
/// `Purpose::Bootstrap`; the ends are the quantiles `(1 -+ confidence) / 2` of the resampled ratios, **of type 7,
/// without bias correction**. A group stays together: that one example was asked about twice as often makes no second
/// example of it. **What the numerators were computed with stays as it is**: a model is not trained again on the
/// examples that are drawn. For two methods on the same splits the numerators are the differences of their errors.
///
/// # Errors
/// [`StatsError::Lengths`], [`StatsError::TooFew`] without a group or without a resample, [`StatsError::NotFinite`],
/// [`StatsError::NotPositive`] for a group that nothing was asked of, [`StatsError::Confidence`].
///
/// ```
/// let (wrong, asked) = ([3.0, 0.0, 1.0, 0.0], [4.0, 5.0, 6.0, 5.0]);
/// let interval = stats::ratio_bootstrap(&wrong, &asked, 1000, 0.95, 1)?;
/// assert_eq!(interval.estimate, 4.0 / 20.0);
/// # Ok::<(), stats::StatsError>(())
/// ```
///
/// Source: B. Efron, "Bootstrap methods: another look at the jackknife", The Annals of Statistics 7, 1979.
pub fn ratio_bootstrap(
    numerators: &[f64],
    denominators: &[f64],
    resamples: usize,
    confidence: f64,
    seed: u64,
) -> Result<Interval, StatsError> {
    check_confidence(confidence)?;
    let n = numerators.len();
    if n != denominators.len() {
        return Err(StatsError::Lengths { first: n, second: denominators.len() });
    }
    check_count(1, n)?;
    check_count(1, resamples)?;
    check_finite(numerators)?;
    check_finite(denominators)?;
    if let Some(index) = denominators.iter().position(|&asked| asked <= 0.0) {
        return Err(StatsError::NotPositive { index, value: denominators[index] });
    }
    let ratio = |drawn: &[usize]| {
        let sum = |of: &[f64]| reduce::sum(drawn.iter().map(|&group| of[group]));
        sum(numerators) / sum(denominators)
    };
    let [low, high] = percentiles(n, resamples, confidence, seed, ratio)?;
    let estimate = reduce::sum(numerators.iter().copied()) / reduce::sum(denominators.iter().copied());
    Ok(Interval { estimate, low, high, confidence })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paired_bootstrap;
    use numerics::random::{Purpose, Stream};
    use rstest::rstest;

    fn normals(n: usize, seed: u64) -> Vec<f64> {
        let mut stream = Stream::new(seed, Purpose::Check);
        (0..n).map(|_| stream.normal()).collect()
    }

    /// The same draws, so the same bits; the paired bootstrap is held to a second implementation.
    #[test]
    fn of_groups_of_one_it_is_the_bootstrap_of_the_mean() {
        let xs = normals(60, 1);
        let ours = ratio_bootstrap(&xs, &[1.0; 60], 500, 0.95, 7).unwrap();
        let paired = paired_bootstrap(&xs, &[0.0; 60], 500, 0.95, 7).unwrap();
        assert_eq!((ours.low, ours.high), (paired.low, paired.high));
    }

    #[test]
    fn a_seed_gives_the_same_interval_and_another_seed_another() {
        let wrong = normals(50, 1);
        let run = |seed| ratio_bootstrap(&wrong, &[2.0; 50], 500, 0.95, seed).unwrap();
        assert_eq!(run(3), run(3));
        assert_ne!(run(3), run(4));
    }

    /// Ten times as many questions to the same examples are no more examples. The control: ten times as many examples
    /// are.
    #[test]
    fn asking_the_same_examples_more_often_does_not_narrow_the_interval() {
        let (wrong, asked) = ([[1.0, 0.0, 0.0, 0.0]; 20].concat(), vec![2.0; 80]);
        let width = |wrong: &[f64], asked: &[f64]| {
            let Interval { low, high, .. } = ratio_bootstrap(wrong, asked, 500, 0.95, 5).unwrap();
            high - low
        };
        let ten = |of: &[f64]| of.iter().map(|x| 10.0 * x).collect::<Vec<f64>>();
        assert_eq!(width(&ten(&wrong), &ten(&asked)), width(&wrong, &asked));
        assert!(width(&wrong.repeat(10), &asked.repeat(10)) < 0.5 * width(&wrong, &asked));
    }

    #[rstest]
    #[case::without_groups(&[], &[], 10, 0.95, StatsError::TooFew { needed: 1, found: 0 })]
    #[case::without_resamples(&[1.0], &[2.0], 0, 0.95, StatsError::TooFew { needed: 1, found: 0 })]
    #[case::of_unequal_lengths(&[1.0], &[], 10, 0.95, StatsError::Lengths { first: 1, second: 0 })]
    #[case::of_a_group_never_asked(
        &[0.0, 0.0], &[1.0, 0.0], 10, 0.95, StatsError::NotPositive { index: 1, value: 0.0 }
    )]
    #[case::of_a_run_that_diverged(
        &[f64::INFINITY], &[1.0], 10, 0.95, StatsError::NotFinite { index: 0, value: f64::INFINITY }
    )]
    #[case::in_percent(&[1.0], &[2.0], 10, 95.0, StatsError::Confidence(95.0))]
    fn no_interval_is_given(
        #[case] numerators: &[f64],
        #[case] denominators: &[f64],
        #[case] resamples: usize,
        #[case] confidence: f64,
        #[case] expected: StatsError,
    ) {
        assert_eq!(ratio_bootstrap(numerators, denominators, resamples, confidence, 1), Err(expected));
    }
}
