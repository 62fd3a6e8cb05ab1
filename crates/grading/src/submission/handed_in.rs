//! A folder that somebody handed in.

use super::SubmissionError;
use super::parts::{CRATES, crate_of, folder_of, is_part, is_plain};
use super::scan::{Forbidden, forbidden, is_in, modules_of_tests};
use crate::manifest::{walk, walk_what_opens};
use crate::starter::is_handed_out;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A larger file of a submission is not read.
pub(super) const LARGEST: u64 = 1 << 26;

/// What is beyond this in all is not read.
const LARGEST_SUM: u64 = 1 << 28;

/// How many names a note holds.
const NAMED: usize = 8;

/// A folder that somebody handed in.
#[derive(Clone, Debug)]
pub struct Submission {
    pub(super) folder: PathBuf,
    /// Its parts: the files that are graded.
    pub(super) parts: BTreeSet<String>,
    /// What is said of it on the score sheet.
    pub(super) notes: Vec<String>,
    /// What its own sources name and may not, by file.
    pub(super) forbidden: BTreeMap<String, Forbidden>,
    /// The crates in which it is not the assignment.
    pub(super) changed: BTreeSet<&'static str>,
}

impl Submission {
    /// Looks at the folder of a submission, beside the assignment at `assignment`.
    ///
    /// # Errors
    /// [`SubmissionError::Empty`], and when a file cannot be read.
    pub fn open(folder: &Path, assignment: &Path) -> Result<Self, SubmissionError> {
        if !folder.is_dir() {
            return Err(SubmissionError::NoFolder { folder: folder.to_owned() });
        }
        let ours = names(assignment)?;
        let (folder, (handed_in, unreadable)) = found(folder)?;
        let folder = &folder;
        let (handed_in, strange): (BTreeSet<String>, BTreeSet<String>) =
            handed_in.into_iter().partition(|name| is_plain(name));
        let (theirs, others): (BTreeSet<String>, BTreeSet<String>) =
            handed_in.into_iter().partition(|name| is_part(name));
        if theirs.is_empty() {
            return Err(SubmissionError::Empty { folder: folder.to_owned() });
        }
        let (parts, refused) = within_limits(folder, theirs);
        let is_same = |name: &str| {
            let (one, other) = (read(&folder.join(name)), read(&assignment.join(name)));
            one.is_some() && one == other
        };
        let forbidden = names_outside(folder, &parts, assignment);
        let changed = parts.union(&ours).filter(|name| !is_same(name)).filter_map(|name| crate_of(name));
        let changed = changed.collect();
        let sources = CRATES.map(|name| format!("crates/{name}/src")).join(", ");
        let mut notes = vec![format!(
            "graded {}: {sources}, results and hand-in.json; tests, rubric, data and all else are the assignment's",
            folder.display()
        )];
        notes.extend(note(
            "not used, because it is a link, larger than 64 MiB, or beyond 256 MiB in all",
            &refused,
        ));
        notes.extend(note(
            "not used, because its name holds a backslash or a sign that is no character (unpack the archive again, \
             with a program that knows the folders of Windows)",
            &strange,
        ));
        notes.extend(note("not read, because it cannot be opened", &unreadable));
        notes.extend(notes_on_others((folder, &others), (assignment, &ours)));
        Ok(Self { changed, forbidden, folder: folder.to_owned(), parts, notes })
    }

    /// Why a crate cannot be graded, if the submission does not hold it, or it names what no answer needs.
    pub(super) fn fault(&self, name: &str) -> Option<String> {
        let library = format!("crates/{name}/src/lib.rs");
        if !self.parts.contains(&library) {
            return Some(format!("the crate {name} is missing: there is no {library}"));
        }
        let (file, found) = self.forbidden.iter().find(|(file, _)| crate_of(file) == Some(name))?;
        let Forbidden { line, words, to } = found;
        Some(format!(
            "the crate {name} may not use {to}, and names `{words}` ({file}, line {line}): nothing of it was run"
        ))
    }
}

/// What the sources among these files name and may not, by file. What is the assignment's own may be as it is, and what
/// is of tests alone is in nothing that is run.
fn names_outside(folder: &Path, parts: &BTreeSet<String>, assignment: &Path) -> BTreeMap<String, Forbidden> {
    let sources = sources_among(folder, parts);
    let of_tests = modules_of_tests(&sources);
    let own = sources.into_iter().filter(|(name, _)| {
        !is_same_text(&folder.join(name), &assignment.join(name)) && !is_in(name, &of_tests)
    });
    own.filter_map(|(name, text)| Some((name, forbidden(&text)?))).collect()
}

/// The sources of the student's crates in a folder that somebody handed in, or in the assignment, by file.
pub(crate) fn sources(folder: &Path) -> BTreeMap<String, String> {
    found(folder).map_or_else(|_| BTreeMap::new(), |(folder, (names, _))| sources_among(&folder, &names))
}

