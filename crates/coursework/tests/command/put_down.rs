//! A training that is put down, by Ctrl-C or by force, and goes on to the bits of one that was not.

use crate::{coursework, hash, root, stderr, stdout};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// A run of twenty short epochs.
pub const RUN: [&str; 7] = ["mnist", "--epochs", "20", "--limit", "400", "--test-limit", "50"];

/// Begins the run, or goes on with it if there is a checkpoint.
pub fn begun(file: &Path) -> Child {
    let path = file.to_str().unwrap();
    let args: Vec<&str> =
        if file.exists() { vec!["mnist", "--resume", path] } else { [&RUN[..], &["--save", path]].concat() };
    let mut command = Command::new(env!("CARGO_BIN_EXE_coursework"));
    command.current_dir(root()).args(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

pub fn signal(run: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &run.id().to_string()]).status().unwrap().success());
}

/// Waits until there is a checkpoint.
pub fn kept(file: &Path) {
    let until = Instant::now() + Duration::from_secs(60);
    while !file.exists() {
        assert!(Instant::now() < until, "no checkpoint within a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The hash of the run that is not put down.
pub static WHOLE: LazyLock<String> = LazyLock::new(|| {
    let output = coursework(&RUN);
    assert!(output.status.success(), "{}", stderr(&output));
    hash(&stdout(&output))
});

/// Goes on to the end: the hash.
pub fn ended(file: &Path) -> String {
    let output = coursework(&["mnist", "--resume", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    hash(&stdout(&output))
}

#[test]
fn ctrl_c_ends_the_step_saves_and_says_how_to_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.safetensors");
    let run = begun(&file);
    kept(&file);
    signal(&run, "-INT");
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(said.contains("put down in epoch") && said.contains("--resume"), "{said}");
    assert_eq!(ended(&file), *WHOLE);
    // The trained network stands in the place of the checkpoints, and nothing is beside it.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// Killed at six moments, some of them while a checkpoint may be written.
#[test]
fn a_run_that_is_killed_goes_on_from_its_last_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.safetensors");
    for milliseconds in [40, 1, 90, 17, 60, 5] {
        let mut run = begun(&file);
        kept(&file);
        std::thread::sleep(Duration::from_millis(milliseconds));
        signal(&run, "-KILL");
        run.wait().unwrap();
    }
    assert_eq!(ended(&file), *WHOLE);
}

/// The last checkpoint is cut off, as by a disk that failed: the one before it is used, and this is said.
#[test]
fn a_checkpoint_that_is_cut_off_is_refused_and_the_one_before_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.safetensors");
    let mut run = begun(&file);
    kept(&folder.path().join("model.safetensors.before"));
    signal(&run, "-INT");
    run.wait().unwrap();
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let output = coursework(&["mnist", "--resume", file.to_str().unwrap()]);
    let said = stderr(&output);
    assert!(
        output.status.success() && said.contains("going on from") && said.contains("not a whole"),
        "{said}"
    );
    assert_eq!(hash(&stdout(&output)), *WHOLE);
}
