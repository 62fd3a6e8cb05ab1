//! Shards: the parts of a study computed on many machines, and joined into the file of a single run.
//!
//! ```text
//! shard I of N    the parts whose index is I - 1 modulo N, counted from 0     1 <= I <= N
//! merge           parts[k] from shard k mod N + 1, then what a single run does with all parts
//! ```
//!
//! A shard's file names what it was computed from and holds a SHA-256 of what it computed, so that a merge can refuse what does
//! not belong together. **The merged file is that of a single run, byte for byte**, because parts do not depend on each other
//! and every value passes through the same JSON.

mod error;

pub use error::ShardError;

use crate::context::Context;
use crate::registry::{Experiment, Kind, Records};
use crate::study::{Part, Study};
use numerics::sha256_hex;
use records::Artifact;
use records::store;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The folder of the shards inside the folder of the records.
pub const FOLDER: &str = "shards";

/// Shard `index` of `count`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    index: usize,
    count: usize,
}

/// A text that names no shard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no shard: write I/N with 1 <= I <= N, such as 2/8")]
pub struct NoShard(String);

/// What one shard computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partial {
    /// The experiment's id.
    pub experiment: String,
    /// Which shard.
    pub shard: Shard,
    /// The SHA-256 of the record's header and the ids of all parts.
    pub fingerprint: String,
    /// The SHA-256 of `parts`.
    pub sha256: String,
    /// The parts, in the order of the record.
    pub parts: Vec<PartialPart>,
}

/// A part with its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartialPart {
    /// The part's id.
    pub id: String,
    /// What it gave.
    pub value: Value,
}

impl Shard {
    /// Shard `index` of `count`.
    ///
    /// # Errors
    /// [`NoShard`] unless `1 <= index <= count`.
    pub fn new(index: usize, count: usize) -> Result<Self, NoShard> {
        if (1..=count).contains(&index) {
            Ok(Self { index, count })
        } else {
            Err(NoShard(format!("{index}/{count}")))
        }
    }

    /// What of the items falls to this shard, in their order.
    pub fn of<T: Clone>(self, items: &[T]) -> Vec<T> {
        items.iter().skip(self.index - 1).step_by(self.count).cloned().collect()
    }

    /// The file of this shard of an experiment, such as `shards/iris.2-of-8.json`.
    pub fn file(self, experiment: &str) -> String {
        format!("{FOLDER}/{experiment}.{}-of-{}.json", self.index, self.count)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Self, NoShard> {
        let none = || NoShard(text.to_owned());
        let (index, count) = text.split_once('/').ok_or_else(none)?;
        let number = |digits: &str| digits.parse().map_err(|_| none());
        Self::new(number(index)?, number(count)?).map_err(|_| none())
    }
}

impl TryFrom<String> for Shard {
    type Error = NoShard;

    fn try_from(text: String) -> Result<Self, NoShard> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

/// The study of an experiment that has parts.
///
/// # Errors
/// [`ShardError::InOnePiece`], which names those of `all` that have.
pub fn study<'a>(experiment: &'a Experiment, all: &[Experiment]) -> Result<&'a Study, ShardError> {
    match &experiment.kind {
        Kind::Parts(study) => Ok(study),
        Kind::Whole(_) | Kind::Derived(_) => {
            let with_parts = all.iter().filter(|experiment| matches!(experiment.kind, Kind::Parts(_)));
            let known = with_parts.map(|experiment| experiment.id).collect::<Vec<_>>().join(", ");
            let known = if known.is_empty() { "none".to_owned() } else { known };
            Err(ShardError::InOnePiece { experiment: experiment.id.to_owned(), known })
        }
    }
}

/// Computes one shard: the file that belongs into the folder of the records.
///
/// # Errors
/// [`ShardError::Experiment`] of the first part that fails.
pub fn compute(
    experiment: &Experiment,
    study: &Study,
    shard: Shard,
    context: &Context,
) -> Result<Artifact, ShardError> {
    let all = (study.parts)();
    let own = shard.of(&all);
    let values = study.compute_all(context, &format!("{} {shard}", experiment.id), &own)?;
    let parts: Vec<_> =
        own.into_iter().zip(values).map(|(part, value)| PartialPart { id: part.id, value }).collect();
    let partial = Partial {
        experiment: experiment.id.to_owned(),
        shard,
        fingerprint: fingerprint(experiment, &all)?,
        sha256: sha256_hex(&records::json::to_bytes(&parts)?),
        parts,
    };
    Ok(Artifact { name: shard.file(experiment.id), bytes: records::json::to_bytes(&partial)? })
}

