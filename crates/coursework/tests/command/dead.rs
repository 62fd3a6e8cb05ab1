//! A network in which a layer is dead: this is said, and the run is what it would be otherwise.

use crate::{coursework, hash, stderr, stdout};

/// A hidden layer of one unit, which the first steps push below 0 for all flowers.
const DEAD: [&str; 11] = [
    "iris",
    "--optimiser",
    "sgd",
    "--loss",
    "half-squared-error-sum",
    "--hidden",
    "1",
    "--epochs",
    "10",
    "--learning-rate",
    "0.1",
];

#[test]
fn a_dead_layer_is_named_with_a_remedy_and_changes_no_result() {
    let output = coursework(&DEAD);
    let said = stderr(&output);
    assert_eq!((output.status.code(), said.lines().count()), (Some(0), 1), "{said}");
    for word in ["layer `1` (ReLU) is dead", "all 120 flowers", "--learning-rate", "--seed"] {
        assert!(said.contains(word), "{said}");
    }
    assert!(!stdout(&output).contains("dead"));
    hash(&stdout(&output));
}

/// The control: at half the rate nothing is said.
#[test]
fn of_a_network_that_is_alive_nothing_is_said() {
    let mut alive = DEAD;
    alive[10] = "0.05";
    let output = coursework(&alive);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[test]
fn a_record_says_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.json");
    let output = coursework(&[&DEAD[..], &["--json", file.to_str().unwrap()]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!std::fs::read_to_string(file).unwrap().contains("dead"));
}
