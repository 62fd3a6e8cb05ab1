//! Flower by flower: on how many splits each was in the test part, and on how many it was wrong there.

use crate::iris::Division;
use crate::iris::protocol::FLOWERS;
use crate::study::ExperimentError;
use records::sum_of_counts;
use std::collections::BTreeMap;

/// A flower, by its row in the file from 0, and on how many splits of a block it was wrong. Flowers that never were are
/// left out of a record; on how many splits a flower was tested follows from the seeds.
pub type WrongFlower = (usize, usize);

/// The wrong flowers of a block, from the flowers that are wrong on each of its splits.
pub(super) fn wrong_flowers(of_splits: impl IntoIterator<Item = usize>) -> Vec<WrongFlower> {
    let mut counts = BTreeMap::new();
    of_splits.into_iter().for_each(|flower| *counts.entry(flower).or_insert(0) += 1);
    counts.into_iter().collect()
}

/// What a block of splits says of the flowers.
pub(super) struct FlowerBlock<'a> {
    /// The part, for messages.
    pub(super) id: &'a str,
    /// The seed of its first split; the others follow.
    pub(super) first_seed: u64,
    /// Wrong test flowers, split by split.
    pub(super) wrong: Vec<usize>,
    /// The same, flower by flower.
    pub(super) flowers: &'a [WrongFlower],
}

/// Every flower over many splits.
pub(super) struct ByFlower {
    /// On how many splits each was in the test part; a whole number.
    pub(super) tested: Vec<f64>,
    /// On how many of these it was wrong.
    pub(super) wrong: Vec<f64>,
}

impl ByFlower {
    /// Adds up blocks.
    ///
    /// # Errors
    /// When a block's counts by flower are not those by split, or a flower is wrong more often than it was tested.
    pub(super) fn over<'a>(
        blocks: impl IntoIterator<Item = FlowerBlock<'a>>,
    ) -> Result<Self, ExperimentError> {
        let mut all = Self { tested: vec![0.0; FLOWERS], wrong: vec![0.0; FLOWERS] };
        for block in blocks {
            let tested = block.tested();
            if !block.agrees(&tested) {
                let id = block.id;
                return Err(ExperimentError::Parts(format!(
                    "part `{id}`: the wrong flowers are not those that its splits count or test: compute it again"
                )));
            }
            all.tested.iter_mut().zip(&tested).for_each(|(all, &tested)| *all += tested as f64);
            block.flowers.iter().for_each(|&(flower, wrong)| all.wrong[flower] += wrong as f64);
        }
        Ok(all)
    }
}

impl FlowerBlock<'_> {
    fn tested(&self) -> Vec<usize> {
        let mut tested = vec![0; FLOWERS];
        for seed in (self.first_seed..).take(self.wrong.len()) {
            let split = Division::Shuffled.split(FLOWERS, seed);
            split.test.iter().for_each(|&flower| tested[flower] += 1);
        }
        tested
    }

    fn agrees(&self, tested: &[usize]) -> bool {
        let possible = |&(flower, wrong): &WrongFlower| tested.get(flower).is_some_and(|&most| wrong <= most);
        let by_flower = sum_of_counts(self.flowers.iter().map(|(_, wrong)| wrong));
        self.flowers.iter().all(possible) && by_flower == sum_of_counts(&self.wrong)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use rstest::rstest;

    /// Wrong flowers of splits on which the first `wrong` of the test part are.
    pub(in super::super) fn first_of_each(first_seed: u64, wrong: &[usize]) -> Vec<WrongFlower> {
        let of = |(seed, &wrong): (u64, &usize)| {
            Division::Shuffled.split(FLOWERS, seed).test.into_iter().take(wrong)
        };
        wrong_flowers((first_seed..).zip(wrong).flat_map(of))
    }

    fn block(flowers: &[WrongFlower]) -> FlowerBlock<'_> {
        FlowerBlock { id: "102-103", first_seed: 102, wrong: vec![2, 1], flowers }
    }

    #[test]
    fn flowers_are_counted_and_never_wrong_ones_left_out() {
        assert_eq!(wrong_flowers([70, 3, 70, 133, 70]), [(3, 1), (70, 3), (133, 1)]);
    }

    #[test]
    fn tests_and_errors_of_all_blocks_are_added_up() {
        let flowers = first_of_each(102, &[2, 1]);
        let all = ByFlower::over([block(&flowers), block(&flowers)]).unwrap();
        let sum = |of: &[f64]| of.iter().sum::<f64>();
        assert_eq!((sum(&all.tested), sum(&all.wrong)), (120.0, 6.0));
        let first = Division::Shuffled.split(FLOWERS, 102).test[0];
        assert!(all.wrong[first] >= 2.0 && all.tested[first] >= 2.0);
    }

    /// An edited count is found: against the splits, against the tests, and a flower that there is none of.
    #[rstest]
    #[case::one_more(|flowers: &mut Vec<WrongFlower>| flowers[0].1 += 1)]
    #[case::a_flower_less(|flowers: &mut Vec<WrongFlower>| { flowers.pop(); })]
    #[case::more_often_than_tested(|flowers: &mut Vec<WrongFlower>| *flowers = vec![(flowers[0].0, 3)])]
    #[case::no_such_flower(|flowers: &mut Vec<WrongFlower>| flowers[0].0 = 150)]
    fn a_block_is_refused_with(#[case] edit: fn(&mut Vec<WrongFlower>)) {
        let mut flowers = first_of_each(102, &[2, 1]);
        edit(&mut flowers);
        let error = ByFlower::over([block(&flowers)]).err().unwrap();
        assert!(error.to_string().contains("`102-103`"), "{error}");
    }
}
