//! One configuration on many seeds, on all threads: each run on one thread, and its bits those of the run by itself.

use super::{IrisRunError, Keep, Outcome, Prepared, Settings, run};
use crate::study::ExperimentError;
use cnn::kernels::Isa;
use data::iris::Iris;
use rayon::prelude::*;
use std::ops::RangeInclusive;

/// A run that failed.
#[derive(Debug, thiserror::Error)]
#[error("seed {seed}: {source}")]
pub struct SeedError {
    pub seed: u64,
    pub source: IrisRunError,
}

impl From<SeedError> for ExperimentError {
    fn from(error: SeedError) -> Self {
        Self::failed(error)
    }
}

/// Divides, trains and tests with each seed; the outcomes are in the order of the seeds, with their last epochs. `done`
/// is called after each run.
///
/// # Errors
/// [`SeedError`]: the first run that failed.
pub fn run_seeds(
    isa: Isa,
    iris: &Iris,
    settings: &Settings,
    seeds: RangeInclusive<u64>,
    done: impl Fn() + Sync,
) -> Result<Vec<Outcome>, SeedError> {
    over_seeds(iris, settings, seeds, |prepared, settings| {
        let outcome = run(isa, prepared, settings, Keep::Last)?;
        done();
        Ok(outcome)
    })
}

/// Divides with each seed and calls `one` with the division and the settings of that seed, on all threads; the results
/// are in the order of the seeds.
///
/// # Errors
/// [`SeedError`]: the first seed on which `one` failed.
pub fn over_seeds<T: Send>(
    iris: &Iris,
    settings: &Settings,
    seeds: RangeInclusive<u64>,
    one: impl Fn(&Prepared, &Settings) -> Result<T, IrisRunError> + Sync,
) -> Result<Vec<T>, SeedError> {
    let of = |seed: u64| {
        let settings = settings.with_seed(seed);
        one(&Prepared::new(iris, &settings)?, &settings)
    };
    seeds.into_par_iter().map(|seed| of(seed).map_err(|source| SeedError { seed, source })).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Activation, Implementation, Optimiser};
    use super::*;
    use crate::context::repository_data;
    use rstest::rstest;

    const SEEDS: RangeInclusive<u64> = 3..=9;

    fn settings(implementation: Implementation, activation: Activation) -> Settings {
        let registered = match implementation {
            Implementation::Framework => Settings::framework(activation),
            Implementation::Scratch => Settings::scratch(),
        };
        Settings { epochs: 40, ..registered }
    }

    /// A run with every epoch measured, by itself, on one thread of its own.
    fn alone(iris: &Iris, settings: &Settings, seed: u64) -> Outcome {
        let settings = settings.with_seed(seed);
        let prepared = Prepared::new(iris, &settings).unwrap();
        let mut outcome = run(Isa::detect(), &prepared, &settings, Keep::All).unwrap();
        outcome.history.drain(..outcome.history.len() - 1);
        outcome
    }

    #[rstest]
    #[case::relu(Implementation::Framework, Activation::Relu)]
    #[case::sigmoid(Implementation::Framework, Activation::Sigmoid)]
    #[case::tanh(Implementation::Framework, Activation::Tanh)]
    #[case::prelu(Implementation::Framework, Activation::Prelu)]
    #[case::scratch(Implementation::Scratch, Activation::Sigmoid)]
    fn many_seeds_at_once_give_the_bits_of_the_single_runs(
        #[case] implementation: Implementation,
        #[case] activation: Activation,
    ) {
        let iris = Iris::load(repository_data()).unwrap();
        let settings = settings(implementation, activation);
        let expected: Vec<Outcome> = SEEDS.map(|seed| alone(&iris, &settings, seed)).collect();
        for threads in [1, 2, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let outcomes = pool.install(|| run_seeds(Isa::detect(), &iris, &settings, SEEDS, || ())).unwrap();
            assert_eq!(outcomes, expected, "{threads} threads");
        }
    }

    /// The negative control: the comparison above sees another order of the batches.
    #[test]
    fn another_seed_gives_another_outcome() {
        let iris = Iris::load(repository_data()).unwrap();
        let settings = settings(Implementation::Framework, Activation::Relu);
        let outcomes = run_seeds(Isa::detect(), &iris, &settings, 3..=4, || ()).unwrap();
        assert_ne!(outcomes[0].weights_sha256, outcomes[1].weights_sha256);
    }

    #[test]
    fn a_run_that_fails_is_named_by_its_seed() {
        let iris = Iris::load(repository_data()).unwrap();
        let settings = Settings {
            optimiser: Optimiser::Sgd,
            learning_rate: 1e30,
            ..settings(Implementation::Framework, Activation::Relu)
        };
        let error = run_seeds(Isa::detect(), &iris, &settings, 7..=7, || ()).unwrap_err();
        assert!(error.to_string().starts_with("seed 7: epoch 1"), "{error}");
    }
}
