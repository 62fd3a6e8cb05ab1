//! Two exact tests that come down to a fair coin: McNemar's test and the sign test.

use crate::StatsError;
use crate::checks::check_finite;
use numerics::reduce;
use serde::{Deserialize, Serialize};

/// The largest number of throws for which the exact tail is summed; it takes some milliseconds.
const MOST_THROWS: u64 = 1_000_000;

/// The outcome of a sign test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignTest {
    /// How many differences are above 0.
    pub positive: u64,
    /// How many differences are below 0.
    pub negative: u64,
    /// How many differences are 0; they say nothing and are left out.
    pub ties: u64,
    /// The two-sided probability of signs at least as unequal, were both equally likely.
    pub p_value: f64,
}

/// McNemar's exact test of two classifiers on the same examples: the two-sided p-value of `b` examples that only
/// the first gets right and `c` that only the second does.
///
/// ```text
/// p = min(1, 2 sum_(k <= min(b, c)) C(n, k) / 2^n)        n = b + c
/// ```
///
/// Examples that both get right, or both wrong, say nothing about their difference. **No discordant example at all
/// gives p = 1**, not an error: there is no evidence of a difference. A p-value below `1e-300` comes out as 0.
///
/// # Errors
/// [`StatsError::TooMany`] above a million discordant examples.
///
/// ```
/// assert_eq!(stats::mcnemar_exact(0, 5)?, 2.0 / 32.0); // 5 throws, all heads or all tails
/// # Ok::<(), stats::StatsError>(())
/// ```
///
/// Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
/// percentages", Psychometrika 12, 1947; in its exact binomial form.
pub fn mcnemar_exact(b: u64, c: u64) -> Result<f64, StatsError> {
    let n = b.saturating_add(c);
    if n > MOST_THROWS {
        return Err(StatsError::TooMany { first: b, second: c, limit: MOST_THROWS });
    }
    // C(n, h) / 2^n at the middle h = floor(n / 2), as prod (2i - 1) / 2i: no factor over- or underflows.
    let middle = (1..=n.div_ceil(2)).fold(1.0, |product, i| product * (2 * i - 1) as f64 / (2 * i) as f64);
    let below = |term: f64, k: u64| term * k as f64 / (n - k + 1) as f64; // from k to k - 1
    let least = b.min(c);
    let first = (least + 1..=n / 2).rev().fold(middle, below);
    let tail = (1..=least).rev().scan(first, |term, k| {
        *term = below(*term, k);
        Some(*term)
    });
    Ok((2.0 * (first + reduce::sum(tail))).min(1.0))
}

/// The exact two-sided sign test: are positive and negative differences equally likely?
///
/// It looks at the signs only, so no distribution is assumed. **Differences of 0 are left out** (Dixon and Mood's
/// convention); when all are 0, or there are none, p = 1.
///
/// # Errors
/// [`StatsError::NotFinite`], [`StatsError::TooMany`].
///
/// Source: W. J. Dixon, A. M. Mood, "The statistical sign test", Journal of the American Statistical Association
/// 41, 1946.
pub fn sign_test(differences: &[f64]) -> Result<SignTest, StatsError> {
    check_finite(differences)?;
    let count = |sign: fn(f64) -> bool| differences.iter().filter(|&&d| sign(d)).count() as u64;
    let (positive, negative) = (count(|d| d > 0.0), count(|d| d < 0.0));
    let ties = differences.len() as u64 - positive - negative;
    Ok(SignTest { positive, negative, ties, p_value: mcnemar_exact(positive, negative)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case::no_throw(0, 0, 1.0)]
    #[case::one_throw(0, 1, 1.0)]
    #[case::four_heads(4, 0, 2.0 / 16.0)]
    #[case::one_of_four(1, 3, 2.0 * (1.0 + 4.0) / 16.0)]
    #[case::two_of_five(2, 3, 1.0)]
    #[case::one_of_five(4, 1, 2.0 * (1.0 + 5.0) / 32.0)]
    #[case::as_many(50, 50, 1.0)]
    fn small_tails_are_counted_by_hand(#[case] b: u64, #[case] c: u64, #[case] p: f64) {
        assert_eq!(mcnemar_exact(b, c), Ok(p));
    }

    #[rstest]
    fn all_heads_has_two_of_the_outcomes(#[values(10, 100, 900)] n: u64) {
        let expected = (1..n).fold(1.0, |p, _| p / 2.0);
        assert_relative_eq!(mcnemar_exact(n, 0).unwrap(), expected, max_relative = 1e-11);
    }

    #[test]
    fn an_immense_difference_is_zero_and_no_panic() {
        assert_eq!(mcnemar_exact(0, 100_000), Ok(0.0));
    }

    #[rstest]
    #[case(1_000_000, 1)]
    #[case(u64::MAX, u64::MAX)]
    fn more_throws_than_are_summed_are_refused(#[case] b: u64, #[case] c: u64) {
        assert_eq!(mcnemar_exact(b, c), Err(StatsError::TooMany { first: b, second: c, limit: MOST_THROWS }));
    }

    #[test]
    fn ties_are_counted_and_left_out() {
        let with = sign_test(&[0.1, 0.0, 2.0, -0.5, 0.0, -0.0, 3.0]).unwrap();
        assert_eq!((with.positive, with.negative, with.ties), (3, 1, 3));
        assert_eq!(with.p_value, sign_test(&[1.0, 1.0, 1.0, -1.0]).unwrap().p_value);
    }

    #[test]
    fn no_difference_is_no_evidence_and_nan_is_an_error() {
        assert_eq!(sign_test(&[]).unwrap().p_value, 1.0);
        assert_eq!(sign_test(&[0.0; 9]).unwrap().p_value, 1.0);
        assert!(matches!(sign_test(&[1.0, f64::NAN]), Err(StatsError::NotFinite { index: 1, .. })));
    }

    proptest! {
        #[test]
        fn the_p_value_is_symmetric_and_a_probability(b in 0_u64..400, c in 0_u64..400) {
            let p = mcnemar_exact(b, c).unwrap();
            prop_assert_eq!(p, mcnemar_exact(c, b).unwrap());
            prop_assert!(p > 0.0 && p <= 1.0);
        }

        #[test]
        fn the_p_value_falls_as_the_counts_part(n in 2_u64..400, k in 0_u64..200) {
            prop_assume!(k + 1 < n / 2);
            prop_assert!(mcnemar_exact(k, n - k).unwrap() < mcnemar_exact(k + 1, n - k - 1).unwrap());
        }
    }
}
