//! Holm's correction for several tests that are read together.

use crate::StatsError;

/// The adjusted p-values of a family of tests, in the order given: with `p_(1) <= ... <= p_(m)`
///
/// ```text
/// adjusted_(i) = max_(j <= i) min(1, (m - j + 1) p_(j))
/// ```
///
/// Rejecting what is adjusted to `alpha` or less keeps the probability of **at least one false rejection in the whole
/// family** at `alpha` or below, whatever the dependence between the tests. It never rejects less than Bonferroni's
/// correction.
///
/// # Errors
/// [`StatsError::Probability`] for a value that is no probability.
///
/// ```
/// let adjusted = stats::holm(&[0.01, 0.04, 0.03])?;
/// assert_eq!(adjusted, [3.0 * 0.01, 2.0 * 0.03, 2.0 * 0.03]); // 0.04 must not be below 2 x 0.03
/// # Ok::<(), stats::StatsError>(())
/// ```
///
/// Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6,
/// 1979.
pub fn holm(p_values: &[f64]) -> Result<Vec<f64>, StatsError> {
    if let Some(index) = p_values.iter().position(|p| !(0.0..=1.0).contains(p)) {
        return Err(StatsError::Probability { index, value: p_values[index] });
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, &test) in order.iter().enumerate() {
        largest = largest.max(((p_values.len() - rank) as f64 * p_values[test]).min(1.0));
        adjusted[test] = largest;
    }
    Ok(adjusted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[test]
    fn one_test_stays_as_it_is_and_no_test_is_none() {
        assert_eq!(holm(&[0.2]), Ok(vec![0.2]));
        assert_eq!(holm(&[]), Ok(vec![]));
    }

    /// Twenty tests at the level 0.05 without a correction would find something by chance in most families.
    #[test]
    fn a_small_p_among_twenty_is_no_longer_small() {
        let mut p_values = vec![0.9; 20];
        p_values[7] = 0.04;
        assert_eq!(holm(&p_values).unwrap()[7], 20.0 * 0.04);
    }

    #[rstest]
    #[case::above_1(1.5)]
    #[case::below_0(-0.1)]
    #[case::no_number(f64::NAN)]
    fn what_is_no_probability_is_refused(#[case] p: f64) {
        assert!(matches!(holm(&[0.5, p]), Err(StatsError::Probability { index: 1, .. })));
    }

    proptest! {
        #[test]
        fn the_order_stays_and_no_p_value_falls(p_values in prop::collection::vec(0.0_f64..=1.0, 1..20)) {
            let adjusted = holm(&p_values).unwrap();
            for (i, (&p, &a)) in p_values.iter().zip(&adjusted).enumerate() {
                prop_assert!(p <= a && a <= (p_values.len() as f64 * p).min(1.0));
                for (&q, &b) in p_values.iter().zip(&adjusted).skip(i + 1) {
                    let ordered = if p < q { a <= b } else { a >= b || p == q };
                    prop_assert!(ordered);
                }
            }
        }
    }
}
