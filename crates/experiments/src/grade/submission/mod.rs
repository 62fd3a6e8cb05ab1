//! Grading somebody else's copy: their crates and records in the assignment's tree.
//!
//! Of a submission only its *parts* are graded: `crates/theory/src`, `crates/mlp-scratch/src`, `crates/cnn/src` and `results/`.
//! Everything else is the assignment's: manifests, lock file, tests, rubric, data, experiments and grading. So a test that was
//! deleted or made to pass changes nothing, and what was changed there is named.
//!
//! A crate that is missing or does not compile costs the criteria that rest on it (`crates` in `rubric.toml`); the assignment's
//! own takes its place for the others. A criterion that is not met with all crates of the submission is judged once more with
//! those alone that it rests on: a fault in one crate does not cost the points of another.
//!
//! **The submission's code runs as you.** Processes have limits of time and memory and no more; grade strangers in a container.

mod tree;

pub use tree::Tree;

use super::criteria::{Evidence, Verdict};
use super::isolated::{Graded, Grader};
use super::manifest::{Manifest, walk};
use super::rubric::{Criterion, Rubric};
use super::{ScoreSheet, Scored};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The crates that a student writes.
pub const CRATES: [&str; 3] = ["theory", "mlp-scratch", "cnn"];

/// The folder of the records, which are a student's as well.
const RECORDS: &str = "results/";

/// A larger file of a submission is not read.
const LARGEST: u64 = 1 << 26;

/// How many names a note holds.
const NAMED: usize = 8;

/// Why a submission cannot be graded at all.
#[derive(Debug, thiserror::Error)]
pub enum SubmissionError {
    /// There is no folder with any part of a submission.
    #[error(
        "{folder} holds none of crates/theory/src, crates/mlp-scratch/src, crates/cnn/src and results; \
         name the folder in which crates/ lies",
        folder = folder.display()
    )]
    Empty {
        /// The folder.
        folder: PathBuf,
    },
    /// The assignment itself does not build.
    #[error(
        "the assignment does not build without any crate of the submission: {0}; run `cargo build --locked` here first"
    )]
    Assignment(String),
    /// Another grading puts a submission together in the same folder.
    #[error("another grading uses {folder}; wait for it, or name another folder with --build", folder = folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder would be a part of what is copied into it.
    #[error("{folder} lies in the assignment; name a folder elsewhere, or in target, with --build", folder = folder.display())]
    Inside {
        /// The folder.
        folder: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// The crate to whose sources a file belongs.
pub(crate) fn crate_of(name: &str) -> Option<&'static str> {
    let rest = name.strip_prefix("crates/")?;
    let part_of = |it: &&&str| rest.strip_prefix(**it).is_some_and(|rest| rest.starts_with("/src/"));
    CRATES.iter().find(part_of).copied()
}

/// Whether a file is a submitted record.
fn is_record(name: &str) -> bool {
    name.starts_with(RECORDS)
}

/// Whether a file is graded.
fn is_part(name: &str) -> bool {
    is_record(name) || crate_of(name).is_some()
}

/// The folder of the workspace in which a file lies, or that of its crate; a file of the root has none.
fn folder_of(name: &str) -> Option<&str> {
    let depth = if name.starts_with("crates/") { 2 } else { 1 };
    let end = name.match_indices('/').nth(depth - 1)?.0;
    Some(&name[..end])
}

/// A folder that somebody handed in.
#[derive(Clone, Debug)]
pub struct Submission {
    folder: PathBuf,
    /// Its parts: the files that are graded.
    parts: BTreeSet<String>,
    /// What is said of it on the score sheet.
    notes: Vec<String>,
    /// The crates in which it is not the assignment.
    changed: BTreeSet<&'static str>,
}

impl Submission {
    /// Looks at the folder of a submission, beside the assignment at `assignment`.
    ///
    /// # Errors
    /// [`SubmissionError::Empty`], and when a file cannot be read.
    pub fn open(folder: &Path, assignment: &Path) -> Result<Self, SubmissionError> {
        let (handed_in, ours) = (names(folder)?, names(assignment)?);
        let (theirs, others): (BTreeSet<String>, BTreeSet<String>) =
            handed_in.into_iter().partition(|name| is_part(name));
        if theirs.is_empty() {
            return Err(SubmissionError::Empty { folder: folder.to_owned() });
        }
        let (parts, refused): (BTreeSet<String>, BTreeSet<String>) =
            theirs.into_iter().partition(|name| read(&folder.join(name)).is_some());
        let is_same = |name: &str| {
            let (one, other) = (read(&folder.join(name)), read(&assignment.join(name)));
            one.is_some() && one == other
        };
        let changed = parts.union(&ours).filter(|name| !is_same(name)).filter_map(|name| crate_of(name));
        let sources = CRATES.map(|name| format!("crates/{name}/src")).join(", ");
        let mut notes = vec![format!(
            "graded {}: {sources} and results; tests, rubric, data and all else are the assignment's",
            folder.display()
        )];
        let both = others.intersection(&ours);
        notes.extend(note("not used, because it is a link or larger than 64 MiB", refused.iter()));
        notes.extend(note(
            "not used, because the assignment's is another",
            both.filter(|name| !is_same(name)),
        ));
        notes.extend(note("not used, because the assignment has no such file", others.difference(&ours)));
        // A student who hands in the parts alone lacks everything else, which need not be listed.
        let there: BTreeSet<&str> = others.iter().filter_map(|name| folder_of(name)).collect();
        let lacking = ours.iter().filter(|name| !is_part(name) && !others.contains(*name));
        let missed = lacking.filter(|name| folder_of(name).is_some_and(|folder| there.contains(folder)));
        notes.extend(note("not in it, taken from the assignment", missed));
        Ok(Self { changed: changed.collect(), folder: folder.to_owned(), parts, notes })
    }

