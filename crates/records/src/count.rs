//! A count out of a total.

use serde::{Deserialize, Serialize};

/// A count out of a total: an accuracy as it should be written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many were right.
    pub correct: usize,
    /// Of how many.
    pub total: usize,
}

impl Count {
    /// The share that was wrong.
    pub fn error_rate(self) -> f64 {
        (self.total - self.correct) as f64 / self.total as f64
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.correct, self.total)
    }
}
