//! What follows from the draws.

use super::asymptotic::efficiency;
use super::record::{
    EfronConclusions, EfronPart, EfronRow, EfronSize, Excess, FLOWERS, LEVEL_WITHIN, PENALTY, TEST_FLOWERS,
};
use crate::iris::studies::HypothesisVerdict;
use crate::study::{ExperimentError, typed};
use data::iris::SPECIES;
use numerics::reduce::{mean, sum};
use serde_json::Value;
use stats::{CONFIDENCE, Interval, StatsError, t_interval};

pub(super) fn conclude(values: &[Value]) -> Result<Value, ExperimentError> {
    let parts: Vec<EfronPart> = typed(values)?;
    let none = || ExperimentError::Parts("there is no draw".to_owned());
    let first = parts.first().ok_or_else(none)?;
    let draws: Vec<&EfronRow> = parts.iter().flat_map(|part| &part.draws).collect();
    let separated = |size: usize| parts.iter().filter_map(|part| part.separated.get(size)).sum();
    let sizes: Vec<EfronSize> =
        (0..FLOWERS.len()).map(|size| by_size(&draws, size, separated(size))).collect::<Result<_, _>>()?;
    let bayes: Vec<f64> = draws.iter().map(|row| rate(row.bayes)).collect();
    let distance = nearest(&first.means);
    let differences = |of: fn(&EfronSize) -> Option<Interval>| -> Vec<(usize, Interval)> {
        sizes.iter().filter_map(|size| Some((size.flowers, of(size)?))).collect()
    };
    let intervals = |of: fn(&EfronSize) -> Interval| sizes.iter().map(of).collect::<Vec<_>>();
    Ok(serde_json::to_value(EfronConclusions {
        seeds: [draws.len(), draws.iter().filter(|row| !row.network.is_empty()).count()],
        tested: SPECIES.len() * TEST_FLOWERS,
        penalty: PENALTY,
        bayes: t_interval(&bayes, CONFIDENCE)?,
        distance,
        asymptotic_efficiency: efficiency(distance),
        softmax_level_from: level_from(&differences(|size| Some(size.difference))),
        network_level_from: level_from(&differences(|size| size.network_difference)),
        errs_less: verdict(&intervals(|size| size.difference), |it| it.low > 0.0, |it| it.high < 0.0),
        at_most_half: verdict(&intervals(|size| size.efficiency), |it| it.high <= 0.5, |it| it.low > 0.5),
        sizes,
    })?)
}

fn rate(wrong: usize) -> f64 {
    wrong as f64 / (SPECIES.len() * TEST_FLOWERS) as f64
}

fn by_size(draws: &[&EfronRow], size: usize, separated: usize) -> Result<EfronSize, ExperimentError> {
    let lacking = || ExperimentError::Parts(format!("a draw has no answers after {} flowers", FLOWERS[size]));
    if draws.iter().any(|row| row.lda.len() <= size || row.softmax.len() <= size) {
        return Err(lacking());
    }
    let trained: Vec<&EfronRow> = draws.iter().filter(|row| row.network.len() > size).copied().collect();
    let lda = |row: &EfronRow| row.lda[size];
    let softmax = |row: &EfronRow| row.softmax[size];
    let network = |row: &EfronRow| row.network[size];
    let has_networks = !trained.is_empty();
    Ok(EfronSize {
        flowers: FLOWERS[size],
        lda: excess(draws, lda)?,
        softmax: excess(draws, softmax)?,
        network: has_networks.then(|| excess(&trained, network)).transpose()?,
        difference: difference(draws, softmax, lda)?,
        network_difference: has_networks.then(|| difference(&trained, network, lda)).transpose()?,
        efficiency: ratio(&beyond(draws, lda), &beyond(draws, softmax))?,
        separated,
    })
}

fn excess(draws: &[&EfronRow], wrong: impl Fn(&EfronRow) -> usize) -> Result<Excess, StatsError> {
    let errors: Vec<f64> = draws.iter().map(|row| rate(wrong(row))).collect();
    Ok(Excess {
        error: t_interval(&errors, CONFIDENCE)?,
        excess: t_interval(&beyond(draws, wrong), CONFIDENCE)?,
    })
}

/// What is wrong beyond the best possible answers, on each seed; below 0 by chance.
fn beyond(draws: &[&EfronRow], wrong: impl Fn(&EfronRow) -> usize) -> Vec<f64> {
    draws.iter().map(|row| rate(wrong(row)) - rate(row.bayes)).collect()
}

fn difference(
    draws: &[&EfronRow],
    first: impl Fn(&EfronRow) -> usize,
    second: impl Fn(&EfronRow) -> usize,
) -> Result<Interval, StatsError> {
    let differences: Vec<f64> = draws.iter().map(|row| rate(first(row)) - rate(second(row))).collect();
    t_interval(&differences, CONFIDENCE)
}

/// `mean(a) / mean(b)` of pairs, with the interval of `r + (a - r b) / mean(b)`, its expansion about the means.
fn ratio(a: &[f64], b: &[f64]) -> Result<Interval, StatsError> {
    let below = mean(b);
    let ratio = mean(a) / below;
    let expanded: Vec<f64> = a.iter().zip(b).map(|(a, b)| ratio + (a - ratio * b) / below).collect();
    t_interval(&expanded, CONFIDENCE)
}

/// The distance of the two means that are nearest to each other.
fn nearest(means: &[Vec<f64>]) -> f64 {
    let squared = |a: &[f64], b: &[f64]| sum(a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)));
    let pairs = means.iter().enumerate().flat_map(|(i, a)| means[..i].iter().map(move |b| squared(a, b)));
    pairs.fold(f64::INFINITY, f64::min).sqrt()
}

/// The first number of flowers from which on every interval lies below [`LEVEL_WITHIN`].
fn level_from(differences: &[(usize, Interval)]) -> Option<usize> {
    let level = differences.iter().rev().take_while(|(_, difference)| difference.high < LEVEL_WITHIN);
    level.last().map(|(flowers, _)| *flowers)
}

fn verdict(
    intervals: &[Interval],
    holds: impl Fn(&Interval) -> bool,
    refutes: impl Fn(&Interval) -> bool,
) -> HypothesisVerdict {
    if intervals.iter().any(refutes) {
        HypothesisVerdict::Refuted
    } else if intervals.iter().all(holds) {
        HypothesisVerdict::Held
    } else {
        HypothesisVerdict::Undecided
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn the_ratio_of_equal_samples_is_one_and_of_multiples_their_factor() {
        let b = [0.01, 0.03, 0.02];
        let halves: Vec<f64> = b.iter().map(|b| 0.5 * b).collect();
        for (a, expected) in [(b.to_vec(), 1.0), (halves, 0.5)] {
            let found = ratio(&a, &b).unwrap();
            for end in [found.low, found.estimate, found.high] {
                assert_relative_eq!(end, expected, max_relative = 1e-12);
            }
        }
    }

    #[test]
    fn level_is_what_stays_level() {
        let of = |highs: &[f64]| {
            let interval =
                |high: &f64| Interval { estimate: 0.0, low: 0.0, high: *high, confidence: CONFIDENCE };
            let all = FLOWERS.iter().copied().zip(highs.iter().map(interval)).collect::<Vec<_>>();
            level_from(&all)
        };
        assert_eq!(of(&[0.01, 9e-4, 8e-4]), Some(20));
        assert_eq!(of(&[9e-4, 0.01, 8e-4]), Some(40));
        assert_eq!(of(&[9e-4, 9e-4, 1e-3]), None);
    }
}
