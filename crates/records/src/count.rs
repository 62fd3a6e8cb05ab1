//! A count out of a total.

use serde::{Deserialize, Serialize};

/// A count out of a total: an accuracy as it should be written down. **No more are read than there are**: a record that
/// says so is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Count {
    /// How many were right.
    pub correct: usize,
    /// Of how many.
    pub total: usize,
}

/// A count as it is written, whatever it says.
#[derive(Deserialize)]
struct Written {
    correct: usize,
    total: usize,
}

impl TryFrom<Written> for Count {
    type Error = String;

    fn try_from(Written { correct, total }: Written) -> Result<Self, String> {
        if correct > total {
            return Err(format!("{correct} of {total} are right, which is more than there are"));
        }
        Ok(Self { correct, total })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_all_are_refused() {
        let read = |text: &str| serde_json::from_str::<Count>(text).map_err(|error| error.to_string());
        assert_eq!(read(r#"{"correct": 3, "total": 3}"#), Ok(Count { correct: 3, total: 3 }));
        let refused = read(r#"{"correct": 4, "total": 3}"#).unwrap_err();
        assert!(refused.contains("4 of 3 are right, which is more than there are"), "{refused}");
    }
}
