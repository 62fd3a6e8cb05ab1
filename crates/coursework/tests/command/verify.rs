//! `coursework verify` on records that were altered or broken.

use crate::{coursework, done, root, stdout};
use rstest::rstest;
use serde_json::Value;

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

/// A broken file is named where it lies, and nothing is said of differences where nothing was compared.
#[rstest]
#[case::weights("mnist.safetensors", |_| b"broken".to_vec(), "mnist.safetensors holds no network of P1.2")]
#[case::conclusions_of_another_study(
    "mnist-small.json",
    with_other_conclusions,
    "mnist-small.json is not what was expected"
)]
fn a_broken_record_is_named_where_the_report_needs_it(
    #[case] name: &str,
    #[case] change: fn(Vec<u8>) -> Vec<u8>,
    #[case] said: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(root().join("results")).unwrap().map(Result::unwrap) {
        if file.path().is_file() {
            std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
    }
    let path = folder.path().join(name);
    std::fs::write(&path, change(std::fs::read(&path).unwrap())).unwrap();
    let output = coursework(&["verify", "report", "--results", folder.path().to_str().unwrap()]);
    let printed = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(printed.contains(said) && printed.contains("1 experiment could not be checked"), "{printed}");
    assert!(!printed.contains("difference") && !printed.contains(" results/"), "{printed}");
}

fn with_other_conclusions(record: Vec<u8>) -> Vec<u8> {
    let mut record: Value = serde_json::from_slice(&record).unwrap();
    record["conclusions"] = "none".into();
    record.to_string().into_bytes()
}