    /// Why a crate cannot be graded, if the submission does not hold it.
    fn missing(&self, name: &str) -> Option<String> {
        let library = format!("crates/{name}/src/lib.rs");
        (!self.parts.contains(&library))
            .then(|| format!("the crate {name} is missing: there is no {library}"))
    }
}

/// The files of a folder.
fn names(root: &Path) -> Result<BTreeSet<String>, SubmissionError> {
    let mut names = BTreeSet::new();
    let add = |name, _: &Path| {
        names.insert(name);
        Ok(())
    };
    walk(root, add).map_err(|(path, source)| SubmissionError::File { path, source })?;
    Ok(names)
}

/// A file that is no link and not too large.
fn read(path: &Path) -> Option<Vec<u8>> {
    let found = std::fs::symlink_metadata(path).ok()?;
    (found.is_file() && found.len() <= LARGEST).then(|| std::fs::read(path).ok())?
}

/// A note that names the first few files, if there are any.
fn note<'a>(what: &str, names: impl Iterator<Item = &'a String>) -> Option<String> {
    let names: Vec<&str> = names.map(String::as_str).collect();
    let more = names.len().saturating_sub(NAMED);
    let and = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| format!("{what}: {}{and}", names[..names.len() - more].join(", ")))
}

/// Grades a submission in `tree`, and says what was graded. `grader` takes the command that recomputes, and where not the whole
/// submission is in it a name for its part.
///
/// # Errors
/// [`SubmissionError`] when not even the assignment can be built, or files cannot be written.
pub fn grade(
    submission: &Submission,
    tree: &Tree,
    rubric: &Rubric,
    grader: &dyn Fn(PathBuf, Option<String>) -> Grader,
    say: &dyn Fn(&str),
) -> Result<(Graded, Manifest), SubmissionError> {
    let mut faults: BTreeMap<&str, String> =
        CRATES.iter().filter_map(|name| Some((*name, submission.missing(name)?))).collect();
    say("building the submission");
    let program = loop {
        let sound: Vec<&str> = CRATES.into_iter().filter(|name| !faults.contains_key(name)).collect();
        match tree.build(submission, &sound)? {
            Ok(program) => break program,
            Err(found) => faults.extend(found),
        }
    };
    let is_sound =
        |criterion: &&Criterion| criterion.crates.iter().all(|name| !faults.contains_key(name.as_str()));
    let sound =
        Rubric { criteria: rubric.criteria.iter().filter(is_sound).cloned().collect(), ..rubric.clone() };
    let failed = |source| SubmissionError::File { path: tree.root().to_owned(), source };
    let manifest = Manifest::of(tree.root()).map_err(failed)?;
    let mut graded = grader(program, None).grade(&sound, say);

    let others_changed = |own: &[&str]| {
        submission.changed.iter().any(|name| !own.contains(name) && !faults.contains_key(name))
    };
    let missed = graded.sheet.rows.iter().filter(|row| !row.met()).map(own_crates);
    let alone: BTreeSet<Vec<&str>> = missed.filter(|own| others_changed(own)).collect();
    for crates in alone {
        say(&format!("building with {} of the submission alone", crates.join(" and ")));
        if let Ok(program) = tree.build(submission, &crates)? {
            let grader = grader(program, Some(format!("{}-alone", crates.join("-"))));
            judge_again(&mut graded.sheet.rows, &crates, rubric, &grader, say);
        }
    }

    let row = |criterion: &Criterion| {
        let found = graded.sheet.rows.iter().find(|row| row.criterion.id == criterion.id);
        found.cloned().unwrap_or_else(|| {
            let whys = criterion.crates.iter().filter_map(|name| faults.get(name.as_str()));
            let why = whys.cloned().collect::<Vec<_>>().join("; ");
            let verdict = Verdict::not_met(Evidence::without_number(why));
            Scored { criterion: criterion.clone(), verdict, proofs: Vec::new(), seconds: 0.0 }
        })
    };
    let rows = rubric.criteria.iter().map(row).collect();
    let notes = submission.notes.iter().cloned().chain(faults.into_values()).collect();
    graded.sheet = ScoreSheet { rows, notes, ..graded.sheet };
    Ok((graded, manifest))
}

/// The crates of a submission that a criterion rests on.
fn own_crates(row: &Scored) -> Vec<&'static str> {
    CRATES.into_iter().filter(|name| row.criterion.crates.iter().any(|own| own == name)).collect()
}

/// Judges the criteria that are not met and rest on just these crates once more, by a grader that has no other of the submission. What
/// earns more than before takes the row.
fn judge_again(
    rows: &mut [Scored],
    crates: &[&'static str],
    rubric: &Rubric,
    grader: &Grader,
    say: &dyn Fn(&str),
) {
    let again = rows.iter().filter(|row| !row.met() && own_crates(row) == crates);
    let criteria = again.map(|row| row.criterion.clone()).collect();
    for mut row in grader.grade(&Rubric { criteria, ..rubric.clone() }, say).sheet.rows {
        let first = rows.iter_mut().find(|first| first.criterion.id == row.criterion.id);
        let Some(first) = first.filter(|first| row.points() > first.points()) else { continue };
        row.verdict.evidence.text += &format!(
            "; with {} of the submission alone, because it did not hold with all of its crates",
            crates.join(" and ")
        );
        row.seconds += first.seconds;
        *first = row;
    }
}

#[cfg(all(test, unix))]
mod tests;
