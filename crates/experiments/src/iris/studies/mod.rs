//! The studies on iris: many seeds, paired, with tests that can come out either way.
//!
//! | module | asks |
//! |---|---|
//! | [`activations`] | do the four activations, and none at all, differ in where they end and how soon? (P1.1) |
//! | [`factors`] | which of the differences between P1.1 and the original's P2.1 matter? (P2.2) |
//! | [`plateau`] | was the original's run stuck in a local minimum? (P2.2) |
//! | [`trajectory`] | do the two implementations go one way? (P2.2) |
//! | [`honest`] | Fisher's discriminant beside the best network that no test flower had a say in |

pub mod activations;
pub mod factors;
pub mod honest;
mod paired;
pub mod plateau;
pub mod trajectory;

pub use paired::{Direction, Measure, PairedTest, Verdict, Versus, family};

use crate::data::iris::Iris;
use crate::records::iris::OTHER_SEEDS;
use crate::registry::ExperimentError;
use std::ops::RangeInclusive;

/// The seeds of the studies: the thousand after those of the experiment `iris`, so that none was picked and no hypothesis was
/// formed on them.
pub const SEEDS: RangeInclusive<u64> = *OTHER_SEEDS.end() + 1..=*OTHER_SEEDS.end() + 1000;

/// The first seeds of [`SEEDS`], for studies of many configurations.
pub const FEWER_SEEDS: RangeInclusive<u64> = *SEEDS.start()..=*SEEDS.start() + 199;

/// Seeds of a part.
const BLOCK: u64 = 100;

/// The blocks of [`SEEDS`].
fn blocks() -> impl Iterator<Item = RangeInclusive<u64>> {
    SEEDS.step_by(BLOCK as usize).map(|first| first..=first + BLOCK - 1)
}

/// The number with four significant digits: a record of thousands of runs need not hold more of a loss. **Rounded in decimal,
/// half to even, by the exact value**, so the same on every machine.
fn four_digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

fn load(context: &crate::context::Context) -> Result<Iris, ExperimentError> {
    Ok(Iris::load(&context.data_dir)?)
}

/// The part's own number in the list of what is to be computed.
fn position<T>(all: &[T], id: &str, id_of: impl Fn(&T) -> String) -> Result<usize, ExperimentError> {
    all.iter()
        .position(|one| id_of(one) == id)
        .ok_or_else(|| ExperimentError::Parts(format!("there is no part `{id}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seeds_are_a_thousand_that_no_other_experiment_uses() {
        assert_eq!(SEEDS.count(), 1000);
        assert!(SEEDS.start() > OTHER_SEEDS.end() && !SEEDS.contains(&crate::REGISTERED_SEED));
        assert_eq!(blocks().flatten().collect::<Vec<u64>>(), SEEDS.collect::<Vec<u64>>());
        assert!(FEWER_SEEDS.count() == 200 && SEEDS.contains(FEWER_SEEDS.end()));
    }

    #[test]
    fn four_significant_digits_are_kept() {
        assert_eq!([123456.0, -0.00123456, 0.0, 1.0].map(four_digits), [123500.0, -0.001235, 0.0, 1.0]);
    }
}
