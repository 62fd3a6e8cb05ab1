//! A small assignment with the same parts: its experiment `iris` asks the crates `mlp-scratch` and `cnn`, `theory`
//! asks `theory`.

use super::handed_in::{LARGEST, names};
use super::*;
use crate::ScoreSheet;
use crate::cargo::Cargo;
use crate::isolated::Grader;
use crate::limits::Limits;
use crate::manifest::Manifest;
use crate::rubric::Rubric;
use rstest::rstest;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const MAIN: &str = r##"
fn main() {
    let request = std::env::args().last().unwrap();
    let after = |key: &str| request.split(&format!("\"{key}\":\"")).nth(1).unwrap();
    let value = |key: &str| after(key).split('"').next().unwrap().to_owned();
    let (experiment, folder) = (value("experiment"), value("into"));
    let right = match &experiment[..] {
        "theory" => theory::sign() == 1.0,
        _ => mlp_scratch::sign() == 1.0 && cnn::sign() == 1.0,
    };
    assert!(right, "a sign is wrong");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(format!("{folder}/{experiment}.computed"), "").unwrap();
}
"##;

/// Compares by looking whether anything was computed; met when nothing failed.
const CHECKER: &str = r#"#!/bin/sh
if [ "$1" = recompute ]; then
  into=$(echo "$2" | sed 's/.*"into":"\([^"]*\)".*/\1/')
  experiment=$(echo "$2" | sed 's/.*"experiment":"\([^"]*\)".*/\1/')
  [ -f "$into/$experiment.computed" ] || exit 3
  echo '{"failure":null,"compared":1,"differences":[],"parts":{}}' >"$into/$experiment.outcome.json"
  exit
fi
case "$2" in T*) file=theory;; *) file=iris;; esac
if grep -q '"failure": *null' "$4/$file.outcome.json"; then met=true; else met=false; fi
echo "{\"met\":$met,\"evidence\":{\"number\":null,\"text\":\"checked\"}}"
"#;

const LIMITS: Limits = Limits { seconds: 300.0, memory_gib: 8.0 };

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn sign(value: &str) -> String {
    format!("pub fn sign() -> f64 {{ {value} }}\n")
}

fn assignment() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n");
    let lock =
        |name: &str, more: &str| format!("\n[[package]]\nname = \"{name}\"\nversion = \"0.1.0\"\n{more}");
    let all = " \"cnn\",\n \"mlp-scratch\",\n \"theory\",\n";
    let packages = [
        ("cnn", ""),
        ("experiments", &format!("dependencies = [\n{all}]\n")),
        ("mlp-scratch", ""),
        ("theory", ""),
    ];
    let packages = packages.map(|(name, more)| lock(name, more)).concat();
    write(root, "Cargo.lock", &format!("version = 4\n{packages}"));
    let manifest =
        |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    for name in CRATES {
        write(root, &format!("crates/{name}/Cargo.toml"), &manifest(name));
        write(root, &format!("crates/{name}/src/lib.rs"), &sign("1.0"));
        let call = name.replace('-', "_");
        let test = format!("#[test] fn holds() {{ assert_eq!({call}::sign(), 1.0); }}\n");
        write(root, &format!("crates/{name}/tests/laws.rs"), &test);
    }
    let paths = CRATES.map(|name| format!("{name} = {{ path = \"../{name}\" }}\n")).concat();
    let binary = "[dependencies]\n";
    write(root, "crates/experiments/Cargo.toml", &format!("{}{binary}{paths}", manifest("experiments")));
    write(root, "crates/experiments/src/bin/recompute.rs", MAIN);
    write(root, "crates/experiments/tests/interruption.rs", "");
    write(root, "results/theory.json", "{}");
    folder
}

fn rubric() -> Rubric {
    let criterion = |id: &str, of: &str, file: &str| {
        format!(
            "[[criterion]]\nid = \"{id}\"\nquestion = \"{id}\"\ntitle = \"A title\"\npoints = 5\n\
             evidence = [\"{file}\"]\ncrates = [\"{of}\"]\ncheck = \"derivations\"\nbar = 1\n\
             tests = [\"crates/{of}/tests/laws.rs::holds\"]\n\
             partial = \"all-or-nothing\"\ntime_limit_s = 20\nvisibility = \"visible\"\nreproduce = \"true\"\n"
        )
    };
    let limits = "pass = 1\nexperiment_limit_s = 20\nfull_experiment_limit_s = 20\nbuild_limit_s = 300\n\
                  answers_limit_s = 20\ntotal_limit_s = 900\n\
                  memory_limit_gib = 8\n";
    let criteria =
        [("T", "theory", "theory.json"), ("P1", "cnn", "iris.json"), ("P2", "mlp-scratch", "iris.json")];
    let criteria = criteria.map(|(id, of, file)| criterion(id, of, file)).concat();
    Rubric::parse(&format!("{limits}{criteria}")).unwrap()
}

