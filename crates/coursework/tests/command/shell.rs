//! What shells and `man` are told of the command line.

use crate::done;
use rstest::rstest;

/// The calls that a person may make.
const CALLS: [&str; 13] = [
    "theory",
    "iris",
    "mnist",
    "predict",
    "backward",
    "run",
    "merge",
    "verify",
    "grade",
    "hand-in",
    "starter",
    "completions",
    "man",
];

#[rstest]
#[case::bash("bash")]
#[case::elvish("elvish")]
#[case::fish("fish")]
#[case::powershell("powershell")]
#[case::zsh("zsh")]
fn every_shell_is_told_of_every_call(#[case] shell: &str) {
    let script = done(&["completions", shell]);
    for call in CALLS {
        assert!(script.contains(call), "{call}");
    }
    assert!(script.contains("learning-rate") && !script.contains("no-such-call"));
}

/// As a shell that a person types in does it.
#[cfg(unix)]
#[rstest]
#[case::a_call("coursework ha", "hand-in")]
#[case::an_option("coursework iris --learn", "--learning-rate")]
#[case::a_value("coursework iris --activation si", "sigmoid")]
fn bash_completes(#[case] typed: &str, #[case] completed: &str) {
    let words: Vec<&str> = typed.split(' ').collect();
    let (last, place) = (words[words.len() - 1], words.len() - 1);
    let before = words[place - 1];
    let script = format!(
        "{}\nCOMP_WORDS=({typed}); COMP_CWORD={place}; _coursework coursework {last} {before}; \
         echo \"${{COMPREPLY[*]}}\"",
        done(&["completions", "bash"])
    );
    let output = std::process::Command::new("bash").arg("-c").arg(script).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), completed);
}

#[test]
fn the_manual_page_names_every_call() {
    let page = done(&["man"]).replace('\\', "");
    for call in CALLS {
        assert!(page.contains(&format!("coursework-{call}(1)")), "{call}: {page}");
    }
    assert!(page.starts_with(".ie") || page.starts_with(".TH"), "{page}");
    assert!(!page.contains("coursework-recompute(1)"), "a hidden call is shown");
}
