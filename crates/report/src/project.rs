//! What a book may quote: the records, what was derived from them, and the numbers that are no results.

use crate::refusal::{CheckError, Reason};
use records::findings::{Findings, RUBRIC};
use records::{judged, sha256_hex};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder of the repository that holds the book, with everything a page may quote.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The root of the repository.
    pub repository: PathBuf,
    /// The records, the JSON files of `results/` itself, by name without `.json`, in the order of their names.
    pub records: BTreeMap<String, Value>,
    /// SHA-256 of every file of `results/`, by name.
    pub sha256: BTreeMap<String, String>,
    /// `results/report.json`.
    pub derived: Findings,
    /// `book/given.toml`.
    pub given: Given,
    /// `rubric.toml`.
    pub rubric: Rubric,
    /// What the command refuses, in a table that a test holds to the command.
    pub refused_calls: RefusedCalls,
    /// Whether the program of the widgets is there, so that pages can compute.
    pub computes: bool,
    /// The address below which a reader finds the repository's files on the web, if book.toml gives one
    /// (`preprocessor.report.source-url`), such as `https://example.org/project/blob/main/`.
    pub source_url: Option<String>,
    /// The font's list of characters, `book/font/glyphs.txt`.
    pub glyphs: Option<String>,
}

/// The questions, and the numbers that are no results of ours.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Given {
    /// The questions of the assignment.
    pub question: Vec<Question>,
    /// Numbers of the assignment and constants of the text.
    pub given: BTreeMap<String, Stated>,
    /// Numbers that the original answer reported.
    pub original: BTreeMap<String, Stated>,
    /// Which of those stands beside a criterion of the rubric in place of its question's.
    pub scoreboard: BTreeMap<String, String>,
}

/// A question of the assignment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub id: String,
    /// The page that answers it.
    pub page: String,
    /// What the original reported of it: an entry of [`Given::original`].
    pub original: Option<String>,
    pub text: String,
}

/// A number that somebody else stated.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// As it is written.
    pub text: String,
    /// What it means.
    pub meaning: String,
}

/// The table of what the command refuses.
pub(crate) const REFUSED_CALLS: &str = "crates/coursework/tests/refused-calls.toml";

/// What the command refuses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RefusedCalls {
    pub call: Vec<RefusedCall>,
}

/// A call that the command refuses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusedCall {
    /// What it is about.
    pub of: String,
    /// What is wrong with it.
    pub wrong: String,
    pub call: String,
    /// The line that says so.
    pub says: String,
}

/// The rubric, as far as the book shows it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Rubric {
    pub criterion: Vec<Asked>,
}

/// A criterion of the rubric.
#[derive(Clone, Debug, Deserialize)]
pub struct Asked {
    pub id: String,
    /// The question that it belongs to.
    pub question: String,
    /// What is asked.
    pub title: String,
    /// The command that shows it.
    pub reproduce: String,
}

impl Given {
    /// The question of a criterion, if it is one that is asked.
    pub fn question_of(&self, asked: &Asked) -> Option<&Question> {
        self.question.iter().find(|question| question.id == asked.question)
    }

    /// The entry of [`Given::original`] that stands beside a criterion.
    pub fn original_of(&self, asked: &Asked) -> Option<&String> {
        let of_question = || self.question_of(asked)?.original.as_ref();
        self.scoreboard.get(&asked.id).or_else(of_question)
    }
}

impl Project {
    /// Reads what the repository has: a file that is not there is empty, and whoever quotes it is refused.
    ///
    /// # Errors
    /// [`CheckError::Malformed`] for a file that is there and cannot be understood.
    pub fn load(repository: &Path) -> Result<Self, CheckError> {
        let mut project = Self { repository: repository.to_owned(), ..Self::default() };
        let results = repository.join("results");
        for path in files(&results)? {
            let bytes =
                fs::read(&path).map_err(|source| CheckError::Unreadable { path: path.clone(), source })?;
            let name = path.strip_prefix(&results).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            project.sha256.insert(name.clone(), sha256_hex(&bytes));
            // In the folders below are drawings, and what was measured on one machine: no experiment writes that again.
            if let Some(record) = name.strip_suffix(".json").filter(|name| !name.contains('/')) {
                let value = serde_json::from_slice(&bytes).map_err(|error| malformed(&path, error))?;
                project.records.insert(record.to_owned(), value);
            }
        }
        if let Some(value) = project.records.get("report") {
            let derived = Findings::deserialize(value);
            project.derived = derived.map_err(|error| malformed(&results.join("report.json"), error))?;
        }
        project.given = toml(&repository.join("book/given.toml"))?;
        project.rubric = toml(&repository.join("rubric.toml"))?;
        project.refused_calls = toml(&repository.join(REFUSED_CALLS))?;
        let rubric = repository.join("rubric.toml");
        let judged =
            judged(&optional(&rubric)?.unwrap_or_default()).map_err(|error| malformed(&rubric, error))?;
        project.sha256.insert(RUBRIC.to_owned(), sha256_hex(judged.as_bytes()));
        project.computes = repository.join("book").join(crate::compute::FILE).is_file();
        project.glyphs = optional(&repository.join("book/font/glyphs.txt"))?;
        Ok(project)
    }

    /// The text of a file, by its path from the root of the repository.
    ///
    /// # Errors
    /// [`Reason::MissingFile`].
    pub fn source(&self, file: &str) -> Result<String, Reason> {
        fs::read_to_string(self.repository.join(file)).map_err(|_| Reason::MissingFile(file.to_owned()))
    }

    /// Claims, tables and figures speak of the records that stand in `results/`.
    ///
    /// # Errors
    /// [`Reason::Stale`] names a record that was changed since.
    pub fn fresh(&self) -> Result<(), Reason> {
        let changed = |(file, sha256): &(&String, &String)| self.sha256.get(*file) != Some(sha256);
        match self.derived.derived_from.iter().find(changed) {
            Some((file, _)) if file == RUBRIC => Err(Reason::StaleRubric),
            Some((file, _)) => Err(Reason::Stale(file.clone())),
            None => Ok(()),
        }
    }

    /// The command that writes a record again.
    pub fn command(record: &str) -> String {
        format!("cargo coursework run {record}")
    }
}

/// Every file of a folder and the folders in it, in the order of their names; none where there is no folder.
///
/// # Errors
/// [`CheckError::Unreadable`].
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, CheckError> {
    let unreadable = |source| CheckError::Unreadable { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(unreadable)?;
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    Ok(found)
}

fn optional(path: &Path) -> Result<Option<String>, CheckError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(CheckError::Unreadable { path: path.to_owned(), source }),
    }
}

fn toml<T: Default + for<'de> Deserialize<'de>>(path: &Path) -> Result<T, CheckError> {
    optional(path)?.map_or_else(
        || Ok(T::default()),
        |text| toml::from_str(&text).map_err(|error| malformed(path, error)),
    )
}

fn malformed(path: &Path, error: impl std::fmt::Display) -> CheckError {
    CheckError::Malformed { path: path.to_owned(), reason: error.to_string().trim().replace('\n', " ") }
}
