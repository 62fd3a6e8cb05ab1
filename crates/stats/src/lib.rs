//! Statistics of the report: intervals, paired tests, quantiles.
//!
//! | question | function |
//! |---|---|
//! | how sure is an accuracy `correct / total`? | [`wilson_interval`] |
//! | how sure is a mean over seeds, on these examples? | [`mean_and_standard_error`], [`t_interval`] |
//! | how sure is a mean over splits of the same examples, on new ones? | [`corrected_t_interval`] |
//! | the same, by drawing the examples themselves | [`ratio_bootstrap`] |
//! | do two methods on the same splits differ on new examples? | [`corrected_t_test`] |
//! | how large a difference would a test have found? | [`detectable`] |
//! | do two classifiers err differently on the same examples? | [`mcnemar_exact`] |
//! | is one setting better than another on the same seeds? | [`sign_test`], [`paired_bootstrap`] |
//! | does any of several settings differ, on the same seeds? | [`friedman`] |
//! | which of many such tests still count when they are read together? | [`holm`] |
//! | where does the middle of a sample lie, and how sure is that? | [`quantile`], [`median`], [`median_interval`] |
//! | with which confidence, level, power and resamples? | [`CONFIDENCE`], [`LEVEL`], [`POWER`], [`RESAMPLES`] |
//!
//! What these return is recorded and compared bit for bit, so everything is made of `+ - * /`, `sqrt` and
//! [`numerics`]; the two distributions that are needed stand in [`distribution`]. `tests/golden/stats.json` holds
//! it to SciPy, but for what is computed by hand in its own tests: the correction, the ratio, the power.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod binomial;
mod bootstrap;
mod checks;
mod corrected;
pub mod distribution;
mod error;
mod friedman;
mod holm;
mod interval;
mod power;
mod protocol;
mod quantile;
mod ratio_bootstrap;
mod summary;
#[cfg(test)]
mod tests;
mod wilson;

pub use binomial::{SignTest, mcnemar_exact, sign_test};
pub use bootstrap::paired_bootstrap;
pub use corrected::{CorrectedTest, SplitSizes, corrected_mean, corrected_t_interval, corrected_t_test};
pub use error::StatsError;
pub use friedman::{Friedman, friedman};
pub use holm::holm;
pub use interval::Interval;
pub use power::detectable;
pub use protocol::{CONFIDENCE, LEVEL, POWER, RESAMPLES};
pub use quantile::{median, median_interval, quantile};
pub use ratio_bootstrap::ratio_bootstrap;
pub use summary::{MeanAndError, mean_and_standard_error, t_interval};
pub use wilson::wilson_interval;
