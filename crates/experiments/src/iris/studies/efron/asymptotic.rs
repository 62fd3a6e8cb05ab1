//! Efron's efficiency: what the ratio of the excesses tends to with the number of training flowers.
//!
//! ```text
//! Eff(Δ) = (1 + Δ²/4) e^(-Δ²/8) E[1 / cosh(ΔX/2)],    X standard normal
//! ```
//!
//! for two equally frequent classes whose means are `Δ` standard deviations apart. **It is the excess of the
//! discriminant over that of logistic regression**, where the discriminant's model is true.
//!
//! Source: B. Efron, JASA 70, 1975, where the efficiency of equally frequent classes is tabulated.

use numerics::elementary::exp;
use numerics::reduce::sum;

/// Half the range of the integral, and steps in a unit: the trapezoidal rule is exact to rounding for such a function.
const RANGE: i32 = 12;
const STEPS: i32 = 64;

/// The efficiency for means at this distance.
pub(super) fn efficiency(distance: f64) -> f64 {
    let squared = distance * distance;
    let inside = |step: i32| {
        let x = f64::from(step) / f64::from(STEPS);
        let half = 0.5 * distance * x;
        exp(-0.5 * x * x) * 2.0 / (exp(half) + exp(-half))
    };
    let integral = sum((-RANGE * STEPS..=RANGE * STEPS).map(inside)) / f64::from(STEPS);
    (1.0 + 0.25 * squared) * exp(-0.125 * squared) * integral / std::f64::consts::TAU.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// The paper's table for equally frequent classes.
    #[rstest]
    #[case(0.0, 1.0)]
    #[case(1.0, 0.995)]
    #[case(2.0, 0.899)]
    #[case(2.5, 0.786)]
    #[case(3.0, 0.641)]
    #[case(3.5, 0.486)]
    #[case(4.0, 0.343)]
    fn the_efficiencies_are_those_of_the_paper(#[case] distance: f64, #[case] expected: f64) {
        assert!((efficiency(distance) - expected).abs() < 5.1e-4, "{}", efficiency(distance));
    }
}
