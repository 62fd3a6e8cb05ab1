//! Sums in one fixed order.

use std::iter::Iterator;

/// The sum of `xs`, first to last, with Neumaier's compensation.
///
/// The running error of each addition is kept and added at the end, so the result is within one or two units in
/// the last place of the exact sum unless the terms cancel almost completely.
///
/// Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54, 1974.
pub fn sum(xs: impl IntoIterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0_f64);
    for x in xs {
        let next = total + x;
        lost += if total.abs() >= x.abs() { (total - next) + x } else { (x - next) + total };
        total = next;
    }
    // An infinite or NaN total has lost nothing: inf - inf would turn it into NaN.
    if total.is_finite() { total + lost } else { total }
}

/// The arithmetic mean, [`sum`] divided by the count; NaN for an empty slice.
pub fn mean(xs: &[f64]) -> f64 {
    sum(xs.iter().copied()) / xs.len() as f64
}

/// The inner product of two equally long slices, summed as in [`sum`].
///
/// # Panics
/// When the lengths differ.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "dot of slices of {} and {} elements", a.len(), b.len());
    sum(a.iter().zip(b).map(|(x, y)| x * y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_keeps_what_plain_addition_loses() {
        let xs = [1.0, 1e100, 1.0, -1e100];
        assert_eq!(xs.iter().sum::<f64>(), 0.0);
        assert_eq!(sum(xs), 2.0);
    }

    #[test]
    fn ten_tenths_are_one() {
        assert_eq!(sum([0.1; 10]), 1.0);
        assert_eq!(mean(&[0.1; 10]), 0.1);
    }

    #[test]
    fn infinities_stay_infinite_and_nothing_is_nan() {
        assert_eq!(sum([f64::INFINITY, 1.0]), f64::INFINITY);
        assert!(mean(&[]).is_nan());
    }

    #[test]
    fn a_dot_product_is_the_sum_of_products() {
        assert_eq!(dot(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]), 32.0);
    }
}
