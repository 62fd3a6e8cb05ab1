//! `iris-honest.json`: Fisher's linear discriminant beside the best three-layer network that no test flower had a say
//! in.
//!
//! For every split the network's settings are chosen out of a `grid` by cross-validation **inside that split's own
//! training part** ([`select`]); then one network is trained on the whole training part and asked about the test part,
//! once. The discriminant is fitted to the same training part.

use super::parts::{load, position};
use super::{HypothesisVerdict, Measure, PairedTest, Versus, family};
use crate::context::Context;
use crate::iris::cross_validation::{TrainingPart, ValidatedChoice, select};
use crate::iris::lda::Lda;
use crate::iris::protocol::{SEEDS, blocks};
use crate::iris::{Activation, Features, IrisRunError, Keep, Loss, Prepared, Settings, run};
use crate::registry::{Computed, Experiment};
use crate::study::ExperimentError;
use crate::study::{self, FileLayout, Progress, Study, typed};
use cnn::kernels::Isa;
use data::iris::FILE;
use data::iris::{Iris, SPECIES};
use data::split::Split;
use numerics::random::{Purpose, Stream};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stats::{CONFIDENCE, Interval, StatsError, t_interval};
use std::ops::RangeInclusive;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    id: "iris-honest",
    question: "P1.1: how far is the best three-layer network that no test flower had a say in from Fisher's linear \
               discriminant?",
    hypothesis: "on average over a thousand splits it errs no more often than the discriminant",
    refuted_by: "a mean difference whose interval lies above 0",
    chosen_on: "each split's setting by cross-validation inside its own training part; the grid was written down \
                before the first run",
    data: &[FILE],
    files: &["iris-honest.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = Study { parts, compute, layout: FileLayout::Parts(conclude), sample: None };

/// The id of the part with the split to the letter.
const SORTED: &str = "sorted";

/// A block of splits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HonestPart {
    pub id: String,
    /// Test flowers of a split.
    pub test_total: usize,
    /// One row for each split: flowers that the discriminant has wrong, flowers that the chosen network has wrong, the
    /// place of the chosen settings in the grid, their wrong answers on held-out training flowers.
    pub splits: Vec<HonestRow>,
}

/// Wrong by the discriminant, wrong by the network, chosen settings, their errors in cross-validation.
pub type HonestRow = (usize, usize, usize, usize);

/// What follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HonestConclusions {
    /// The first and the last seed of the splits.
    pub seeds: [u64; 2],
    /// The grid, with how often each of its settings was chosen.
    pub grid: Vec<HonestCandidate>,
    pub lda: Method,
    /// The chosen networks.
    pub network: Method,
    /// The network's test error minus the discriminant's, on the same splits.
    pub difference: PairedTest,
    /// *The network errs no more often than the discriminant on average*: **held when the mean difference is 0 or
    /// below, refuted when its interval lies above 0**.
    pub no_more_errors: HypothesisVerdict,
}

/// A setting of the grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HonestCandidate {
    /// The settings; the seed is replaced by the split's.
    pub settings: Settings,
    /// On how many splits it was chosen.
    pub chosen: usize,
}

/// A method over all splits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Method {
    /// The mean test error, with Student's interval.
    pub mean_test_error: Interval,
    /// Wrong answers over all splits.
    pub wrong: usize,
    /// Test flowers over all splits.
    pub tested: usize,
    /// On how many splits 0, 1, 2, .. flowers are wrong.
    pub splits_by_wrong: Vec<usize>,
    /// Wrong flowers on the split to the letter.
    pub sorted_wrong: usize,
}

/// The settings among which is chosen: tanh, all training flowers in one batch, and a penalty that leaves a smooth
/// boundary, on features that are standardised or whitened. **The strongest penalties stand first**, because of equals
/// the first is taken.
fn grid() -> Vec<Settings> {
    let base = Settings {
        hidden: 8,
        batch_size: 120,
        learning_rate: 0.03,
        epochs: 300,
        ..Settings::framework(Activation::Tanh)
    };
    // The sum over a batch of 120 is 120 means, and so is the penalty beside it.
    let losses = [(Loss::HalfSquaredErrorSum, [3.6, 1.2, 0.36]), (Loss::CrossEntropy, [0.03, 0.01, 0.003])];
    let of = |features: Features| {
        losses.into_iter().flat_map(move |(loss, decays)| decays.map(|decay| (features, loss, decay)))
    };
    let settings = |(features, loss, weight_decay)| Settings { features, loss, weight_decay, ..base.clone() };
    [Features::Whitened, Features::Standardised].into_iter().flat_map(of).map(settings).collect()
}

