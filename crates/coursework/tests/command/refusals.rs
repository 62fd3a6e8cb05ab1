//! What the command refuses, and what an interruption leaves.

use crate::{refused, root};
use rstest::rstest;
#[cfg(unix)]
use std::process::Command;

#[rstest]
#[case::a_letter_among_the_outputs(&["theory", "cross-entropy", "--outputs", "0.5,x", "--labels", "1"], "column 2")]
#[case::a_label_out_of_range(&["theory", "cross-entropy", "--outputs", "0.65,0.43,0.11", "--labels", "4"], "4")]
#[case::a_probability_of_zero(&["theory", "cross-entropy", "--outputs", "0,1", "--labels", "2"], "row 1")]
#[case::an_empty_batch(&["theory", "cross-entropy", "--outputs", "", "--labels", ""], "")]
#[case::equal_inputs(&["theory", "std-dev", "--inputs=2,2"], "gradient")]
#[case::too_few_lines(&["backward", "--lines", "0000000"], "each of the 8 lines")]
#[case::a_formula_that_is_not_there(&["backward", "--lines", "00000009"], "below 5, 4, 4")]
#[case::an_unknown_activation(&["iris", "--activation", "gelu"], "gelu")]
#[case::an_activation_that_scratch_does_not_have(&["iris", "--network", "scratch", "--activation", "relu"], "sigmoid")]
#[case::a_seed_below_zero(&["iris", "--seed", "-1"], "'-1' for '--seed <N>'")]
#[case::an_option_that_is_misspelt(&["iris", "--sed", "1"], "`coursework iris --help`")]
#[case::no_command(&["train"], "`coursework --help`")]
#[case::a_run_into_a_folder(&["iris", "--epochs", "100000000", "--json", "data"], "data is not a regular file")]
#[case::weights_below_a_file(&["mnist", "--epochs", "1000", "--save", "Makefile/w"], "Makefile")]
#[case::an_unknown_instruction_set(&["iris", "--isa", "mmx"], "auto")]
#[case::no_threads(&["iris", "--threads", "0"], "from 1 to 1024")]
#[case::more_threads_than_a_system_starts(&["verify", "theory", "--threads", "30000"], "from 1 to 1024")]
#[case::no_epochs(&["iris", "--epochs", "0"], "at least 1 epoch")]
#[case::a_diverging_iris_run(&["iris", "--optimiser", "sgd", "--learning-rate", "1e30"], "smaller rate")]
#[case::a_diverging_run_by_hand(&["iris", "--network", "scratch", "--learning-rate", "1e300"], "learning rate")]
#[case::a_diverging_mnist_run(&["mnist", "--limit", "128", "--learning-rate", "1e38"], "smaller rate")]
#[case::a_learning_rate_below_zero(&["mnist", "--limit", "64", "--learning-rate", "-1"], "above 0")]
#[case::no_images(&["mnist", "--limit", "0"], "at least 1")]
#[case::no_test_images(&["mnist", "--test-limit", "0"], "--test-limit")]
#[case::an_unknown_experiment(&["run", "irsi"], "iris-tuning")]
#[case::a_missing_rubric(&["grade", "--rubric", "no-such.toml"], "no-such.toml")]
#[case::a_missing_data_folder(&["iris", "--data", "no-such-folder"], "iris.csv")]
#[case::no_image(&["predict"], "IMAGE.png")]
#[case::nothing_to_resume(&["mnist", "--resume", "no-such-file"], "error: there is no no-such-file; there is no no-such-file.before")]
#[case::a_trained_network_to_resume(&["mnist", "--resume", "results/mnist.safetensors"], "no run that could go on")]
#[case::a_resumed_run_with_another_seed(&["mnist", "--resume", "x", "--seed", "2"], "--seed")]
fn bad_input_is_refused_with_a_remedy(#[case] args: &[&str], #[case] message: &str) {
    let said = refused(args);
    assert!(said.contains(message), "{said}");
}

/// A reader that goes away, as `head` does, is no error, and nobody at the other end of standard error costs no result.
#[cfg(unix)]
#[rstest]
#[case::text("theory std-dev --inputs=-1,3")]
#[case::json("theory std-dev --inputs=-1,3 --json")]
#[case::a_run("iris --epochs 3")]
fn a_closed_pipe_is_no_error(#[case] args: &str) {
    let command = env!("CARGO_BIN_EXE_coursework");
    let shell = |line: String| Command::new("bash").arg("-c").arg(line).current_dir(root()).output().unwrap();
    // The reader ends before the first byte is written.
    let closed = shell(format!("set -o pipefail; (sleep 0.3; '{command}' {args}) | true"));
    assert_eq!((closed.status.code(), closed.stderr), (Some(0), Vec::new()));
    let deaf = shell(format!("'{command}' {args} 2>&-"));
    assert!(deaf.status.success() && !deaf.stdout.is_empty());
    // The control: a full device is an error, in one line.
    if std::path::Path::new("/dev/full").exists() {
        let full = shell(format!("'{command}' {args} > /dev/full"));
        assert_eq!(full.status.code(), Some(2));
    }
}

/// What a user's Ctrl-C does in the middle of a run that would write a file in the end.
#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let mut run = Command::new(env!("CARGO_BIN_EXE_coursework"))
        .current_dir(root())
        .args(["mnist", "--epochs", "50", "--limit", "10000"])
        .args(["--json", &file("run.json")])
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
    for known in data::files() {
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
