//! The submitted records, held to what a machine can recompute in seconds. `make grade` recomputes all of them.

use cnn::kernels::Isa;
use cnn::layer::Mode;
use cnn::loss::argmax;
use cnn::models::mnist_network;
use cnn::network::Pass;
use cnn::tensor::Shape;
use cnn::weights::from_safetensors;
use data::images::{Images, MNIST, SIDE};
use data::iris::Iris;
use experiments::iris::studies::{seeds, tuning};
use experiments::iris::{Keep, Prepared, run};
use experiments::mnist::studies::registered;
use records::store;
use safetensors::SafeTensors;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn iris_record() -> seeds::IrisRecord {
    store::read_json(root().join("results/iris.json")).unwrap()
}

fn mnist_record() -> registered::MnistRecord {
    store::read_json(root().join("results/mnist.json")).unwrap()
}

#[test]
fn the_registered_weight_decay_is_the_one_that_the_tuning_chose() {
    let record: tuning::TuningRecord = store::read_json(root().join("results/iris-tuning.json")).unwrap();
    assert_eq!(record.chosen, experiments::iris::REGISTERED_WEIGHT_DECAY);
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
    assert_eq!(recorded, seeds::variants());
    assert_eq!(mnist_record().run.settings, experiments::mnist::Settings::registered());
}

/// The report's MNIST number, from the trained network alone.
#[test]
fn the_submitted_network_gives_the_recorded_answers() {
    let record = mnist_record().run;
    let mut network = mnist_network(0);
    from_safetensors(&mut network, &std::fs::read(root().join("results/mnist.safetensors")).unwrap())
        .unwrap();
    assert_eq!(network.sha256(), record.weights_sha256);
    let test = MNIST.load_test(root().join("data")).unwrap();
    let evaluation = experiments::mnist::evaluate(Isa::detect(), &network, &test);
    assert_eq!(evaluation, record.evaluation);
    assert_eq!(record.history.last().unwrap().test, evaluation.test);
    assert_eq!(
        record.history.len(),
        record.settings.recipe.epochs,
        "the result is that of the epoch fixed beforehand"
    );
}

/// The first test images that the submitted network gets wrong, of so many, where it sees of a pixel what `normalise`
/// makes of it.
fn wrong_of(images: &Images, count: usize, normalise: impl Fn(f64) -> f64) -> Vec<usize> {
    let mut network = mnist_network(0);
    from_safetensors(&mut network, &std::fs::read(root().join("results/mnist.safetensors")).unwrap())
        .unwrap();
    let mut pass = Pass::default();
    let input = pass.input();
    input.reshape_for_writing(Shape::maps(count, SIDE, SIDE, 1)); // (N, 28, 28, 1)
    let pixels = images.pixels.iter().map(|&pixel| normalise(f64::from(pixel)) as f32);
    input.data_mut().iter_mut().zip(pixels).for_each(|(to, x)| *to = x);
    let logits = network.forward(Isa::detect(), &mut pass, Mode::Infer).unwrap(); // (N, 10)
    (0..count).filter(|&i| argmax(logits.example(i)) != usize::from(images.labels[i])).collect()
}

/// What a stranger has to know stands in the file: with it the recorded predictions come out, and without it they do
/// not.
#[test]
fn the_submitted_network_says_what_it_has_to_be_fed() {
    const COUNT: usize = 2_000;
    let registered::MnistRecord { header: recorded, run: record } = mnist_record();
    let bytes = std::fs::read(root().join("results/mnist.safetensors")).unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let metadata = header.metadata().as_ref().unwrap();
    assert_eq!(metadata["input_formula"], "(pixel / 255 - input_mean) / input_std");
    assert_eq!((&metadata["experiment"], &metadata["seed"][..]), (&recorded.experiment, "1"));
    assert_eq!(metadata["weights_sha256"], record.weights_sha256);
    let number = |key: &str| metadata[key].parse::<f64>().unwrap();
    let (mean, std) = (number("input_mean"), number("input_std"));
    assert_eq!((mean, std), (record.settings.normalisation.mean, record.settings.normalisation.std));
    let test = MNIST.load_test(root().join("data")).unwrap();
    let recorded = record.evaluation.mistakes.iter().map(|it| it.index).filter(|&index| index < COUNT);
    let recorded: Vec<usize> = recorded.collect();
    assert_eq!(wrong_of(&test, COUNT, |pixel| (pixel / 255.0 - mean) / std), recorded);
    assert!(wrong_of(&test, COUNT, |pixel| pixel / 255.0).len() > 10 * recorded.len());
}

#[test]
fn the_confusion_matrix_counts_every_digit_once() {
    let evaluation = mnist_record().run.evaluation;
    let total: usize = evaluation.confusion.iter().flatten().sum();
    let right: usize = (0..10).map(|digit| evaluation.confusion[digit][digit]).sum();
    assert_eq!((right, total), (evaluation.test.correct, evaluation.test.total));
    assert_eq!(evaluation.mistakes.len(), total - right);
}
