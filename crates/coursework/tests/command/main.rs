//! The command as a script calls it: what it prints, its exit codes, what it leaves behind.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

mod answers;
mod bisect;
mod broken;
mod course;
mod dead;
mod drawn;
mod given;
mod grade;
mod hand_in;
mod predict;
#[cfg(unix)]
mod put_down;
mod refusals;
#[cfg(unix)]
mod shards;
mod shell;
mod starter;
#[cfg(unix)]
mod vanishing;
mod verify;
#[cfg(unix)]
mod walls;

/// The command, run at the root of the repository.
fn coursework(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_coursework")).current_dir(root()).args(args).output().unwrap()
}

/// This repository.
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
    assert_eq!(message.lines().count(), 1, "{message}");
    message
}

/// The hash of the weights in the last line of a run.
fn hash(printed: &str) -> String {
    let line = printed.lines().last().unwrap();
    let hash = line.strip_prefix("weights sha256 ").unwrap_or_else(|| panic!("the last line is {line:?}"));
    assert_eq!(hash.len(), 64);
    hash.to_owned()
}
