//! A run followed along: no more of it is measured than somebody reads.

use super::begin::begin;
use super::end::End;
use super::in_progress::GradientNorms;
use super::{Epoch, IrisRunError, Outcome, Prepared, Settings, is_at_95_percent};
use cnn::DeadLayer;
use cnn::kernels::Isa;
use ndarray::{ArrayView1, ArrayView2};
use records::Count;

/// The epochs after which both parts are measured. **The last one always is among them.**
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep<'a> {
    /// Every epoch.
    All,
    /// The last one alone.
    Last,
    /// These, and the last one.
    At(&'a [usize]),
}

/// What is followed.
#[derive(Clone, Copy)]
pub struct Follow<'a> {
    /// The epochs that are kept.
    pub keep: Keep<'a>,
    /// The epochs after which the size of the gradient is taken.
    pub gradient_at: &'a [usize],
    /// The run goes on beyond its epochs, up to so many, until it has left the
    /// [plateau](Trace::first_epoch_off_plateau).
    pub until_off_plateau: Option<usize>,
    /// Is called after every epoch.
    pub done: &'a (dyn Fn() + Sync),
}

impl<'a> Follow<'a> {
    /// The kept epochs and nothing else.
    pub fn keeping(keep: Keep<'a>) -> Self {
        Self { keep, gradient_at: &[], until_off_plateau: None, done: &|| () }
    }
}

/// What was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// What is recorded of any run, with the epochs that were to be kept.
    pub outcome: Outcome,
    /// The size of the gradient after each epoch of [`Follow::gradient_at`].
    pub gradient: Vec<GradientNorms>,
    /// The first epoch after which **more of the training part is right than a network can get right that never gives
    /// one of the species as its answer**: more than the two most frequent species together.
    pub first_epoch_off_plateau: Option<usize>,
    /// Which flowers of the test part are wrong after the last epoch: **their places in the test part**, ascending.
    pub test_wrong: Vec<usize>,
    /// A layer of ReLUs that is 0 on the whole training part after the last epoch.
    pub dead: Option<DeadLayer>,
}

impl Trace {
    /// Of the kept epochs those with these numbers.
    pub fn at(&self, epochs: &[usize]) -> impl Iterator<Item = &Epoch> {
        self.outcome.history.iter().filter(|epoch| epochs.contains(&epoch.epoch))
    }
}

/// Trains and follows.
///
/// # Errors
/// [`IrisRunError`]: settings that do not go together or that the flowers were not prepared with, or a run that
/// diverged.
pub fn follow(isa: Isa, of: &Prepared, settings: &Settings, what: Follow) -> Result<Trace, IrisRunError> {
    let mut followed = Followed::new(of, settings, what);
    let mut run = begin(isa, of, settings, followed.most)?;
    for epoch in 1..=followed.most {
        run.next_epoch()?;
        if followed.learned.is_open() {
            followed.learned.note(epoch, run.train_count()?);
        }
        if followed.is_measured(epoch) {
            followed.history.push(run.measure()?);
        }
        if what.gradient_at.contains(&epoch) {
            followed.gradient.push(run.gradient()?);
        }
        (what.done)();
        if followed.is_last(epoch) {
            break;
        }
    }
    let test_wrong = wrong_places(run.outputs(of.test_x.view())?.view(), &of.test_y);
    Ok(followed.trace(End { weights_sha256: run.weights_sha256(), test_wrong, dead: run.dead_layer()? }))
}

/// The examples whose largest output is not that of their label; of equal outputs the first counts. Outputs are
/// `(N, C)`.
pub(super) fn wrong_places(outputs: ArrayView2<f64>, labels: &[usize]) -> Vec<usize> {
    let answer =
        |row: ArrayView1<f64>| (1..row.len()).fold(0, |best, c| if row[c] > row[best] { c } else { best });
    let answers = outputs.rows().into_iter().map(answer);
    answers.zip(labels).enumerate().filter(|(_, (answer, label))| answer != *label).map(|(n, _)| n).collect()
}

/// What was seen so far of a run.
pub(super) struct Followed<'a> {
    settings: &'a Settings,
    what: Follow<'a>,
    /// The run ends after so many epochs at the latest.
    pub(super) most: usize,
    pub(super) learned: Learned,
    pub(super) history: Vec<Epoch>,
    pub(super) gradient: Vec<GradientNorms>,
}

