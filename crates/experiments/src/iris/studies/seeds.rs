//! `iris.json`: P1.1, P2.1 and P2.2, on the registered seed and on many others.

mod variants;

pub use variants::{ACTIVATION_PAIRS, BY_HAND_PAIRS, framework_id, pairs, variants};

use crate::iris::protocol::OTHER_SEEDS;
use crate::iris::{
    Agreement, Division, Keep, Loss, Outcome, Prepared, RunError, SeedError, Settings, gradients, reached_by,
    run, run_seeds,
};
use crate::study::ExperimentError;
use cnn::kernels::Isa;
use data::iris::Iris;
use records::{Count, Header};
use serde::{Deserialize, Serialize};
use stats::{
    CONFIDENCE, Friedman, Interval, RESAMPLES, SignTest, StatsError, friedman, paired_bootstrap, sign_test,
    t_interval, wilson_interval,
};

/// The record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// What it is.
    #[serde(flatten)]
    pub header: Header,
    /// Every configuration with its runs.
    pub variants: Vec<Variant>,
    /// Pairs of configurations on the same seeds.
    pub comparisons: Vec<Comparison>,
    /// The gradients of P2.1 against those of `cnn`'s reference layers.
    pub scratch_gradients: Agreement,
    /// Do the four activations differ in test error on the same seeds?
    pub activations_by_test_error: Friedman,
    /// Do they differ in the epoch that first has 95 % of the training part right?
    pub activations_by_speed: Friedman,
}

/// A configuration and its runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// Its name.
    pub id: String,
    /// The run on the registered seed, with every epoch.
    pub registered: Outcome,
    /// Wilson's interval of the registered run's test accuracy.
    pub registered_accuracy: Interval,
    /// The same configuration on the sorted file: the last run of the assignment's letter.
    pub sorted: Count,
    /// The runs on the other seeds.
    pub others: Vec<SeedResult>,
    /// The mean test error over the other seeds, with Student's interval.
    pub mean_test_error: Interval,
    /// On how many of the other seeds no test flower is wrong.
    pub seeds_without_error: usize,
}

/// The end of a run on one seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeedResult {
    /// The seed of division, weights and batches.
    pub seed: u64,
    /// The loss on the training part.
    pub train_loss: f64,
    /// Right answers on the training part.
    pub train: Count,
    /// Right answers on the test part.
    pub test: Count,
    /// The first epoch with 95 % of the training part right.
    pub first_epoch_at_95_percent: Option<usize>,
}

/// Two configurations on the same seeds; differences are `first - second`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// One configuration.
    pub first: String,
    /// The other.
    pub second: String,
    /// The mean difference of the test errors, with the paired bootstrap's interval.
    pub test_error: Interval,
    /// The sign test of the test errors.
    pub test_error_signs: SignTest,
    /// The sign test of the first epochs with 95 % of the training part right; a run that never gets there ranks after
    /// every run that does, see [`reached_by`].
    pub speed_signs: SignTest,
    /// The sign test of the final training losses, where both minimise the same loss.
    pub train_loss_signs: Option<SignTest>,
}

/// Why there is no record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A run failed.
    #[error("{variant}, seed {seed}: {source}")]
    Run {
        /// The configuration.
        variant: String,
        /// The seed.
        seed: u64,
        /// Why.
        source: Box<RunError>,
    },
    /// A pair names a configuration that there is none of.
    #[error("no configuration of iris is named `{0}`: correct the pair")]
    Unknown(String),
    /// A statistic does not exist.
    #[error(transparent)]
    Stats(#[from] StatsError),
}

impl From<RecordError> for ExperimentError {
    fn from(error: RecordError) -> Self {
        Self::failed(error)
    }
}

impl RecordError {
    fn run(variant: &str, seed: u64, source: RunError) -> Self {
        Self::Run { variant: variant.to_owned(), seed, source: Box::new(source) }
    }
}

/// How many runs [`record`] makes.
pub fn runs() -> u64 {
    let others = OTHER_SEEDS.end() - OTHER_SEEDS.start() + 1;
    variants().len() as u64 * (others + 2)
}

