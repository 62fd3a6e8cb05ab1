//! `iris.json`: P1.1, P2.1 and P2.2, on the registered seed and on many others. Of each configuration
//! the runs on the registered seed are a part, and its other seeds are parts in blocks; the gradients of P2.1 are one.

mod blocks;
mod comparison;
mod record;
mod variants;

pub use blocks::{RegisteredRuns, block_ids, variant_of};
pub use comparison::compare_errors;
pub use record::{Comparison, IrisRecord, RecordError, SeedResult, Variant, longest};
pub use variants::{ACTIVATION_PAIRS, BY_HAND_PAIRS, framework_id, pairs, variants};

use super::parts::load;
use crate::context::Context;
use crate::iris::{Division, Keep, Outcome, Prepared, SeedError, Settings, gradients, run, run_seeds};
use crate::registry::{Computed, Experiment};
use crate::study::{ExperimentError, FileLayout, OfASubmission, Part, Progress, Study, first_file};
use blocks::{block_id, blocks, in_blocks};
use cnn::kernels::Isa;
use comparison::compare;
use data::iris::FILE;
use data::iris::Iris;
use records::{Count, Header, json};
use serde::Deserialize;
use serde_json::Value;
use stats::{Friedman, StatsError, friedman};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "iris",
    question: "P1.1, P2.1, P2.2: test error of each activation, implementation and optimiser, on many seeds",
    hypothesis: "the activations differ in how fast they learn, not in where they end; plain gradient descent ends \
                 where the same network ends with other optimisers",
    refuted_by: "activations that differ in test error, or implementations that do",
    chosen_on: "the weight decay by iris-tuning; rates and epochs before the first run",
    data: &[FILE],
    files: &["iris.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = Study {
    of_a_submission: OfASubmission { always: is_needed, drawn: 4 },
    ..Study::in_full(parts, compute, FileLayout::Own { files, parts: parts_in })
};

/// The part that holds the gradients of P2.1, an [`crate::iris::Agreement`].
pub const GRADIENTS: &str = "scratch-gradients";

/// Of each configuration the runs on the registered seed, then its other seeds in blocks; the gradients last.
fn parts() -> Vec<Part> {
    let of_variant = |(id, _): (String, Settings)| {
        let blocks = blocks().map(|seeds| Part { id: block_id(&id, &seeds), work: seeds.count() as u64 });
        // The registered seed, and the sorted file.
        [Part { id: id.clone(), work: 2 }].into_iter().chain(blocks.collect::<Vec<_>>())
    };
    let gradients = Part { id: GRADIENTS.to_owned(), work: 1 };
    variants().into_iter().flat_map(of_variant).chain([gradients]).collect()
}

/// Whether a criterion rests on a part: it is no block of other seeds.
fn is_needed(part: &Part) -> bool {
    part.id == GRADIENTS || variants().iter().any(|(id, _)| *id == part.id)
}

fn compute(context: &Context, part: &Part, done: Progress) -> Result<Value, ExperimentError> {
    let iris = load(context)?;
    if part.id == GRADIENTS {
        let settings = Settings::scratch();
        let failed = |source| RecordError::run("scratch", settings.seed, source);
        let prepared = Prepared::new(&iris, &settings).map_err(failed)?;
        let agreement = gradients(&prepared, settings.seed).map_err(failed)?;
        done(part.work);
        return Ok(serde_json::to_value(agreement)?);
    }
    for (id, settings) in variants() {
        if part.id == id {
            return Ok(serde_json::to_value(registered_runs((context.isa, &iris), &id, &settings, done)?)?);
        }
        if let Some(seeds) = blocks().find(|seeds| part.id == block_id(&id, seeds)) {
            let others = run_seeds(context.isa, &iris, &settings, seeds, || done(1))
                .map_err(|SeedError { seed, source }| RecordError::run(&id, seed, source))?;
            return Ok(serde_json::to_value(others.iter().map(seed_result).collect::<Vec<_>>())?);
        }
    }
    Err(RecordError::Unknown(part.id.clone()).into())
}

