//! `coursework starter` as a teaching assistant calls it. That the starter compiles and is worth no point is shown by
//! grading it.

use crate::{coursework, root, stderr, stdout};
use grading::submission::CRATES;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Output;

/// The ids of the assignment's questions.
fn questions() -> Vec<String> {
    grading::starter::questions(&root()).unwrap().into_iter().map(|question| question.id).collect()
}

fn starter(folder: &Path) -> Output {
    coursework(&["starter", folder.to_str().unwrap()])
}

/// A starter in a folder of its own, with what was said about it.
fn derived() -> (tempfile::TempDir, PathBuf, String) {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("a/starter");
    let output = starter(&folder);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    (temporary, folder, stdout(&output))
}

/// Every file by its name, with its content and whether it may be executed.
fn tree(root: &Path) -> BTreeMap<String, (Vec<u8>, bool)> {
    fn add(root: &Path, folder: &Path, files: &mut BTreeMap<String, (Vec<u8>, bool)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                add(root, &path, files);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                files.insert(name, (std::fs::read(&path).unwrap(), may_be_executed(&path)));
            }
        }
    }
    let mut files = BTreeMap::new();
    add(root, root, &mut files);
    files
}

#[cfg(unix)]
fn may_be_executed(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn may_be_executed(_: &Path) -> bool {
    false
}

#[test]
fn a_folder_with_something_in_it_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("README.md"), "mine").unwrap();
    let output = starter(folder.path());
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.starts_with("error: ") && said.contains("is not empty") && said.lines().count() == 1,
        "{said}"
    );
    assert_eq!(tree(folder.path()), BTreeMap::from([("README.md".to_owned(), (b"mine".to_vec(), false))]));
}

#[test]
fn two_runs_give_the_same_tree() {
    let ((_one, first, _), (_two, second, _)) = (derived(), derived());
    let (first, second) = (tree(&first), tree(&second));
    assert!(
        first == second,
        "they differ in: {:?}",
        first.iter().find(|(name, it)| second.get(*name) != Some(it))
    );
    assert!(first.len() > 100);
    assert!(cfg!(not(unix)) || first["tests/cross/check.sh"].1, "what may be executed still may");
}

#[test]
fn it_holds_what_a_student_needs_and_no_answer() {
    let (_temporary, folder, _) = derived();
    let files = tree(&folder);
    for name in ["Cargo.toml", "Cargo.lock", "Makefile", "rubric.toml", ".cargo/config.toml", "data/iris.csv"]
    {
        assert!(files.contains_key(name), "{name}");
    }
    for name in files.keys() {
        let withheld = ["results/", "book/", ".git/", "target/", "CHANGELOG.md"];
        assert!(!withheld.iter().any(|it| name.starts_with(it)) && !name.contains("/snapshots/"), "{name}");
    }
    let is_cut = |name: &str| is_a_students(name) || name.starts_with("crates/exercises/src/");
    for (name, (content, _)) in files.iter().filter(|(name, _)| is_cut(name)) {
        assert!(!String::from_utf8_lossy(content).contains("SOLUTION"), "{name}");
    }
    let backward = String::from_utf8_lossy(&files["crates/mlp-scratch/src/network.rs"].0).into_owned();
    assert!(!backward.contains("da * slope"), "the answer to P2.1 is in it");
    let test = "crates/mlp-scratch/tests/suite/gradients.rs";
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(test);
    assert_eq!(files[test].0, std::fs::read(here).unwrap(), "tests are handed out as they are");
}

fn is_a_students(name: &str) -> bool {
    CRATES.iter().any(|it| name.starts_with(&format!("crates/{it}/src/")))
}

#[test]
fn its_sheet_lists_each_question_with_the_line_of_every_blank() {
    let (_temporary, folder, said) = derived();
    let files = tree(&folder);
    let sheet = String::from_utf8_lossy(&files["README.md"].0).into_owned();
    let mut blanks = 0;
    for (name, (content, _)) in files.iter().filter(|(name, _)| is_a_students(name)) {
        for (i, line) in String::from_utf8_lossy(content).lines().enumerate() {
            let Some(words) = line.trim().strip_prefix("todo!(\"") else { continue };
            blanks += 1;
            let (question, asked) = words.split_once(": ").unwrap_or_default();
            assert!(questions().iter().any(|it| it == question), "{name}: {line}");
            let asked = asked.trim_end_matches("\")");
            let row = format!("| [`{name}:{0}`]({name}#L{0}) | {asked} |", i + 1);
            let (_, section) = sheet.split_once(&format!("\n### {question}: ")).unwrap();
            assert!(section.split("\n### ").next().unwrap().contains(&row), "{row}");
        }
    }
    for question in questions() {
        assert!(sheet.contains(&format!("\n### {question}: ")), "{question}");
    }
    assert!(said.starts_with(&format!("{blanks} blanks in ")), "{said}");
    assert!(sheet.contains(&format!("{blanks} of them, in ")));
    // The page for teaching assistants shows what is said, and a mark with its blank.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("book/src/grading.md")).unwrap();
    let (count, _) = said.split_once(';').unwrap();
    assert!(page.contains(&format!("```text\n{count}; the starter is in target/starter\n```")), "{count}");
    let (_, blank) = page.split_once("```rust\n        todo!(").unwrap();
    let blank = format!("        todo!({}", blank.split_once('\n').unwrap().0);
    let cut = String::from_utf8_lossy(&files["crates/mlp-scratch/src/train.rs"].0).into_owned();
    assert!(cut.lines().any(|line| line == blank), "{blank}");
    let mark = blank.replace("todo!(\"P2.2: ", "// SOLUTION: P2.2 ").replace("\")", "\n");
    assert!(page.contains(&mark), "{mark}");
}
