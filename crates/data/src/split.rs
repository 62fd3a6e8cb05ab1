//! Training and test part of a data set: the first 80 % and the last 20 % of its order.
//!
//! Of `n` examples the first `floor(4 n / 5)` train and the rest test, 120 and 30 for iris. Which order is meant
//! decides everything: the iris file is sorted by species, so the last 30 rows as they stand are all virginica, and
//! 20 of the 50 virginica remain to learn from. [`Split::shuffled`] is what is used, [`Split::sorted`] what the
//! homework's sentence says to the letter.

use numerics::random::{Purpose, Stream};
use serde::{Deserialize, Serialize};

/// Which examples train and which test, by index; every index is in exactly one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The examples to train on: `floor(4 n / 5)` of them.
    pub train: Vec<usize>,
    /// The examples to test on: the rest.
    pub test: Vec<usize>,
}

impl Split {
    /// Shuffles `0..n` with the stream of `seed` for [`Purpose::Split`], then cuts. Not stratified: **the species
    /// need not be equally frequent in the two parts.**
    ///
    /// ```
    /// use data::split::Split;
    /// let split = Split::shuffled(150, 1);
    /// assert_eq!((split.train.len(), split.test.len()), (120, 30));
    /// assert_eq!(split, Split::shuffled(150, 1));
    /// ```
    pub fn shuffled(n: usize, seed: u64) -> Self {
        Self::cut(Stream::new(seed, Purpose::Split).permutation(n))
    }

    /// Cuts `0..n` in the order of the file.
    pub fn sorted(n: usize) -> Self {
        Self::cut((0..n).collect())
    }

    fn cut(mut order: Vec<usize>) -> Self {
        let test = order.split_off(order.len() - order.len().div_ceil(5));
        Self { train: order, test }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{iris::Iris, repository_data};
    use proptest::prelude::*;

    fn test_counts(split: &Split) -> [usize; 3] {
        let mut counts = [0; 3];
        for &label in &Iris::load(repository_data()).unwrap().subset(&split.test).labels {
            counts[label] += 1;
        }
        counts
    }

    /// Error 6 of the original: the literal split tests on one species only.
    #[test]
    fn the_last_thirty_rows_of_the_file_are_all_virginica() {
        assert_eq!(test_counts(&Split::sorted(150)), [0, 0, 30]);
    }

    #[test]
    fn a_shuffled_test_part_holds_every_species() {
        for seed in 0..20 {
            let counts = test_counts(&Split::shuffled(150, seed));
            assert!(counts.iter().all(|&count| count > 0), "seed {seed}: {counts:?}");
        }
    }

    /// The split is part of every recorded number, so it is pinned. `numerics::random` holds the same shuffle to a
    /// second implementation in Python.
    #[test]
    fn the_split_of_a_seed_is_pinned() {
        assert_eq!(Split::shuffled(8, 42), Split { train: vec![4, 5, 7, 2, 0, 3], test: vec![1, 6] });
        assert_eq!(Split::shuffled(150, 42).test, PINNED_TEST);
    }

    /// The last 30 of a Fisher-Yates shuffle of 0..150 with the Python generator of `tests/golden/random_streams.py`
    /// (`stream(42, 1)`).
    const PINNED_TEST: [usize; 30] = [
        50, 138, 140, 58, 61, 92, 18, 47, 54, 53, 56, 38, 95, 133, 33, 73, 137, 67, 145, 48, 28, 22, 78, 125,
        71, 91, 15, 93, 30, 116,
    ];

    #[test]
    fn seeds_differ() {
        assert_ne!(Split::shuffled(150, 1), Split::shuffled(150, 2));
    }

    proptest! {
        #[test]
        fn the_parts_are_disjoint_and_complete(n in 0_usize..400, seed: u64) {
            for split in [Split::shuffled(n, seed), Split::sorted(n)] {
                prop_assert_eq!(split.train.len(), 4 * n / 5);
                let mut all = [split.train, split.test].concat();
                all.sort_unstable();
                prop_assert_eq!(all, (0..n).collect::<Vec<_>>());
            }
        }
    }
}
