use super::*;
use crate::mnist::studies::registered::{RecordedRun, Session, recorded_session};
use crate::mnist::{Architecture, Recipe, RunError};
use cnn::kernels::Isa;
use data::images::{Images, MNIST, PIXELS};
use numerics::random::{Purpose, Stream};
use rstest::rstest;

/// Twenty images of noise.
fn images() -> Images {
    let mut stream = Stream::new(1, Purpose::Check);
    let pixels = (0..20 * PIXELS).map(|_| stream.below(256) as u8).collect();
    Images { pixels, labels: (0..20).map(|i| i % 10).collect(), normalisation: MNIST.normalisation }
}

/// Three epochs of three batches, with distortions and an average.
fn settings() -> Settings {
    let chosen = crate::mnist::studies::selection::Candidate::Whole.recipe(3);
    let network = Architecture::Narrow { before: 4, after: 5 };
    Settings { recipe: Recipe { network, batch_size: 8, ..chosen }, seed: 5, ..Settings::registered() }
}

/// A run from a checkpoint, which is ended after so many steps if that is said: its record, and its last checkpoint.
fn run(from: Option<Checkpoint>, steps: Option<usize>) -> (Option<RecordedRun>, Option<Checkpoint>) {
    let (images, settings, mut last, mut made) = (images(), settings(), None, 0);
    let mut ends = || {
        made += 1;
        Some(made) == steps
    };
    let mut keep = |checkpoint: &Checkpoint| {
        last = Some(checkpoint.clone());
        Ok(())
    };
    let mut session = Session { from, ends: Some(&mut ends), keep: Some(&mut keep) };
    let both = [&images, &images];
    let trained = recorded_session(Isa::detect(), both, &settings, &|_| (), &mut |_| (), &mut session);
    let run = match trained {
        Ok((run, _)) => Some(run),
        Err(RunError::Ended { .. }) => None,
        Err(error) => panic!("{error}"),
    };
    (run, last)
}

#[test]
fn a_run_put_down_after_any_step_ends_with_the_same_bits() {
    let whole = run(None, None).0.unwrap();
    for steps in 1..9 {
        let (none, checkpoint) = run(None, Some(steps));
        assert!(none.is_none(), "{steps}");
        let file = checkpoint.unwrap().to_bytes().unwrap();
        let resumed = run(Some(Checkpoint::from_bytes(&file).unwrap()), None).0.unwrap();
        assert_eq!(resumed, whole, "{steps}");
    }
    // The control: a step more or less is another run.
    let mut altered = run(None, Some(4)).1.unwrap();
    altered.underway.distortions += 1;
    assert_ne!(run(Some(altered), None).0.unwrap().weights_sha256, whole.weights_sha256);
}

#[test]
fn a_run_that_is_put_down_twice_goes_on_as_well() {
    let whole = run(None, None).0.unwrap();
    let first = run(None, Some(2)).1;
    let second = run(first, Some(3)).1;
    assert_eq!(run(second, None).0.unwrap(), whole);
}

/// Cut off at every twentieth of its length, or with another bit in any of so many places.
#[test]
fn a_file_that_is_not_whole_is_refused_with_the_reason() {
    let file = run(None, Some(4)).1.unwrap().to_bytes().unwrap();
    for part in 0..20 {
        let error = Checkpoint::from_bytes(&file[..file.len() * part / 20]).unwrap_err().to_string();
        assert!(error.contains("not a whole safetensors file"), "{part}: {error}");
        let mut altered = file.clone();
        altered[file.len() * (part + 20) / 40] ^= 1;
        assert!(Checkpoint::from_bytes(&altered).is_err(), "{part}");
    }
    assert!(Checkpoint::from_bytes(&file).is_ok(), "the control");
}

#[rstest]
#[case::a_trained_network(|| to_safetensors(&settings().network()).unwrap(), "no run that could go on")]
#[case::another_file(|| b"{}".to_vec(), "not a whole safetensors file")]
fn what_is_no_checkpoint_is_refused_with(#[case] file: fn() -> Vec<u8>, #[case] message: &str) {
    let error = Checkpoint::from_bytes(&file()).unwrap_err().to_string();
    assert!(error.contains(message), "{error}");
}

#[test]
fn a_checkpoint_of_other_images_is_refused() {
    let mut checkpoint = run(None, Some(4)).1.unwrap();
    checkpoint.images = [19, 20];
    let (images, settings) = (images(), settings());
    let mut session = Session { from: Some(checkpoint), ..Session::default() };
    let both = [&images, &images];
    let trained = recorded_session(Isa::detect(), both, &settings, &|_| (), &mut |_| (), &mut session);
    assert!(matches!(trained, Err(RunError::Standing(_))));
}

#[rstest]
#[case::a_step_more(|standing: &mut Standing| standing.steps += 1)]
#[case::an_epoch_more(|standing: &mut Standing| standing.epoch += 1)]
#[case::the_last_epoch_that_can_be_counted(|standing: &mut Standing| standing.epoch = usize::MAX)]
fn a_checkpoint_whose_steps_are_not_those_of_its_place_is_refused(#[case] alter: fn(&mut Standing)) {
    let resumed = |checkpoint: Checkpoint| {
        let (images, settings) = (images(), settings());
        let mut session = Session { from: Some(checkpoint), ..Session::default() };
        let both = [&images, &images];
        recorded_session(Isa::detect(), both, &settings, &|_| (), &mut |_| (), &mut session).map(drop)
    };
    let mut checkpoint = run(None, Some(4)).1.unwrap();
    assert!(resumed(checkpoint.clone()).is_ok(), "the control");
    alter(&mut checkpoint.underway.standing);
    assert!(matches!(resumed(checkpoint), Err(RunError::Standing(_))));
}

#[test]
fn a_network_that_the_file_cannot_hold_is_refused_before_it_is_made() {
    let mut checkpoint = run(None, Some(4)).1.unwrap();
    assert!(Checkpoint::from_bytes(&checkpoint.to_bytes().unwrap()).is_ok(), "the control");
    checkpoint.settings.recipe.network = Architecture::Narrow { before: 1 << 40, after: 1 << 40 };
    let error = Checkpoint::from_bytes(&checkpoint.to_bytes().unwrap()).unwrap_err();
    assert!(matches!(error, CheckpointError::Altered), "{error}");
}