/// The sheet of the assignment with these changes handed in.
fn graded(change: impl FnOnce(&Path)) -> (ScoreSheet, Manifest) {
    let (assignment, submitted, work) = (assignment(), assignment(), tempfile::tempdir().unwrap());
    change(submitted.path());
    let checker = work.path().join("checker");
    fs::write(&checker, CHECKER).unwrap();
    fs::set_permissions(&checker, fs::Permissions::from_mode(0o755)).unwrap();
    let submission = Submission::open(submitted.path(), assignment.path()).unwrap();
    let tree = Tree::new(assignment.path(), &work.path().join("build"), LIMITS, None).unwrap();
    let grader = |program, part: Option<String>| {
        let folder = work.path().join(part.unwrap_or_else(|| "all".to_owned()));
        Grader::for_tests(program, checker.clone(), tree.cargo().clone(), folder)
    };
    let (graded, manifest) = grade(&submission, &tree, &rubric(), &grader, &|_| {}).unwrap();
    (graded.sheet, manifest)
}

fn points(sheet: &ScoreSheet) -> [f64; 3] {
    [0, 1, 2].map(|i| sheet.rows[i].points())
}

#[test]
fn the_assignment_itself_has_full_marks_and_nothing_is_left_unused() {
    let (sheet, manifest) = graded(|_| ());
    assert_eq!((points(&sheet), sheet.notes.len()), ([5.0; 3], 1), "{:?}", sheet.rows);
    assert!(
        manifest.files.contains_key("crates/cnn/src/lib.rs")
            && manifest.files.contains_key("results/theory.json")
    );
}

/// What is handed in, what it earns for T, P1 and P2, and where which words stand.
#[rstest]
#[case::a_wrong_sign(
    "crates/theory/src/lib.rs", Some("pub fn sign() -> f64 { -1.0 }"), [0.0, 5.0, 5.0], "T",
    "holds fails: it ended with 101"
)]
#[case::a_wrong_sign_does_not_cost_what_another_crate_earns(
    "crates/cnn/src/lib.rs", Some("pub fn sign() -> f64 { -1.0 }"), [5.0, 0.0, 5.0], "P2",
    "with mlp-scratch of the submission alone"
)]
#[case::a_missing_crate(
    "crates/mlp-scratch/src/lib.rs", None, [5.0, 5.0, 0.0], "P2",
    "the crate mlp-scratch is missing: there is no crates/mlp-scratch/src/lib.rs"
)]
#[case::a_crate_that_does_not_compile(
    "crates/cnn/src/lib.rs", Some("\npub fn sign() -> f64 { one }"), [5.0, 0.0, 5.0], "P1",
    "cannot find value `one` in this scope (crates/cnn/src/lib.rs, line 2)"
)]
#[case::a_crate_without_what_is_called(
    "crates/theory/src/lib.rs", Some("pub fn sing() -> f64 { 1.0 }"), [0.0, 5.0, 5.0], "T",
    "the assignment's code does not build with the crate theory"
)]
#[case::a_crate_that_ends_the_process(
    "crates/theory/src/lib.rs", Some("pub fn sign() -> f64 { std::process::exit(0) }"), [0.0, 5.0, 5.0], "T",
    "the crate theory may not use processes, and names `std::process` (crates/theory/src/lib.rs, line 1)"
)]
#[case::a_crate_that_is_another_file(
    "crates/cnn/src/lib.rs", Some("#[path = \"../../../x.rs\"] mod x;"), [5.0, 0.0, 5.0], "P1",
    "the crate cnn may not use files, and names `path`"
)]
#[case::a_panic(
    "crates/theory/src/lib.rs", Some("pub fn sign() -> f64 { panic!(\"oh\") }"), [0.0, 5.0, 5.0], "T", "oh"
)]
fn a_fault_costs_its_own_crate_and_says_why(
    #[case] name: &str,
    #[case] text: Option<&str>,
    #[case] expected: [f64; 3],
    #[case] criterion: &str,
    #[case] words: &str,
) {
    let (sheet, _) = graded(|root| match text {
        Some(text) => write(root, name, text),
        None => fs::remove_file(root.join(name)).unwrap(),
    });
    let said = sheet.rows.iter().find(|row| row.criterion.id == criterion).unwrap().evidence();
    assert_eq!(points(&sheet), expected, "{said}");
    assert!(said.contains(words), "{said}");
}

#[test]
fn tests_that_were_deleted_or_made_to_pass_are_the_assignments_again() {
    let (sheet, manifest) = graded(|root| {
        write(root, "crates/theory/src/lib.rs", &sign("-1.0"));
        write(root, "crates/theory/tests/laws.rs", "#[test] fn holds() {}\n");
        fs::remove_file(root.join("crates/cnn/tests/laws.rs")).unwrap();
        write(root, "crates/cnn/build.rs", "fn main() { panic!(\"it must not run\") }");
    });
    assert_eq!(points(&sheet), [0.0, 5.0, 5.0]);
    assert!(!manifest.files.contains_key("crates/cnn/build.rs"));
    for note in [
        "not used, because it differs from the assignment's: crates/theory/tests/laws.rs",
        "not used, because the assignment has no such file: crates/cnn/build.rs",
        "missing, taken from the assignment: crates/cnn/tests/laws.rs",
    ] {
        assert!(sheet.notes.iter().any(|it| it == note), "{note}: {:?}", sheet.notes);
    }
}

