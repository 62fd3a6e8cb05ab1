//! A bound as it is printed.

/// The smallest number with so many significant digits that is **not below** `value`: what may stand before "at most".
/// `value` is 0 or above.
///
/// ```
/// use records::at_most;
/// assert_eq!(at_most(1.1102230246251565e-16, 2), 1.2e-16);
/// assert_eq!(at_most(9.94e-9, 2), 1e-8);
/// assert_eq!(at_most(0.5, 2), 0.5);
/// assert_eq!(at_most(0.0, 2), 0.0);
/// ```
pub fn at_most(value: f64, significant: usize) -> f64 {
    let digits = significant.max(1) - 1;
    let written = format!("{value:.digits$e}");
    let nearest = written.parse().unwrap_or(value);
    match written.split_once('e').and_then(|(_, exponent)| exponent.parse::<i64>().ok()) {
        Some(exponent) if nearest < value => {
            let last_digit: f64 = format!("1e{}", exponent - digits as i64).parse().unwrap_or(0.0);
            format!("{:.digits$e}", nearest + last_digit).parse().unwrap_or(value)
        }
        _ => nearest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// And no more than one in the last digit above.
        #[test]
        fn a_bound_is_never_below_what_it_bounds(mantissa in 1.0..10.0_f64, exponent in -300..300_i32) {
            let value: f64 = format!("{mantissa}e{exponent}").parse().unwrap();
            for significant in 1..=3 {
                let bound = at_most(value, significant);
                let last_digit = 10f64.powi(exponent + 1 - significant as i32);
                prop_assert!(bound >= value && bound <= value + 1.000_001 * last_digit, "{value} {bound}");
                let digits = significant - 1;
                prop_assert_eq!(format!("{bound:.digits$e}").parse::<f64>().unwrap(), bound);
            }
        }
    }
}
