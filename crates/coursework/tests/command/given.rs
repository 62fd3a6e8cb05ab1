//! `mnist --model`: a given network is asked, and written in other formats.

use crate::{done, hash, refused, root};
use cnn::models::mnist_network;
use cnn::weights::to_safetensors;
use rstest::rstest;
use serde_json::Value;
use std::path::Path;

const SUBMITTED: &str = "results/mnist.safetensors";

fn named(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

fn json(path: &str) -> Value {
    serde_json::from_slice(&std::fs::read(root().join(path)).unwrap()).unwrap()
}

#[test]
fn the_submitted_network_gives_the_recorded_answers_its_logits_and_onnx() {
    let folder = tempfile::tempdir().unwrap();
    let [said, logits, onnx] = ["said.json", "logits.npy", "network.onnx"].map(|it| named(folder.path(), it));
    let printed =
        done(&["mnist", "--model", SUBMITTED, "--json", &said, "--logits", &logits, "--onnx", &onnx]);
    let (record, said) = (json("results/mnist.json"), json(&said));
    assert_eq!(said["evaluation"], record["evaluation"]);
    assert_eq!((&said["normalisation_is_stated"], said.get("views")), (&Value::Bool(true), None));
    let right = record["evaluation"]["test"]["correct"].as_u64().unwrap();
    assert!(printed.contains(&format!("test accuracy {right}/10000")), "{printed}");
    assert!(
        printed.starts_with("normalisation (pixel / 255 - 0.13066") && printed.contains("as the file says")
    );
    assert_eq!(Value::String(hash(&printed)), record["weights_sha256"]);

    // The largest logit of each row is the answer that the record counts.
    let file = std::fs::read(&logits).unwrap();
    let begins = file.len() - 4 * 10 * 10_000;
    assert!(file[..begins].ends_with(b"\n") && file.starts_with(b"\x93NUMPY"));
    let (numbers, _) = file[begins..].as_chunks::<4>();
    let numbers: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let labels = data::images::MNIST.load_test(root().join("data")).unwrap().labels;
    let answers = numbers.chunks(10).zip(labels);
    let counted = answers.filter(|(row, label)| cnn::loss::argmax(row) == usize::from(*label)).count();
    assert_eq!(counted as u64, right);

    let onnx = std::fs::read(&onnx).unwrap();
    let holds = |text: &str| onnx.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("pixels") && holds("logits") && holds(&hash(&printed)) && !holds("no such text"));
}

#[test]
fn a_limit_and_views_are_those_of_a_run_and_an_assumption_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let model = named(folder.path(), "model.safetensors");
    std::fs::write(&model, to_safetensors(&mnist_network(1)).unwrap()).unwrap();
    let printed = done(&["mnist", "--model", &model, "--test-limit", "30", "--views"]);
    assert!(printed.contains("/30") && printed.contains("test accuracy in 9 views"), "{printed}");
    assert!(printed.contains("assumed, that of the training part of MNIST"), "{printed}");
    assert_eq!(hash(&printed), mnist_network(1).sha256());
}

/// A recipe with a network of its own: its file is another network's to every other recipe.
#[test]
fn the_recipe_says_which_network_a_file_is_of() {
    let folder = tempfile::tempdir().unwrap();
    let model = named(folder.path(), "sprint.safetensors");
    let sprint = ["mnist", "--recipe", "sprint-99.0", "--test-limit", "5"];
    let trained = done(&[&sprint[..], &["--epochs", "1", "--limit", "64", "--save", &model]].concat());
    assert_eq!(hash(&done(&[&sprint[..], &["--model", &model]].concat())), hash(&trained));
    assert!(refused(&["mnist", "--model", &model]).contains("it is of another network"));
}

#[rstest]
#[case::a_number_of_epochs(&["--epochs", "2"])]
#[case::a_seed(&["--seed", "2"])]
#[case::a_learning_rate(&["--learning-rate", "0.1"])]
#[case::a_limit_of_training(&["--limit", "64"])]
#[case::a_file_to_save(&["--save", "x"])]
#[case::a_run_to_resume(&["--resume", "x"])]
fn how_to_train_is_no_question_of_a_given_network(#[case] options: &[&str]) {
    let said = refused(&[&["mnist", "--model", SUBMITTED], options].concat());
    assert!(said.contains(options[0]) && said.contains("--model"), "{said}");
}

#[rstest]
#[case::logits(&["mnist", "--logits", "x.npy"])]
#[case::onnx(&["mnist", "--onnx", "x.onnx"])]
fn other_formats_are_of_a_given_network(#[case] args: &[&str]) {
    assert!(refused(args).contains("--model <FILE>"));
}

#[test]
fn a_file_that_is_named_twice_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let model = named(folder.path(), "model.safetensors");
    let bytes = std::fs::read(root().join(SUBMITTED)).unwrap();
    std::fs::write(&model, &bytes).unwrap();
    let other = named(folder.path(), "other");
    let twice = format!("{}/./model.safetensors", folder.path().display());
    assert!(refused(&["mnist", "--model", &model, "--onnx", &twice]).contains("named twice"));
    assert!(
        refused(&["mnist", "--model", &model, "--onnx", &other, "--json", &other]).contains("named twice")
    );
    assert_eq!(std::fs::read(&model).unwrap(), bytes);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// What is wrong with tensors and metadata has its tests beside what reads them; here is what a person sees of it.
#[test]
fn a_file_that_is_no_network_is_refused_in_one_line_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (model, onnx) = (named(folder.path(), "model"), named(folder.path(), "network.onnx"));
    let bytes = std::fs::read(root().join(SUBMITTED)).unwrap();
    let check = |bytes: &[u8], reason: &str| {
        std::fs::write(&model, bytes).unwrap();
        let said = refused(&["mnist", "--model", &model, "--onnx", &onnx]);
        assert!(said.contains(reason) && said.contains(&model), "{said}");
        assert!(!Path::new(&onnx).exists());
    };
    check(&bytes[..bytes.len() - 1], "not a whole safetensors file");
    check(&[&[255; 8], &bytes[8..]].concat(), "not a whole safetensors file");
    check(b"", "not a whole safetensors file");
    check(b"PK\x03\x04", "save_file");
    let mut altered = bytes.clone();
    *altered.last_mut().unwrap() ^= 1;
    check(&altered, "weights_sha256");
    assert!(refused(&["mnist", "--model", "no-such-file"]).contains("no-such-file"));
}
