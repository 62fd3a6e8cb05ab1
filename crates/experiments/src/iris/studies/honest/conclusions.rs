//! What follows from all splits.

use super::super::flowers::{ByFlower, FlowerBlock};
use super::super::new_flowers::{OnSplits, family_on_new_flowers};
use super::super::{HypothesisVerdict, Measure, Versus, WrongFlower, family};
use super::plan::{SORTED, all_blocks, grid};
use super::record::{HonestCandidate, HonestConclusions, HonestPart, HonestRow, Method};
use crate::iris::protocol::SEEDS;
use crate::study::{ExperimentError, typed};
use records::sum_of_counts;
use serde_json::Value;
use stats::{CONFIDENCE, Interval, StatsError, t_interval};

pub(super) fn conclude(values: &[Value]) -> Result<Value, ExperimentError> {
    let parts: Vec<HonestPart> = typed(values)?;
    let missing = || ExperimentError::Parts("there is no part of the sorted split".to_owned());
    let sorted = parts.iter().find(|part| part.id == SORTED).and_then(|part| part.splits.first());
    let &(sorted_lda, sorted_network, ..) = sorted.ok_or_else(missing)?;
    let lda = Runs::of("lda", &parts, |row| row.0, |part| &part.lda_wrong_flowers)?;
    let network = Runs::of("network", &parts, |row| row.1, |part| &part.network_wrong_flowers)?;
    let versus = Versus {
        first: "network",
        second: "lda",
        measure: Measure::TestError,
        values: [network.on_splits.errors.clone(), lda.on_splits.errors.clone()],
    };
    let difference = family(&[versus])?.swap_remove(0);
    let chosen = |i| {
        parts
            .iter()
            .filter(|part| part.id != SORTED)
            .flat_map(|part| &part.splits)
            .filter(move |row| row.2 == i)
    };
    let candidate = |(i, settings)| HonestCandidate { settings, chosen: chosen(i).count() };
    Ok(serde_json::to_value(HonestConclusions {
        seeds: [*SEEDS.start(), *SEEDS.end()],
        grid: grid().into_iter().enumerate().map(candidate).collect(),
        lda: lda.method(sorted_lda)?,
        network: network.method(sorted_network)?,
        no_more_errors: no_more_errors(difference.difference),
        difference,
        new_flowers: family_on_new_flowers(&[[&network.on_splits, &lda.on_splits]])?.swap_remove(0),
    })?)
}

fn no_more_errors(Interval { estimate, low, .. }: Interval) -> HypothesisVerdict {
    match (estimate <= 0.0, low > 0.0) {
        (true, _) => HypothesisVerdict::Held,
        (_, true) => HypothesisVerdict::Refuted,
        _ => HypothesisVerdict::Undecided,
    }
}

/// A method on all shuffled splits.
struct Runs {
    wrong: Vec<usize>,
    test_total: usize,
    on_splits: OnSplits,
}

impl Runs {
    fn of(
        name: &str,
        parts: &[HonestPart],
        wrong: fn(&HonestRow) -> usize,
        flowers: fn(&HonestPart) -> &[WrongFlower],
    ) -> Result<Self, ExperimentError> {
        let blocks = all_blocks();
        let block = |part| -> Option<FlowerBlock> {
            let part: &HonestPart = part;
            let seeds = blocks.iter().find(|block| block.id() == part.id)?.0.clone()?;
            Some(FlowerBlock {
                id: &part.id,
                first_seed: *seeds.start(),
                wrong: part.splits.iter().map(wrong).collect(),
                flowers: flowers(part),
            })
        };
        let blocks: Vec<FlowerBlock> = parts.iter().filter_map(block).collect();
        let test_total = parts.first().map_or(0, |part| part.test_total);
        let wrong: Vec<usize> = blocks.iter().flat_map(|block| block.wrong.iter().copied()).collect();
        let errors = wrong.iter().map(|&wrong| wrong as f64 / test_total as f64).collect();
        let on_splits = OnSplits { name: name.to_owned(), errors, flowers: ByFlower::over(blocks)? };
        Ok(Self { wrong, test_total, on_splits })
    }

    fn method(&self, sorted_wrong: usize) -> Result<Method, StatsError> {
        let most = self.wrong.iter().copied().max().unwrap_or(0);
        let splits_with = |n| self.wrong.iter().filter(|&&wrong| wrong == n).count();
        Ok(Method {
            mean_test_error: t_interval(&self.on_splits.errors, CONFIDENCE)?,
            wrong: sum_of_counts(&self.wrong),
            tested: self.wrong.len() * self.test_total,
            splits_by_wrong: (0..=most).map(splits_with).collect(),
            sorted_wrong,
            new_flowers: self.on_splits.mean()?,
        })
    }
}
