//! Central differences held against a backward pass.
//!
//! For a function `f` of many variables and a claimed gradient `g`, every coordinate is compared with the
//! fourth-order central difference
//!
//! ```text
//! (8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h))) / (12 h)  =  f'(x) + O(h^4)
//! ```
//!
//! in double precision. With `h = 1e-3` the truncation is of order `h^4 f'''''/30` (about 3e-14 for a smooth
//! function of unit scale) and the rounding of order `eps |f| / h` (about 2e-13), so the default tolerance of
//! 1e-8, relative to the largest entry of the gradient, leaves room for sums of thousands of terms while an error
//! of one part in a thousand in one coordinate is five orders of magnitude too large to pass.
//!
//! A vector-valued function is checked through a seeded random [`cotangent`]: `f(x) = <v, F(x)>`, whose gradient
//! is what the backward pass returns for the cotangent `v`. A cotangent of ones would be a trap: behind a softmax
//! the true gradient is then exactly zero, and any multiple of it would pass. For the same reason a claimed
//! gradient that is zero everywhere is refused.
//!
//! Inputs must keep a distance of more than `2h` from kinks (ReLU at 0, ties of a maximum).

#![forbid(unsafe_code)]
#![warn(missing_docs)]

use numerics::random::{Purpose, Stream};

/// How a check is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The step `h` of the difference.
    pub step: f64,
    /// The largest allowed error, relative to the largest absolute entry of the gradient.
    pub tolerance: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { step: 1e-3, tolerance: 1e-8 }
    }
}

/// What a passed check saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Report {
    /// How many coordinates were compared: all of them.
    pub coordinates: usize,
    /// The largest error, relative to the largest absolute entry of the gradient.
    pub worst_relative_error: f64,
}

/// Why a claimed gradient was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GradientError {
    /// The gradient has another length than the input.
    #[error("{name}: the gradient has {gradient} entries for {input} inputs")]
    Length {
        /// The checked function's name.
        name: String,
        /// The gradient's length.
        gradient: usize,
        /// The input's length.
        input: usize,
    },
    /// A value or a difference is infinite or NaN.
    #[error("{name}: coordinate {index} is not finite: claimed {claimed}, central difference {numeric}")]
    NotFinite {
        /// The checked function's name.
        name: String,
        /// The coordinate.
        index: usize,
        /// The claimed derivative.
        claimed: f64,
        /// The central difference.
        numeric: f64,
    },
    /// Claimed gradient and differences are all zero: such a check cannot fail, so it proves nothing.
    #[error("{name}: the gradient is zero in all {coordinates} coordinates, which proves nothing")]
    AllZero {
        /// The checked function's name.
        name: String,
        /// The number of coordinates.
        coordinates: usize,
    },
    /// The claimed gradient is wrong.
    #[error(
        "{name}: coordinate {index} is claimed {claimed:e}, the central difference is {numeric:e} \
         (error {relative_error:e} of the largest entry, allowed {tolerance:e})"
    )]
    Mismatch {
        /// The checked function's name.
        name: String,
        /// The worst coordinate.
        index: usize,
        /// The claimed derivative there.
        claimed: f64,
        /// The central difference there.
        numeric: f64,
        /// The error relative to the largest entry.
        relative_error: f64,
        /// What was allowed.
        tolerance: f64,
    },
}

/// Checks every coordinate of the claimed gradient of `f` at `x` with the default [`Settings`].
///
/// # Errors
/// [`GradientError`], naming the worst coordinate.
///
/// ```
/// let square = |x: &[f64]| x[0] * x[0] + 3.0 * x[1];
/// assert!(gradcheck::check("square", square, &[2.0, 1.0], &[4.0, 3.0]).is_ok());
/// assert!(gradcheck::check("square", square, &[2.0, 1.0], &[4.004, 3.0]).is_err());
/// ```
pub fn check(
    name: &str,
    f: impl FnMut(&[f64]) -> f64,
    x: &[f64],
    gradient: &[f64],
) -> Result<Report, GradientError> {
    check_with(Settings::default(), name, f, x, gradient)
}

