use super::*;
use rstest::rstest;

const LIMITS: Limits = Limits { seconds: 20.0, memory_gib: 4.0 };

fn sh(script: &str, limits: Limits) -> Ended {
    let arguments = vec!["-c".to_owned(), script.to_owned()];
    run(&Call { program: "sh".into(), arguments, ..Call::default() }, limits)
}

#[test]
fn a_program_within_its_limits_is_heard() {
    let ended = sh("echo out; echo err >&2", LIMITS);
    assert!(ended.well());
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("out\n", "err\n"));
}

#[rstest]
#[case::an_exit_code("echo no such file >&2; exit 3", "it ended with 3: no such file")]
#[case::a_signal("kill -s ABRT $$", "it was ended by signal 6")]
#[case::a_panic(
    "echo \"thread 'main' (42) panicked at src/x.rs:7:9:\" >&2; echo 'not 1' >&2; exit 101",
    "it ended with 101: src/x.rs:7:9: not 1"
)]
#[case::a_panic_in_a_library(
    "echo \"thread 'main' (42) panicked at /a/b/registry/src/index-1f/nd-0.17/src/x.rs:7:9:\" >&2; echo no >&2; \
     exit 101",
    "it ended with 101: nd-0.17/src/x.rs:7:9: no"
)]
#[case::a_failed_allocation(
    "echo 'memory allocation of 32212254720 bytes failed' >&2; kill -s ABRT $$",
    "it asked for more than 4 GiB of memory: memory allocation of 32212254720 bytes failed"
)]
fn why_a_program_failed_is_said(#[case] script: &str, #[case] why: &str) {
    let ended = sh(script, LIMITS);
    assert!(!ended.well());
    assert_eq!(ended.why(LIMITS), why);
}

#[test]
fn an_endless_program_is_stopped_with_what_it_began() {
    let limits = Limits { seconds: 0.3, ..LIMITS };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("alive");
    let began = Instant::now();
    let ended = sh(&format!("(sleep 2; touch {}) & while :; do :; done", file.display()), limits);
    assert_eq!(ended.ending, ProcessEnding::TimedOut);
    assert_eq!(ended.why(limits), "it was stopped at its limit of 0.3 s");
    assert!(began.elapsed() < Duration::from_secs(15));
    std::thread::sleep(Duration::from_secs(3));
    assert!(!file.exists(), "what it began went on");
}

#[test]
fn what_a_program_leaves_behind_does_not_hold_up_its_end() {
    let began = Instant::now();
    assert!(sh("sleep 60 &", LIMITS).well());
    assert!(began.elapsed() < Duration::from_secs(15));
}

/// `tail` without a line break keeps all it reads.
#[cfg(target_os = "linux")]
#[test]
fn memory_beyond_the_limit_is_refused_by_the_system() {
    let script = "head -c 400000000 /dev/zero | tail -n 1 >/dev/null";
    assert!(sh(script, LIMITS).well());
    assert!(!sh(script, Limits { memory_gib: 0.1, ..LIMITS }).well());
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let call = Call { program: "/no/such/program".into(), ..Call::default() };
    let ended = run(&call, LIMITS);
    assert!(!ended.well() && ended.why(LIMITS).contains("/no/such/program"), "{}", ended.why(LIMITS));
}
