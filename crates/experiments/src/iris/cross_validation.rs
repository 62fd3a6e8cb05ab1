//! Cross-validation inside a training part.
//!
//! **A choice is made on a [`TrainingPart`], which does not hold the test part**: it could not look.

use super::{Features, IrisRunError, Keep, Prepared, Settings, run};
use cnn::kernels::Isa;
use data::iris::Iris;
use data::split::Split;

/// Parts of the cross-validation.
pub const FOLDS: usize = 5;

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
    pub fn folds(&self, features: Features) -> Result<Vec<Prepared>, IrisRunError> {
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
pub struct ValidatedChoice {
    /// The place of the chosen settings among the candidates.
    pub chosen: usize,
    /// Their wrong predictions on held-out flowers, over all folds.
    pub errors: usize,
}

/// Chooses the candidate with the fewest errors in cross-validation; **of equals the first**, so the simplest should
/// stand first. Weights and batches are drawn with the candidates' own seeds.
///
/// A candidate that has as many errors as the best before it can no longer be chosen, and its other folds are not run.
/// The folds in which the best one errs most come first: there others err, too.
///
/// # Errors
/// When there is no candidate, or a run diverges.
pub fn select(
    isa: Isa,
    training: &TrainingPart,
    candidates: &[Settings],
) -> Result<ValidatedChoice, IrisRunError> {
    let mut best: Option<ValidatedChoice> = None;
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
            best = Some(ValidatedChoice { chosen: place, errors });
        }
    }
    best.ok_or_else(|| IrisRunError::Setting("there are no candidates to choose from".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::Activation;
    use super::*;
    use crate::context::repository_data;

    fn candidates() -> Vec<Settings> {
        let base = Settings { epochs: 30, batch_size: 120, ..Settings::framework(Activation::Tanh) };
        let decay = |weight_decay| Settings { weight_decay, ..base.clone() };
        vec![decay(3.0), decay(0.01), decay(0.0)]
    }

    fn choose(iris: &Iris, split: &Split) -> ValidatedChoice {
        select(Isa::detect(), &TrainingPart::of(iris, split), &candidates()).unwrap()
    }

    /// Every test flower becomes nonsense of another species, and the choice stays as it was, to the last count; with
    /// one training flower altered it is another cross-validation.
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
            assert_eq!(found, ValidatedChoice { chosen: expected, errors: errors[expected] }, "{errors:?}");
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
