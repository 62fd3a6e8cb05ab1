//! The first epoch at which a run reaches something: what counts as reached, and what a run counts as that never gets
//! there.
//!
//! **A run that never gets there ranks after every run that does, whatever their numbers of epochs.** Where a number
//! is needed it is one more than the longest of the compared runs has ([`reached_by`]); where one is shown, there is
//! none ([`epoch_quantile`]).

use records::Count;
use stats::{StatsError, quantile};

/// Whether at least 95 % is right: the bar by which runs are compared in speed.
pub fn is_at_95_percent(count: Count) -> bool {
    count.correct * 20 >= count.total * 19
}

/// A first epoch as a number, for ranks, medians and differences. `longest` is **the number of epochs of the longest
/// of the compared runs**.
///
/// ```
/// use experiments::iris::reached_by;
/// // Of runs of 300 and 800 epochs the one that gets there after 310 is sooner than the one that never does.
/// assert!(reached_by(Some(310), 800) < reached_by(None, 800));
/// assert_eq!(reached_by(None, 800), 801.0);
/// ```
pub fn reached_by(first: Option<usize>, longest: usize) -> f64 {
    first.unwrap_or(longest + 1) as f64
}

/// The [`quantile`] of first epochs; nothing where it falls on a run that never gets there, or between such a run and
/// another.
///
/// # Errors
/// [`StatsError::TooFew`] without a run, [`StatsError::Level`].
pub fn epoch_quantile(firsts: &[Option<usize>], level: f64) -> Result<Option<f64>, StatsError> {
    let last = firsts.iter().flatten().copied().max().unwrap_or(0);
    let at = |longest: usize| {
        quantile(&firsts.iter().map(|&first| reached_by(first, longest)).collect::<Vec<f64>>(), level)
    };
    // What depends on the number that stands for "never" is no epoch.
    let (one, other) = (at(last)?, at(last + 1)?);
    Ok((one == other).then_some(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::all(120, 120, true)]
    #[case::exactly_95_percent(114, 120, true)]
    #[case::one_flower_less(113, 120, false)]
    #[case::none(0, 120, false)]
    fn the_bar_is_95_percent_or_more(#[case] correct: usize, #[case] total: usize, #[case] is_reached: bool) {
        assert_eq!(is_at_95_percent(Count { correct, total }), is_reached);
    }

    /// With each run's own number of epochs for "never", the short run that never gets there would be the sooner one.
    #[test]
    fn never_ranks_after_every_epoch_of_a_longer_run() {
        let (never_in_300, late_in_800) = (None, Some(310));
        assert!(reached_by(never_in_300, 800) > reached_by(late_in_800, 800));
        assert!(reached_by(never_in_300, 300) < reached_by(late_in_800, 300), "what the longer run prevents");
    }

    #[rstest]
    #[case::odd(&[Some(5), None, Some(3)], 0.5, Some(5.0))]
    #[case::even(&[Some(5), Some(8), Some(3), None], 0.5, Some(6.5))]
    #[case::between_an_epoch_and_never(&[Some(5), Some(3), None, None], 0.5, None)]
    #[case::never(&[Some(5), None, None], 0.5, None)]
    #[case::the_last(&[Some(5), Some(9)], 1.0, Some(9.0))]
    #[case::the_last_is_never(&[Some(5), None], 1.0, None)]
    #[case::type_seven(&[Some(9), Some(10), Some(10), Some(12)], 0.25, Some(9.75))]
    fn a_quantile_of_first_epochs_is_an_epoch_or_never(
        #[case] firsts: &[Option<usize>],
        #[case] level: f64,
        #[case] expected: Option<f64>,
    ) {
        assert_eq!(epoch_quantile(firsts, level), Ok(expected));
    }
}
