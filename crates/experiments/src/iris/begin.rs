//! How a run begins.

use super::check::check;
use super::framework::Training;
use super::in_progress::InProgress;
use super::scratch::ByHand;
use super::{Implementation, IrisRunError, Prepared, Settings};
use cnn::kernels::Isa;

/// A run on either implementation that has not begun, and can go on to so many epochs.
///
/// # Errors
/// [`IrisRunError`]: settings that do not go together or that the flowers were not prepared with.
pub fn begin(
    isa: Isa,
    prepared: &Prepared,
    settings: &Settings,
    epochs: usize,
) -> Result<Box<dyn InProgress>, IrisRunError> {
    check(settings)?;
    prepared.check(settings)?;
    Ok(match settings.implementation {
        Implementation::Framework => Box::new(Training::new(isa, prepared, settings)),
        Implementation::Scratch => Box::new(ByHand::new(prepared, settings, epochs)?),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Activation, Features};
    use super::*;
    use crate::context::repository_data;
    use data::iris::Iris;
    use ndarray::ArrayView1;
    use rstest::rstest;

    fn settings(implementation: Implementation) -> Settings {
        match implementation {
            Implementation::Framework => Settings::framework(Activation::Prelu),
            Implementation::Scratch => Settings::scratch(),
        }
    }

    fn begun(settings: &Settings) -> (Prepared, Box<dyn InProgress>) {
        let prepared = Prepared::new(&Iris::load(repository_data()).unwrap(), settings).unwrap();
        let run = begin(Isa::detect(), &prepared, settings, 9).unwrap();
        (prepared, run)
    }

    #[rstest]
    fn a_fork_goes_on_as_the_run_does(
        #[values(Implementation::Framework, Implementation::Scratch)] implementation: Implementation,
    ) {
        let (_, mut run) = begun(&settings(implementation));
        (0..3).for_each(|_| run.next_epoch().unwrap());
        let mut fork = run.fork();
        let there = run.weights_sha256();
        (0..4).for_each(|_| fork.next_epoch().unwrap());
        assert_eq!(run.weights_sha256(), there, "the fork changes its own weights only");
        (0..4).for_each(|_| run.next_epoch().unwrap());
        assert_eq!(run.weights_sha256(), fork.weights_sha256());
        assert_eq!(run.measure().unwrap(), fork.measure().unwrap());
        assert_ne!(run.weights_sha256(), there);
    }

    #[rstest]
    fn the_largest_outputs_are_the_answers_that_are_counted(
        #[values(Implementation::Framework, Implementation::Scratch)] implementation: Implementation,
        #[values(Features::Raw, Features::Standardised, Features::Whitened)] features: Features,
    ) {
        let (prepared, mut run) = begun(&Settings { features, ..settings(implementation) });
        (0..9).for_each(|_| run.next_epoch().unwrap());
        let outputs = run.outputs(prepared.test_x.view()).unwrap(); // (N, 3)
        let largest = |row: ArrayView1<f64>| (0..3).max_by(|&a, &b| row[a].total_cmp(&row[b]));
        let answers = outputs.rows().into_iter().map(largest);
        let right = answers.zip(&prepared.test_y).filter(|(answer, label)| *answer == Some(**label)).count();
        assert_eq!(right, run.measure().unwrap().test.correct);
    }

    #[test]
    fn other_flowers_are_scaled_as_the_training_part_was() {
        let iris = Iris::load(repository_data()).unwrap();
        for features in [Features::Raw, Features::Standardised, Features::Whitened] {
            let train: Vec<usize> = (0..150).step_by(2).collect();
            let prepared = Prepared::of_rows(&iris, &train, &[1, 3], features).unwrap();
            let scaled = prepared.scale(iris.subset(&[1, 3]).features.view()).unwrap();
            assert_eq!(scaled, prepared.test_x);
        }
    }
}
