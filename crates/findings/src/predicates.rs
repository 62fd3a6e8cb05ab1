//! What claims are made of: configurations, comparisons, and what can be said of them.

use crate::{ReportError, Sources};
use experiments::iris::Activation;
use experiments::iris::studies::Direction;
use experiments::iris::studies::seeds::{Comparison, SeedResult, Variant, framework_id, longest};
use numerics::reduce::mean;
use records::findings::Decision;
use stats::{CorrectedTest, Friedman, Interval, LEVEL, SignTest, sign_test};

/// The configuration of this name.
pub(crate) fn variant<'a>(of: &'a Sources, id: &str) -> Result<&'a Variant, ReportError> {
    of.iris.variant(id).ok_or_else(|| ReportError::Missing(id.to_owned()))
}

/// The configurations of P1.1, by activation.
pub(crate) fn activations(of: &Sources) -> Result<Vec<(Activation, &Variant)>, ReportError> {
    let named = |activation: Activation| Ok((activation, variant(of, &framework_id(activation))?));
    Activation::ALL.into_iter().map(named).collect()
}

pub(crate) fn comparison<'a>(
    of: &'a Sources,
    first: &str,
    second: &str,
) -> Result<&'a Comparison, ReportError> {
    of.iris.comparison(first, second).ok_or_else(|| ReportError::Missing(format!("{first}:{second}")))
}

/// The mean final training loss over the other seeds.
pub(crate) fn mean_train_loss(variant: &Variant) -> f64 {
    variant.others.iter().map(|result| result.train_loss).sum::<f64>() / variant.others.len().max(1) as f64
}

/// Whether it holds of every activation.
pub(crate) fn each_activation(
    of: &Sources,
    value: impl Fn(&Variant) -> f64,
    holds: impl Fn(f64) -> bool,
) -> Result<Decision, ReportError> {
    let values: Vec<(&str, f64)> = activations(of)?
        .into_iter()
        .map(|(activation, variant)| (activation.name(), value(variant)))
        .collect();
    let text: Vec<String> = values.iter().map(|(name, value)| format!("{name} {value}")).collect();
    Ok(Decision::new(values.iter().all(|(_, value)| holds(*value)), text.join(", ")))
}

/// Whether the mean rank by speed of one activation is beyond all others, where they differ at all.
pub(crate) fn extreme(
    of: &Sources,
    activation: Activation,
    beyond: fn(&f64, &f64) -> bool,
) -> Result<Decision, ReportError> {
    let speed = &of.iris.activations_by_speed;
    let ranks: Vec<(Activation, f64)> =
        Activation::ALL.into_iter().zip(speed.mean_ranks.iter().copied()).collect();
    let own =
        ranks.iter().find(|(other, _)| *other == activation).filter(|_| ranks.len() == Activation::ALL.len());
    let (_, own) = own.ok_or_else(|| ReportError::missing("iris.json: four mean ranks by speed"))?;
    let is_beyond = ranks.iter().all(|(other, rank)| *other == activation || beyond(own, rank));
    let text: Vec<String> = ranks.iter().map(|(of, rank)| format!("{} {rank}", of.name())).collect();
    Ok(Decision::new(is_beyond && speed.p_value < LEVEL, format!("mean ranks: {}", text.join(", "))))
}

/// Whether the settings differ.
pub(crate) fn significant(test: &Friedman) -> Decision {
    Decision::new(test.p_value < LEVEL, format!("Friedman's test: p = {:e}", test.p_value))
}

/// Where the interval of a difference of test errors lies: above 0, below it, or around it.
pub(crate) fn errors_point(error: Interval, direction: Direction) -> Decision {
    let holds = match direction {
        Direction::More => error.low > 0.0,
        Direction::Less => error.high < 0.0,
        Direction::Undecided => error.low <= 0.0 && error.high >= 0.0,
    };
    Decision::new(holds, interval_text(error))
}

/// Where the corrected test of test errors on new flowers points, by itself.
pub(crate) fn new_flowers_point(test: &CorrectedTest, direction: Direction) -> Decision {
    let significant = test.p_value < LEVEL;
    let holds = match direction {
        Direction::More => significant && test.difference.estimate > 0.0,
        Direction::Less => significant && test.difference.estimate < 0.0,
        Direction::Undecided => !significant,
    };
    Decision::new(holds, format!("{}; p = {:e}", interval_text(test.difference), test.p_value))
}

/// Where a sign test points.
pub(crate) fn signs_point(signs: &SignTest, direction: Direction) -> Decision {
    let significant = signs.p_value < LEVEL;
    let holds = match direction {
        Direction::More => significant && signs.positive > signs.negative,
        Direction::Less => significant && signs.negative > signs.positive,
        Direction::Undecided => !significant,
    };
    Decision::new(holds, signs_text(signs))
}

/// The sign test of the epochs at which two configurations have 95 % of the training part right, on the same seeds; one
/// that never gets there is later than all.
pub(crate) fn speed_signs(first: &Variant, second: &Variant) -> Result<SignTest, ReportError> {
    if !first.others.iter().map(|it| it.seed).eq(second.others.iter().map(|it| it.seed)) {
        return Err(ReportError::NotPaired { first: first.id.clone(), second: second.id.clone() });
    }
    let longest = longest([first, second]);
    let epoch = |result: &SeedResult| result.epochs_to_95(longest);
    let pairs = first.others.iter().zip(&second.others);
    let differences: Vec<f64> = pairs.map(|(first, second)| epoch(first) - epoch(second)).collect();
    Ok(sign_test(&differences)?)
}

/// The training loss of the registered seed a hundred epochs before the last one, and after it.
pub(crate) fn last_hundred(variant: &Variant) -> Result<(f64, f64), ReportError> {
    let mut backwards = variant.registered.history.iter().rev().map(|epoch| epoch.train_loss);
    let (after, before) = (backwards.next(), backwards.nth(99));
    before.zip(after).ok_or_else(|| ReportError::missing(format!("iris.json: 101 epochs of {}", variant.id)))
}

/// The mean training losses of the registered seed over the last hundred epochs but one hundred, and over the last
/// hundred.
pub(crate) fn last_two_hundreds(variant: &Variant) -> Result<[f64; 2], ReportError> {
    let losses: Vec<f64> = variant.registered.history.iter().map(|epoch| epoch.train_loss).collect();
    let Some(start) = losses.len().checked_sub(200) else {
        return Err(ReportError::missing(format!("iris.json: 200 epochs of {}", variant.id)));
    };
    Ok([mean(&losses[start..start + 100]), mean(&losses[start + 100..])])
}

pub(crate) fn interval_text(error: Interval) -> String {
    format!("difference of test errors {} ({} to {})", error.estimate, error.low, error.high)
}

pub(crate) fn signs_text(signs: &SignTest) -> String {
    let SignTest { positive, negative, ties, p_value } = signs;
    format!(
        "later or more on {positive} seeds, sooner or fewer on {negative}, equal on {ties}; p = {p_value:e}"
    )
}
