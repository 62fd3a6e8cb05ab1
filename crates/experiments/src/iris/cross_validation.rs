//! Cross-validation inside a training part.
//!
//! **A choice is made on a [`TrainingPart`], which does not hold the test part**: it could not look.

use super::seeds::follow_together;
use super::{Features, Follow, IrisRunError, Keep, Prepared, Settings};
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

/// Chooses for each training part the candidate with the fewest errors in cross-validation; **of equals the first**, so
/// the simplest should stand first. Weights and batches are drawn with the seed beside the part. **What is chosen for
/// one does not depend on the others**: they are only computed side by side.
///
/// A candidate that has as many errors as the best before it can no longer be chosen, and its other folds are not run.
/// The folds in which the best one errs most come first: there others err, too.
///
/// # Errors
/// When there is no candidate, or a run diverges.
pub fn select(
    isa: Isa,
    parts: &[(TrainingPart, u64)],
    candidates: &[Settings],
) -> Result<Vec<ValidatedChoice>, IrisRunError> {
    let mut choices: Vec<Choice> = parts.iter().map(|_| Choice::new()).collect();
    for (place, settings) in candidates.iter().enumerate() {
        let folds: Vec<Vec<Prepared>> =
            parts.iter().map(|(part, _)| part.folds(settings.features)).collect::<Result<_, _>>()?;
        choices.iter_mut().for_each(Choice::begin);
        for turn in 0..FOLDS {
            let open: Vec<usize> = (0..parts.len()).filter(|&at| choices[at].is_open()).collect();
            let run =
                |&at: &usize| (folds[at][choices[at].order[turn]].clone(), settings.with_seed(parts[at].1));
            let runs: Vec<(Prepared, Settings)> = open.iter().map(run).collect();
            let traces = follow_together(isa, &runs, Follow::keeping(Keep::Last));
            for (&at, trace) in open.iter().zip(traces) {
                let test = trace?.outcome.last().test;
                choices[at].note(turn, test.total - test.correct);
            }
        }
        choices.iter_mut().for_each(|choice| choice.end(place));
    }
    let none = || IrisRunError::Setting("there are no candidates to choose from".to_owned());
    choices.into_iter().map(|choice| choice.best.ok_or_else(none)).collect()
}

/// A choice in progress: the best candidate so far, and the one that is being tried.
struct Choice {
    best: Option<ValidatedChoice>,
    /// The folds in the order in which they are run.
    order: [usize; FOLDS],
    errors: usize,
    by_fold: [usize; FOLDS],
}

impl Choice {
    fn new() -> Self {
        Self { best: None, order: std::array::from_fn(|fold| fold), errors: 0, by_fold: [0; FOLDS] }
    }

    /// A candidate of which nothing is known yet.
    fn begin(&mut self) {
        (self.errors, self.by_fold) = (0, [0; FOLDS]);
    }

    /// Whether the candidate can still be chosen.
    fn is_open(&self) -> bool {
        self.best.as_ref().is_none_or(|best| self.errors < best.errors)
    }

    fn note(&mut self, turn: usize, errors: usize) {
        self.by_fold[self.order[turn]] = errors;
        self.errors += errors;
    }

    fn end(&mut self, place: usize) {
        if self.is_open() {
            let by_fold = self.by_fold;
            self.order.sort_by_key(|&fold| std::cmp::Reverse(by_fold[fold]));
            self.best = Some(ValidatedChoice { chosen: place, errors: self.errors });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Activation;
    use super::*;
    use crate::context::repository_data;

    const SEED: u64 = 3;

    fn candidates() -> Vec<Settings> {
        let base = Settings { epochs: 30, batch_size: 120, ..Settings::framework(Activation::Tanh) };
        let decay = |weight_decay| Settings { weight_decay, ..base.clone() };
        vec![decay(3.0), decay(0.01), decay(0.0)]
    }

    fn choose(iris: &Iris, split: &Split) -> ValidatedChoice {
        let parts = [(TrainingPart::of(iris, split), SEED)];
        select(Isa::detect(), &parts, &candidates()).unwrap().swap_remove(0)
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
            let training = [(TrainingPart::of(&iris, &Split::shuffled(iris.labels.len(), seed)), SEED)];
            let all: Vec<Settings> = candidates().into_iter().chain(candidates().into_iter().rev()).collect();
            let of = |candidate: &Settings| {
                select(Isa::detect(), &training, std::slice::from_ref(candidate)).unwrap()[0].errors
            };
            let errors: Vec<usize> = all.iter().map(of).collect();
            let expected = (0..errors.len()).min_by_key(|&i| errors[i]).unwrap();
            let found = select(Isa::detect(), &training, &all).unwrap();
            assert_eq!(found, [ValidatedChoice { chosen: expected, errors: errors[expected] }], "{errors:?}");
            assert!(errors[0] > errors[expected], "{errors:?}");
        }
        let training = [(TrainingPart::of(&iris, &Split::shuffled(iris.labels.len(), 7)), SEED)];
        let twice = vec![candidates()[1].clone(); 2];
        assert_eq!(select(Isa::detect(), &training, &twice).unwrap()[0].chosen, 0);
        assert!(select(Isa::detect(), &training, &[]).is_err());
    }

    #[test]
    fn what_is_chosen_for_one_does_not_depend_on_the_others() {
        let iris = Iris::load(repository_data()).unwrap();
        let of = |seed| (TrainingPart::of(&iris, &Split::shuffled(iris.labels.len(), seed)), seed);
        let parts: Vec<(TrainingPart, u64)> = (1..=18).map(of).collect();
        let one =
            |part| select(Isa::detect(), std::slice::from_ref(part), &candidates()).unwrap().swap_remove(0);
        let one_by_one: Vec<ValidatedChoice> = parts.iter().map(one).collect();
        assert_eq!(select(Isa::detect(), &parts, &candidates()).unwrap(), one_by_one);
        assert!(one_by_one.iter().any(|choice| *choice != one_by_one[0]), "they are not all alike");
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
