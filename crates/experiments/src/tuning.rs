//! How the settings of P1.1 were chosen: by cross-validation inside the training part of the registered seed.
//!
//! The 120 training flowers are cut into 5 folds in their (shuffled) order; every weight decay of the grid is
//! trained on four folds and tested on the fifth, with all four activations and several seeds of the weights. **The
//! 30 test flowers are not looked at.** One weight decay is chosen for all activations, the one with the fewest
//! errors in all; of equals the largest, which is the simplest network.
//!
//! **A choice is made on a [`TrainingPart`], which does not hold the test part**: neither [`tune`] nor [`select`] could look.

use crate::data::iris::Iris;
use crate::data::split::Split;
use crate::iris::{Activation, Features, Keep, Prepared, RunError, Settings, run};
use crate::records::Header;
use cnn::kernels::Isa;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// The weight decays that are tried.
pub const GRID: [f64; 5] = [0.0, 1e-3, 3e-3, 1e-2, 3e-2];

/// What the tuning found; a test holds it to the record.
pub const REGISTERED_WEIGHT_DECAY: f64 = 0.01;

/// Parts of the cross-validation.
pub const FOLDS: usize = 5;

/// Seeds of the initial weights that each fold is trained with.
pub const SEEDS: u64 = 4;

/// The flowers of a training part, in their order, and no others: all that a choice may look at.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingPart(Iris);

impl TrainingPart {
    /// Takes the training part out of a data set.
    pub fn of(iris: &Iris, split: &Split) -> Self {
        Self(iris.subset(&split.train))
    }

    /// Cuts the flowers into [`FOLDS`] parts in their order; each is held out once, scaled by the others.
    ///
    /// # Errors
    /// When a column of the others is constant.
    pub fn folds(&self, features: Features) -> Result<Vec<Prepared>, RunError> {
        let all: Vec<usize> = (0..self.0.labels.len()).collect();
        let fold_len = all.len().div_ceil(FOLDS);
        let fold = |fold: usize| {
            let held_out = fold * fold_len..((fold + 1) * fold_len).min(all.len());
            let rest: Vec<usize> = [&all[..held_out.start], &all[held_out.end..]].concat();
            Prepared::of_rows(&self.0, &rest, &all[held_out], features)
        };
        (0..FOLDS).map(fold).collect()
    }
}

/// What a cross-validation found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The place of the chosen settings among the candidates.
    pub chosen: usize,
    /// Their wrong predictions on held-out flowers, over all folds.
    pub errors: usize,
}

/// Chooses the candidate with the fewest errors in cross-validation; **of equals the first**, so the simplest should stand first.
/// Weights and batches are drawn with the candidates' own seeds.
///
/// A candidate that has as many errors as the best before it can no longer be chosen, and its other folds are not run. The folds in which
/// the best one errs most come first: there others err, too.
///
/// # Errors
/// When there is no candidate, or a run diverges.
pub fn select(isa: Isa, training: &TrainingPart, candidates: &[Settings]) -> Result<Selection, RunError> {
    let mut best: Option<Selection> = None;
    let mut order: Vec<usize> = (0..FOLDS).collect();
    for (place, settings) in candidates.iter().enumerate() {
        let folds = training.folds(settings.features)?;
        let fewest = best.as_ref().map_or(usize::MAX, |best| best.errors);
        let (mut errors, mut by_fold) = (0, [0; FOLDS]);
        for &fold in &order {
            let test = run(isa, &folds[fold], settings, Keep::Last)?.last().test;
            by_fold[fold] = test.total - test.correct;
            errors += by_fold[fold];
            if errors >= fewest {
                break;
            }
        }
        if errors < fewest {
            order.sort_by_key(|&fold| std::cmp::Reverse(by_fold[fold]));
            best = Some(Selection { chosen: place, errors });
        }
    }
    best.ok_or_else(|| RunError::Setting("there are no candidates to choose from".to_owned()))
}

/// Errors of one weight decay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The weight decay.
    pub weight_decay: f64,
    /// Wrong answers on held-out flowers, over folds, seeds and activations.
    pub errors: usize,
    /// Held-out flowers asked.
    pub total: usize,
}

/// The record `iris-tuning.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// What it is.
    #[serde(flatten)]
    pub header: Header,
    /// Everything but weight decay and activation.
    pub settings: Settings,
    /// Folds of the training part.
    pub folds: usize,
    /// Seeds of the weights.
    pub seeds: u64,
    /// The grid with its errors.
    pub rows: Vec<Row>,
    /// The chosen weight decay.
    pub chosen: f64,
}

