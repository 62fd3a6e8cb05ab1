//! What a run obeys of its settings.

use super::*;
use crate::mnist::Recipe;
use data::images::{MNIST, Normalisation, PIXELS};
use rstest::rstest;

struct Nobody;

impl Watch for Nobody {}

/// Images that differ.
fn images(count: usize) -> Images {
    let mut stream = Stream::new(1, Purpose::Check);
    let pixels = (0..count * PIXELS).map(|_| stream.below(256) as u8).collect();
    Images {
        pixels,
        labels: (0..count).map(|i| (i % 10) as u8).collect(),
        normalisation: MNIST.normalisation,
    }
}

fn settings(limit: Option<usize>) -> Settings {
    let recipe = Recipe { epochs: 1, batch_size: 4, ..Recipe::registered() };
    Settings { recipe, limit, ..Settings::registered() }
}

/// The weights after a run, and after its first steps.
fn weights(limit: Option<usize>, images: &Images) -> [String; 2] {
    let settings = settings(limit);
    let run = train(Isa::detect(), &settings, images, &mut Nobody).unwrap();
    [run.network.sha256(), run.beginning_sha256]
}

/// With the control that a run which ignored the limit would end elsewhere.
#[test]
fn a_limit_trains_on_the_first_images_and_no_others() {
    let all = images(12);
    let limited = weights(Some(8), &all);
    assert_eq!(limited, weights(None, &all.clone().limit(8)));
    let ignored = weights(None, &all);
    assert!(limited.iter().zip(&ignored).all(|(limited, ignored)| limited != ignored));
}

#[rstest]
#[case::none(None, 12, 3)]
#[case::some(Some(8), 8, 2)]
#[case::more_than_there_are(Some(99), 12, 3)]
fn images_and_batches_are_counted_up_to_the_limit(
    #[case] limit: Option<usize>,
    #[case] images: usize,
    #[case] steps: u64,
) {
    let settings = settings(limit);
    assert_eq!((settings.image_count(12), batches(&settings, 12)), (images, steps));
}

#[test]
fn a_limit_of_nothing_is_refused() {
    let error = train(Isa::detect(), &settings(Some(0)), &images(3), &mut Nobody).unwrap_err();
    assert!(error.to_string().contains("at least 1"), "{error}");
}

#[test]
fn pixels_that_are_normalised_otherwise_are_refused() {
    let normalisation = Normalisation { std: 0.5, ..MNIST.normalisation };
    let settings = Settings { normalisation, ..settings(None) };
    let error = train(Isa::detect(), &settings, &images(3), &mut Nobody).unwrap_err();
    assert!(error.to_string().contains("normalised"), "{error}");
}
