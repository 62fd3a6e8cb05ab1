//! `report.json` and `figures/`: what the written report may say of the other records.
//!
//! The crate that builds the book depends on no model crate and computes nothing. So everything that takes a computation is
//! made here, recorded, and recomputed by `verify` like any other record: claims with their verdict, tables with their
//! cells, figures as SVG. The record names the SHA-256 of each record it was made of; the book refuses one that is older
//! than they are.
//!
//! | module | holds |
//! |---|---|
//! | [`claims`] | named sentences, each with its predicate and with what would turn its verdict |
//! | [`Sources`] | the records, which all the others read |
//! | [`tables`], [`cells`], [`figures`] | what is shown |
//! | [`mnist_studies`] | tables and figures of P1.2 on many seeds |
//! | [`chart`], [`dots`], [`drawing`] | curves and bars by kuva; dots, and pictures of cells and pixels, by hand |
//! | [`png`] | a grey picture as PNG |

pub mod cells;
pub mod chart;
pub mod claims;
pub mod dots;
pub mod drawing;
mod error;
mod figure_speed;
pub mod figures;
mod figures_mnist;
mod figures_studies;
pub mod mnist_studies;
pub mod png;
mod predicates;
mod sources;
pub mod tables;
mod tables_iris;
mod tables_lda;
mod tables_mnist;
mod tables_recompute;
mod tables_studies;

pub use error::ReportError;
pub use sources::Sources;

use crate::context::Context;
use crate::data::checksum::sha256_hex;
use crate::data::label_errors;
use crate::data::mnist::Mnist;
use crate::grade::criteria::Check;
use crate::grade::rubric::Rubric;
use crate::grade::{Recomputed, score};
use crate::records::{self, Header};
use crate::registry::{Artifact, EXPERIMENTS, Experiment, ExperimentError, Kind, Records};
use crate::store;
use cnn::models::mnist_network;
use cnn::weights::from_safetensors;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use theory::derivation::Verified;
use theory::render::worked::derivations;

/// The files it leaves in `results/`.
pub const FILES: &[&str] = &[
    "report.json",
    "figures/t2-graph.svg",
    "figures/t2-graph-sample.svg",
    "figures/iris-train-loss.svg",
    "figures/iris-test-loss.svg",
    "figures/iris-errors.svg",
    "figures/iris-speed.svg",
    "figures/iris-optimisers.svg",
    "figures/iris-bands.svg",
    "figures/iris-plateau.svg",
    "figures/mnist-curves.svg",
    "figures/mnist-errors.svg",
    "figures/mnist-confusion.svg",
    "figures/mnist-mistakes.svg",
    "figures/mnist-filters.svg",
    "figures/mnist-reliability.svg",
    "figures/mnist-hardest.svg",
    "figures/mnist-small.svg",
];

impl ReportError {
    fn missing(name: impl Into<String>) -> Self {
        Self::Missing(name.into())
    }
}

/// The record.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// What it is.
    #[serde(flatten)]
    pub header: Header,
    /// The SHA-256 of each record it was derived from.
    pub derived_from: BTreeMap<String, String>,
    /// The claims, decided.
    pub claims: Vec<claims::Decided>,
    /// What each criterion of the rubric found.
    pub criteria: Vec<Criterion>,
    /// The derivations of T1 and T2, verified step by step.
    pub derivations: Vec<Verified>,
    /// The tables.
    pub tables: Vec<tables::Table>,
    /// The figures; their drawings are files of their own.
    pub figures: Vec<FigureEntry>,
}

/// What a criterion of the rubric found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Criterion {
    /// Its id.
    pub id: String,
    /// Whether it is met; nothing where only a recomputation can tell.
    pub met: Option<bool>,
    /// What was found, in the first two clauses of the score sheet's evidence.
    pub text: String,
}

/// A figure without its drawing.
#[derive(Clone, Debug, Serialize)]
pub struct FigureEntry {
    /// Its id.
    pub id: &'static str,
    /// The file of its drawing.
    pub file: String,
    /// The SHA-256 of that file.
    pub sha256: String,
    /// What it shows.
    pub caption: String,
    /// The record its numbers come from.
    pub record: &'static str,
    /// Its numbers.
    pub data: cells::Data,
}

