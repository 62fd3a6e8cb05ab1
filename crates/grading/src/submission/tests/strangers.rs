//! Folders that a stranger handed in.

use super::*;

/// An archive of Windows, unpacked by a program that does not know its folders; a test that was smuggled in under such
/// a name; a folder that cannot be opened; and the work one folder deep.
#[test]
fn strange_names_are_refused_and_named_and_work_one_folder_deep_is_found() {
    let (assignment, submitted) = (assignment(), assignment());
    let root = submitted.path();
    write(root, "results\\..\\crates\\theory\\tests\\laws.rs", "");
    write(root, "crates/theory/tests/laws.rs", "#[test] fn holds() {}\n");
    write(root, "a\u{1b}[2Jb", "");
    let submission = Submission::open(root, assignment.path()).unwrap();
    let notes = submission.notes.join("\n");
    assert!(notes.contains("its name holds a backslash") && notes.contains("results\\..\\crates"), "{notes}");
    assert!(notes.contains("differs from the assignment's: crates/theory/tests/laws.rs"), "{notes}");
    assert!(submission.parts.iter().all(|name| !name.contains('\\')));

    let outer = tempfile::tempdir().unwrap();
    fs::rename(root, outer.path().join("repo-main")).unwrap();
    write(outer.path(), "__MACOSX/x", "");
    let deep = Submission::open(outer.path(), assignment.path()).unwrap();
    assert_eq!(deep.parts, submission.parts);
    assert!(deep.notes[0].contains("repo-main"), "{}", deep.notes[0]);
    fs::create_dir(root).unwrap();
}

/// An empty folder of the student's code where a file of the tree was: the next submission has the file again.
#[test]
fn a_folder_in_the_place_of_a_file_makes_room() {
    let (assignment, work) = (assignment(), tempfile::tempdir().unwrap());
    let tree = Tree::new(assignment.path(), work.path(), LIMITS, None).unwrap();
    let submission = Submission::open(assignment.path(), assignment.path()).unwrap();
    fs::create_dir_all(tree.root().join("Cargo.toml")).unwrap();
    assert!(tree.build(&submission, &CRATES).unwrap().is_ok());
}

/// What a student's tests leave behind is not there for the next submission.
#[test]
fn what_was_written_beside_the_tree_is_gone_for_the_next() {
    let (assignment, work) = (assignment(), tempfile::tempdir().unwrap());
    let tree = || Tree::new(assignment.path(), work.path(), LIMITS, None).unwrap();
    drop(tree());
    write(work.path(), "scratch/a/left", "behind");
    drop(tree());
    assert!(work.path().join("scratch").exists() && !work.path().join("scratch/a").exists());
}

/// A compiler that computes for ever is ended, and its crate is named.
#[test]
fn a_crate_that_keeps_its_compiler_busy_is_named() {
    let (assignment, submitted, work) = (assignment(), assignment(), tempfile::tempdir().unwrap());
    let endless = "#![allow(long_running_const_eval)]\npub const X: u8 = loop {};\npub static Y: u8 = X;\n";
    write(submitted.path(), "crates/cnn/src/lib.rs", &format!("{endless}{}", sign("1.0")));
    let mut tree = Tree::new(assignment.path(), work.path(), LIMITS, None).unwrap();
    tree.cargo.compute_s = Some(2);
    let submission = Submission::open(submitted.path(), assignment.path()).unwrap();
    let faults = tree.build(&submission, &CRATES).unwrap().unwrap_err();
    assert_eq!(faults.keys().collect::<Vec<_>>(), [&"cnn"], "{faults:?}");
    assert!(faults["cnn"].contains("after 2 s of computing"), "{faults:?}");
    assert!(tree.build(&submission, &["theory", "mlp-scratch"]).unwrap().is_ok());
}

/// A link could show what lies elsewhere on the grader's machine, and a huge file would fill it.
#[test]
fn links_and_huge_files_are_not_read() {
    let (assignment, submitted) = (assignment(), assignment());
    let library = submitted.path().join("crates/cnn/src/lib.rs");
    fs::remove_file(&library).unwrap();
    std::os::unix::fs::symlink(assignment.path().join("crates/cnn/src/lib.rs"), &library).unwrap();
    let huge = fs::File::create(submitted.path().join("results/iris.json")).unwrap();
    huge.set_len(LARGEST + 1).unwrap();
    let submission = Submission::open(submitted.path(), assignment.path()).unwrap();
    let refused = "not used, because it is a link, larger than 64 MiB, or beyond 256 MiB in all: \
                   crates/cnn/src/lib.rs, results/iris.json";
    assert!(submission.notes.iter().any(|note| note == refused), "{:?}", submission.notes);
    assert!(submission.fault("cnn").is_some() && submission.fault("theory").is_none());
    huge.set_len(LARGEST).unwrap();
    let submission = Submission::open(submitted.path(), assignment.path()).unwrap();
    assert!(submission.parts.contains("results/iris.json"));
}