fn files(header: Header, parts: &[Value]) -> Result<Vec<Vec<u8>>, ExperimentError> {
    let none = || ExperimentError::Parts("iris has no part".to_owned());
    let (scratch_gradients, rest) = parts.split_last().ok_or_else(none)?;
    let of_one = 1 + blocks().count();
    if rest.len() != of_one * variants().len() {
        return Err(ExperimentError::Parts(format!(
            "iris has {} parts, and not all of its own",
            parts.len()
        )));
    }
    let variants = variants().into_iter().zip(rest.chunks(of_one));
    let variants: Vec<Variant> =
        variants.map(|((id, _), parts)| variant_of(id, &parts[0], &parts[1..])).collect::<Result<_, _>>()?;
    let [activations_by_test_error, activations_by_speed] = activation_tests(&variants)?;
    let record = IrisRecord {
        header,
        scratch_gradients: Deserialize::deserialize(scratch_gradients)?,
        comparisons: pairs().map(|pair| compare(&variants, pair)).collect::<Result<_, _>>()?,
        activations_by_test_error,
        activations_by_speed,
        all_below_bar: all_below_bar(&variants),
        variants,
    };
    Ok(vec![json::to_bytes(&record)?])
}

fn parts_in(files: &[&[u8]]) -> Result<Vec<Value>, ExperimentError> {
    let record: IrisRecord = first_file(files)?;
    let mut values = Vec::new();
    for Variant { registered, sorted, others, .. } in record.variants {
        values.push(serde_json::to_value(RegisteredRuns { registered, sorted })?);
        for block in in_blocks(&others) {
            values.push(serde_json::to_value(block)?);
        }
    }
    values.push(serde_json::to_value(&record.scratch_gradients)?);
    Ok(values)
}

/// Friedman's test of the four activations, which are the first of these: by test error, and by the epoch that first
/// has 95 % of the training part right.
///
/// # Errors
/// When there are fewer.
pub fn activation_tests(variants: &[Variant]) -> Result<[Friedman; 2], StatsError> {
    let four = &variants[..variants.len().min(4)];
    let longest = longest(four);
    let errors = by_seed(four, |result| result.test.error_rate());
    let speeds = by_seed(four, |result| result.epochs_to_95(longest));
    Ok([friedman(&errors)?, friedman(&speeds)?])
}

/// On how many of the other seeds the four activations, which are the first of these, are all below the bar.
fn all_below_bar(variants: &[Variant]) -> Count {
    let four = &variants[..variants.len().min(4)];
    let total = four.iter().map(|variant| variant.others.len()).min().unwrap_or(0);
    let all = |&seed: &usize| four.iter().all(|variant| variant.others[seed].is_below_bar());
    Count { correct: (0..total).filter(all).count(), total }
}

/// Makes the runs of one configuration on the registered seed.
fn registered_runs(
    (isa, iris): (Isa, &Iris),
    id: &str,
    settings: &Settings,
    done: Progress,
) -> Result<RegisteredRuns, RecordError> {
    let one = |division: Division, keep: Keep| -> Result<Outcome, RecordError> {
        let failed = |source| RecordError::run(id, settings.seed, source);
        let settings = Settings { division, ..settings.clone() };
        let prepared = Prepared::new(iris, &settings).map_err(failed)?;
        let outcome = run(isa, &prepared, &settings, keep).map_err(failed)?;
        done(1);
        Ok(outcome)
    };
    let registered = one(Division::Shuffled, Keep::All)?;
    Ok(RegisteredRuns { registered, sorted: one(Division::Sorted, Keep::Last)?.last().test })
}

fn seed_result(outcome: &Outcome) -> SeedResult {
    let last = outcome.last();
    SeedResult {
        seed: outcome.settings.seed,
        train_loss: last.train_loss,
        train: last.train,
        test: last.test,
        first_epoch_at_95_percent: outcome.first_epoch_at_95_percent,
    }
}

/// One row for each seed, one column for each variant.
fn by_seed(variants: &[Variant], value: impl Fn(&SeedResult) -> f64) -> Vec<Vec<f64>> {
    let seeds = variants.first().map_or(0, |variant| variant.others.len());
    (0..seeds).map(|seed| variants.iter().map(|variant| value(&variant.others[seed])).collect()).collect()
}

#[cfg(test)]
mod tests;
