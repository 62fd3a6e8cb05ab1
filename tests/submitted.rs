//! The submitted records, held to what a machine can recompute in seconds. `make grade` recomputes all of them.

use cnn::kernels::Isa;
use cnn::models::mnist_network;
use cnn::weights::from_safetensors;
use experiments::data::{iris::Iris, mnist::Mnist};
use experiments::iris::{Keep, Prepared, run};
use experiments::{records, store, tuning};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn iris_record() -> records::iris::Record {
    store::read_json(root().join("results/iris.json")).unwrap()
}

fn mnist_record() -> records::mnist::Record {
    store::read_json(root().join("results/mnist.json")).unwrap()
}

#[test]
fn the_registered_weight_decay_is_the_one_that_the_tuning_chose() {
    let record: tuning::Record = store::read_json(root().join("results/iris-tuning.json")).unwrap();
    assert_eq!(record.chosen, tuning::REGISTERED_WEIGHT_DECAY);
    let fewest = record.rows.iter().map(|row| row.errors).min().unwrap();
    let chosen = record.rows.iter().rfind(|row| row.errors == fewest).unwrap();
    assert_eq!(chosen.weight_decay, record.chosen);
}

#[test]
fn every_registered_iris_run_is_recomputed_to_the_last_bit() {
    let iris = Iris::load(root().join("data")).unwrap();
    for variant in iris_record().variants {
        let settings = &variant.registered.settings;
        let prepared = Prepared::new(&iris, settings).unwrap();
        let again = run(Isa::detect(), &prepared, settings, Keep::All).unwrap();
        assert_eq!(again, variant.registered, "{}", variant.id);
    }
}

#[test]
fn the_registered_settings_are_those_of_the_code() {
    let record = iris_record();
    let recorded: Vec<_> =
        record.variants.into_iter().map(|variant| (variant.id, variant.registered.settings)).collect();
    assert_eq!(recorded, records::iris::variants());
    assert_eq!(mnist_record().settings, experiments::mnist::Settings::registered());
}

/// The report's MNIST number, from the trained network alone.
#[test]
fn the_submitted_network_gives_the_recorded_answers() {
    let record = mnist_record();
    let mut network = mnist_network(0);
    from_safetensors(&mut network, &std::fs::read(root().join("results/mnist.safetensors")).unwrap())
        .unwrap();
    assert_eq!(network.sha256(), record.weights_sha256);
    let test = Mnist::load(root().join("data")).unwrap().test;
    let examination = experiments::mnist::examine(Isa::detect(), &network, &test);
    assert_eq!(examination, record.examination);
    assert_eq!(record.history.last().unwrap().test, examination.test);
    assert_eq!(
        record.history.len(),
        record.settings.recipe.epochs,
        "the result is that of the epoch fixed beforehand"
    );
}

#[test]
fn the_confusion_matrix_counts_every_digit_once() {
    let examination = mnist_record().examination;
    let total: usize = examination.confusion.iter().flatten().sum();
    let right: usize = (0..10).map(|digit| examination.confusion[digit][digit]).sum();
    assert_eq!((right, total), (examination.test.correct, examination.test.total));
    assert_eq!(examination.mistakes.len(), total - right);
}