/// Those among these files of a folder.
fn sources_among(folder: &Path, names: &BTreeSet<String>) -> BTreeMap<String, String> {
    let own = names.iter().filter(|name| crate_of(name).is_some() && name.ends_with(".rs"));
    own.filter_map(|name| {
        let text = String::from_utf8_lossy(&read(&folder.join(name))?).into_owned();
        Some((name.clone(), text))
    })
    .collect()
}

/// The parts that are files and not too large, alone and in all, and the others.
fn within_limits(folder: &Path, parts: BTreeSet<String>) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut sum = 0;
    parts.into_iter().partition(|name| {
        let bytes = read(&folder.join(name)).map(|bytes| bytes.len() as u64);
        sum += bytes.unwrap_or(0);
        bytes.is_some() && sum <= LARGEST_SUM
    })
}

/// What is said of the files that are no parts: those of the submission, and those that the assignment has.
fn notes_on_others(
    (folder, others): (&Path, &BTreeSet<String>),
    (assignment, ours): (&Path, &BTreeSet<String>),
) -> Vec<String> {
    let both = others.intersection(ours);
    let changed = both.filter(|name| !is_same_text(&folder.join(name), &assignment.join(name)));
    // A student who hands in the parts alone lacks everything else, which need not be listed.
    let there: BTreeSet<&str> = others.iter().filter_map(|name| folder_of(name)).collect();
    let lacking = ours.iter().filter(|name| !is_part(name) && !others.contains(*name) && is_handed_out(name));
    let missed = lacking.filter(|name| folder_of(name).is_some_and(|folder| there.contains(folder)));
    let notes = [
        note("not used, because it differs from the assignment's", changed),
        note("not used, because the assignment has no such file", others.difference(ours)),
        note("missing, taken from the assignment", missed),
    ];
    notes.into_iter().flatten().collect()
}

/// The folder in which the parts lie, and what it holds: the folder itself, or the only one in it that holds parts.
fn found(folder: &Path) -> Result<(PathBuf, Found), SubmissionError> {
    let here = names_there(folder)?;
    if here.0.iter().any(|name| is_part(name)) {
        return Ok((folder.to_owned(), here));
    }
    let tops: BTreeSet<&str> = here.0.iter().filter_map(|name| Some(name.split_once('/')?.0)).collect();
    let holds = |top: &&&str| {
        let within = here.0.iter().filter_map(|name| name.strip_prefix(**top)?.strip_prefix('/'));
        within.into_iter().any(is_part)
    };
    match tops.iter().filter(holds).collect::<Vec<_>>()[..] {
        [only] => {
            let folder = folder.join(only);
            let there = names_there(&folder)?;
            Ok((folder, there))
        }
        _ => Ok((folder.to_owned(), here)),
    }
}

/// The files of a folder, and what in it cannot be read.
type Found = (BTreeSet<String>, BTreeSet<String>);

/// The files of a folder that somebody else made; only that the folder itself is there is an error.
fn names_there(root: &Path) -> Result<Found, SubmissionError> {
    std::fs::read_dir(root).map_err(|source| SubmissionError::File { path: root.to_owned(), source })?;
    let (mut names, mut unreadable) = (BTreeSet::new(), BTreeSet::new());
    walk_what_opens(root, |name| names.extend([name]), |name| unreadable.extend([name]));
    Ok((names, unreadable))
}

/// The files of a folder.
pub(super) fn names(root: &Path) -> Result<BTreeSet<String>, SubmissionError> {
    let mut names = BTreeSet::new();
    let add = |name, _: &Path| {
        names.insert(name);
        Ok(())
    };
    walk(root, add).map_err(|(path, source)| SubmissionError::File { path, source })?;
    Ok(names)
}

/// Whether two files hold the same, whichever ends their lines have.
fn is_same_text(one: &Path, other: &Path) -> bool {
    let without_returns = |path: &Path| -> Option<Vec<u8>> {
        let bytes = read(path)?;
        Some(bytes.iter().copied().filter(|byte| *byte != b'\r').collect())
    };
    let (one, other) = (without_returns(one), without_returns(other));
    one.is_some() && one == other
}

/// A file that is no link and not too large.
fn read(path: &Path) -> Option<Vec<u8>> {
    let found = std::fs::symlink_metadata(path).ok()?;
    (found.is_file() && found.len() <= LARGEST).then(|| std::fs::read(path).ok())?
}

/// A note that names the first few files, if there are any; **tests first**, which somebody may have changed on
/// purpose.
fn note<'a>(what: &str, names: impl IntoIterator<Item = &'a String>) -> Option<String> {
    let mut names: Vec<&str> = names.into_iter().map(String::as_str).collect();
    names.sort_by_key(|name| !name.contains("/tests/"));
    let more = names.len().saturating_sub(NAMED);
    let and = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| format!("{what}: {}{and}", names[..names.len() - more].join(", ")))
}
