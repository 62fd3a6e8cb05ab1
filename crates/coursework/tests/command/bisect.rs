//! `coursework verify --bisect` as a script calls it, on runs that take no time.

use crate::{coursework, root, stdout};
use rstest::rstest;
use std::process::Output;

fn bisect(args: &[&str]) -> Output {
    coursework(&[&["verify", "--bisect"], args].concat())
}

/// The iris record with one text replaced.
fn edited(change: impl FnOnce(String) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let record = std::fs::read_to_string(root().join("results/iris.json")).unwrap();
    let changed = change(record.clone());
    assert_ne!(changed, record);
    std::fs::write(folder.path().join("iris.json"), changed).unwrap();
    folder
}

#[rstest]
#[case::framework("iris/framework-relu", 300)]
#[case::by_hand("iris/scratch", 800)]
fn the_submitted_run_is_equal_and_nothing_is_bisected(#[case] run: &str, #[case] epochs: usize) {
    let output = bisect(&[run]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        stdout(&output).contains(&format!("record: equal in every epoch ({epochs})\n")),
        "{}",
        stdout(&output)
    );
}

#[test]
fn two_paths_of_an_equal_run_are_compared_when_asked() {
    let args =
        ["iris/framework-prelu", "--threads", "2", "--against-isa", "scalar", "--against-threads", "3"];
    let output = bisect(&args);
    assert_eq!(output.status.code(), Some(0));
    // 300 epochs of 120 flowers in batches of 16.
    let steps = 300 * 120_usize.div_ceil(16);
    let line = format!(
        "record: equal in every epoch (300)\npath 2: scalar, 3 threads\npaths: every tensor of all {steps} steps"
    );
    assert!(stdout(&output).contains(&line), "{}", stdout(&output));
}

/// The fifth epoch's training loss of the first configuration, as the record writes it.
fn fifth_loss(record: &str) -> String {
    let record: serde_json::Value = serde_json::from_str(record).unwrap();
    record["variants"][0]["registered"]["history"][4]["train_loss"].to_string()
}

#[test]
fn an_edited_loss_is_named_by_its_epoch() {
    let folder = edited(|record| record.replacen(&fifth_loss(&record), "0.5", 1));
    let output = bisect(&["iris/framework-relu", "--results", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(
        text.contains(
            "epoch 5 is the first that differs; epochs 1 to 4 are equal\n  training loss\n    record  0.5\n"
        ),
        "{text}"
    );
    assert!(
        text.contains("both paths of this machine agree in every tensor of the 8 steps of epoch 5"),
        "{text}"
    );
    // Another run of the same record is equal.
    let other = bisect(&["iris/framework-tanh", "--results", folder.path().to_str().unwrap()]);
    assert_eq!(other.status.code(), Some(0));
}

#[test]
fn a_run_by_hand_is_bisected_to_the_epoch() {
    let folder = edited(|record| {
        let value: serde_json::Value = serde_json::from_str(&record).unwrap();
        let variants = value["variants"].as_array().unwrap();
        let scratch = variants.iter().find(|variant| variant["id"] == "scratch").unwrap();
        let loss = scratch["registered"]["history"][799]["test_loss"].to_string();
        record.replacen(&format!("\"test_loss\":{loss}"), "\"test_loss\":0.25", 1)
    });
    let output = bisect(&["iris/scratch", "--results", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(
        text.contains("epoch 800 is the first that differs; epochs 1 to 799 are equal\n  test loss\n"),
        "{text}"
    );
    assert!(text.contains("bisected to the epoch and no further"), "{text}");
}

#[rstest]
#[case::an_experiment_without_a_history(&["theory"], "keeps nothing of the epochs of a run")]
#[case::an_unknown_experiment(&["irsi"], "there is no experiment `irsi`; what can be bisected: iris/PART, mnist")]
#[case::a_run_without_its_part(&["iris"], "its parts are framework-relu")]
#[case::an_unknown_part(&["iris/framework-gelu"], "there is no part `framework-gelu`")]
#[case::a_missing_record(&["iris/scratch", "--results", "no-such-folder"], "no-such-folder/iris.json")]
#[case::an_instruction_set_that_is_none(&["iris/scratch", "--against-isa", "mmx"], "auto")]
#[case::no_threads(&["iris/scratch", "--against-threads", "0"], "against-threads")]
#[case::full(&["iris/scratch", "--full"], "--full")]
fn bad_usage_is_refused(#[case] args: &[&str], #[case] message: &str) {
    let output = bisect(args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(output.stdout.is_empty() && said.contains(message), "{said}");
}

#[rstest]
#[case::of_all_experiments(&["--against-threads", "2"], "--bisect")]
#[case::of_an_experiment(&["theory", "--against-isa", "scalar"], "--against-isa")]
fn a_second_path_without_a_run_to_bisect_is_refused(#[case] args: &[&str], #[case] named: &str) {
    let output = coursework(&[&["verify"], args].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains(named));
}