impl<'a> Followed<'a> {
    /// Nothing yet.
    pub(super) fn new(of: &Prepared, settings: &'a Settings, what: Follow<'a>) -> Self {
        let most = what.until_off_plateau.unwrap_or(0).max(settings.epochs);
        Self { settings, what, most, learned: Learned::new(of), history: Vec::new(), gradient: Vec::new() }
    }

    /// Whether the run ends after this epoch.
    pub(super) fn is_last(&self, epoch: usize) -> bool {
        epoch == self.most || (epoch >= self.settings.epochs && self.learned.off_plateau.is_some())
    }

    /// Whether both parts are measured after this epoch.
    pub(super) fn is_measured(&self, epoch: usize) -> bool {
        self.is_last(epoch) || self.what.keep.takes(epoch)
    }

    /// What was seen, also at the end.
    pub(super) fn trace(self, End { weights_sha256, test_wrong, dead }: End) -> Trace {
        let Self { settings, learned, history, gradient, .. } = self;
        let (settings, first_epoch_at_95_percent) = (settings.clone(), learned.at_95_percent);
        let outcome = Outcome { settings, history, first_epoch_at_95_percent, weights_sha256 };
        Trace { outcome, gradient, first_epoch_off_plateau: learned.off_plateau, test_wrong, dead }
    }
}

impl Keep<'_> {
    fn takes(self, epoch: usize) -> bool {
        match self {
            Self::All => true,
            Self::Last => false,
            Self::At(epochs) => epochs.contains(&epoch),
        }
    }
}

/// When a run learned what.
pub(super) struct Learned {
    /// As many right answers are on the plateau.
    plateau: usize,
    at_95_percent: Option<usize>,
    off_plateau: Option<usize>,
}

impl Learned {
    /// Nothing yet.
    fn new(of: &Prepared) -> Self {
        Self { plateau: two_most_frequent(&of.train_y), at_95_percent: None, off_plateau: None }
    }

    /// Whether there is something left to learn.
    pub(super) fn is_open(&self) -> bool {
        self.at_95_percent.is_none() || self.off_plateau.is_none()
    }

    /// Takes the right answers on the training part.
    pub(super) fn note(&mut self, epoch: usize, train: Count) {
        if is_at_95_percent(train) {
            self.at_95_percent.get_or_insert(epoch);
        }
        if train.correct > self.plateau {
            self.off_plateau.get_or_insert(epoch);
        }
    }
}

/// How many examples have one of the two most frequent labels.
fn two_most_frequent(labels: &[usize]) -> usize {
    let mut counts = vec![0; labels.iter().max().map_or(0, |most| most + 1)];
    labels.iter().for_each(|&label| counts[label] += 1);
    counts.sort_unstable();
    counts.iter().rev().take(2).sum()
}

#[cfg(test)]
mod tests {
    use super::super::{Activation, Implementation, Loss, Optimiser};
    use super::*;
    use crate::context::repository_data;
    use data::iris::Iris;
    use rstest::rstest;

    fn prepared() -> Prepared {
        Prepared::new(&Iris::load(repository_data()).unwrap(), &settings(Loss::CrossEntropy)).unwrap()
    }

    fn settings(loss: Loss) -> Settings {
        let base = Settings::framework(Activation::Sigmoid);
        Settings { loss, epochs: 30, ..base.with_seed(5) }
    }

    #[rstest]
    fn following_a_run_changes_nothing_of_it(
        #[values(Loss::CrossEntropy, Loss::HalfSquaredErrorSum)] loss: Loss,
        #[values(Implementation::Framework, Implementation::Scratch)] implementation: Implementation,
    ) {
        let settings = Settings { implementation, optimiser: Optimiser::Sgd, ..settings(loss) };
        let prepared = prepared();
        let followed = |what| follow(Isa::detect(), &prepared, &settings, what).unwrap();
        let what = Follow { gradient_at: &[2, 7], ..Follow::keeping(Keep::At(&[1, 7])) };
        let (trace, plain) = (followed(what), followed(Follow::keeping(Keep::All)));
        assert_eq!(trace.outcome.weights_sha256, plain.outcome.weights_sha256);
        assert_eq!(trace.outcome.first_epoch_at_95_percent, plain.outcome.first_epoch_at_95_percent);
        assert_eq!(trace.first_epoch_off_plateau, plain.first_epoch_off_plateau);
        let expected = [1, 7, 30].map(|epoch: usize| plain.outcome.history[epoch - 1].clone());
        assert_eq!(trace.outcome.history, expected);
        assert_eq!(trace.at(&[1, 7]).collect::<Vec<_>>(), [&expected[0], &expected[1]]);
        assert_eq!((trace.gradient.len(), plain.gradient.len()), (2, 0));
        assert_eq!(followed(Follow::keeping(Keep::Last)).outcome.history, expected[2..]);
    }

