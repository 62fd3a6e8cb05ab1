//! The files of the starter.

use super::cut::{self, Blank};
use super::{BlankPlace, StarterError, sheet};
use crate::manifest::walk;
use crate::rubric::Rubric;
use crate::submission::crate_of;
use records::store::{self, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

/// What is handed out: files, and folders with a `/` behind.
const KEPT: [&str; 14] = [
    ".cargo/",
    ".gitattributes",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "Makefile",
    "crates/",
    "data/",
    "rubric.toml",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "tests/",
];

/// What is not, within those folders: what the solutions print, the faults that negative controls plant in the
/// solutions, and files that are no part of the repository.
const WITHHELD: [&str; 5] =
    ["/snapshots/", "tests/controls/faults.toml", ".snap.new", ".pending-snap", ".tmp"];

/// The sources of the book's exercises, which are cut like a student's crate and not graded.
const EXERCISES: &str = "crates/exercises/src/";

/// A starter, not yet written.
#[derive(Clone, Debug, PartialEq)]
pub struct Starter {
    /// The files by their names from the root: their content, and their permissions where they are copies.
    files: BTreeMap<String, (Vec<u8>, Option<Permissions>)>,
    /// Where answers to questions are missing, file by file.
    pub places: Vec<BlankPlace>,
    /// Where exercises are missing, file by file.
    pub exercises: Vec<BlankPlace>,
}

impl Starter {
    /// The starter of the repository at `root`. **Symbolic links are left out.**
    ///
    /// # Errors
    /// [`StarterError`].
    pub fn derive(root: &Path) -> Result<Self, StarterError> {
        let rubric = Rubric::load(&root.join("rubric.toml"))?;
        let questions = sheet::questions(root)?;
        let mut starter = Self { files: BTreeMap::new(), places: Vec::new(), exercises: Vec::new() };
        for name in names(root)? {
            starter.add(root, name)?;
        }
        for BlankPlace { file, blank: Blank { question, .. } } in &starter.places {
            if !questions.iter().any(|it| it.id == *question) {
                let (file, question) = (file.clone(), question.clone());
                return Err(StarterError::UnknownQuestion { file, question });
            }
        }
        let missing = |id: &str| !starter.places.iter().any(|place| place.blank.question == id);
        if let Some(question) = questions.iter().find(|question| missing(&question.id)) {
            return Err(StarterError::NotMarked { question: question.id.clone() });
        }
        let text = sheet::text(&questions, &rubric, &starter.places, &starter.exercises);
        starter.files.insert(sheet::FILE.to_owned(), (text.into_bytes(), None));
        Ok(starter)
    }

    /// Takes a file, without its solutions if it is a student's or holds exercises.
    fn add(&mut self, root: &Path, name: String) -> Result<(), StarterError> {
        let path = root.join(&name);
        let read = |source| StarterError::Read { path: path.clone(), source };
        let mut content = fs::read(&path).map_err(read)?;
        let permissions = fs::metadata(&path).map_err(read)?.permissions();
        let is_exercise = name.starts_with(EXERCISES);
        if (is_exercise || crate_of(&name).is_some()) && name.ends_with(".rs") {
            let text = String::from_utf8_lossy(&content).into_owned();
            let (text, blanks) =
                cut::cut(&text).map_err(|source| StarterError::Cut { file: name.clone(), source })?;
            content = text.into_bytes();
            let places = if is_exercise { &mut self.exercises } else { &mut self.places };
            places.extend(blanks.into_iter().map(|blank| BlankPlace { file: name.clone(), blank }));
        }
        self.files.insert(name, (content, Some(permissions)));
        Ok(())
    }

    /// In how many files an answer is missing.
    pub fn files_with_blanks(&self) -> usize {
        self.places.iter().map(|place| &place.file).collect::<std::collections::BTreeSet<_>>().len()
    }

    /// Writes the starter into a folder that is not there or is empty.
    ///
    /// # Errors
    /// [`StarterError::NotEmpty`], and then nothing was written; [`StarterError::Store`].
    pub fn write(&self, folder: &Path) -> Result<(), StarterError> {
        let read = |source| StarterError::Read { path: folder.to_owned(), source };
        match fs::read_dir(folder).map(|mut entries| entries.next().is_some()) {
            Ok(true) => return Err(StarterError::NotEmpty { folder: folder.to_owned() }),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(read(error)),
            _ => {}
        }
        for (name, (content, permissions)) in &self.files {
            let path = folder.join(name);
            store::write_atomically(&path, content)?;
            if let Some(permissions) = permissions {
                let set = fs::set_permissions(&path, permissions.clone());
                set.map_err(|source| StoreError::Write { path, source })?;
            }
        }
        Ok(())
    }
}

/// Whether a file of this name is handed out.
pub(crate) fn is_handed_out(name: &str) -> bool {
    let kept = KEPT.iter().any(|it| name == *it || (it.ends_with('/') && name.starts_with(it)));
    let withheld = |it: &&str| {
        if it.ends_with('/') { format!("/{name}").contains(*it) } else { name.ends_with(*it) }
    };
    kept && !WITHHELD.iter().any(withheld)
}

/// Whether a name is that of a copy which an editor or a merge left beside a file. **It holds the answers.**
fn is_backup(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let ends = ["~", ".orig", ".rej", ".bak", ".old", ".swp", ".swo"];
    ends.iter().any(|end| file.ends_with(end))
        || file.starts_with(['#'])
        || file.starts_with(".#")
        || file.starts_with("._")
}

/// The files that git knows, where it is there and this is a repository of its.
fn known_to_git(root: &Path) -> Option<BTreeSet<String>> {
    let said = Command::new("git").args(["ls-files", "-z", "--cached"]).current_dir(root).output().ok()?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let names: BTreeSet<String> =
        text.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    (said.status.success() && !names.is_empty()).then_some(names)
}

/// The files that are handed out, by their names from the root, sorted: of those that git knows, or without git of all
/// but copies that editors leave.
fn names(root: &Path) -> Result<Vec<String>, StarterError> {
    let mut names = Vec::new();
    let known = known_to_git(root);
    let found = |name: String, path: &Path| {
        let kind = fs::symlink_metadata(path)?;
        let is_known = known.as_ref().map_or(!is_backup(&name), |known| known.contains(&name));
        names.extend((kind.is_file() && is_known && is_handed_out(&name)).then_some(name));
        Ok(())
    };
    walk(root, found).map_err(|(path, source)| StarterError::Read { path, source })?;
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::CRATES;
    use rstest::rstest;
    use std::path::PathBuf;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    /// A small repository: one student's file with this code, and a question.
    fn repository(code: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let questions = "[[question]]\nid = \"T1a\"\npage = \"t1.md\"\ntext = \"Derive.\"\n";
        let rubric = fs::read_to_string(root().join("rubric.toml")).unwrap();
        for (name, text) in [
            ("crates/theory/src/lib.rs", code),
            ("crates/theory/tests/snapshots/a.snap", "the answer"),
            ("crates/exercises/src/t1.rs", EXERCISE),
            ("results/theory.json", "{}"),
            ("book/given.toml", questions),
            ("rubric.toml", &rubric),
            ("NOTES.md", "mine"),
            ("tests/controls/faults.toml", "a line of the answer"),
            ("target/debug/x", "built"),
            ("crates/theory/src/lib.rs~", "the answer"),
            ("crates/theory/src/lib.rs.orig", "the answer"),
            ("crates/theory/src/.lib.rs.swp", "the answer"),
        ] {
            store::write_atomically(folder.path().join(name), text.as_bytes()).unwrap();
        }
        folder
    }

    const MARKED: &str = "fn f() {\n    // SOLUTION: T1a it\n    g()\n    // SOLUTION_END: T1a\n}\n";

    const EXERCISE: &str =
        "fn f() {\n    // SOLUTION: exercise_t1_1 it\n    g()\n    // SOLUTION_END: exercise_t1_1\n}\n";

    #[test]
    fn only_what_a_student_needs_is_handed_out() {
        let starter = Starter::derive(repository(MARKED).path()).unwrap();
        let names: Vec<_> = starter.files.keys().collect();
        let (exercise, code) = ("crates/exercises/src/t1.rs", "crates/theory/src/lib.rs");
        assert_eq!(names, ["README.md", exercise, code, "rubric.toml"]);
        for (name, id) in [(exercise, "exercise_t1_1"), (code, "T1a")] {
            let (code, _) = &starter.files[name];
            assert_eq!(String::from_utf8_lossy(code), format!("fn f() {{\n    todo!(\"{id}: it\")\n}}\n"));
        }
        assert_eq!((starter.places.len(), starter.exercises.len()), (1, 1));
    }

    #[rstest]
    #[case::a_solution_of_no_question(
        MARKED.replace("T1a",
        "T9"), "crates/theory/src/lib.rs: a mark names the question T9"
    )]
    #[case::a_question_without_solution("fn f() {}\n".to_owned(), "no solution of the question T1a")]
    #[case::an_open_solution(MARKED.replace("_END", ""), "crates/theory/src/lib.rs: line 4: ")]
    fn a_repository_is_refused_with(#[case] code: String, #[case] message: &str) {
        let error = Starter::derive(repository(&code).path()).unwrap_err();
        assert!(error.to_string().starts_with(message), "{error}");
    }

    #[test]
    fn every_question_of_the_assignment_has_a_blank_and_no_mark_is_left() {
        let starter = Starter::derive(&root()).unwrap();
        for question in sheet::questions(&root()).unwrap() {
            let id = question.id;
            assert!(starter.places.iter().any(|place| place.blank.question == id), "{id}");
        }
        for (name, (content, _)) in &starter.files {
            assert!(
                !((crate_of(name).is_some() || name.starts_with(EXERCISES))
                    && String::from_utf8_lossy(content).contains("SOLUTION")),
                "{name}"
            );
        }
        assert!(starter.exercises.iter().all(|place| place.blank.question.starts_with("exercise_")));
        for name in CRATES {
            assert!(starter.places.iter().any(|place| crate_of(&place.file) == Some(name)), "{name}");
        }
    }

    /// With git it is what git knows, whatever a copy is called.
    #[test]
    fn what_git_does_not_know_is_not_handed_out() {
        let folder = repository(MARKED);
        let git = |arguments: &[&str]| {
            let ended = Command::new("git").args(arguments).current_dir(folder.path()).output().unwrap();
            assert!(ended.status.success(), "{ended:?}");
        };
        git(&["init", "--quiet"]);
        git(&["add", "crates/theory/src/lib.rs", "crates/exercises", "rubric.toml"]);
        let path = folder.path().join("crates/theory/src/copy.rs");
        store::write_atomically(&path, MARKED.as_bytes()).unwrap();
        let names = |starter: Starter| starter.files.into_keys().collect::<Vec<_>>();
        let (exercise, code) = ("crates/exercises/src/t1.rs", "crates/theory/src/lib.rs");
        let handed = names(Starter::derive(folder.path()).unwrap());
        assert_eq!(handed, ["README.md", exercise, code, "rubric.toml"]);
        git(&["add", "crates/theory/src/copy.rs"]);
        assert!(
            names(Starter::derive(folder.path()).unwrap()).contains(&"crates/theory/src/copy.rs".to_owned())
        );
    }

    #[test]
    fn a_folder_that_is_there_and_empty_is_taken() {
        let (starter, folder) =
            (Starter::derive(repository(MARKED).path()).unwrap(), tempfile::tempdir().unwrap());
        starter.write(folder.path()).unwrap();
        assert!(matches!(starter.write(folder.path()), Err(StarterError::NotEmpty { .. })));
        let file = folder.path().join("README.md");
        assert!(matches!(starter.write(&file), Err(StarterError::Read { .. })), "a file is no folder");
    }
}
