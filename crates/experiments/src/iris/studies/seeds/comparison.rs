//! Two configurations on the same seeds.

use super::super::paired::detectable_mean;
use super::record::{Comparison, RecordError, SeedResult, Variant, longest};
use crate::iris::Loss;
use crate::iris::protocol::SPLIT;
use stats::{CONFIDENCE, Interval, RESAMPLES, StatsError, corrected_t_test, paired_bootstrap, sign_test};

/// Compares two of these configurations.
///
/// # Errors
/// When there is none of that name, or too few pairs.
pub(super) fn compare(
    variants: &[Variant],
    (first, second): (&str, &str),
) -> Result<Comparison, RecordError> {
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
    let errors = [column(a, &error), column(b, &error)];
    let differences: Vec<f64> = errors[0].iter().zip(&errors[1]).map(|(a, b)| a - b).collect();
    let same_loss = a.registered.settings.loss == b.registered.settings.loss
        && a.registered.settings.loss == Loss::CrossEntropy;
    let loss = |result: &SeedResult| result.train_loss;
    let longest = longest([a, b]);
    let speed = |result: &SeedResult| result.epochs_to_95(longest);
    Ok(Comparison {
        first: first.to_owned(),
        second: second.to_owned(),
        test_error: compare_errors(&errors[0], &errors[1])?,
        test_error_signs: signs(&error, &error)?,
        speed_signs: signs(&speed, &speed)?,
        train_loss_signs: same_loss.then(|| signs(&loss, &loss)).transpose()?,
        detectable: detectable_mean(&differences)?,
        new_flowers: corrected_t_test(&differences, SPLIT, CONFIDENCE)?,
    })
}

/// The mean difference of two configurations' test errors on the same seeds, with the paired bootstrap's interval.
///
/// # Errors
/// When there are too few pairs.
pub fn compare_errors(first: &[f64], second: &[f64]) -> Result<Interval, StatsError> {
    paired_bootstrap(first, second, RESAMPLES, CONFIDENCE, crate::REGISTERED_SEED)
}
