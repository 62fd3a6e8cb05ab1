//! A configuration's runs as parts of `iris.json`: those on the registered seed, and the other seeds in blocks.

use super::record::{SeedResult, Variant};
use crate::iris::Outcome;
use crate::iris::protocol::{OTHER_SEEDS, SPLIT, blocks_of};
use crate::study::{ExperimentError, typed};
use records::Count;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stats::{CONFIDENCE, corrected_t_interval, t_interval, wilson_interval};
use std::ops::RangeInclusive;

/// How many seeds a block has: on each of two threads nearly as many as the widest vectors have lanes.
const BLOCK: u64 = 25;

/// The runs of a configuration on the registered seed: the value of the part that has its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegisteredRuns {
    /// The run, with every epoch.
    pub registered: Outcome,
    /// The same configuration on the sorted file: right answers on the test part.
    pub sorted: Count,
}

/// The other seeds, block by block.
pub(super) fn blocks() -> impl Iterator<Item = RangeInclusive<u64>> {
    blocks_of(BLOCK, OTHER_SEEDS)
}

/// The results of the other seeds, block by block.
pub(super) fn in_blocks(others: &[SeedResult]) -> impl Iterator<Item = &[SeedResult]> {
    others.chunks(BLOCK as usize)
}

/// The part of these seeds of a configuration: its value is a list of [`SeedResult`]s.
pub(super) fn block_id(variant: &str, seeds: &RangeInclusive<u64>) -> String {
    format!("{variant}-seeds-{}-{}", seeds.start(), seeds.end())
}

/// The parts of a configuration's other seeds, in their order.
pub fn block_ids(variant: &str) -> Vec<String> {
    blocks().map(|seeds| block_id(variant, &seeds)).collect()
}

/// A configuration, from the value of the part that has its name, [`RegisteredRuns`], and those of its blocks.
///
/// # Errors
/// When they are something else, or hold no seeds.
pub fn variant_of(id: String, registered: &Value, blocks: &[Value]) -> Result<Variant, ExperimentError> {
    let RegisteredRuns { registered, sorted } = Deserialize::deserialize(registered)?;
    let others: Vec<SeedResult> = typed::<Vec<SeedResult>>(blocks)?.concat();
    if registered.history.is_empty() {
        return Err(ExperimentError::Parts(format!("the registered run of {id} has no epoch")));
    }
    let errors: Vec<f64> = others.iter().map(|result| result.test.error_rate()).collect();
    let test = registered.last().test;
    Ok(Variant {
        id,
        registered_accuracy: wilson_interval(test.correct as u64, test.total as u64, CONFIDENCE)?,
        registered,
        sorted,
        mean_test_error: t_interval(&errors, CONFIDENCE)?,
        seeds_without_error: errors.iter().filter(|&&error| error == 0.0).count(),
        below_bar: Count {
            correct: others.iter().filter(|result| result.is_below_bar()).count(),
            total: others.len(),
        },
        mean_on_new_flowers: corrected_t_interval(&errors, SPLIT, CONFIDENCE)?,
        others,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_blocks_are_the_other_seeds_in_order() {
        assert_eq!(blocks().flatten().collect::<Vec<u64>>(), OTHER_SEEDS.collect::<Vec<u64>>());
        let ids: BTreeSet<String> = block_ids("a").into_iter().collect();
        assert_eq!(ids.len(), blocks().count());
    }
}
