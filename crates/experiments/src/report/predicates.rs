//! What claims are made of: configurations, comparisons, and what can be said of them.

use super::claims::LEVEL;
use super::{ReportError, Sources};
use crate::iris::Activation;
use crate::records::iris::{Comparison, Variant, framework_id};
use crate::stats::{SignTest, sign_test};

/// The configuration of this name.
pub(super) fn variant<'a>(of: &'a Sources, id: &str) -> Result<&'a Variant, ReportError> {
    of.iris.variant(id).ok_or_else(|| ReportError::Missing(id.to_owned()))
}

/// The configurations of P1.1, by activation.
pub(super) fn activations<'a>(of: &'a Sources) -> Result<Vec<(Activation, &'a Variant)>, ReportError> {
    let named = |activation: Activation| Ok((activation, variant(of, &framework_id(activation))?));
    Activation::ALL.into_iter().map(named).collect()
}

pub(super) fn comparison<'a>(
    of: &'a Sources,
    first: &str,
    second: &str,
) -> Result<&'a Comparison, ReportError> {
    of.iris.comparison(first, second).ok_or_else(|| ReportError::Missing(format!("{first}:{second}")))
}

/// The mean final training loss over the other seeds.
pub(super) fn mean_train_loss(variant: &Variant) -> f64 {
    variant.others.iter().map(|result| result.train_loss).sum::<f64>() / variant.others.len().max(1) as f64
}

pub(super) fn each_activation(
    of: &Sources,
    value: impl Fn(&Variant) -> f64,
    holds: impl Fn(f64) -> bool,
) -> Result<(bool, String), ReportError> {
    let values: Vec<(&str, f64)> = activations(of)?
        .into_iter()
        .map(|(activation, variant)| (activation.name(), value(variant)))
        .collect();
    let text: Vec<String> = values.iter().map(|(name, value)| format!("{name} {value}")).collect();
    Ok((values.iter().all(|(_, value)| holds(*value)), text.join(", ")))
}

/// Whether the mean rank by speed of one activation is beyond all others, where they differ at all.
pub(super) fn extreme(
    of: &Sources,
    activation: Activation,
    beyond: fn(&f64, &f64) -> bool,
) -> Result<(bool, String), ReportError> {
    let speed = &of.iris.activations_by_speed;
    let ranks: Vec<(Activation, f64)> =
        Activation::ALL.into_iter().zip(speed.mean_ranks.iter().copied()).collect();
    let own = ranks.iter().find(|(other, _)| *other == activation).map_or(f64::NAN, |(_, rank)| *rank);
    let is_beyond = ranks.iter().all(|(other, rank)| *other == activation || beyond(&own, rank));
    let text: Vec<String> = ranks.iter().map(|(of, rank)| format!("{} {rank}", of.name())).collect();
    Ok((is_beyond && speed.p_value < LEVEL, format!("mean ranks: {}", text.join(", "))))
}

/// Whether the interval of the difference of test errors lies on one side of 0.
pub(super) fn differs(pair: &Comparison, side: f64) -> (bool, String) {
    let error = pair.test_error;
    (error.low * side > 0.0 && error.high * side > 0.0, interval_text(error))
}

/// Whether it holds 0.
pub(super) fn undecided(pair: &Comparison) -> (bool, String) {
    let error = pair.test_error;
    (error.low <= 0.0 && error.high >= 0.0, interval_text(error))
}

pub(super) fn sooner(signs: &SignTest) -> (bool, String) {
    (signs.p_value < LEVEL && signs.negative > signs.positive, signs_text(signs))
}

/// The sign test of the epochs at which two configurations have 95 % of the training part right, on the same seeds; one that
/// never gets there is later than all.
pub(super) fn speed_signs(first: &Variant, second: &Variant) -> Result<SignTest, ReportError> {
    let longest = crate::records::iris::longest([first, second]);
    let epoch = |result: &crate::records::iris::SeedResult| result.epochs_to_95(longest);
    let pairs = first.others.iter().zip(&second.others);
    let differences: Vec<f64> = pairs.map(|(first, second)| epoch(first) - epoch(second)).collect();
    Ok(sign_test(&differences)?)
}

/// The training loss of the registered seed a hundred epochs before the last one, and after it.
pub(super) fn last_hundred(variant: &Variant) -> (f64, f64) {
    let loss = |epoch: Option<&crate::iris::Epoch>| epoch.map_or(f64::NAN, |epoch| epoch.train_loss);
    let history = &variant.registered.history;
    (loss(history.iter().rev().nth(100)), loss(history.last()))
}

pub(super) fn interval_text(error: crate::stats::Interval) -> String {
    format!("difference of test errors {} ({} to {})", error.estimate, error.low, error.high)
}

pub(super) fn signs_text(signs: &SignTest) -> String {
    let SignTest { positive, negative, ties, p_value } = signs;
    format!(
        "later or more on {positive} seeds, sooner or fewer on {negative}, equal on {ties}; p = {p_value:e}"
    )
}
