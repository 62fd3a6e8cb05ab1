//! The command as a script calls it: what it prints, its exit codes, what it leaves behind.

use rstest::rstest;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The command, run at the root of the repository.
fn coursework(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_coursework")).current_dir(root()).args(args).output().unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What a command prints that must end well.
#[track_caller]
fn done(args: &[&str]) -> String {
    let output = coursework(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    stdout(&output)
}

/// The message of a command that must be refused: exit code 2, nothing on stdout, one line on stderr.
#[track_caller]
fn refused(args: &[&str]) -> String {
    let output = coursework(args);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stdout(&output));
    let message = stderr(&output);
    assert!(!message.contains("panicked"), "{message}");
    message
}

fn hash(printed: &str) -> String {
    let line = printed.lines().last().unwrap();
    let hash = line.strip_prefix("weights sha256 ").unwrap_or_else(|| panic!("the last line is {line:?}"));
    assert_eq!(hash.len(), 64);
    hash.to_owned()
}

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
fn the_worked_solutions_answer_all_four_questions() {
    let text = done(&["theory"]);
    for question in ["T1a", "T1b", "T2.1", "T2.2"] {
        assert!(text.contains(question), "{question}");
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
    // The scalar path would ask itself about 10,000 pictures here; cnn's own tests hold it to the others.
    assert_eq!(hash(&printed), hash(&done(&[&args[..], &["--threads", "3"]].concat())));
    let mut network = cnn::models::mnist_network(99);
    cnn::weights::from_safetensors(&mut network, &std::fs::read(&model).unwrap()).unwrap();
    assert_eq!(network.sha256(), hash(&printed));
}

#[rstest]
#[case::a_letter_among_the_outputs(&["theory", "cross-entropy", "--outputs", "0.5,x", "--labels", "1"], "column 2")]
#[case::a_label_out_of_range(&["theory", "cross-entropy", "--outputs", OUTPUTS, "--labels", "1,2,4"], "4")]
#[case::a_probability_of_zero(&["theory", "cross-entropy", "--outputs", "0,1", "--labels", "2"], "row 1")]
#[case::an_empty_batch(&["theory", "cross-entropy", "--outputs", "", "--labels", ""], "")]
#[case::equal_inputs(&["theory", "std-dev", "--inputs=2,2"], "gradient")]
#[case::an_unknown_activation(&["iris", "--activation", "gelu"], "gelu")]
#[case::an_activation_that_scratch_does_not_have(&["iris", "--network", "scratch", "--activation", "relu"], "sigmoid")]
#[case::an_unknown_instruction_set(&["iris", "--isa", "mmx"], "auto")]
#[case::no_threads(&["iris", "--threads", "0"], "threads")]
#[case::no_epochs(&["iris", "--epochs", "0"], "at least 1 epoch")]
#[case::a_diverging_iris_run(&["iris", "--optimiser", "sgd", "--learning-rate", "1e30"], "smaller rate")]
#[case::a_diverging_run_by_hand(&["iris", "--network", "scratch", "--learning-rate", "1e300"], "learning rate")]
#[case::a_diverging_mnist_run(&["mnist", "--limit", "128", "--learning-rate", "1e38"], "smaller rate")]
#[case::a_learning_rate_below_zero(&["mnist", "--limit", "64", "--learning-rate", "-1"], "above 0")]
#[case::no_pictures(&["mnist", "--limit", "0"], "at least 1")]
#[case::no_test_pictures(&["mnist", "--test-limit", "0"], "--test-limit")]
#[case::an_unknown_experiment(&["run", "irsi"], "iris-tuning")]
#[case::a_missing_rubric(&["grade", "--rubric", "no-such.toml"], "no-such.toml")]
#[case::a_missing_data_folder(&["iris", "--data", "no-such-folder"], "iris.csv")]
#[case::predict(&["predict", "picture.png"], "not in this version")]
#[case::resume(&["mnist", "--resume", "model.safetensors"], "not in this version")]
fn bad_input_is_refused_with_a_remedy(#[case] args: &[&str], #[case] message: &str) {
    let said = refused(args);
    assert!(said.contains(message), "{said}");
}

/// Testing on fewer pictures makes a run short enough for any machine, and changes nothing of what is learned.
#[test]
fn a_limit_of_the_test_part_leaves_the_weights_alone() {
    let run = |limit| done(&["mnist", "--epochs", "1", "--limit", "64", "--test-limit", limit]);
    let (few, one) = (run("7"), run("1"));
    assert!(few.contains("/7 ") && one.contains("/1 "), "{few}{one}");
    assert_eq!(hash(&few), hash(&one));
}

/// What a user's Ctrl-C does in the middle of a run that would write two files.
#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let mut run = Command::new(env!("CARGO_BIN_EXE_coursework"))
        .current_dir(root())
        .args(["mnist", "--epochs", "50", "--limit", "10000"])
        .args(["--save", &file("model.safetensors"), "--json", &file("run.json")])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // Long enough to be in the middle of fifty epochs, which take minutes.
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
    assert_eq!(run.wait().unwrap().code(), Some(130));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// A data folder in which one file was changed.
fn altered(file: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mnist")).unwrap();
    for known in data::checksum::FILES {
        std::fs::copy(root().join("data").join(known.path), folder.path().join(known.path)).unwrap();
    }
    let path = folder.path().join(file);
    let content = std::fs::read(&path).unwrap();
    std::fs::write(&path, change(content)).unwrap();
    folder
}

#[test]
fn an_altered_data_file_is_refused_by_name() {
    let change = |text: Vec<u8>| String::from_utf8(text).unwrap().replacen("5.1", "5.2", 1).into_bytes();
    let folder = altered("iris.csv", change);
    let said = refused(&["iris", "--data", folder.path().to_str().unwrap()]);
    assert!(said.contains("iris.csv") && said.contains("git checkout"), "{said}");
}

#[test]
fn a_truncated_data_file_is_refused_by_name() {
    let file = "mnist/t10k-images-idx3-ubyte.gz";
    let folder = altered(file, |mut bytes| {
        bytes.truncate(bytes.len() / 2);
        bytes
    });
    let said = refused(&["mnist", "--limit", "64", "--data", folder.path().to_str().unwrap()]);
    assert!(said.contains(file), "{said}");
}

/// `run` twice gives the same bytes; `verify` says so, and finds a changed digit.
#[test]
fn a_changed_digit_in_a_record_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().to_str().unwrap();
    done(&["run", "theory", "--results", results]);
    assert!(done(&["verify", "theory", "--results", results]).contains("to the last bit"));
    let path = folder.path().join("theory.json");
    let record = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, record.replacen("[-0.5,0.5]", "[-0.5,0.25]", 1)).unwrap();
    let output = coursework(&["verify", "theory", "--results", results]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stdout(&output).contains("std_dev[0].gradient[1]: submitted 0.25, which is not what was recomputed"),
        "{}",
        stdout(&output)
    );
    let shown = stdout(&coursework(&["verify", "theory", "--results", results, "--show"]));
    assert!(shown.contains("std_dev[0].gradient[1]: submitted 0.25, recomputed 0.5"), "{shown}");
}

#[test]
fn the_submitted_theory_record_is_what_is_recomputed() {
    assert!(done(&["verify", "theory"]).contains("to the last bit"));
}
