//! What the splits say of new flowers.
//!
//! All splits divide the same 150 flowers, so an interval over splits is one of the mean over splits **of these
//! flowers**. There are two ways to speak of others, both approximate:
//!
//! - the corrected resampled t-test ([`stats::corrected_t_test`]), which assumes how much two splits have in common;
//! - the bootstrap over the flowers ([`stats::ratio_bootstrap`]), which draws the flowers that were asked about with
//!   replacement. The networks are not trained again, so what other training flowers would do to them is not in it.

use super::flowers::ByFlower;
use super::paired::Direction;
use crate::iris::protocol::SPLIT;
use serde::{Deserialize, Serialize};
use stats::{
    CONFIDENCE, CorrectedTest, Interval, LEVEL, RESAMPLES, StatsError, corrected_t_interval,
    corrected_t_test, holm, ratio_bootstrap,
};

/// The mean test error of a method, on new flowers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewFlowersMean {
    /// The corrected resampled t-interval.
    pub corrected: Interval,
    /// The bootstrap over the flowers.
    pub over_flowers: Interval,
}

/// The test errors of two methods, on new flowers; differences are `first - second`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewFlowersTest {
    pub first: String,
    pub second: String,
    /// The corrected resampled t-test.
    pub corrected: CorrectedTest,
    /// Its p-value after Holm's correction over the family.
    pub adjusted_p: f64,
    /// What it shows at the family's level.
    pub direction: Direction,
    /// The bootstrap over the flowers, of the difference.
    pub over_flowers: Interval,
}

/// A method on many splits.
pub(super) struct OnSplits {
    pub(super) name: String,
    /// The test error on each.
    pub(super) errors: Vec<f64>,
    pub(super) flowers: ByFlower,
}

impl OnSplits {
    /// Its mean test error.
    ///
    /// # Errors
    /// [`StatsError`] for fewer than two splits, or a flower that none tests.
    pub(super) fn mean(&self) -> Result<NewFlowersMean, StatsError> {
        let ByFlower { tested, wrong } = &self.flowers;
        Ok(NewFlowersMean {
            corrected: corrected_t_interval(&self.errors, SPLIT, CONFIDENCE)?,
            over_flowers: ratio_bootstrap(wrong, tested, RESAMPLES, CONFIDENCE, crate::REGISTERED_SEED)?,
        })
    }
}

/// Tests every pair, with Holm's correction over all of them.
///
/// # Errors
/// [`StatsError`], as of [`OnSplits::mean`].
pub(super) fn family_on_new_flowers(pairs: &[[&OnSplits; 2]]) -> Result<Vec<NewFlowersTest>, StatsError> {
    let test = |[first, second]: &[&OnSplits; 2]| {
        corrected_t_test(&differences(&first.errors, &second.errors), SPLIT, CONFIDENCE)
    };
    let tests: Vec<CorrectedTest> = pairs.iter().map(test).collect::<Result<_, _>>()?;
    let adjusted = holm(&tests.iter().map(|test| test.p_value).collect::<Vec<f64>>())?;
    let of = |(([first, second], corrected), adjusted_p): ((&[&OnSplits; 2], CorrectedTest), f64)| {
        let wrong = differences(&first.flowers.wrong, &second.flowers.wrong);
        let seed = crate::REGISTERED_SEED;
        Ok(NewFlowersTest {
            first: first.name.clone(),
            second: second.name.clone(),
            adjusted_p,
            direction: direction(corrected.difference.estimate, adjusted_p),
            over_flowers: ratio_bootstrap(&wrong, &first.flowers.tested, RESAMPLES, CONFIDENCE, seed)?,
            corrected,
        })
    };
    pairs.iter().zip(tests).zip(adjusted).map(of).collect()
}

fn differences(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn direction(difference: f64, adjusted_p: f64) -> Direction {
    match adjusted_p < LEVEL {
        true if difference < 0.0 => Direction::Less,
        true if difference > 0.0 => Direction::More,
        _ => Direction::Undecided,
    }
}

#[cfg(test)]
mod tests {
    use super::super::flowers::FlowerBlock;
    use super::super::flowers::tests::first_of_each;
    use super::*;

    /// A method that has the first so many of every test part wrong, in turn.
    fn method(name: &str, wrong: &[usize]) -> OnSplits {
        let wrong: Vec<usize> = wrong.repeat(100);
        let flowers = first_of_each(1, &wrong);
        let block = FlowerBlock { id: name, first_seed: 1, wrong: wrong.clone(), flowers: &flowers };
        OnSplits {
            name: name.to_owned(),
            flowers: ByFlower::over([block]).unwrap(),
            errors: wrong.iter().map(|&wrong| wrong as f64 / 30.0).collect(),
        }
    }

    #[test]
    fn both_estimates_are_the_mean_over_the_splits() {
        let mean = method("a", &[1, 2]).mean().unwrap();
        for interval in [mean.corrected, mean.over_flowers] {
            assert!((interval.estimate - 0.05).abs() < 1e-15 && interval.low < 0.05 && interval.high > 0.05);
        }
    }

    /// On every fourth split one flower of thirty more: on these flowers a plain difference, on new ones none is found.
    #[test]
    fn a_difference_that_splits_show_may_be_none_on_new_flowers() {
        let (more, less) = (method("more", &[2, 1, 1, 1]), method("less", &[1; 4]));
        let test = family_on_new_flowers(&[[&more, &less]]).unwrap().swap_remove(0);
        assert_eq!(test.direction, Direction::Undecided);
        let over_splits = stats::t_interval(&differences(&more.errors, &less.errors), CONFIDENCE).unwrap();
        assert!(over_splits.low > 0.0, "{over_splits:?}");
    }

    /// The control: a large difference is found in either direction, and Holm's correction is over the family.
    #[test]
    fn a_large_difference_is_found_on_new_flowers() {
        let (more, less) = (method("more", &[9, 8]), method("less", &[0, 1]));
        let tests = family_on_new_flowers(&[[&more, &less], [&less, &more], [&less, &less]]).unwrap();
        let directions = [Direction::More, Direction::Less, Direction::Undecided];
        assert_eq!(tests.iter().map(|test| test.direction).collect::<Vec<_>>(), directions);
        assert_eq!(tests[0].adjusted_p, 3.0 * tests[0].corrected.p_value);
        assert!(tests[0].over_flowers.low > 0.0 && tests[1].over_flowers.high < 0.0);
    }
}
