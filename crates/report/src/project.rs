//! What a book may quote: the records, what was derived from them, and the numbers that are no results.

use crate::refusal::{CheckError, Reason};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What is taken from the rubric, among the files that the report was derived from.
const RUBRIC: &str = "../rubric.toml";

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
    pub derived: Derived,
    /// `book/given.toml`.
    pub given: Given,
    /// `rubric.toml`.
    pub rubric: Rubric,
    /// The font's list of characters, `book/font/glyphs.txt`.
    pub glyphs: Option<String>,
}

/// What `experiments` derived from the records: **the only source of claims, tables and figures.**
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Derived {
    /// The SHA-256 of each record it was derived from.
    pub derived_from: BTreeMap<String, String>,
    /// The claims, decided.
    pub claims: Vec<Claim>,
    /// What each criterion of the rubric found.
    pub criteria: Vec<Criterion>,
    /// The derivations, verified step by step.
    pub derivations: Vec<Derivation>,
    /// The tables.
    pub tables: Vec<Table>,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// A sentence about the records, and whether it holds.
#[derive(Clone, Debug, Deserialize)]
pub struct Claim {
    /// Its id.
    pub id: String,
    /// The sentence.
    pub says: String,
    /// The same within a sentence, where it is registered.
    pub within: Option<String>,
    /// Whether it holds.
    pub holds: bool,
    /// The numbers it was decided on.
    pub evidence: String,
    /// The record.
    pub record: String,
}

/// What a criterion found in the records.
#[derive(Clone, Debug, Deserialize)]
pub struct Criterion {
    /// Its id in the rubric.
    pub id: String,
    /// Whether it is met; nothing where only a recomputation can tell.
    pub met: Option<bool>,
    /// What was found.
    pub text: String,
}

/// A derivation: `lhs` equals each of its steps.
#[derive(Clone, Debug, Deserialize)]
pub struct Derivation {
    /// Its id.
    pub id: String,
    /// What is derived.
    pub title: String,
    /// The left-hand side in TeX.
    pub lhs: String,
    /// The expressions.
    pub steps: Vec<Step>,
    /// On how many random inputs every step was computed.
    pub trials: usize,
    /// The largest relative difference of two neighbouring steps.
    pub worst_difference: f64,
}

/// A step of a derivation.
#[derive(Clone, Debug, Deserialize)]
pub struct Step {
    /// The expression in TeX.
    pub tex: String,
    /// Why it equals the one before.
    pub why: String,
}

/// A table.
#[derive(Clone, Debug, Deserialize)]
pub struct Table {
    /// Its id; empty within a figure.
    #[serde(default)]
    pub id: String,
    /// What it shows.
    #[serde(default)]
    pub caption: String,
    /// The record.
    #[serde(default)]
    pub record: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug, Deserialize)]
pub struct Column {
    /// Its head.
    pub name: String,
    /// Whether its cells are numbers, which stand on the right.
    pub numeric: bool,
}

/// A figure.
#[derive(Clone, Debug, Deserialize)]
pub struct Figure {
    /// Its id.
    pub id: String,
    /// Its SVG, from `results/`.
    pub file: String,
    /// The SHA-256 of that file.
    pub sha256: String,
    /// What it shows.
    pub caption: String,
    /// The record.
    pub record: String,
    /// Its numbers as a table.
    pub data: Table,
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
    /// Which of those stands beside which criterion of the rubric.
    pub scoreboard: BTreeMap<String, String>,
}

/// A question of the assignment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its id.
    pub id: String,
    /// The page that answers it.
    pub page: String,
    /// Its words.
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

/// The rubric, as far as the book shows it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Rubric {
    /// Its criteria.
    pub criterion: Vec<Asked>,
}

/// A criterion of the rubric.
#[derive(Clone, Debug, Deserialize)]
pub struct Asked {
    /// Its id.
    pub id: String,
    /// What is asked.
    pub title: String,
    /// The command that shows it.
    pub reproduce: String,
    check: toml::Value,
    bar: toml::Value,
}

impl Rubric {
    /// What the verdicts follow from, as the report was derived from it: of each criterion its id, check and bar, a line each.
    fn judged(&self) -> String {
        let line = |it: &Asked| format!("{} {} {}\n", toml::Value::from(it.id.as_str()), it.check, it.bar);
        self.criterion.iter().map(line).collect()
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
            let derived = Derived::deserialize(value);
            project.derived = derived.map_err(|error| malformed(&results.join("report.json"), error))?;
        }
        project.given = toml(&repository.join("book/given.toml"))?;
        project.rubric = toml(&repository.join("rubric.toml"))?;
        project.sha256.insert(RUBRIC.to_owned(), sha256_hex(project.rubric.judged().as_bytes()));
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

/// The SHA-256 of some bytes, in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
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
