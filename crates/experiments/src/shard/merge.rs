//! Shards computed, found and joined.

use super::error::ShardError;
use super::part::{FOLDER, Shard};
use super::partial::{ShardFile, ShardPart};
use crate::context::Context;
use crate::registry::{Computed, Experiment};
use crate::study::{Kept, Part, Study};
use crate::unfinished::Unfinished;
use records::{Artifact, json, sha256_hex, store};
use std::path::{Path, PathBuf};

/// The study of an experiment that has parts.
///
/// # Errors
/// [`ShardError::Derived`], which names those of `all` that have.
pub fn study<'a>(experiment: &'a Experiment, all: &[Experiment]) -> Result<&'a Study, ShardError> {
    match &experiment.kind {
        Computed::Parts(study) => Ok(study),
        Computed::Derived(_) => {
            let with_parts = all.iter().filter(|experiment| matches!(experiment.kind, Computed::Parts(_)));
            let known = with_parts.map(|experiment| experiment.id).collect::<Vec<_>>().join(", ");
            let known = if known.is_empty() { "none".to_owned() } else { known };
            Err(ShardError::Derived { experiment: experiment.id.to_owned(), known })
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
    let label = shard.label(experiment.id);
    let fingerprint = experiment.fingerprint()?;
    let kept = Unfinished::of(context, &label, &fingerprint)?;
    let values = study.compute_all(context, &label, &own, kept.as_ref().map(|kept| kept as &dyn Kept))?;
    let parts: Vec<_> =
        own.into_iter().zip(values).map(|(part, value)| ShardPart { id: part.id, value }).collect();
    let partial = ShardFile {
        experiment: experiment.id.to_owned(),
        shard,
        fingerprint,
        sha256: sha256_hex(&json::to_bytes(&parts)?),
        parts,
    };
    Ok(Artifact { name: shard.file(experiment.id), bytes: json::to_bytes(&partial)? })
}

/// The shards of an experiment in a folder of records, by file name.
///
/// # Errors
/// [`ShardError::Folder`] or [`ShardError::Store`] for a file that cannot be read or is no shard.
pub fn find(results: &Path, experiment: &str) -> Result<Vec<(PathBuf, ShardFile)>, ShardError> {
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
    shards: &[(PathBuf, ShardFile)],
) -> Result<Vec<Artifact>, ShardError> {
    let all = (study.parts)();
    let fingerprint = experiment.fingerprint()?;
    for (path, partial) in shards {
        check(experiment, &fingerprint, &all, path, partial)?;
    }
    let shards = complete(experiment, shards)?;
    let mut values: Vec<_> = shards.iter().map(|partial| partial.parts.iter()).collect();
    let count = values.len();
    let joined = (0..all.len()).filter_map(|k| values[k % count].next()).map(|part| part.value.clone());
    Ok(experiment.artifacts(study, joined.collect())?)
}

/// Whether a file is a shard of this configuration, as it was computed.
fn check(
    experiment: &Experiment,
    fingerprint: &str,
    all: &[Part],
    path: &Path,
    partial: &ShardFile,
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
    if partial.sha256 != sha256_hex(&json::to_bytes(&partial.parts)?) {
        return Err(altered("its values do not have its SHA-256"));
    }
    Ok(())
}

/// All shards of one division, each once, in order.
fn complete<'a>(
    experiment: &Experiment,
    shards: &'a [(PathBuf, ShardFile)],
) -> Result<Vec<&'a ShardFile>, ShardError> {
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
