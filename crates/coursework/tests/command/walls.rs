//! What a program within walls can do: what `grade --submission` puts around whatever holds a student's code.

use crate::coursework;
use grading::walls;
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

#[test]
fn within_walls_a_program_signals_nobody_outside() {
    let folder = tempfile::tempdir().unwrap();
    let own = std::process::id();
    let ended = within(folder.path(), &format!("kill -0 {own}"));
    assert_eq!(ended.status.success(), !stands("signals to others"), "{ended:?}");
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let ended =
        coursework(&["within-walls", "--write", folder.path().to_str().unwrap(), "--", "/no/such/program"]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("/no/such/program"), "{ended:?}");
}