/// Derives the record and the figures; what was not run before is read from the folder of the records.
///
/// # Errors
/// [`ExperimentError::Report`] when another record is not there or is of other experiments.
pub fn run(
    this: &Experiment,
    context: &Context,
    records: &mut Records,
) -> Result<Vec<Artifact>, ExperimentError> {
    complete(context, records)?;
    let pictures = Mnist::load(&context.data_dir).map_err(ReportError::Data)?.test;
    let label_errors = label_errors::load(&context.data_dir, &pictures.labels).map_err(ReportError::Data)?;
    let sources = Sources::new(records, &label_errors)?;
    let mut network = mnist_network(crate::REGISTERED_SEED);
    let weights = records.mnist_weights.as_deref();
    let weights = weights.ok_or_else(|| ReportError::Missing("mnist.safetensors".to_owned()))?;
    from_safetensors(&mut network, weights).map_err(ReportError::Weights)?;
    let figures = figures::figures(&sources, &network, &pictures)?;
    let record = Record {
        header: this.header(),
        derived_from: hashes(&sources, weights, &context.rubric)?,
        claims: claims::decide(&sources)?,
        criteria: criteria(context, records)?,
        derivations: derivations(records::theory::SEED, records::theory::TRIALS)
            .map_err(ReportError::Derivation)?,
        tables: tables::tables(&sources)?,
        figures: figures.iter().map(figures::Figure::entry).collect(),
    };
    let mut artifacts = vec![this.artifact(&record)?];
    artifacts.extend(figures.into_iter().map(figures::Figure::artifact));
    Ok(artifacts)
}

/// Fills in what was not run.
fn complete(context: &Context, records: &mut Records) -> Result<(), ExperimentError> {
    let folder = &context.results_dir;
    for experiment in &EXPERIMENTS {
        // A study that was never run is missing only where something speaks of it.
        let never_run =
            matches!(experiment.kind, Kind::Parts(_)) && !folder.join(experiment.files[0]).exists();
        if !records.has(experiment) && !never_run {
            records.read(folder, experiment).map_err(ReportError::Store)?;
        }
    }
    Ok(())
}

/// The SHA-256 of each file that the report is derived from, and of what it takes from the rubric, by their names from `results/`.
fn hashes(sources: &Sources, weights: &[u8], rubric: &Path) -> Result<BTreeMap<String, String>, ReportError> {
    let mut files = vec![
        ("theory.json", store::json::to_bytes(sources.theory)?),
        ("iris-tuning.json", store::json::to_bytes(sources.tuning)?),
        ("iris.json", store::json::to_bytes(sources.iris)?),
        ("mnist.json", store::json::to_bytes(sources.mnist)?),
    ];
    for study in EXPERIMENTS.iter() {
        if let Some(record) = sources.studies.get(study.id) {
            files.push((study.files[0], store::json::to_bytes(record)?));
        }
    }
    files.push(("mnist.safetensors", weights.to_vec()));
    files.push(("../rubric.toml", judged(&String::from_utf8_lossy(&store::read(rubric)?))));
    Ok(files.into_iter().map(|(name, bytes)| (name.to_owned(), sha256_hex(&bytes))).collect())
}

/// What the verdicts on the criteria follow from: of each its id, its check and its bar, a line each. **Points, limits and tests are not
/// among it:** a course may change them, and the records stay what they are.
fn judged(rubric: &str) -> Vec<u8> {
    let rubric: toml::Table = rubric.parse().unwrap_or_default();
    let criteria = rubric.get("criterion").and_then(toml::Value::as_array).into_iter().flatten();
    let line = |criterion: &toml::Value| {
        let keys = ["id", "check", "bar"]
            .map(|key| criterion.get(key).map_or(String::new(), toml::Value::to_string));
        keys.join(" ") + "\n"
    };
    criteria.map(line).collect::<String>().into_bytes()
}

/// The rubric's criteria on the records as they are.
fn criteria(context: &Context, records: &Records) -> Result<Vec<Criterion>, ReportError> {
    let rubric = Rubric::load(&context.rubric)?;
    let sheet = score(&rubric, &Recomputed { records: records.clone(), ..Recomputed::default() });
    let row = |row: crate::grade::Scored| {
        let (id, check) = (row.criterion.id, row.criterion.check);
        if check == Check::Reproduced {
            return Criterion { id, met: None, text: "decided on your machine by make grade".to_owned() };
        }
        let headline: Vec<&str> = row.verdict.evidence.text.split("; ").take(2).collect();
        Criterion { id, met: Some(row.verdict.met), text: headline.join("; ").replace('`', "") }
    };
    Ok(sheet.rows.into_iter().map(row).collect())
}

#[cfg(test)]
mod tests;
