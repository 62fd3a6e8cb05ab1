//! Statistics of the report: intervals, paired tests, quantiles.
//!
//! | question | function |
//! |---|---|
//! | how sure is an accuracy `correct / total`? | [`wilson_interval`] |
//! | how sure is a mean over seeds? | [`mean_and_standard_error`], [`t_interval`], [`normal_interval`] |
//! | do two classifiers err differently on the same examples? | [`mcnemar_exact`] |
//! | is one setting better than another on the same seeds? | [`sign_test`], [`paired_bootstrap`] |
//! | does any of several settings differ, on the same seeds? | [`friedman`] |
//! | which of many such tests still count when they are read together? | [`holm`] |
//! | where does the middle of a sample lie, and how sure is that? | [`quantile`], [`median`], [`median_interval`] |
//! | with which confidence, level and resamples? | [`CONFIDENCE`], [`LEVEL`], [`RESAMPLES`] |
//!
//! What these return is recorded and compared bit for bit, so everything is made of `+ - * /`, `sqrt` and
//! [`numerics`]; the two distributions that are needed stand in [`distribution`]. `tests/golden/stats.json` holds
//! all of it to SciPy.

mod binomial;
mod bootstrap;
pub mod distribution;
mod friedman;
mod holm;
mod protocol;
mod quantile;
mod summary;
#[cfg(test)]
mod tests;
mod wilson;

pub use binomial::{SignTest, mcnemar_exact, sign_test};
pub use bootstrap::paired_bootstrap;
pub use friedman::{Friedman, friedman};
pub use holm::holm;
pub use protocol::{CONFIDENCE, LEVEL, RESAMPLES};
pub use quantile::{median, median_interval, quantile};
pub use summary::{MeanAndError, mean_and_standard_error, normal_interval, t_interval};
pub use wilson::wilson_interval;

use serde::{Deserialize, Serialize};

/// An estimate with a two-sided confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The estimate itself.
    pub estimate: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The confidence, such as 0.95.
    pub confidence: f64,
}

/// Why a statistic does not exist.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StatsError {
    /// The sample is smaller than the statistic needs.
    #[error("{found} values where at least {needed} are needed")]
    TooFew {
        /// The smallest number of values.
        needed: usize,
        /// The number given.
        found: usize,
    },
    /// A value is infinite or NaN: usually a run that diverged.
    #[error("value {index} is {value}; every value must be finite")]
    NotFinite {
        /// Which value, counted from 0.
        index: usize,
        /// The value.
        value: f64,
    },
    /// The values are finite, but the sum of their squares is not.
    #[error("the values are too large: the sum of their squares overflows")]
    Overflow,
    /// A confidence is not between 0 and 1.
    #[error("a confidence of {0}; it must lie between 0 and 1, such as 0.95 (not 95)")]
    Confidence(f64),
    /// A quantile's level is not between 0 and 1.
    #[error("a quantile of level {0}; it must lie from 0 to 1")]
    Level(f64),
    /// A p-value is not between 0 and 1.
    #[error("p-value {index} is {value}; it must lie from 0 to 1")]
    Probability {
        /// Which, counted from 0.
        index: usize,
        /// The value.
        value: f64,
    },
    /// More are counted correct than there are.
    #[error("{correct} correct of {total}")]
    Counts {
        /// The number counted correct.
        correct: u64,
        /// The number of all.
        total: u64,
    },
    /// So many counts that an exact test would take long and say nothing.
    #[error("{first} + {second} counts; the exact test takes at most {limit}")]
    TooMany {
        /// One count.
        first: u64,
        /// The other count.
        second: u64,
        /// The largest allowed sum.
        limit: u64,
    },
    /// Paired samples differ in length.
    #[error("{first} values are to be paired with {second}")]
    Lengths {
        /// The length of the first sample.
        first: usize,
        /// The length of the second sample.
        second: usize,
    },
    /// A row of a table has another length than the first row.
    #[error("row {row} has {found} values, row 0 has {expected}")]
    Ragged {
        /// The row, counted from 0.
        row: usize,
        /// The length of row 0.
        expected: usize,
        /// The length of this row.
        found: usize,
    },
    /// In every row all values are equal: there is nothing to rank.
    #[error("all values of every row are equal, so there is nothing to rank")]
    AllTied,
}

fn check_finite(xs: &[f64]) -> Result<(), StatsError> {
    match xs.iter().position(|x| !x.is_finite()) {
        None => Ok(()),
        Some(index) => Err(StatsError::NotFinite { index, value: xs[index] }),
    }
}

fn check_confidence(confidence: f64) -> Result<(), StatsError> {
    if confidence > 0.0 && confidence < 1.0 { Ok(()) } else { Err(StatsError::Confidence(confidence)) }
}

fn check_count(needed: usize, found: usize) -> Result<(), StatsError> {
    if found < needed { Err(StatsError::TooFew { needed, found }) } else { Ok(()) }
}

/// The elementwise differences `a - b` of a paired sample.
fn differences(a: &[f64], b: &[f64]) -> Result<Vec<f64>, StatsError> {
    if a.len() != b.len() {
        return Err(StatsError::Lengths { first: a.len(), second: b.len() });
    }
    check_finite(a)?;
    check_finite(b)?;
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    check_finite(&differences)?;
    Ok(differences)
}
