//! The assignment's tree with parts of a submission in it.

use super::parts::{crate_of, is_result};
use super::{Submission, SubmissionError};
use crate::cargo::{Cargo, Profile, Said, profile_options};
use crate::limits::Limits;
use crate::manifest::walk;
use crate::walls::Walls;
use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// The seconds for which each compiler may compute: one that is kept busy for longer is ended, and the crate that does
/// so is known. What takes longest of the assignment takes about 75 s of an EPYC's core.
const COMPILER_LIMIT_S: u32 = 600;

/// What cargo is told for the program that recomputes. **Beside a test of the workspace** the libraries have the
/// features that they have for the rubric's tests, so that no dependency is compiled twice.
const PROGRAM: [&str; 5] = ["--workspace", "--test", "interruption", "--bin", "recompute"];

/// How the program is compiled where no long study is computed: what depends on the student's crates and computes
/// little is built for each student, and optimising it takes 80 s of an EPYC's core. Lines are named by panics without
/// `debug`, which takes 2 s.
const PROGRAM_PROFILE: Profile =
    &[("debug", 0), ("package.experiments.opt-level", 0), ("package.theory.opt-level", 0)];

/// How the tests are compiled that the rubric names, and once more the student's crates below them: each test runs
/// once, the slowest takes 7 s of an EPYC's core, and optimising all of them takes 45 s more than this.
const TEST_PROFILE: Profile = &[
    ("debug", 0),
    ("package.cnn.opt-level", 0),
    ("package.mlp-scratch.opt-level", 0),
    ("package.theory.opt-level", 0),
];

/// A folder in which submissions are put together and built, one after the other. What does not change between two of
/// them is not built again.
#[derive(Debug)]
pub struct Tree {
    assignment: PathBuf,
    pub(super) cargo: Cargo,
    limits: Limits,
    program_profile: Profile,
    /// Held as long as the tree is used.
    _lock: File,
}

/// Why a program is not there: the crates at fault, each with the reason.
type Faults = BTreeMap<&'static str, String>;

