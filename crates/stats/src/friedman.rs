//! Friedman's test: does any of several settings differ, when all were run on the same seeds?

use crate::StatsError;
use crate::checks::{check_count, check_finite};
use crate::distribution::chi_squared_upper_tail;
use serde::{Deserialize, Serialize};

/// The outcome of Friedman's test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Friedman {
    /// The statistic, chi-squared distributed when no setting differs and the blocks are many.
    pub statistic: f64,
    /// The degrees of freedom: settings minus 1.
    pub degrees_of_freedom: u32,
    /// The probability of a statistic at least as large, were all settings alike.
    pub p_value: f64,
    /// The mean rank of each setting; **rank 1 is the smallest value** of a block.
    pub mean_ranks: Vec<f64>,
}

/// Friedman's test of `n` blocks (seeds), each a row of the values of the same `k` settings (activations).
///
/// Each row is replaced by its ranks, equal values by the mean of their ranks; with `R_j` the sum of the ranks of
/// setting `j`, `A` the sum of the squares of all ranks and `C = n k (k + 1)^2 / 4`,
///
/// ```text
/// statistic = (k - 1) (sum_j R_j^2 - n C) / (A - C)
/// ```
///
/// Which seeds are easy cannot matter, since only the order within a row is used. The chi-squared distribution is
/// an approximation, **good from about 10 rows on**.
///
/// # Errors
/// [`StatsError::TooFew`] without rows or with fewer than two settings, [`StatsError::Ragged`],
/// [`StatsError::NotFinite`], [`StatsError::AllTied`].
///
/// Source: M. Friedman, "The use of ranks to avoid the assumption of normality implicit in the analysis of
/// variance", Journal of the American Statistical Association 32, 1937; with ties as W. J. Conover, "Practical
/// Nonparametric Statistics", 1999, section 5.8.
pub fn friedman<R: AsRef<[f64]>>(blocks: &[R]) -> Result<Friedman, StatsError> {
    check_count(1, blocks.len())?;
    let settings = blocks[0].as_ref().len();
    check_count(2, settings)?;
    let mut rank_sums = vec![0.0; settings]; // (k)
    let mut squares = 0.0;
    for (row, block) in blocks.iter().map(AsRef::as_ref).enumerate() {
        if block.len() != settings {
            return Err(StatsError::Ragged { row, expected: settings, found: block.len() });
        }
        check_finite(block)?;
        for (sum, rank) in rank_sums.iter_mut().zip(ranks(block)) {
            *sum += rank;
            squares += rank * rank;
        }
    }
    let (n, k) = (blocks.len() as f64, settings as f64);
    let correction = n * k * (k + 1.0) * (k + 1.0) / 4.0;
    // Ranks are whole or half numbers, so a difference of exactly 0 means that every row is tied.
    if squares == correction {
        return Err(StatsError::AllTied);
    }
    let between = numerics::reduce::sum(rank_sums.iter().map(|r| r * r)) - n * correction;
    let statistic = (k - 1.0) * between / (squares - correction);
    let degrees_of_freedom = u32::try_from(settings - 1).unwrap_or(u32::MAX);
    Ok(Friedman {
        statistic,
        degrees_of_freedom,
        p_value: chi_squared_upper_tail(statistic, degrees_of_freedom),
        mean_ranks: rank_sums.iter().map(|r| r / n).collect(),
    })
}

/// The rank of each value, from 1; equal values share the mean of their ranks: one more than the number below,
/// plus half the number of other equal ones.
fn ranks(xs: &[f64]) -> impl Iterator<Item = f64> {
    xs.iter().map(|x| {
        let below = xs.iter().filter(|other| *other < x).count() as f64;
        let equal = xs.iter().filter(|other| *other == x).count() as f64;
        below + 0.5 * (equal + 1.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use proptest::prelude::*;
    use rstest::rstest;

    /// Every row in the same order: the statistic has its largest value, `n (k - 1)`.
    #[test]
    fn the_same_order_in_every_row_gives_the_largest_statistic() {
        let outcome = friedman(&[[1.0, 2.0, 3.0]; 12]).unwrap();
        assert_eq!((outcome.statistic, outcome.degrees_of_freedom), (24.0, 2));
        assert_eq!(outcome.mean_ranks, [1.0, 2.0, 3.0]);
        assert_relative_eq!(outcome.p_value, numerics::elementary::exp(-12.0), max_relative = 1e-12);
    }

    /// The negative control: a test that always finds a difference would be no test.
    #[test]
    fn every_order_once_gives_zero() {
        let orders = [
            [1.0, 2.0, 3.0],
            [1.0, 3.0, 2.0],
            [2.0, 1.0, 3.0],
            [2.0, 3.0, 1.0],
            [3.0, 1.0, 2.0],
            [3.0, 2.0, 1.0],
        ];
        let outcome = friedman(&orders).unwrap();
        assert_eq!((outcome.statistic, outcome.p_value), (0.0, 1.0));
    }

    #[test]
    fn equal_values_share_their_ranks() {
        assert_eq!(ranks(&[2.0, 1.0, 2.0, 5.0]).collect::<Vec<_>>(), [2.5, 1.0, 2.5, 4.0]);
    }

    #[rstest]
    #[case::no_rows(&[], StatsError::TooFew { needed: 1, found: 0 })]
    #[case::no_settings(&[vec![]], StatsError::TooFew { needed: 2, found: 0 })]
    #[case::one_setting(&[vec![1.0], vec![2.0]], StatsError::TooFew { needed: 2, found: 1 })]
    #[case::a_row_that_is_short(&[vec![1.0, 2.0], vec![2.0]], StatsError::Ragged { row: 1, expected: 2, found: 1 })]
    #[case::a_run_that_diverged(&[vec![1.0, f64::INFINITY]], StatsError::NotFinite { index: 1, value: f64::INFINITY })]
    #[case::ties_everywhere(&[vec![1.0, 1.0], vec![2.0, 2.0]], StatsError::AllTied)]
    fn a_table_is_refused_with(#[case] rows: &[Vec<f64>], #[case] expected: StatsError) {
        assert_eq!(friedman(rows), Err(expected));
    }

    proptest! {
        #[test]
        fn what_a_row_shares_does_not_matter(
            rows in prop::collection::vec(prop::array::uniform4(0_i32..6), 2..15), shift in -20_i32..20,
        ) {
            let table = |shift: i32| -> Vec<[f64; 4]> {
                rows.iter().enumerate().map(|(i, row)| row.map(|x| f64::from(x + shift * i as i32))).collect()
            };
            prop_assert_eq!(friedman(&table(0)), friedman(&table(shift)));
        }

        #[test]
        fn the_mean_ranks_add_up_and_the_p_value_is_a_probability(
            rows in prop::collection::vec(prop::array::uniform4(0_i32..6), 2..15),
        ) {
            let rows: Vec<[f64; 4]> = rows.iter().map(|row| row.map(f64::from)).collect();
            if let Ok(outcome) = friedman(&rows) {
                prop_assert!((outcome.mean_ranks.iter().sum::<f64>() - 10.0).abs() < 1e-12);
                prop_assert!((0.0..=1.0).contains(&outcome.p_value), "{:?}", outcome);
            }
        }
    }
}