/// Makes every run; `done` is called after each.
///
/// # Errors
/// When a run diverges.
pub fn record(isa: Isa, iris: &Iris, header: Header, done: impl Fn() + Sync) -> Result<Record, RecordError> {
    let variants: Vec<Variant> = variants()
        .into_iter()
        .map(|(id, settings)| variant(isa, iris, id, &settings, &done))
        .collect::<Result<_, _>>()?;
    let settings = Settings::scratch();
    let failed = |source| RecordError::run("scratch", settings.seed, source);
    let prepared = Prepared::new(iris, &settings).map_err(failed)?;
    let scratch_gradients = gradients(&prepared, settings.seed).map_err(failed)?;
    let errors: Vec<Vec<f64>> = by_seed(&variants[..4], |result| result.test.error_rate());
    let longest = longest(&variants[..4]);
    let speeds: Vec<Vec<f64>> = by_seed(&variants[..4], |result| result.epochs_to_95(longest));
    Ok(Record {
        header,
        scratch_gradients,
        comparisons: pairs().map(|pair| compare(&variants, pair)).collect::<Result<_, _>>()?,
        activations_by_test_error: friedman(&errors)?,
        activations_by_speed: friedman(&speeds)?,
        variants,
    })
}

impl Record {
    /// The configuration with this name.
    pub fn variant(&self, id: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.id == id)
    }

    /// The comparison of these two.
    pub fn comparison(&self, first: &str, second: &str) -> Option<&Comparison> {
        self.comparisons.iter().find(|pair| pair.first == first && pair.second == second)
    }
}

impl Variant {
    /// The first epochs with 95 % of the training part right, of the other seeds.
    pub fn first_epochs_at_95(&self) -> Vec<Option<usize>> {
        self.others.iter().map(|result| result.first_epoch_at_95_percent).collect()
    }
}

/// Makes the runs of one configuration.
pub(crate) fn variant(
    isa: Isa,
    iris: &Iris,
    id: String,
    settings: &Settings,
    done: &(impl Fn() + Sync),
) -> Result<Variant, RecordError> {
    let one = |seed: u64, division: Division, keep: Keep| -> Result<Outcome, RecordError> {
        let failed = |source| RecordError::run(&id, seed, source);
        let settings = Settings { division, ..settings.with_seed(seed) };
        let prepared = Prepared::new(iris, &settings).map_err(failed)?;
        let outcome = run(isa, &prepared, &settings, keep).map_err(failed)?;
        done();
        Ok(outcome)
    };
    let registered = one(settings.seed, Division::Shuffled, Keep::All)?;
    let sorted = one(settings.seed, Division::Sorted, Keep::Last)?.last().test;
    let others = run_seeds(isa, iris, settings, OTHER_SEEDS, done)
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

/// The epochs of the longest of these runs.
pub fn longest<'a>(variants: impl IntoIterator<Item = &'a Variant>) -> usize {
    variants.into_iter().map(|variant| variant.registered.settings.epochs).max().unwrap_or(0)
}

impl SeedResult {
    /// The first epoch with 95 % of the training part right, among runs of which the [`longest`] has so many epochs.
    pub fn epochs_to_95(&self, longest: usize) -> f64 {
        reached_by(self.first_epoch_at_95_percent, longest)
    }
}

fn compare(variants: &[Variant], (first, second): (&str, &str)) -> Result<Comparison, RecordError> {
    let find = |id: &str| {
        let found = variants.iter().find(|variant| variant.id == id);
        found.ok_or_else(|| RecordError::Unknown(id.to_owned()))
    };
    let (a, b) = (find(first)?, find(second)?);
    let column = |variant: &Variant, value: &dyn Fn(&SeedResult) -> f64| -> Vec<f64> {
        variant.others.iter().map(value).collect()
    };
    let signs = |value_a: &dyn Fn(&SeedResult) -> f64, value_b: &dyn Fn(&SeedResult) -> f64| {
        let differences: Vec<f64> =
            column(a, value_a).iter().zip(column(b, value_b)).map(|(a, b)| a - b).collect();
        sign_test(&differences)
    };
    let error = |result: &SeedResult| result.test.error_rate();
    let same_loss = a.registered.settings.loss == b.registered.settings.loss
        && a.registered.settings.loss == Loss::CrossEntropy;
    let loss = |result: &SeedResult| result.train_loss;
    let longest = longest([a, b]);
    let speed = |result: &SeedResult| result.epochs_to_95(longest);
    Ok(Comparison {
        first: first.to_owned(),
        second: second.to_owned(),
        test_error: compare_errors(&column(a, &error), &column(b, &error))?,
        test_error_signs: signs(&error, &error)?,
        speed_signs: signs(&speed, &speed)?,
        train_loss_signs: same_loss.then(|| signs(&loss, &loss)).transpose()?,
    })
}

/// The mean difference of two configurations' test errors on the same seeds, with the paired bootstrap's interval.
///
/// # Errors
/// When there are too few pairs.
pub fn compare_errors(first: &[f64], second: &[f64]) -> Result<Interval, StatsError> {
    paired_bootstrap(first, second, RESAMPLES, CONFIDENCE, crate::REGISTERED_SEED)
}

#[cfg(test)]
mod tests;