fn failed(path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> SubmissionError {
    let path = path.as_ref().to_owned();
    |source| SubmissionError::File { path, source }
}

/// Whether a folder can be used for a tree: nobody else does.
///
/// # Errors
/// [`SubmissionError::InUse`], and when the folder cannot be made.
pub fn free(folder: &Path) -> Result<(), SubmissionError> {
    fs::create_dir_all(folder).map_err(failed(folder))?;
    locked(folder).map(drop)
}

/// The lock of a folder, which is held as long as the file is open.
fn locked(folder: &Path) -> Result<File, SubmissionError> {
    let path = folder.join("lock");
    let lock = File::create(&path).map_err(failed(&path))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(SubmissionError::InUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(SubmissionError::File { path, source }),
    }
}

impl Tree {
    /// A tree in `folder`, for submissions to the assignment at `assignment`; `limits` are those of a build. With the
    /// command `coursework` as a `helper` all that is built and tested is within walls.
    ///
    /// # Errors
    /// [`SubmissionError::InUse`], and when the folder cannot be made.
    pub fn new(
        assignment: &Path,
        folder: &Path,
        limits: Limits,
        helper: Option<&Path>,
    ) -> Result<Self, SubmissionError> {
        let folder = std::path::absolute(folder).map_err(failed(folder))?;
        let whole = std::path::absolute(assignment).map_err(failed(assignment))?;
        if folder.strip_prefix(&whole).is_ok_and(|inside| !inside.starts_with("target")) {
            return Err(SubmissionError::Inside { folder });
        }
        let root = folder.join("tree");
        fs::create_dir_all(&root).map_err(failed(&root))?;
        let lock = locked(&folder)?;
        let [target, scratch] = ["target", "scratch"].map(|name| folder.join(name));
        // Here what holds a student's code may write: nothing of it is there for the next one.
        if scratch.exists() {
            fs::remove_dir_all(&scratch).map_err(failed(&scratch))?;
        }
        for folder in [&target, &scratch] {
            fs::create_dir_all(folder).map_err(failed(folder))?;
        }
        let walls = helper.map(|helper| Walls::around_build(helper, &root, &target, &scratch));
        let test_walls = helper.map(|helper| Walls::around_run(helper, &[&root, &target], &scratch));
        let cargo = Cargo {
            root,
            target: Some(target),
            walls,
            test_walls,
            offline: true,
            compute_s: Some(COMPILER_LIMIT_S),
            test_profile: TEST_PROFILE,
        };
        let (assignment, program_profile) = (assignment.to_owned(), PROGRAM_PROFILE);
        Ok(Self { assignment, cargo, limits, program_profile, _lock: lock })
    }

    /// The tree where long studies are computed: its program is optimised as in the assignment.
    pub fn with_studies(self) -> Self {
        Self { program_profile: &[("debug", 0)], ..self }
    }

    /// How it is built.
    pub fn cargo(&self) -> &Cargo {
        &self.cargo
    }

    /// The folder in which it lies.
    pub fn root(&self) -> &Path {
        &self.cargo.root
    }

    /// Puts the submission's records and these crates of it into the assignment, and builds the program that
    /// recomputes; or says which crates are at fault.
    ///
    /// # Errors
    /// When files cannot be read or written, or the assignment itself does not build.
    pub fn build(
        &self,
        submission: &Submission,
        crates: &[&'static str],
    ) -> Result<Result<PathBuf, Faults>, SubmissionError> {
        let said = self.attempt(submission, crates)?;
        if let Some(program) = self.program(&said) {
            return Ok(Ok(program));
        }
        let mut faults = self.at_fault(&said, crates);
        if !faults.is_empty() {
            return Ok(Err(faults));
        }
        let why = said.errors.values().next().cloned().unwrap_or_else(|| said.ended.why(self.limits));
        if crates.is_empty() {
            return Err(SubmissionError::Assignment(why));
        }
        // The error stands in the assignment's own code: what it calls is not there any more. So each crate by itself.
        let unfit = |name: &str, why: &str| {
            format!("the assignment's code does not build with the crate {name}: {why}")
        };
        for name in crates.iter().filter(|_| crates.len() > 1) {
            if let Err(found) = self.build(submission, &[*name])? {
                faults.extend(found);
            }
        }
        if faults.is_empty() {
            faults = crates.iter().map(|name| (*name, unfit(name, &why))).collect();
        }
        Ok(Err(faults))
    }

    /// The crates in which the compiler found an error, or in which it was ended.
    fn at_fault(&self, said: &Said, crates: &[&'static str]) -> Faults {
        let mut faults = Faults::new();
        for (source, error) in &said.errors {
            let name =
                source.strip_prefix(self.root()).ok().and_then(|name| crate_of(&name.to_string_lossy()));
            if let Some(name) = name.filter(|name| crates.contains(name)) {
                faults.insert(name, format!("the crate {name} does not build: {error}"));
            }
        }
        // A compiler that was ended said nothing of its own.
        for name in crates.iter().filter(|name| said.failed.iter().any(|failed| failed == *name)) {
            faults.entry(name).or_insert_with(|| {
                format!(
                    "the crate {name} does not build: its compiler was ended, for want of memory or after {} s of \
                     computing",
                    self.cargo.compute_s.unwrap_or(COMPILER_LIMIT_S)
                )
            });
        }
        faults
    }

    fn attempt(&self, submission: &Submission, crates: &[&str]) -> Result<Said, SubmissionError> {
        self.fill(submission, crates)?;
        let chosen = PROGRAM.map(str::to_owned).into_iter();
        let arguments: Vec<String> = chosen.chain(profile_options(self.program_profile)).collect();
        Ok(self.cargo.build(&arguments, self.limits))
    }

    fn program(&self, said: &Said) -> Option<PathBuf> {
        let source = self.root().join("crates/experiments/src/bin/recompute.rs");
        said.program(&source).filter(|_| said.ended.well()).cloned()
    }

    /// Makes the folder hold the assignment with the submission's records and these crates of it. **Files that are the
    /// same are not touched**, so that cargo does not build them again.
    fn fill(&self, submission: &Submission, crates: &[&str]) -> Result<(), SubmissionError> {
        let is_theirs = |name: &str| is_result(name) || crate_of(name).is_some_and(|of| crates.contains(&of));
        let mut sources = BTreeMap::new();
        walk(&self.assignment, |name, path| {
            // A link of an editor's, or to a folder of libraries, is no part of the assignment.
            if !is_theirs(&name) && !path.is_symlink() {
                sources.insert(name, path.to_owned());
            }
            Ok(())
        })
        .map_err(|(path, source)| SubmissionError::File { path, source })?;
        for name in submission.parts.iter().filter(|name| is_theirs(name)) {
            sources.insert(name.clone(), submission.folder.join(name));
        }
        self.remove_all_but(&sources)?;
        for (name, source) in &sources {
            let target = self.root().join(name);
            let bytes = fs::read(source).map_err(failed(source))?;
            if fs::read(&target).is_ok_and(|there| there == bytes) {
                continue;
            }
            if target.is_dir() {
                fs::remove_dir_all(&target).map_err(failed(&target))?;
            }
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder).map_err(failed(folder))?;
            }
            fs::write(&target, bytes).map_err(failed(&target))?;
        }
        Ok(())
    }

    /// Removes what is not among these files.
    fn remove_all_but(&self, sources: &BTreeMap<String, PathBuf>) -> Result<(), SubmissionError> {
        let mut present = Vec::new();
        walk(self.root(), |name, path| {
            present.push((name, path.to_owned()));
            Ok(())
        })
        .map_err(|(path, source)| SubmissionError::File { path, source })?;
        for (_, path) in present.iter().filter(|(name, _)| !sources.contains_key(name)) {
            fs::remove_file(path).map_err(failed(path))?;
            // A folder that is empty now may have to make room for a file; one that is not empty stays.
            let above = path.ancestors().skip(1).take_while(|folder| *folder != self.root());
            above.take_while(|folder| fs::remove_dir(folder).is_ok()).for_each(drop);
        }
        Ok(())
    }
}