/// What was done in the pages is a part of a submission, and the grader's own file never takes its place.
#[test]
fn a_hand_in_is_the_submissions_or_none() {
    let (sheet, manifest) = graded(|root| write(root, "hand-in.json", "{}"));
    assert!(manifest.files.contains_key("hand-in.json"));
    assert_eq!(sheet.notes.len(), 1, "{:?}", sheet.notes);
    let (assignment, submitted, work) = (assignment(), assignment(), tempfile::tempdir().unwrap());
    write(assignment.path(), "hand-in.json", "the grader's");
    let tree = Tree::new(assignment.path(), work.path(), LIMITS, None).unwrap();
    let submission = Submission::open(submitted.path(), assignment.path()).unwrap();
    assert!(tree.build(&submission, &CRATES).unwrap().is_ok());
    assert!(!tree.root().join("hand-in.json").exists());
}

/// Who hands in the parts alone has not lost the rest.
#[test]
fn what_was_never_handed_in_is_not_missed() {
    let (sheet, _) = graded(|root| {
        fs::remove_file(root.join("Cargo.toml")).unwrap();
        for name in CRATES {
            fs::remove_file(root.join(format!("crates/{name}/Cargo.toml"))).unwrap();
            fs::remove_dir_all(root.join(format!("crates/{name}/tests"))).unwrap();
        }
        fs::remove_dir_all(root.join("crates/experiments")).unwrap();
    });
    assert_eq!((points(&sheet), sheet.notes.len()), ([5.0; 3], 1), "{:?}", sheet.notes);
}

#[test]
fn what_is_no_submission_is_refused() {
    let (assignment, folder) = (assignment(), tempfile::tempdir().unwrap());
    write(folder.path(), "essay.txt", "");
    let error = Submission::open(folder.path(), assignment.path()).unwrap_err();
    assert!(matches!(error, SubmissionError::Empty { .. }), "{error}");
    assert!(Submission::open(Path::new("no-such-folder"), assignment.path()).is_err());
}

#[test]
fn an_assignment_that_does_not_build_is_no_fault_of_the_submission() {
    let (assignment, work) = (assignment(), tempfile::tempdir().unwrap());
    let submission = Submission::open(assignment.path(), assignment.path()).unwrap();
    write(assignment.path(), "crates/experiments/src/bin/recompute.rs", "fn main() { none() }");
    let tree = Tree::new(assignment.path(), work.path(), LIMITS, None).unwrap();
    let error = tree.build(&submission, &[]).unwrap_err().to_string();
    assert!(error.contains("the assignment itself does not build") && error.contains("none"), "{error}");
}

#[test]
fn one_tree_serves_one_grading_and_lies_outside_of_what_is_copied() {
    let (assignment, work) = (assignment(), tempfile::tempdir().unwrap());
    let held = Tree::new(assignment.path(), work.path(), LIMITS, None).unwrap();
    let second = Tree::new(assignment.path(), work.path(), LIMITS, None).unwrap_err();
    assert!(matches!(second, SubmissionError::InUse { .. }), "{second}");
    drop(held);
    assert!(Tree::new(assignment.path(), work.path(), LIMITS, None).is_ok());
    let inside =
        Tree::new(assignment.path(), &assignment.path().join("crates/build"), LIMITS, None).unwrap_err();
    assert!(matches!(inside, SubmissionError::Inside { .. }), "{inside}");
    assert!(Tree::new(assignment.path(), &assignment.path().join("target/build"), LIMITS, None).is_ok());
}

/// A file where the assignment has a folder, and the other way round.
#[test]
fn a_tree_becomes_the_next_submission_whatever_it_was() {
    let (assignment, work) = (assignment(), tempfile::tempdir().unwrap());
    let tree = Tree::new(assignment.path(), work.path(), LIMITS, None).unwrap();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(one.path(), "crates/cnn/src/lib.rs", &format!("#[path = \"a.rs/b.rs\"] mod a;\n{}", sign("1.0")));
    write(one.path(), "crates/cnn/src/a.rs/b.rs", "");
    write(other.path(), "crates/cnn/src/lib.rs", &format!("mod a;\n{}", sign("1.0")));
    write(other.path(), "crates/cnn/src/a.rs", "");
    for folder in [&one, &other, &one] {
        let submission = Submission::open(folder.path(), assignment.path()).unwrap();
        assert!(tree.build(&submission, &["cnn"]).unwrap().is_ok());
    }
    let there = names(tree.root()).unwrap();
    assert!(there.contains("crates/cnn/src/a.rs/b.rs") && !there.contains("results/theory.json"));
}

#[test]
fn a_build_uses_no_network() {
    let tree = |work: &Path| Tree::new(Path::new("."), work, LIMITS, None).unwrap().cargo().clone();
    let work = tempfile::tempdir().unwrap();
    let Cargo { offline, target, .. } = tree(work.path());
    assert!(offline && target.is_some());
}

mod strangers;