/// Runs the cross-validation on the training part of the registered seed.
///
/// # Errors
/// When a run diverges.
pub fn tune(
    isa: Isa,
    training: &TrainingPart,
    header: Header,
    done: impl Fn() + Sync,
) -> Result<Record, RunError> {
    let settings = Settings::framework(Activation::Relu);
    let folds = training.folds(settings.features)?;
    let errors_of = |weight_decay: f64| -> Result<Row, RunError> {
        let jobs: Vec<(&Prepared, Activation, u64)> = folds
            .iter()
            .flat_map(|fold| Activation::ALL.map(|activation| (fold, activation)))
            .flat_map(|(fold, activation)| (1..=SEEDS).map(move |seed| (fold, activation, seed)))
            .collect();
        let tests = jobs.par_iter().map(|&(fold, activation, seed)| {
            let settings = Settings { weight_decay, activation, ..settings.with_seed(seed) };
            let outcome = run(isa, fold, &settings, Keep::Last)?;
            done();
            Ok(outcome.last().test)
        });
        let tests: Vec<_> = tests.collect::<Result<_, RunError>>()?;
        let errors = tests.iter().map(|test| test.total - test.correct).sum();
        Ok(Row { weight_decay, errors, total: tests.iter().map(|test| test.total).sum() })
    };
    let rows: Vec<Row> = GRID.into_iter().map(errors_of).collect::<Result<_, _>>()?;
    let chosen = rows
        .iter()
        .fold(&rows[0], |best, row| if row.errors <= best.errors { row } else { best })
        .weight_decay;
    Ok(Record { header, settings, folds: FOLDS, seeds: SEEDS, rows, chosen })
}

/// How many runs [`tune`] makes.
pub fn runs() -> u64 {
    (GRID.len() * FOLDS * Activation::ALL.len()) as u64 * SEEDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::repository_data;

    fn candidates() -> Vec<Settings> {
        let base = Settings { epochs: 30, batch_size: 120, ..Settings::framework(Activation::Tanh) };
        let decay = |weight_decay| Settings { weight_decay, ..base.clone() };
        vec![decay(3.0), decay(0.01), decay(0.0)]
    }

    fn choose(iris: &Iris, split: &Split) -> Selection {
        select(Isa::detect(), &TrainingPart::of(iris, split), &candidates()).unwrap()
    }

    /// Every test flower becomes nonsense of another species, and the choice stays as it was, to the last count; with one training
    /// flower altered it is another cross-validation.
    #[test]
    fn the_choice_does_not_change_when_the_test_part_is_altered() {
        let iris = Iris::load(repository_data()).unwrap();
        let split = Split::shuffled(iris.labels.len(), 7);
        let before = choose(&iris, &split);
        let alter = |rows: &[usize]| {
            let mut altered = iris.clone();
            for &row in rows {
                altered.features.row_mut(row).fill(1000.0 + row as f64);
                altered.labels[row] = (altered.labels[row] + 1) % 3;
            }
            altered
        };
        assert_eq!(choose(&alter(&split.test), &split), before);
        assert_ne!(choose(&alter(&split.train[..20]), &split).errors, before.errors);
    }

    /// Every candidate by itself has all of its folds run, so none is given up.
    #[test]
    fn the_fewest_errors_are_chosen_and_of_equals_the_first() {
        let iris = Iris::load(repository_data()).unwrap();
        for seed in 1..=6 {
            let training = TrainingPart::of(&iris, &Split::shuffled(iris.labels.len(), seed));
            let all: Vec<Settings> = candidates().into_iter().chain(candidates().into_iter().rev()).collect();
            let of = |candidate: &Settings| {
                select(Isa::detect(), &training, std::slice::from_ref(candidate)).unwrap().errors
            };
            let errors: Vec<usize> = all.iter().map(of).collect();
            let expected = (0..errors.len()).min_by_key(|&i| errors[i]).unwrap();
            let found = select(Isa::detect(), &training, &all).unwrap();
            assert_eq!(found, Selection { chosen: expected, errors: errors[expected] }, "{errors:?}");
            assert!(errors[0] > errors[expected], "{errors:?}");
        }
        let training = TrainingPart::of(&iris, &Split::shuffled(iris.labels.len(), 7));
        let twice = vec![candidates()[1].clone(); 2];
        assert_eq!(select(Isa::detect(), &training, &twice).unwrap().chosen, 0);
        assert!(select(Isa::detect(), &training, &[]).is_err());
    }

    #[test]
    fn every_training_flower_is_held_out_once_and_no_other() {
        let iris = Iris::load(repository_data()).unwrap();
        let split = Split::shuffled(iris.labels.len(), 7);
        let folds = TrainingPart::of(&iris, &split).folds(Features::Standardised).unwrap();
        let held_out: Vec<usize> = folds.iter().flat_map(|fold| fold.test_y.clone()).collect();
        assert_eq!(held_out, iris.subset(&split.train).labels);
        assert!(folds.iter().all(|fold| fold.train_y.len() == 96 && fold.test_y.len() == 24));
    }
}