struct Block(Option<RangeInclusive<u64>>);

impl Block {
    fn id(&self) -> String {
        self.0.as_ref().map_or(SORTED.to_owned(), |seeds| format!("{}-{}", seeds.start(), seeds.end()))
    }
}

fn all_blocks() -> Vec<Block> {
    std::iter::once(Block(None)).chain(blocks(SEEDS).map(|seeds| Block(Some(seeds)))).collect()
}

fn parts() -> Vec<study::Part> {
    let work = |block: &Block| block.0.as_ref().map_or(1, |seeds| seeds.clone().count() as u64);
    all_blocks().iter().map(|block| study::Part { id: block.id(), work: work(block) }).collect()
}

fn compute(context: &Context, part: &study::Part, done: Progress) -> Result<Value, ExperimentError> {
    let all = all_blocks();
    let iris = load(context)?;
    let of = |seed| (Split::shuffled(iris.labels.len(), seed), seed);
    let splits: Vec<(Split, u64)> = match &all[position(&all, &part.id, Block::id)?].0 {
        None => vec![(sorted(&iris), crate::REGISTERED_SEED)],
        Some(seeds) => seeds.clone().map(of).collect(),
    };
    let some = |splits: &[(Split, u64)]| {
        let rows = rows(context.isa, &iris, splits)?;
        splits.iter().for_each(|_| done(1));
        Ok(rows)
    };
    let a_share = splits.len().div_ceil(rayon::current_num_threads());
    let rows: Vec<Vec<HonestRow>> =
        splits.par_chunks(a_share).map(some).collect::<Result<_, IrisRunError>>()?;
    let test_total = Split::sorted(iris.labels.len()).test.len();
    Ok(serde_json::to_value(HonestPart { id: part.id.clone(), test_total, splits: rows.concat() })?)
}

/// The split to the letter, with its training part shuffled: a fold must not be one species.
fn sorted(iris: &Iris) -> Split {
    let mut split = Split::sorted(iris.labels.len());
    Stream::new(crate::REGISTERED_SEED, Purpose::Split).shuffle(&mut split.train);
    split
}

/// Both methods on each split.
fn rows(isa: Isa, iris: &Iris, splits: &[(Split, u64)]) -> Result<Vec<HonestRow>, IrisRunError> {
    let candidates = grid();
    let part = |(split, seed): &(Split, u64)| (TrainingPart::of(iris, split), *seed);
    let choices = select(isa, &splits.iter().map(part).collect::<Vec<_>>(), &candidates)?;
    let row = |((split, seed), choice): (&(Split, u64), &ValidatedChoice)| {
        let settings = candidates[choice.chosen].with_seed(*seed);
        let prepared = Prepared::of_rows(iris, &split.train, &split.test, settings.features)?;
        let test = run(isa, &prepared, &settings, Keep::Last)?.last().test;
        Ok((wrong_by_lda(iris, split)?, test.total - test.correct, choice.chosen, choice.errors))
    };
    splits.iter().zip(&choices).map(row).collect()
}

fn wrong_by_lda(iris: &Iris, split: &Split) -> Result<usize, IrisRunError> {
    let (train, held_back) = (iris.subset(&split.train), iris.subset(&split.test));
    let lda = Lda::fit(train.features.view(), &train.labels, SPECIES.len())?;
    let answers = lda.predict(held_back.features.view());
    Ok(answers.iter().zip(&held_back.labels).filter(|(answer, label)| answer != label).count())
}

fn method(wrong: &[usize], test_total: usize, sorted_wrong: usize) -> Result<Method, StatsError> {
    let most = wrong.iter().copied().max().unwrap_or(0);
    Ok(Method {
        mean_test_error: t_interval(&rates(wrong, test_total), CONFIDENCE)?,
        wrong: wrong.iter().sum(),
        tested: wrong.len() * test_total,
        splits_by_wrong: (0..=most).map(|n| wrong.iter().filter(|&&wrong| wrong == n).count()).collect(),
        sorted_wrong,
    })
}

fn rates(wrong: &[usize], test_total: usize) -> Vec<f64> {
    wrong.iter().map(|&wrong| wrong as f64 / test_total as f64).collect()
}

