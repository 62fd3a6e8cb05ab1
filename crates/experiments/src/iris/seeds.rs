//! One configuration on many seeds, on all threads: each run on one thread, and its bits those of the run by itself.

use super::lanes::{fit, follow_lanes};
use super::{Follow, IrisRunError, Keep, Outcome, Prepared, Settings, Trace, follow};
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

/// Runs that are made side by side at the most: as many as the widest vectors have lanes.
const LANES: usize = 16;

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
    let traces = follow_seeds(isa, iris, settings, seeds, Follow::keeping(Keep::Last), done);
    traces.into_iter().map(|trace| Ok(trace?.outcome)).collect()
}

/// Divides, trains and follows with each seed, on all threads; what was seen is in the order of the seeds. Runs that
/// can be are made side by side, **which changes nothing of their bits**. `done` is called after each run.
pub fn follow_seeds(
    isa: Isa,
    iris: &Iris,
    settings: &Settings,
    seeds: RangeInclusive<u64>,
    what: Follow,
    done: impl Fn() + Sync,
) -> Vec<Result<Trace, SeedError>> {
    let seeds: Vec<u64> = seeds.collect();
    let lanes = if fit(settings) { LANES } else { 1 };
    // No thread is idle for the sake of full lanes.
    let lanes = seeds.len().div_ceil(rayon::current_num_threads()).clamp(1, lanes);
    let some = |seeds: &[u64]| {
        let traces = follow_some(isa, iris, settings, seeds, what);
        seeds.iter().for_each(|_| done());
        traces
    };
    seeds.par_chunks(lanes).flat_map_iter(some).collect()
}

/// The runs of some seeds, side by side if there are several.
fn follow_some(
    isa: Isa,
    iris: &Iris,
    settings: &Settings,
    seeds: &[u64],
    what: Follow,
) -> Vec<Result<Trace, SeedError>> {
    let prepared = |&seed: &u64| {
        let settings = settings.with_seed(seed);
        Ok((Prepared::new(iris, &settings)?, settings))
    };
    let together: Result<Vec<_>, IrisRunError> = seeds.iter().map(prepared).collect();
    let traces = match together {
        Ok(runs) => follow_together(isa, &runs, what),
        // Which seed cannot be prepared, the runs one by one say.
        Err(_) => {
            let one = |seed| prepared(seed).and_then(|(of, settings)| follow(isa, &of, &settings, what));
            seeds.iter().map(one).collect()
        }
    };
    let named = |(&seed, trace): (&u64, Result<Trace, IrisRunError>)| {
        trace.map_err(|source| SeedError { seed, source })
    };
    seeds.iter().zip(traces).map(named).collect()
}

/// Follows runs whose settings differ in their seeds alone, on one thread: side by side what can be, [`LANES`] at a
/// time, **which changes nothing of their bits**.
pub(super) fn follow_together(
    isa: Isa,
    runs: &[(Prepared, Settings)],
    what: Follow,
) -> Vec<Result<Trace, IrisRunError>> {
    let one_by_one = |runs: &[(Prepared, Settings)]| -> Vec<_> {
        runs.iter().map(|(of, settings)| follow(isa, of, settings, what)).collect()
    };
    let side_by_side = |runs: &[(Prepared, Settings)]| match runs {
        [(_, settings), _, ..] if fit(settings) => {
            follow_lanes(isa, runs, what).unwrap_or_else(|_| one_by_one(runs))
        }
        _ => one_by_one(runs),
    };
    runs.chunks(LANES).flat_map(side_by_side).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Activation, Implementation, Loss, Optimiser, run};
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

    /// Of runs side by side all that is asked for is seen, of each at its own end.
    #[rstest]
    #[case::cross_entropy(Loss::CrossEntropy, Activation::Relu)]
    #[case::squared_error(Loss::HalfSquaredErrorSum, Activation::Sigmoid)]
    fn what_is_followed_of_many_seeds_is_what_is_followed_of_each(
        #[case] loss: Loss,
        #[case] activation: Activation,
    ) {
        let iris = Iris::load(repository_data()).unwrap();
        let settings = Settings {
            loss,
            optimiser: Optimiser::Sgd,
            learning_rate: 0.002,
            epochs: 3,
            ..settings(Implementation::Framework, activation)
        };
        let what = Follow {
            gradient_at: &[1, 4],
            until_off_plateau: Some(60),
            ..Follow::keeping(Keep::At(&[2, 5]))
        };
        let alone = |seed: u64| {
            let settings = settings.with_seed(seed);
            follow(Isa::detect(), &Prepared::new(&iris, &settings).unwrap(), &settings, what).unwrap()
        };
        let expected: Vec<Trace> = SEEDS.map(alone).collect();
        let ends = |trace: &Trace| trace.outcome.last().epoch;
        assert!(
            expected.iter().any(|trace| ends(trace) != ends(&expected[0])),
            "they end at different epochs"
        );
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let traces = pool.install(|| follow_seeds(Isa::detect(), &iris, &settings, SEEDS, what, || ()));
        assert_eq!(traces.into_iter().collect::<Result<Vec<_>, _>>().unwrap(), expected);
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
