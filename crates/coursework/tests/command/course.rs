//! `coursework grade --submissions`: what becomes of a course that cannot go on.

use crate::{coursework, root, stdout};
use std::fs::{self, File};
use std::path::Path;

/// A course of one submission.
fn course(folder: &Path) -> String {
    let sources = folder.join("submissions/one/crates/theory/src");
    fs::create_dir_all(&sources).unwrap();
    fs::write(sources.join("lib.rs"), "").unwrap();
    folder.join("submissions").to_str().unwrap().to_owned()
}

#[test]
fn what_could_not_be_graded_has_no_points_which_is_no_0() {
    let folder = tempfile::tempdir().unwrap();
    let (score, build) = (folder.path().join("score"), folder.path().join("build"));
    fs::create_dir(&build).unwrap();
    let lock = File::create(build.join("lock")).unwrap();
    lock.lock().unwrap();
    let output = coursework(&[
        "grade",
        "--submissions",
        &course(folder.path()),
        "--score",
        score.to_str().unwrap(),
        "--build",
        build.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(crate::stderr(&output).contains("a job ends: another grading uses"), "{output:?}");
    assert!(stdout(&output).lines().any(|line| line.starts_with("one ") && line.ends_with(" none")));
    assert_eq!(fs::read_to_string(score.join("course.csv")).unwrap(), "submission,points\none,\n");
}

/// A course that is killed takes with it what it began: otherwise the next call would find the build folder in use.
#[cfg(target_os = "linux")]
#[test]
fn a_grading_ends_with_the_course_that_began_it() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};
    let folder = tempfile::tempdir().unwrap();
    let of_shell = |option: &str| {
        let score = folder.path().join(format!("score{option}"));
        // The whole rubric takes minutes; the shell ends after two seconds.
        let script = format!(
            "'{}' grade {option} --score '{}' >/dev/null 2>&1 & echo $!; sleep 2",
            env!("CARGO_BIN_EXE_coursework"),
            score.display()
        );
        let shell =
            Command::new("sh").args(["-c", &script]).current_dir(root()).stderr(Stdio::null()).output();
        stdout(&shell.unwrap()).trim().to_owned()
    };
    let runs = |id: &str| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
    };
    let with_it = of_shell("--ends-with-its-caller");
    let until = Instant::now() + Duration::from_secs(30);
    while runs(&with_it) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(!runs(&with_it));
    // The control: without the option it goes on.
    let by_itself = of_shell("");
    assert!(runs(&by_itself));
    assert!(Command::new("kill").args(["-INT", &by_itself]).status().unwrap().success());
}
