//! Which seeds the experiments on iris are run on, how the flowers are divided, and which test error is asked for.

use stats::SplitSizes;
use std::ops::RangeInclusive;

/// The bar of the assignment: a test error has to be below it.
pub const BAR: f64 = 0.05;

/// How many flowers of every split train, and how many test.
pub const SPLIT: SplitSizes = SplitSizes { train: 120, test: 30 };

/// The flowers.
pub(crate) const FLOWERS: usize = SPLIT.train + SPLIT.test;

/// The seeds of the experiment `iris` beside the registered one: every one after it, so that none was picked.
pub const OTHER_SEEDS: RangeInclusive<u64> = crate::REGISTERED_SEED + 1..=crate::REGISTERED_SEED + 100;

/// The seeds of the studies: the thousand after those of the experiment `iris`, so that none was picked and no
/// hypothesis was formed on them.
pub const SEEDS: RangeInclusive<u64> = *OTHER_SEEDS.end() + 1..=*OTHER_SEEDS.end() + 1000;

/// The first seeds of [`SEEDS`], for studies of many configurations.
pub const FEWER_SEEDS: RangeInclusive<u64> = *SEEDS.start()..=*SEEDS.start() + 199;

/// The seeds of [`studies::whitened`](super::studies::whitened): the two thousand after [`SEEDS`]. Its settings were
/// tried on others, from 20,001 on.
pub const FRESH_SEEDS: RangeInclusive<u64> = *SEEDS.end() + 1..=*SEEDS.end() + 2000;

/// Seeds of a part of a study.
const BLOCK: u64 = 100;

/// Seeds in blocks of a hundred.
pub(crate) fn blocks(seeds: RangeInclusive<u64>) -> impl Iterator<Item = RangeInclusive<u64>> {
    blocks_of(BLOCK, seeds)
}

/// Seeds in blocks of so many.
pub(crate) fn blocks_of(
    length: u64,
    seeds: RangeInclusive<u64>,
) -> impl Iterator<Item = RangeInclusive<u64>> {
    seeds.step_by(length as usize).map(move |first| first..=first + length - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::repository_data;
    use data::iris::Iris;
    use data::split::Split;

    #[test]
    fn every_split_has_these_sizes() {
        let flowers = Iris::load(repository_data()).unwrap().labels.len();
        assert_eq!(flowers, FLOWERS);
        for split in [Split::shuffled(flowers, 5), Split::sorted(flowers)] {
            assert_eq!((split.train.len(), split.test.len()), (SPLIT.train, SPLIT.test));
        }
    }

    #[test]
    fn the_seeds_are_a_thousand_that_no_other_experiment_uses() {
        assert_eq!(SEEDS.count(), 1000);
        assert!(SEEDS.start() > OTHER_SEEDS.end() && !SEEDS.contains(&crate::REGISTERED_SEED));
        assert_eq!(blocks(SEEDS).flatten().collect::<Vec<u64>>(), SEEDS.collect::<Vec<u64>>());
        assert!(FRESH_SEEDS.count() == 2000 && FRESH_SEEDS.start() > SEEDS.end());
        assert!(FEWER_SEEDS.count() == 200 && SEEDS.contains(FEWER_SEEDS.end()));
    }
}