/// [`check`] with settings of the caller's.
///
/// # Errors
/// [`GradientError`], naming the worst coordinate.
pub fn check_with(
    settings: Settings,
    name: &str,
    mut f: impl FnMut(&[f64]) -> f64,
    x: &[f64],
    gradient: &[f64],
) -> Result<Report, GradientError> {
    let name = name.to_owned();
    if x.len() != gradient.len() {
        return Err(GradientError::Length { name, gradient: gradient.len(), input: x.len() });
    }
    let numeric = central_differences(settings.step, &mut f, x);
    let pairs = || gradient.iter().copied().zip(numeric.iter().copied()).enumerate();
    if let Some((index, (claimed, numeric))) = pairs().find(|(_, (c, n))| !(c.is_finite() && n.is_finite())) {
        return Err(GradientError::NotFinite { name, index, claimed, numeric });
    }
    let largest = pairs().map(|(_, (c, n))| c.abs().max(n.abs())).fold(0.0, f64::max);
    if gradient.iter().all(|&g| g == 0.0) && largest < settings.tolerance {
        return Err(GradientError::AllZero { name, coordinates: x.len() });
    }
    let mut worst = (0, 0.0);
    for (index, (claimed, numeric)) in pairs() {
        let relative_error = (claimed - numeric).abs() / largest;
        if relative_error > worst.1 {
            worst = (index, relative_error);
        }
    }
    let (index, relative_error) = worst;
    if relative_error > settings.tolerance {
        let (claimed, numeric) = (gradient[index], numeric[index]);
        let tolerance = settings.tolerance;
        return Err(GradientError::Mismatch { name, index, claimed, numeric, relative_error, tolerance });
    }
    Ok(Report { coordinates: x.len(), worst_relative_error: relative_error })
}

/// The fourth-order central difference of `f` at `x` in every coordinate.
pub fn central_differences(step: f64, f: &mut impl FnMut(&[f64]) -> f64, x: &[f64]) -> Vec<f64> {
    let mut point = x.to_vec();
    (0..x.len())
        .map(|i| {
            let mut at = |offset: f64| {
                point[i] = x[i] + offset;
                let value = f(&point);
                point[i] = x[i];
                value
            };
            let near = at(step) - at(-step);
            let far = at(2.0 * step) - at(-2.0 * step);
            (8.0 * near - far) / (12.0 * step)
        })
        .collect()
}

/// A seeded random cotangent of `len` standard normal entries.
pub fn cotangent(len: usize, seed: u64) -> Vec<f64> {
    let mut stream = Stream::new(seed, Purpose::Check);
    (0..len).map(|_| stream.normal()).collect()
}

/// `len` standard normal inputs, each moved away from 0 until its absolute value is at least `margin`: for
/// functions with a kink at 0.
pub fn inputs_off_zero(len: usize, margin: f64, seed: u64) -> Vec<f64> {
    cotangent(len, seed).into_iter().map(|x| if x < 0.0 { x - margin } else { x + margin }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// `f(x) = sum_i x_i^3 + x_0 x_1`, whose gradient is known.
    fn f(x: &[f64]) -> f64 {
        x.iter().map(|x| x.powi(3)).sum::<f64>() + x[0] * x[1]
    }

    fn df(x: &[f64]) -> Vec<f64> {
        let mut g: Vec<f64> = x.iter().map(|x| 3.0 * x * x).collect();
        g[0] += x[1];
        g[1] += x[0];
        g
    }

    const X: [f64; 3] = [0.7, -1.3, 2.1];

    #[test]
    fn the_true_gradient_passes() {
        let report = check("cubic", f, &X, &df(&X)).unwrap();
        assert_eq!(report.coordinates, 3);
        assert!(report.worst_relative_error < 1e-11, "{report:?}");
    }

    #[rstest]
    #[case::off_by_one_per_mille(|g: &mut Vec<f64>| g[0] *= 1.001)]
    #[case::of_the_wrong_sign(|g: &mut Vec<f64>| g.iter_mut().for_each(|g| *g = -*g))]
    #[case::in_the_wrong_order(|g: &mut Vec<f64>| g.reverse())]
    #[case::zero(|g: &mut Vec<f64>| g.fill(0.0))]
    #[case::zero_in_one_coordinate(|g: &mut Vec<f64>| g[1] = 0.0)]
    #[case::without_the_second_path(|g: &mut Vec<f64>| g[0] = 3.0 * X[0] * X[0])]
    fn a_gradient_is_refused(#[case] spoil: fn(&mut Vec<f64>)) {
        let mut gradient = df(&X);
        spoil(&mut gradient);
        let error = check("cubic", f, &X, &gradient).unwrap_err();
        assert!(matches!(error, GradientError::Mismatch { .. }), "{error}");
    }

    #[test]
    fn a_gradient_of_another_length_is_refused() {
        assert!(matches!(check("cubic", f, &X, &[1.0]), Err(GradientError::Length { .. })));
    }

    #[test]
    fn a_constant_proves_nothing() {
        assert!(matches!(check("constant", |_| 1.0, &X, &[0.0; 3]), Err(GradientError::AllZero { .. })));
    }

    #[test]
    fn a_value_that_is_not_finite_is_refused() {
        let error = check("ln", |x| numerics::elementary::ln(x[0]), &[-1.0], &[-1.0]).unwrap_err();
        assert!(matches!(error, GradientError::NotFinite { .. }), "{error}");
    }

    #[test]
    fn kinked_inputs_keep_their_distance() {
        assert!(inputs_off_zero(1000, 0.01, 3).iter().all(|x| x.abs() >= 0.01));
    }
}
