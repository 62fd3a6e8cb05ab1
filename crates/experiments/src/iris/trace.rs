//! A run followed along: losses and gradients at a few epochs, and when it learned what.

use super::check::check;
use super::framework::{GradientNorms, Training};
use super::{Epoch, IrisRunError, Prepared, Settings, is_at_95_percent};
use cnn::kernels::Isa;
use records::Count;

/// What is followed.
#[derive(Clone, Copy, Debug)]
pub struct Follow<'a> {
    /// The epochs after which loss and gradient are taken, rising.
    pub at: &'a [usize],
    /// The run goes on beyond its epochs, up to so many, until it has left the
    /// [plateau](Trace::first_epoch_off_plateau).
    pub until_off_plateau: Option<usize>,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The loss on the training part after each epoch of [`Follow::at`].
    pub train_loss: Vec<f64>,
    /// The size of its gradient there.
    pub gradient: Vec<GradientNorms>,
    /// The right answers on the training part there.
    pub train: Vec<Count>,
    /// The first epoch after which at least 95 % of the training part is right.
    pub first_epoch_at_95_percent: Option<usize>,
    /// The first epoch after which **more of the training part is right than a network can get right that never gives
    /// one of the species as its answer**: more than the two most frequent species together.
    pub first_epoch_off_plateau: Option<usize>,
    /// The last epoch.
    pub last: Epoch,
}

/// Trains and follows, with the layers of `cnn`.
///
/// # Errors
/// [`IrisRunError`]: settings that do not go together or that the flowers were not prepared with, or a run that
/// diverged.
pub fn follow(isa: Isa, of: &Prepared, settings: &Settings, what: Follow) -> Result<Trace, IrisRunError> {
    check(settings)?;
    of.check(settings)?;
    let plateau = two_most_frequent(&of.train_y);
    let mut training = Training::new(isa, of, settings);
    let (mut train_loss, mut gradient, mut train) = (Vec::new(), Vec::new(), Vec::new());
    let (mut at_95, mut off_plateau) = (None, None);
    let most = what.until_off_plateau.unwrap_or(settings.epochs).max(settings.epochs);
    for epoch in 1..=most {
        training.next_epoch()?;
        let marked = what.at.contains(&epoch);
        if marked || at_95.is_none() || off_plateau.is_none() {
            let count = training.train_count()?;
            if is_at_95_percent(count) {
                at_95.get_or_insert(epoch);
            }
            if count.correct > plateau {
                off_plateau.get_or_insert(epoch);
            }
            if marked {
                let (loss, norms) = training.gradient()?;
                train_loss.push(loss);
                gradient.push(norms);
                train.push(count);
            }
        }
        if epoch >= settings.epochs && off_plateau.is_some() {
            break;
        }
    }
    let last = training.measure()?;
    Ok(Trace {
        train_loss,
        gradient,
        train,
        first_epoch_at_95_percent: at_95,
        first_epoch_off_plateau: off_plateau,
        last,
    })
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
    use super::super::{Activation, Keep, Loss, run};
    use super::*;
    use crate::context::repository_data;
    use data::iris::Iris;
    use mlp_scratch::{Objective, Sizes, one_hot};
    use rstest::rstest;

    fn prepared() -> Prepared {
        Prepared::new(&Iris::load(repository_data()).unwrap(), &settings(Loss::CrossEntropy)).unwrap()
    }

    fn settings(loss: Loss) -> Settings {
        let base = Settings { activation: Activation::Sigmoid, ..Settings::framework(Activation::Sigmoid) };
        Settings { loss, epochs: 30, ..base.with_seed(5) }
    }

    #[rstest]
    fn following_a_run_changes_nothing_of_it(
        #[values(Loss::CrossEntropy, Loss::HalfSquaredErrorSum)] loss: Loss,
    ) {
        let (prepared, settings) = (prepared(), settings(loss));
        let what = Follow { at: &[1, 7, 30], until_off_plateau: None };
        let trace = follow(Isa::detect(), &prepared, &settings, what).unwrap();
        let plain = run(Isa::detect(), &prepared, &settings, Keep::All).unwrap();
        assert_eq!(&trace.last, plain.last());
        assert_eq!(trace.first_epoch_at_95_percent, plain.first_epoch_at_95_percent);
        let expected: Vec<(f64, Count)> = [1, 7, 30]
            .map(|epoch: usize| (plain.history[epoch - 1].train_loss, plain.history[epoch - 1].train))
            .to_vec();
        assert_eq!(trace.train_loss.into_iter().zip(trace.train).collect::<Vec<_>>(), expected);
    }

    /// Before a step is made the norms are those of the network by hand; a rate of almost 0 stays there.
    #[rstest]
    #[case::mean(Loss::CrossEntropy, mlp_scratch::Loss::SoftmaxCrossEntropy)]
    #[case::sum(Loss::HalfSquaredErrorSum, mlp_scratch::Loss::HalfSquaredErrorSum)]
    fn the_norms_are_those_of_the_gradient_by_hand(#[case] loss: Loss, #[case] by_hand: mlp_scratch::Loss) {
        let prepared = prepared();
        let still = Settings {
            optimiser: super::super::Optimiser::Sgd,
            learning_rate: 1e-30,
            weight_decay: 0.0,
            epochs: 1,
            ..settings(loss)
        };
        let what = Follow { at: &[1], until_off_plateau: None };
        let norms = follow(Isa::detect(), &prepared, &still, what).unwrap().gradient[0];
        let sizes = Sizes { inputs: 4, hidden: still.hidden, outputs: 3 };
        let network = mlp_scratch::Network::init(sizes, still.seed).unwrap();
        let targets = one_hot(&prepared.train_y, 3).unwrap();
        let objective = Objective { loss: by_hand, l2: 0.0 };
        let (_, gradients) =
            objective.value_and_gradients(&network, prepared.train_x.view(), targets.view()).unwrap();
        let norm = |values: &mut dyn Iterator<Item = &f64>| values.map(|g| g * g).sum::<f64>().sqrt();
        let expected = [
            norm(&mut gradients.dw1.iter()),
            norm(&mut gradients.dw2.iter()),
            norm(&mut gradients.to_vec().iter()),
        ];
        for (ours, expected) in [norms.first, norms.second, norms.all].into_iter().zip(expected) {
            assert!((ours - expected).abs() < 1e-5 * expected, "{ours} against {expected}");
        }
    }

    #[test]
    fn a_run_goes_on_until_it_is_off_the_plateau_and_no_further_than_allowed() {
        let prepared = prepared();
        let slow = Settings {
            optimiser: super::super::Optimiser::Sgd,
            learning_rate: 0.001,
            batch_size: 120,
            epochs: 3,
            ..settings(Loss::CrossEntropy)
        };
        let run = |until| {
            let what = Follow { at: &[], until_off_plateau: until };
            follow(Isa::detect(), &prepared, &slow, what).unwrap()
        };
        assert_eq!((run(None).last.epoch, run(Some(9)).last.epoch), (3, 9));
        let off = run(Some(100_000));
        assert_eq!(off.first_epoch_off_plateau, Some(off.last.epoch));
        assert!(off.last.train.correct > two_most_frequent(&prepared.train_y));
    }

    #[test]
    fn two_of_three_labels_are_the_two_most_frequent() {
        assert_eq!(two_most_frequent(&[0, 1, 1, 2, 2, 2]), 5);
        assert_eq!(two_most_frequent(&[]), 0);
    }
}
