//! `coursework grade` as a teaching assistant calls it, on the criteria of T1 and T2, which take no time.

use crate::{coursework, root, stdout};
use grading::rubric::{Criterion, Rubric};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Output;

/// The repository's rubric with the criteria on `theory.json` only, each altered.
fn rubric(folder: &Path, alter: impl Fn(&mut toml::Table)) -> PathBuf {
    let text = std::fs::read_to_string(root().join("rubric.toml")).unwrap();
    let mut rubric: toml::Table = text.parse().unwrap();
    let criteria = rubric["criterion"].as_array_mut().unwrap();
    criteria.retain(|it| it["evidence"][0].as_str() == Some("theory.json"));
    criteria.iter_mut().for_each(|it| alter(it.as_table_mut().unwrap()));
    rubric.insert("pass".to_owned(), 0.into());
    let path = folder.join("rubric.toml");
    std::fs::write(&path, rubric.to_string()).unwrap();
    path
}

fn without_tests(criterion: &mut toml::Table) {
    criterion.remove("tests");
}

fn grade(rubric: &Path, score: &Path, more: &[&str]) -> Output {
    let (rubric, score) = (rubric.to_str().unwrap(), score.to_str().unwrap());
    coursework(&[&["grade", "--rubric", rubric, "--score", score], more].concat())
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The points by criterion, from Gradescope's file.
fn points(folder: &Path) -> Vec<(String, f64)> {
    let results: Value = serde_json::from_str(&read(folder, "results.json")).unwrap();
    let tests = results["tests"].as_array().unwrap();
    let point = |it: &Value| (it["number"].as_str().unwrap().to_owned(), it["score"].as_f64().unwrap());
    tests.iter().map(point).collect()
}

/// All points of a rubric's criteria but of one of them.
fn all_but(rubric: &Path, lost: &str) -> Vec<(String, f64)> {
    let earned = |it: Criterion| (it.id.clone(), if it.id == lost { 0.0 } else { it.points });
    Rubric::load(rubric).unwrap().criteria.into_iter().map(earned).collect()
}

/// The table without its last column, the seconds.
fn table(folder: &Path) -> Vec<String> {
    let cut = |line: &str| line.rsplit_once(',').unwrap().0.to_owned();
    read(folder, "grade.csv").lines().map(cut).collect()
}

#[test]
fn two_gradings_of_the_same_files_give_the_same_score_files() {
    let folder = tempfile::tempdir().unwrap();
    let rubric = rubric(folder.path(), without_tests);
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    for score in [&one, &two] {
        let output = grade(&rubric, score, &["--strict"]);
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
        assert_eq!(points(score), all_but(&rubric, "none"));
    }
    assert_eq!(table(&one), table(&two));
    assert_eq!(read(&one, "manifest.json"), read(&two, "manifest.json"));
    assert_eq!(read(&one, "recomputed/theory.json"), read(&two, "recomputed/theory.json"));
    for name in ["classroom.json", "junit.xml", "report.md"] {
        assert_eq!(read(&one, name).lines().count(), read(&two, name).lines().count(), "{name}");
    }
    assert!(read(&one, "manifest.json").contains("\"crates/theory/src/std_dev.rs\""));
}

#[test]
fn an_edited_digit_in_a_record_is_located_and_the_criteria_judge_what_was_recomputed() {
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().join("results");
    std::fs::create_dir(&results).unwrap();
    let record = read(&root().join("results"), "theory.json");
    std::fs::write(results.join("theory.json"), record.replacen("[-0.5,0.5]", "[-0.5,0.25]", 1)).unwrap();
    let score = folder.path().join("score");
    let rubric = rubric(folder.path(), without_tests);
    let output = grade(&rubric, &score, &["--results", results.to_str().unwrap()]);
    let place = "differs: theory: theory.json: std_dev[0].gradient[1]: submitted 0.25, \
                 which is not what was recomputed";
    assert!(stdout(&output).contains(place), "{}", stdout(&output));
    assert_eq!(points(&score), all_but(&rubric, "none"));
}

/// Tests of the real workspace, built and run; one of them is not there any more.
#[test]
fn a_criterion_is_lost_with_its_test_and_no_other_is() {
    let folder = tempfile::tempdir().unwrap();
    let rubric = rubric(folder.path(), |criterion| match criterion["id"].as_str() {
        Some("T1a") => criterion["tests"] = vec!["crates/theory/tests/derivation.rs::a_deleted_test"].into(),
        Some("T1b") => {}
        _ => without_tests(criterion),
    });
    let score = folder.path().join("score");
    let output = grade(&rubric, &score, &["--strict"]);
    assert_eq!(output.status.code(), Some(1), "a lost point is seen by --strict");
    assert_eq!(points(&score), all_but(&rubric, "T1a"), "{}", stdout(&output));
    let printed = stdout(&output);
    let report = read(&score, "report.md");
    assert!(report.contains("a_deleted_test fails: there is no such test"), "{report}");
    assert!(printed.contains("1 of 1 test passed"), "{printed}");
    assert!(printed.contains("cargo test --package theory --test derivation -- a_deleted_test"), "{printed}");
    assert_eq!(grade(&rubric, &score, &[]).status.code(), Some(0), "the pass mark is 0");
}

/// What stands in the folder of the scores is of this grading, however it ends: a folder without a submission scores 0,
/// and one that is not there is the grader's mistake.
#[test]
fn an_old_score_never_stands() {
    let folder = tempfile::tempdir().unwrap();
    let (rubric, score, empty) =
        (rubric(folder.path(), without_tests), folder.path().join("score"), folder.path().join("empty"));
    std::fs::create_dir_all(&empty).unwrap();
    for (submission, code, why) in
        [(&empty, 1, "is no submission"), (&folder.path().join("none"), 2, "there is no folder")]
    {
        std::fs::create_dir_all(&score).unwrap();
        std::fs::write(score.join("results.json"), "old").unwrap();
        std::fs::write(score.join("manifest.json"), "old").unwrap();
        let output = grade(&rubric, &score, &["--submission", submission.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        assert!(points(&score).iter().all(|(_, points)| *points == 0.0));
        assert!(read(&score, "results.json").contains(why));
        // What was handed in has been judged, and what is not there has not.
        let manifest = std::fs::read_to_string(score.join("manifest.json")).ok();
        assert_eq!(manifest.is_some(), code == 1);
        assert_ne!(manifest.as_deref(), Some("old"));
    }
}

#[test]
fn a_course_without_folders_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let rubric = rubric(folder.path(), without_tests);
    let output = grade(&rubric, folder.path(), &["--submissions", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(crate::stderr(&output).contains("holds no folder"), "{output:?}");
}