    /// A rate of almost 0 stays at the initial weights, which both implementations draw alike.
    #[rstest]
    fn the_norms_are_those_of_the_gradient_by_hand(
        #[values(Loss::CrossEntropy, Loss::HalfSquaredErrorSum)] loss: Loss,
    ) {
        let prepared = prepared();
        let norms = |implementation| {
            let still = Settings {
                implementation,
                optimiser: Optimiser::Sgd,
                learning_rate: 1e-30,
                epochs: 1,
                ..settings(loss)
            };
            let what = Follow { gradient_at: &[1], ..Follow::keeping(Keep::Last) };
            follow(Isa::detect(), &prepared, &still, what).unwrap().gradient[0]
        };
        let (ours, by_hand) = (norms(Implementation::Framework), norms(Implementation::Scratch));
        let pairs = [(ours.first, by_hand.first), (ours.second, by_hand.second), (ours.all, by_hand.all)];
        for (ours, expected) in pairs {
            assert!((ours - expected).abs() < 1e-5 * expected, "{ours} against {expected}");
        }
    }

    #[test]
    fn a_run_goes_on_until_it_is_off_the_plateau_and_no_further_than_allowed() {
        let prepared = prepared();
        let slow = Settings {
            optimiser: Optimiser::Sgd,
            learning_rate: 0.001,
            batch_size: 120,
            epochs: 3,
            ..settings(Loss::CrossEntropy)
        };
        let run = |until| {
            let what = Follow { until_off_plateau: until, ..Follow::keeping(Keep::Last) };
            follow(Isa::detect(), &prepared, &slow, what).unwrap()
        };
        assert_eq!((run(None).outcome.last().epoch, run(Some(9)).outcome.last().epoch), (3, 9));
        let off = run(Some(100_000));
        assert_eq!(off.first_epoch_off_plateau, Some(off.outcome.last().epoch));
        assert!(off.outcome.last().train.correct > two_most_frequent(&prepared.train_y));
    }

    /// After few epochs some are wrong.
    #[rstest]
    fn the_wrong_flowers_are_those_that_were_counted(
        #[values(Implementation::Framework, Implementation::Scratch)] implementation: Implementation,
        #[values(3, 7, 11)] seed: u64,
    ) {
        let settings = Settings { implementation, optimiser: Optimiser::Sgd, ..settings(Loss::CrossEntropy) };
        let settings = Settings { epochs: 3, ..settings.with_seed(seed) };
        let prepared = Prepared::new(&Iris::load(repository_data()).unwrap(), &settings).unwrap();
        let trace = follow(Isa::detect(), &prepared, &settings, Follow::keeping(Keep::Last)).unwrap();
        let test = trace.outcome.last().test;
        assert_eq!(trace.test_wrong.len(), test.total - test.correct);
        assert!(!trace.test_wrong.is_empty() && trace.test_wrong.is_sorted());
    }

    #[test]
    fn an_answer_is_the_first_largest_output() {
        let outputs = ndarray::array![[0.0, 2.0, 2.0], [1.0, 0.5, -1.0], [-3.0, -2.0, -1.0]]; // (3, 3)
        assert_eq!(wrong_places(outputs.view(), &[1, 0, 2]), Vec::<usize>::new());
        assert_eq!(wrong_places(outputs.view(), &[2, 0, 1]), [0, 2]);
    }

    #[test]
    fn two_of_three_labels_are_the_two_most_frequent() {
        assert_eq!(two_most_frequent(&[0, 1, 1, 2, 2, 2]), 5);
        assert_eq!(two_most_frequent(&[]), 0);
    }
}