fn conclude(values: &[Value]) -> Result<Value, ExperimentError> {
    let parts: Vec<HonestPart> = typed(values)?;
    let missing = || ExperimentError::Parts("there is no part of the sorted split".to_owned());
    let sorted = parts.iter().find(|part| part.id == SORTED).and_then(|part| part.splits.first());
    let &(sorted_lda, sorted_network, ..) = sorted.ok_or_else(missing)?;
    let test_total = parts[0].test_total;
    let rows: Vec<HonestRow> =
        parts.iter().filter(|part| part.id != SORTED).flat_map(|part| part.splits.clone()).collect();
    let lda: Vec<usize> = rows.iter().map(|row| row.0).collect();
    let network: Vec<usize> = rows.iter().map(|row| row.1).collect();
    let versus = Versus {
        first: "network",
        second: "lda",
        measure: Measure::TestError,
        values: [rates(&network, test_total), rates(&lda, test_total)],
    };
    let difference = family(&[versus])?.swap_remove(0);
    let Interval { estimate, low, .. } = difference.difference;
    let no_more_errors = match (estimate <= 0.0, low > 0.0) {
        (true, _) => HypothesisVerdict::Held,
        (_, true) => HypothesisVerdict::Refuted,
        _ => HypothesisVerdict::Undecided,
    };
    let candidate =
        |(i, settings)| HonestCandidate { settings, chosen: rows.iter().filter(|row| row.2 == i).count() };
    Ok(serde_json::to_value(HonestConclusions {
        seeds: [*SEEDS.start(), *SEEDS.end()],
        grid: grid().into_iter().enumerate().map(candidate).collect(),
        lda: method(&lda, test_total, sorted_lda)?,
        network: method(&network, test_total, sorted_network)?,
        difference,
        no_more_errors,
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::repository_data;
    use rstest::rstest;

    /// Half of the splits with the one, half with the other number of wrong flowers.
    fn concluded(lda: [usize; 2], network: [usize; 2]) -> HonestConclusions {
        let part = |block: &Block| {
            let split = |i: usize| (lda[i % 2], network[i % 2], i % 2, 4);
            let count = if block.0.is_some() { 40 } else { 1 };
            HonestPart { id: block.id(), test_total: 30, splits: (0..count).map(split).collect() }
        };
        let values: Vec<Value> =
            all_blocks().iter().map(|block| serde_json::to_value(part(block)).unwrap()).collect();
        serde_json::from_value(conclude(&values).unwrap()).unwrap()
    }

    #[rstest]
    #[case::fewer([1, 1], [0, 1], HypothesisVerdict::Held)]
    #[case::as_many([1, 0], [0, 1], HypothesisVerdict::Held)]
    #[case::more([1, 0], [2, 0], HypothesisVerdict::Refuted)]
    fn the_verdict_follows_the_errors(
        #[case] lda: [usize; 2],
        #[case] network: [usize; 2],
        #[case] verdict: HypothesisVerdict,
    ) {
        assert_eq!(concluded(lda, network).no_more_errors, verdict);
    }

    #[test]
    fn splits_and_choices_are_counted() {
        let conclusions = concluded([1, 0], [2, 0]);
        assert_eq!(conclusions.lda.splits_by_wrong, [200, 200]);
        assert_eq!((conclusions.network.wrong, conclusions.network.tested), (400, 12_000));
        assert_eq!(conclusions.network.sorted_wrong, 2);
        assert_eq!(conclusions.grid.iter().map(|c| c.chosen).collect::<Vec<_>>()[..2], [200, 200]);
    }

    /// The labels of the test flowers decide what is counted, and nothing else: with all of them exchanged the choice
    /// is the same and the right answers are wrong.
    #[test]
    fn the_test_labels_have_no_say_in_the_choice() {
        let iris = Iris::load(repository_data()).unwrap();
        let split = Split::shuffled(iris.labels.len(), 3);
        let of = |iris: &Iris| rows(Isa::detect(), iris, &[(split.clone(), 3)]).unwrap()[0];
        let (lda, network, chosen, errors) = of(&iris);
        let mut altered = iris;
        split.test.iter().for_each(|&row| altered.labels[row] = (altered.labels[row] + 1) % 3);
        let (lda_after, network_after, chosen_after, errors_after) = of(&altered);
        assert_eq!((chosen_after, errors_after), (chosen, errors));
        assert!(lda_after >= 30 - lda && network_after >= 30 - network && lda < 10 && network < 10);
    }

    #[test]
    fn no_fold_of_the_sorted_split_is_one_species() {
        let iris = Iris::load(repository_data()).unwrap();
        for fold in TrainingPart::of(&iris, &sorted(&iris)).folds(Features::Standardised).unwrap() {
            assert!((0..3).all(|species| fold.test_y.contains(&species)));
        }
    }
}
