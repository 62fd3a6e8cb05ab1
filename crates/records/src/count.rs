//! A count out of a total.

use serde::{Deserialize, Serialize};

/// The most that a record may count: sums and products of such counts are numbers of 64 bits, too.
const MOST: usize = u32::MAX as usize;

/// A count out of a total: an accuracy as it should be written down. **No more are read than there are**, and no more
/// than a number of 32 bits: a record that says so is refused.
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
        if total > MOST {
            return Err(format!("{total} are counted, and at most {MOST} can be"));
        }
        Ok(Self { correct, total })
    }
}

/// The sum of counts that somebody else wrote: the largest number, where they add up to more.
pub fn sum_of_counts<'a>(counts: impl IntoIterator<Item = &'a usize>) -> usize {
    counts.into_iter().fold(0, |sum, &count| sum.saturating_add(count))
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
    fn more_than_all_or_than_can_be_are_refused() {
        let read = |text: &str| serde_json::from_str::<Count>(text).map_err(|error| error.to_string());
        assert_eq!(read(r#"{"correct": 3, "total": 3}"#), Ok(Count { correct: 3, total: 3 }));
        let refused = read(r#"{"correct": 4, "total": 3}"#).unwrap_err();
        assert!(refused.contains("4 of 3 are right, which is more than there are"), "{refused}");
        let refused = read(r#"{"correct": 4, "total": 4294967296}"#).unwrap_err();
        assert!(refused.contains("4294967296 are counted, and at most 4294967295 can be"), "{refused}");
        assert_eq!(sum_of_counts(&[usize::MAX, 1]), usize::MAX);
        assert_eq!(sum_of_counts(&[1, 2]), 3);
    }
}