/// The shards of an experiment in a folder of records, by file name.
///
/// # Errors
/// [`ShardError::Folder`] or [`ShardError::Store`] for a file that cannot be read or is no shard.
pub fn find(results: &Path, experiment: &str) -> Result<Vec<(PathBuf, Partial)>, ShardError> {
    let folder = results.join(FOLDER);
    let unreadable = |source| ShardError::Folder { folder: folder.clone(), source };
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let name = entry.map_err(unreadable)?.file_name();
        let text = name.to_string_lossy();
        if text.starts_with(&format!("{experiment}.")) && text.ends_with(".json") {
            paths.push(folder.join(&name));
        }
    }
    paths.sort();
    paths.into_iter().map(|path| Ok((path.clone(), store::read_json(&path)?))).collect()
}

/// Joins shards, in any order, into the files of a single run.
///
/// # Errors
/// [`ShardError`] when a shard is missing, doubled, of another division or configuration, or was altered.
pub fn merge(
    experiment: &Experiment,
    study: &Study,
    shards: &[(PathBuf, Partial)],
    records: &mut Records,
) -> Result<Vec<Artifact>, ShardError> {
    let all = (study.parts)();
    let fingerprint = fingerprint(experiment, &all)?;
    for (path, partial) in shards {
        check(experiment, &fingerprint, &all, path, partial)?;
    }
    let shards = complete(experiment, shards)?;
    let mut values: Vec<_> = shards.iter().map(|partial| partial.parts.iter()).collect();
    let count = values.len();
    let joined = (0..all.len()).filter_map(|k| values[k % count].next()).map(|part| part.value.clone());
    Ok(experiment.conclude(study, joined.collect(), records)?)
}

/// What two shards must share to belong together.
fn fingerprint(experiment: &Experiment, all: &[Part]) -> Result<String, ShardError> {
    let ids: Vec<&str> = all.iter().map(|part| part.id.as_str()).collect();
    Ok(sha256_hex(&records::json::to_bytes(&(experiment.header(), ids))?))
}

/// Whether a file is a shard of this configuration, as it was computed.
fn check(
    experiment: &Experiment,
    fingerprint: &str,
    all: &[Part],
    path: &Path,
    partial: &Partial,
) -> Result<(), ShardError> {
    let shard = partial.shard;
    if partial.experiment != experiment.id || partial.fingerprint != fingerprint {
        let experiment = experiment.id.to_owned();
        return Err(ShardError::Configuration { path: path.to_owned(), experiment, shard });
    }
    let altered = |what: &str| ShardError::Altered { path: path.to_owned(), what: what.to_owned(), shard };
    if !partial.parts.iter().map(|part| &part.id).eq(shard.of(all).iter().map(|part| &part.id)) {
        return Err(altered("its parts are not those of this shard"));
    }
    if partial.sha256 != sha256_hex(&records::json::to_bytes(&partial.parts)?) {
        return Err(altered("its values do not have its SHA-256"));
    }
    Ok(())
}

/// All shards of one division, each once, in order.
fn complete<'a>(
    experiment: &Experiment,
    shards: &'a [(PathBuf, Partial)],
) -> Result<Vec<&'a Partial>, ShardError> {
    let mut sorted: Vec<_> = shards.iter().collect();
    sorted.sort_by_key(|(path, partial)| (partial.shard, path.clone()));
    for pair in sorted.windows(2) {
        let [(first, a), (second, b)] = [pair[0], pair[1]];
        let (first, second) = (first.clone(), second.clone());
        if a.shard == b.shard {
            return Err(ShardError::Doubled { shard: a.shard, first, second });
        }
        if a.shard.count != b.shard.count {
            return Err(ShardError::Divisions { first, of_first: a.shard, second, of_second: b.shard });
        }
    }
    let count = sorted.first().map_or(1, |(_, partial)| partial.shard.count);
    let present = |index: &usize| sorted.iter().any(|(_, partial)| partial.shard.index == *index);
    let missing: Vec<Shard> =
        (1..=count).filter(|index| !present(index)).map(|index| Shard { index, count }).collect();
    if !missing.is_empty() {
        return Err(ShardError::Missing { experiment: experiment.id.to_owned(), missing });
    }
    Ok(sorted.into_iter().map(|(_, partial)| partial).collect())
}

#[cfg(test)]
mod tests;
