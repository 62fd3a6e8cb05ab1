//! `iris.json`: P1.1, P2.1 and P2.2, on the registered seed and on many others. Each configuration is a part, and the
//! gradients of P2.1 are one.

mod comparison;
mod record;
mod variants;

pub use comparison::compare_errors;
pub use record::{Comparison, IrisRecord, RecordError, SeedResult, Variant, longest};
pub use variants::{ACTIVATION_PAIRS, BY_HAND_PAIRS, framework_id, pairs, variants};

use super::parts::load;
use crate::context::Context;
use crate::iris::protocol::{OTHER_SEEDS, SPLIT};
use crate::iris::{Division, Keep, Outcome, Prepared, SeedError, Settings, gradients, run, run_seeds};
use crate::registry::{Computed, Experiment};
use crate::study::{ExperimentError, FileLayout, Part, Progress, Study, first_file, typed};
use cnn::kernels::Isa;
use comparison::compare;
use data::iris::FILE;
use data::iris::Iris;
use records::{Count, Header, json};
use serde::Deserialize;
use serde_json::Value;
use stats::{CONFIDENCE, Friedman, StatsError, corrected_t_interval, friedman, t_interval, wilson_interval};

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

const STUDY: Study =
    Study { parts, compute, layout: FileLayout::Own { files, parts: parts_in }, sample: None };

/// The part that holds the gradients of P2.1, an [`crate::iris::Agreement`].
pub const GRADIENTS: &str = "scratch-gradients";

fn parts() -> Vec<Part> {
    // Every other seed, the registered one, and the sorted file.
    let work = OTHER_SEEDS.count() as u64 + 2;
    let configurations = variants().into_iter().map(|(id, _)| Part { id, work });
    configurations.chain([Part { id: GRADIENTS.to_owned(), work: 1 }]).collect()
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
    let unknown = || RecordError::Unknown(part.id.clone());
    let (id, settings) = variants().into_iter().find(|(id, _)| *id == part.id).ok_or_else(unknown)?;
    Ok(serde_json::to_value(variant(context.isa, &iris, id, &settings, done)?)?)
}

fn files(header: Header, parts: &[Value]) -> Result<Vec<Vec<u8>>, ExperimentError> {
    let none = || ExperimentError::Parts("iris has no part".to_owned());
    let (scratch_gradients, variants) = parts.split_last().ok_or_else(none)?;
    let variants: Vec<Variant> = typed(variants)?;
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
    let gradients = serde_json::to_value(&record.scratch_gradients);
    Ok(record.variants.iter().map(serde_json::to_value).chain([gradients]).collect::<Result<_, _>>()?)
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

/// Makes the runs of one configuration.
fn variant(
    isa: Isa,
    iris: &Iris,
    id: String,
    settings: &Settings,
    done: Progress,
) -> Result<Variant, RecordError> {
    let one = |seed: u64, division: Division, keep: Keep| -> Result<Outcome, RecordError> {
        let failed = |source| RecordError::run(&id, seed, source);
        let settings = Settings { division, ..settings.with_seed(seed) };
        let prepared = Prepared::new(iris, &settings).map_err(failed)?;
        let outcome = run(isa, &prepared, &settings, keep).map_err(failed)?;
        done(1);
        Ok(outcome)
    };
    let registered = one(settings.seed, Division::Shuffled, Keep::All)?;
    let sorted = one(settings.seed, Division::Sorted, Keep::Last)?.last().test;
    let others = run_seeds(isa, iris, settings, OTHER_SEEDS, || done(1))
        .map_err(|SeedError { seed, source }| RecordError::run(&id, seed, source))?;
    let others: Vec<SeedResult> = others.iter().map(seed_result).collect();
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
