//! What a sample must be for its statistics to exist.

use crate::error::StatsError;

pub(crate) fn check_finite(xs: &[f64]) -> Result<(), StatsError> {
    match xs.iter().position(|x| !x.is_finite()) {
        None => Ok(()),
        Some(index) => Err(StatsError::NotFinite { index, value: xs[index] }),
    }
}

pub(crate) fn check_confidence(confidence: f64) -> Result<(), StatsError> {
    if confidence > 0.0 && confidence < 1.0 { Ok(()) } else { Err(StatsError::Confidence(confidence)) }
}

pub(crate) fn check_count(needed: usize, found: usize) -> Result<(), StatsError> {
    if found < needed { Err(StatsError::TooFew { needed, found }) } else { Ok(()) }
}

/// The elementwise differences `a - b` of a paired sample.
pub(crate) fn differences(a: &[f64], b: &[f64]) -> Result<Vec<f64>, StatsError> {
    if a.len() != b.len() {
        return Err(StatsError::Lengths { first: a.len(), second: b.len() });
    }
    check_finite(a)?;
    check_finite(b)?;
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    check_finite(&differences)?;
    Ok(differences)
}
