//! A run takes the flowers that its settings describe, and no others.

use super::super::{Activation, Division, Keep, run};
use super::*;
use crate::context::repository_data;
use cnn::kernels::Isa;
use data::split::Split;
use rstest::rstest;

fn iris() -> Iris {
    Iris::load(repository_data()).unwrap()
}

fn settings() -> Settings {
    Settings { epochs: 1, ..Settings::framework(Activation::Tanh) }
}

#[rstest]
#[case::raw_features(Settings { features: Features::Raw, ..settings() }, "raw")]
#[case::whitened_features(Settings { features: Features::Whitened, ..settings() }, "whitened")]
#[case::another_division(Settings { division: Division::Sorted, ..settings() }, "sorted")]
#[case::another_seed(settings().with_seed(2), "seed 2")]
#[case::by_hand(Settings { epochs: 1, features: Features::Raw, ..Settings::scratch() }, "raw")]
fn a_run_refuses_flowers_that_were_prepared_otherwise(#[case] asked: Settings, #[case] named: &str) {
    let prepared = Prepared::new(&iris(), &settings()).unwrap();
    let error = run(Isa::detect(), &prepared, &asked, Keep::Last).unwrap_err();
    assert!(
        matches!(error, IrisRunError::OtherSettings { .. }) && error.to_string().contains(named),
        "{error}"
    );
    // The control: prepared as asked they are taken.
    let prepared = Prepared::new(&iris(), &asked).unwrap();
    assert_eq!(run(Isa::detect(), &prepared, &asked, Keep::Last).unwrap().settings, asked);
}

/// What the refusal prevents: with `features: raw` in its settings a run on standardised flowers would end elsewhere.
#[test]
fn other_features_are_another_run() {
    let loss = |features| {
        let settings = Settings { features, ..settings() };
        let prepared = Prepared::new(&iris(), &settings).unwrap();
        run(Isa::detect(), &prepared, &settings, Keep::Last).unwrap().last().train_loss
    };
    assert_ne!(loss(Features::Raw), loss(Features::Standardised));
}

#[test]
fn the_order_of_the_file_has_no_seed() {
    let sorted = Settings { division: Division::Sorted, ..settings() };
    let prepared = Prepared::new(&iris(), &sorted).unwrap();
    assert!(prepared.check(&sorted.with_seed(9)).is_ok());
    assert!(prepared.check(&settings()).is_err());
}

#[test]
fn given_rows_go_with_any_seed_and_not_with_other_features() {
    let split = Split::shuffled(150, 3);
    let prepared = Prepared::of_rows(&iris(), &split.train, &split.test, Features::Standardised).unwrap();
    assert!(prepared.check(&settings().with_seed(9)).is_ok());
    assert!(prepared.check(&Settings { features: Features::Raw, ..settings() }).is_err());
}
