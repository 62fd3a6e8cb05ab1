//! Why a statistic does not exist.

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
    /// A power is not between one half and 1.
    #[error("a power of {0}; it must lie above one half and below 1, such as 0.8 (not 80)")]
    Power(f64),
    /// A part of every split is empty.
    #[error("splits into {train} training and {test} test examples; both parts need one")]
    Split {
        /// Training examples.
        train: usize,
        /// Test examples.
        test: usize,
    },
    /// What others are divided by is not above 0.
    #[error("denominator {index} is {value}; it must be above 0")]
    NotPositive {
        /// Which, counted from 0.
        index: usize,
        /// The value.
        value: f64,
    },
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
