//! What a program within walls can do: what `grade --submission` puts around whatever holds a student's code.

use crate::coursework;
use grading::limits::{Call, Limits, run};
use grading::walls::{self, Walls};
use rstest::rstest;
use std::fs;
use std::path::Path;
use std::process::Output;

/// A shell within walls that may write into this folder alone.
fn within(own: &Path, script: &str) -> Output {
    coursework(&["within-walls", "--write", own.to_str().unwrap(), "--", "/bin/sh", "-c", script])
}

/// Whether this machine has walls against what the words say.
fn stands(wall: &str) -> bool {
    walls::sentence().split(';').next().is_some_and(|there| there.contains(wall))
}

#[test]
fn within_walls_a_program_writes_its_own_folder_and_reads_no_other_file() {
    let folder = tempfile::tempdir().unwrap();
    let (own, key) = (folder.path().join("own"), folder.path().join("key"));
    fs::create_dir(&own).unwrap();
    fs::write(&key, "secret").unwrap();
    let shown = |path: &Path| path.display().to_string();

    let ended = within(&own, &format!("echo x > {}/file && cat {0}/file", shown(&own)));
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(fs::read_to_string(own.join("file")).unwrap(), "x\n");

    let held = stands("other files");
    assert_eq!(within(&own, &format!("cat {}", shown(&key))).status.success(), !held);
    assert_eq!(within(&own, &format!("ls {}", shown(folder.path()))).status.success(), !held);
    let beside = folder.path().join("beside");
    assert_eq!(within(&own, &format!("echo x > {}", shown(&beside))).status.success(), !held);
    assert_eq!(beside.exists(), !held);
}

/// Nor does it read what the grader's own environment holds, or write through a link that is in its folder's place.
#[cfg(target_os = "linux")]
#[test]
fn within_walls_a_program_reads_no_other_process_and_writes_through_no_link() {
    let folder = tempfile::tempdir().unwrap();
    let held = stands("other files");
    let of_others = format!("cat /proc/{}/environ", std::process::id());
    assert_eq!(within(folder.path(), &of_others).status.success(), !held);
    assert!(within(folder.path(), "read -r line < /proc/self/stat").status.success());
    let (own, link) = (folder.path().join("own"), folder.path().join("link"));
    fs::create_dir(&own).unwrap();
    std::os::unix::fs::symlink(&own, &link).unwrap();
    let ended = within(&link, "echo x > file");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success() && said.contains("link is a link"), "{said}");
}

#[test]
fn within_walls_a_program_signals_nobody_outside() {
    let folder = tempfile::tempdir().unwrap();
    let own = std::process::id();
    let ended = within(folder.path(), &format!("kill -0 {own}"));
    assert_eq!(ended.status.success(), !stands("signals to others"), "{ended:?}");
}

/// A program that begins more and more processes, and one whose processes hold more memory together than one may:
/// each within walls, with the limits of a grading.
#[cfg(target_os = "linux")]
#[rstest]
#[case::processes("for i in $(seq 400); do sleep 30 & done; wait", "it took more than 256 processes")]
#[case::memory(
    "for i in 1 2 3 4 5 6; do head -c 100000000 /dev/zero | tail -c 100000000 | sleep 30 & done; wait",
    "more than 0.4 GiB of memory in all its processes"
)]
fn what_processes_take_together_is_limited(#[case] script: &str, #[case] why: &str) {
    let folder = tempfile::tempdir().unwrap();
    let helper = std::path::PathBuf::from(env!("CARGO_BIN_EXE_coursework"));
    let walls = Walls { helper, read: Vec::new(), write: vec![folder.path().to_owned()] };
    let call = Call { walls: Some(walls), ..Call::new(Path::new("/bin/sh"), &["-c", script]) };
    let limits = Limits { seconds: 60.0, memory_gib: if why.contains("GiB") { 0.4 } else { 8.0 } };
    let ended = run(&call, limits);
    assert!(ended.why(limits).contains(why), "{ended:?}");
    assert!(ended.seconds < 25.0, "{}", ended.seconds);
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let ended =
        coursework(&["within-walls", "--write", folder.path().to_str().unwrap(), "--", "/no/such/program"]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("/no/such/program"), "{ended:?}");
}
