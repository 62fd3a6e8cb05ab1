//! The report out of the records.

use crate::sections::{claims, figures, tables};
use crate::{Material, ReportError, Sources};
use cnn::models::mnist_network;
use cnn::weights::from_safetensors;
use data::images::MNIST;
use data::iris::Iris;
use data::label_errors;
use experiments::context::Context;
use experiments::registry::{EXPERIMENTS, Experiment};
use experiments::worked;
use records::findings::{DerivationStep, FILE, Findings, Headline, RUBRIC, VerifiedDerivation};
use records::{Artifact, Records, json, sha256_hex};
use std::collections::BTreeMap;
use theory::derivation::Verified;
use theory::render::worked::derivations;

/// The trained network of P1.2.
const WEIGHTS: &str = "mnist.safetensors";

/// What only the rubric can tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// What each criterion finds in the records.
    pub headlines: Vec<Headline>,
    /// The SHA-256 of what that follows from, see [`records::judged`].
    pub judged_sha256: String,
}

/// Derives the record and the figures; what was not run before is read from the folder of the records.
///
/// # Errors
/// [`ReportError`] when another record is not there or is of other experiments.
pub fn derive(
    this: &Experiment,
    context: &Context,
    records: &mut Records,
    verdicts: Verdicts,
) -> Result<Vec<Artifact>, ReportError> {
    complete(context, records)?;
    let images = context.test(&MNIST)?;
    let label_errors = label_errors::load(&context.data_dir, &images.labels)?;
    let sources = Sources::new(records, label_errors)?;
    let mut network = mnist_network(experiments::REGISTERED_SEED);
    let weights = records.bytes(WEIGHTS).ok_or_else(|| ReportError::missing(WEIGHTS))?;
    let broken = |source| ReportError::Weights { path: records.path(WEIGHTS).to_owned(), source };
    from_safetensors(&mut network, weights).map_err(broken)?;
    let flowers = &Iris::load(&context.data_dir)?;
    let material = Material { records: &sources, network: &network, images, flowers };
    let (entries, drawings): (Vec<_>, Vec<_>) =
        figures().map(|row| row.drawn(&material)).collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    let derivations = derivations(worked::SEED, worked::TRIALS)?;
    let record = Findings {
        header: this.header(),
        derived_from: hashes(records, verdicts.judged_sha256),
        claims: claims().map(|row| row.decided(&sources)).collect::<Result<_, _>>()?,
        criteria: verdicts.headlines,
        derivations: derivations.iter().map(derivation).collect(),
        tables: tables().map(|row| row.filled(&sources)).collect::<Result<_, _>>()?,
        figures: entries,
    };
    let report = Artifact { name: FILE.to_owned(), bytes: json::to_bytes(&record)? };
    Ok([report].into_iter().chain(drawings).collect())
}

/// What the record holds of a verified derivation.
fn derivation(verified: &Verified) -> VerifiedDerivation {
    let step = |step: &theory::derivation::Step| DerivationStep {
        tex: step.tex().to_owned(),
        why: step.why().to_owned(),
    };
    VerifiedDerivation {
        id: verified.id().to_owned(),
        title: verified.title().to_owned(),
        lhs: verified.lhs().to_owned(),
        steps: verified.steps().iter().map(step).collect(),
        trials: verified.trials(),
        worst_difference: verified.worst_difference(),
    }
}

/// Reads what was not run before.
///
/// # Errors
/// [`ReportError::Store`] when a record cannot be read.
pub fn complete(context: &Context, records: &mut Records) -> Result<(), ReportError> {
    let folder = &context.results_dir;
    for experiment in &EXPERIMENTS {
        // A study that was never run is missing only where something speaks of it.
        let was_run = folder.join(experiment.files[0]).exists();
        if !experiment.is_in(records) && was_run {
            experiment.read(folder, records)?;
        }
    }
    Ok(())
}

/// The SHA-256 of each file that the report is derived from, and of what it takes from the rubric, by their names from
/// `results/`.
fn hashes(records: &Records, judged_sha256: String) -> BTreeMap<String, String> {
    let files = EXPERIMENTS.iter().flat_map(|experiment| experiment.files);
    let hash = |file: &&str| Some(((*file).to_owned(), sha256_hex(records.bytes(file)?)));
    files.filter_map(hash).chain([(RUBRIC.to_owned(), judged_sha256)]).collect()
}
