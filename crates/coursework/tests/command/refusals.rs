//! What the command refuses, and what an interruption leaves.

use crate::broken::Broken;
use crate::{refused, root};
use rstest::rstest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
#[cfg(unix)]
use std::process::Command;

/// A call that is refused, and the line that says so.
#[derive(Deserialize, Serialize)]
struct RefusedCall {
    /// What it is about, for the book.
    of: String,
    /// What is wrong with it.
    wrong: String,
    call: String,
    says: String,
}

/// The table of them, which the book shows.
#[derive(Deserialize, Serialize)]
struct RefusedCalls {
    call: Vec<RefusedCall>,
}

const TABLE: &str = "crates/coursework/tests/refused-calls.toml";

fn refused_calls() -> (String, RefusedCalls) {
    let text = std::fs::read_to_string(root().join(TABLE)).unwrap();
    let calls = toml::from_str(&text).unwrap();
    (text, calls)
}

/// Makes each call of the table: exit code 2, and one line on standard error, **the whole of which is compared**. With
/// `REFUSED_CALLS=write` the lines are written into the table instead.
#[test]
fn bad_input_is_refused_with_a_remedy() {
    let (text, mut table) = refused_calls();
    let broken = Broken::new();
    for row in &mut table.call {
        let call: Vec<String> = row.call.split(' ').map(|argument| broken.place(argument)).collect();
        let said = broken.named(&refused(&call.iter().map(String::as_str).collect::<Vec<_>>()));
        let said = said.trim_end().strip_prefix("error: ").unwrap_or_else(|| panic!("{}: {said}", row.call));
        said.clone_into(&mut row.says);
    }
    let comment: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
    let written = format!("{}\n\n{}", comment.join("\n"), toml::to_string(&table).unwrap());
    if std::env::var_os("REFUSED_CALLS").is_some_and(|it| it == "write") {
        std::fs::write(root().join(TABLE), written).unwrap();
    } else {
        assert_eq!(text, written, "if the new lines are right, write them with REFUSED_CALLS=write");
    }
}

/// What a user reads: no call is there twice, no line is empty or longer than a few lines of a terminal.
#[test]
fn the_table_of_refused_calls_is_short_and_whole() {
    let (_, table) = refused_calls();
    let calls: BTreeSet<&str> = table.call.iter().map(|row| row.call.as_str()).collect();
    assert_eq!(calls.len(), table.call.len());
    for row in &table.call {
        // A remedy is what stands behind the place.
        if row.of == "broken files" {
            assert!(row.says.starts_with("broken/") && row.says.contains("; "), "{}", row.says);
        }
        assert!(!row.says.is_empty() && row.says.len() < 400, "{}: {}", row.call, row.says);
        assert!(!row.says.contains(root().canonicalize().unwrap().to_str().unwrap()), "{}", row.says);
    }
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
