//! What the theory commands and single runs print and write.

use crate::{done, hash, refused, root};
use faults::puzzle::{Chosen, Puzzle};
use grading::rubric::Rubric;
use rstest::rstest;
use serde_json::Value;
use std::collections::BTreeSet;

const OUTPUTS: &str = "0.65,0.43,0.11;0.05,0.51,0.18;0.33,0.21,0.72";

#[rstest]
#[case::probabilities("probabilities", 0.4775438454427519)]
#[case::normalised("normalised", 0.5121971572103864)]
#[case::logits("logits", 0.8489720134868742)]
fn cross_entropy_gives_the_reference_values(#[case] reading: &str, #[case] mean: f64) {
    let args = [
        "theory",
        "cross-entropy",
        "--outputs",
        OUTPUTS,
        "--labels",
        "1,2,3",
        "--reading",
        reading,
        "--json",
    ];
    let loss: Value = serde_json::from_str(&done(&args)).unwrap();
    assert!((loss["mean"].as_f64().unwrap() - mean).abs() <= 1e-15);
    assert!((loss["sum"].as_f64().unwrap() - 3.0 * mean).abs() <= 3e-15);
    assert_eq!(loss["per_sample"].as_array().unwrap().len(), 3);
}

#[test]
fn the_standard_deviation_gives_value_gradient_nodes_and_edges() {
    let graph: Value =
        serde_json::from_str(&done(&["theory", "std-dev", "--inputs=-1,3", "--json"])).unwrap();
    assert_eq!(graph["value"], 2.0);
    assert_eq!(graph["gradient"], serde_json::json!([-0.5, 0.5]));
    assert!(graph["edges"].as_array().unwrap().len() > graph["nodes"].as_array().unwrap().len());
    let sample: Value =
        serde_json::from_str(&done(&["theory", "std-dev", "--inputs", "-1,3", "--ddof", "1", "--json"]))
            .unwrap();
    assert!((sample["value"].as_f64().unwrap() - 2.0 * 2.0_f64.sqrt()).abs() <= 1e-15);
}

/// The first fault is in `dW2`; with the right lines nothing is refused.
#[rstest]
#[case::as_planted(None, &["dW2"])]
#[case::the_planted_line_said(Some(Puzzle::of_seed(0).planted()), &["dW2"])]
#[case::the_right_lines(Some(Chosen::RIGHT), &[])]
#[case::another_wrong_line(Some(Chosen::RIGHT.with(3, 1)), &["dW1", "db1"])]
fn lines_of_back_propagation_are_checked(#[case] chosen: Option<Chosen>, #[case] expected: &[&str]) {
    let lines = chosen.map(|chosen| Puzzle::of_seed(0).write(chosen));
    let args: Vec<&str> = lines.iter().flat_map(|lines| ["--lines", lines]).collect();
    let printed = done(&[&["backward", "--json"], &args[..]].concat());
    let record: Value = serde_json::from_str(&printed).unwrap();
    let parameters = record["parameters"].as_array().unwrap();
    let refused = parameters.iter().filter(|it| it["is_refused"] == true);
    assert_eq!(refused.map(|it| it["name"].as_str().unwrap()).collect::<Vec<_>>(), expected);
    let words = done(&[&["backward"], &args[..]].concat());
    assert_eq!(words.matches(" refused").count(), expected.len(), "{words}");
}

#[test]
fn the_graph_is_drawn_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("graph.svg");
    done(&["theory", "std-dev", "--inputs=-1,3", "--svg", file.to_str().unwrap()]);
    assert!(std::fs::read_to_string(&file).unwrap().contains("role=\"img\""));
    refused(&[
        "theory",
        "std-dev",
        "--inputs=3,3",
        "--svg",
        folder.path().join("none.svg").to_str().unwrap(),
    ]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a refused drawing leaves nothing");
}

#[test]
fn the_worked_solutions_answer_every_question_that_theory_decides() {
    let (text, rubric) = (done(&["theory"]), Rubric::load(&root().join("rubric.toml")).unwrap());
    let of_theory = rubric.criteria.iter().filter(|criterion| criterion.evidence == ["theory.json"]);
    let questions: BTreeSet<&str> = of_theory.map(|criterion| &criterion.question[..]).collect();
    assert!(questions.len() > 1);
    for question in questions {
        assert!(text.contains(&format!("{question}. ")), "{question}");
    }
}

#[rstest]
fn iris_gives_the_same_bits_on_every_path(
    #[values("relu", "sigmoid", "tanh", "prelu")] activation: &str,
    #[values("sgd", "momentum", "adam")] optimiser: &str,
) {
    let run = |machine: &[&str]| {
        let args = ["iris", "--activation", activation, "--optimiser", optimiser, "--epochs", "5"];
        hash(&done(&[&args, machine].concat()))
    };
    let reference = run(&["--threads", "1", "--isa", "scalar"]);
    assert_eq!(run(&["--threads", "3", "--isa", "auto"]), reference);
}

#[test]
fn iris_by_hand_prints_its_hash_and_depends_on_the_seed() {
    let run = |seed: &str| hash(&done(&["iris", "--network", "scratch", "--epochs", "3", "--seed", seed]));
    assert_eq!(run("1"), run("1"));
    assert_ne!(run("1"), run("2"));
}

#[test]
fn an_iris_run_is_written_with_every_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.json");
    let printed = done(&["iris", "--epochs", "4", "--json", file.to_str().unwrap()]);
    let run: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(run["history"].as_array().unwrap().len(), 4);
    assert_eq!(run["weights_sha256"], hash(&printed));
}

#[test]
fn a_short_mnist_run_gives_the_same_bits_at_any_number_of_threads_and_can_be_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("model.safetensors");
    let args = ["mnist", "--epochs", "1", "--limit", "200"];
    let saving = [&args[..], &["--save", model.to_str().unwrap(), "--threads", "2"]].concat();
    let printed = done(&saving);
    assert!(printed.contains("/10000"), "{printed}");
    // The scalar path would ask itself about 10,000 images here; cnn's own tests hold it to the others.
    assert_eq!(hash(&printed), hash(&done(&[&args[..], &["--threads", "3"]].concat())));
    let mut network = cnn::models::mnist_network(99);
    cnn::weights::from_safetensors(&mut network, &std::fs::read(&model).unwrap()).unwrap();
    assert_eq!(network.sha256(), hash(&printed));
}

#[test]
fn the_views_are_asked_for_and_change_nothing_else() {
    let args = ["mnist", "--epochs", "1", "--limit", "200", "--test-limit", "30"];
    let (plain, viewed) = (done(&args), done(&[&args[..], &["--views"]].concat()));
    let without = |line: &&str| !line.starts_with("test accuracy in 9 views ");
    assert_eq!(viewed.lines().filter(without).collect::<Vec<_>>(), plain.lines().collect::<Vec<_>>());
    assert!(viewed.lines().count() == plain.lines().count() + 1 && viewed.contains("/30, loss "), "{viewed}");
}

/// Testing on fewer images makes a run short enough for any machine, and changes nothing of what is learned.
#[test]
fn a_limit_of_the_test_part_leaves_the_weights_alone() {
    let run = |limit| done(&["mnist", "--epochs", "1", "--limit", "64", "--test-limit", limit]);
    let (few, one) = (run("7"), run("1"));
    assert!(few.contains("/7 ") && one.contains("/1 "), "{few}{one}");
    assert_eq!(hash(&few), hash(&one));
}
