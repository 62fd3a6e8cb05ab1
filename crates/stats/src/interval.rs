//! An estimate with its interval.

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
