//! Repeated measurements and what is said of them.

use serde::Serialize;
use std::fmt;

/// The measurements of one thing, in the order in which they were made.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// Adds a measurement.
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// Median, least and largest; NaN when nothing was measured.
    pub fn summary(&self) -> Summary {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let (middle, odd) = (sorted.len() / 2, sorted.len() % 2 == 1);
        let median = match sorted.get(middle) {
            Some(&above) if odd => above,
            Some(&above) => (sorted[middle - 1] + above) / 2.0,
            None => f64::NAN,
        };
        let end = |x: Option<&f64>| x.copied().unwrap_or(f64::NAN);
        Summary { median, min: end(sorted.first()), max: end(sorted.last()), samples: sorted.len() }
    }

    /// `self[i] + other[i]`, of measurements that belong together.
    pub fn plus(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a + b).collect())
    }

    /// `self[i] / other[i]`, of measurements made side by side.
    pub fn ratios(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a / b).collect())
    }
}

/// What is said of measurements.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The middle one, or the mean of the middle two.
    pub median: f64,
    /// The least.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// How many there are.
    pub samples: usize,
}

impl Summary {
    /// In another unit, `factor` times as many.
    pub fn times(self, factor: f64) -> Self {
        Self { median: self.median * factor, min: self.min * factor, max: self.max * factor, ..self }
    }

    /// `amount` each time: seconds become amounts per second, the least the largest.
    pub fn rate_of(self, amount: f64) -> Self {
        Self { median: amount / self.median, min: amount / self.max, max: amount / self.min, ..self }
    }
}

impl fmt::Display for Summary {
    /// `12.3 (11.8 to 14.0)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.samples {
            0 => f.write_str("-"),
            1 => f.write_str(&short(self.median)),
            _ => write!(f, "{} ({} to {})", short(self.median), short(self.min), short(self.max)),
        }
    }
}

/// Three significant digits, all digits before the point: `0.0123`, `1.23`, `12.3`, `1234`.
pub fn short(x: f64) -> String {
    if !x.is_finite() {
        return "-".to_owned();
    }
    // Rounded first, because 9.999 has one digit before the point and 10.0 has two.
    let rounded: f64 = format!("{x:.2e}").parse().unwrap_or(x);
    let magnitude = if rounded == 0.0 { 0.0 } else { rounded.abs().log10().floor() };
    format!("{x:.0$}", (2.0 - magnitude).clamp(0.0, 9.0) as usize)
}

/// A share as per cent.
pub fn percent(share: f64) -> String {
    if share.is_finite() { format!("{:.0} %", 100.0 * share) } else { "-".to_owned() }
}
