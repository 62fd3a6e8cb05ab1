//! How the settings of P1.1 were chosen: by cross-validation inside the training part of the registered seed.
//!
//! The 120 training flowers are cut into 5 folds in their (shuffled) order; every weight decay of the grid is
//! trained on four folds and tested on the fifth, with all four activations and several seeds of the weights. **The
//! 30 test flowers are not looked at.** One weight decay is chosen for all activations, the one with the fewest
//! errors in all; of equals the largest, which is the simplest network.
//!
//! **The choice is made on a [`TrainingPart`], which does not hold the test part.**

use super::parts::{load, position};
use crate::context::Context;
use crate::iris::cross_validation::{FOLDS, TrainingPart};
use crate::iris::{Activation, IrisRunError, Keep, Prepared, Settings, run};
use crate::registry::{Computed, Experiment};
use crate::study::{ExperimentError, FileLayout, Part, Progress, Study, first_file, typed};
use cnn::kernels::Isa;
use data::iris::FILE;
use data::split::Split;
use rayon::prelude::*;
use records::{Header, json};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The experiment: each weight decay is a part.
pub const EXPERIMENT: Experiment = Experiment {
    id: "iris-tuning",
    question: "P1.1: which weight decay errs least in cross-validation inside the training part?",
    hypothesis: "some weight decay errs less than none",
    refuted_by: "no decay errs less than 0 in cross-validation",
    chosen_on: "five folds of the training part of the registered seed",
    data: &[FILE],
    files: &["iris-tuning.json"],
    kind: Computed::Parts(STUDY),
};

const STUDY: Study = Study::in_full(parts, compute, FileLayout::Own { files, parts: parts_in });

/// The weight decays that are tried.
pub const GRID: [f64; 5] = [0.0, 1e-3, 3e-3, 1e-2, 3e-2];

/// Seeds of the initial weights that each fold is trained with.
pub const SEEDS: u64 = 4;

/// Errors of one weight decay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TuningRow {
    /// The weight decay.
    pub weight_decay: f64,
    /// Wrong answers on held-out flowers, over folds, seeds and activations.
    pub errors: usize,
    /// Held-out flowers asked.
    pub total: usize,
}

/// The record `iris-tuning.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TuningRecord {
    #[serde(flatten)]
    pub header: Header,
    /// Everything but weight decay and activation.
    pub settings: Settings,
    /// Folds of the training part.
    pub folds: usize,
    /// Seeds of the weights.
    pub seeds: u64,
    /// The grid with its errors.
    pub rows: Vec<TuningRow>,
    /// The chosen weight decay.
    pub chosen: f64,
}

/// Everything but weight decay and activation.
fn settings() -> Settings {
    Settings::framework(Activation::Relu)
}

fn id(weight_decay: &f64) -> String {
    format!("weight-decay-{weight_decay}")
}

fn parts() -> Vec<Part> {
    let work = (FOLDS * Activation::ALL.len()) as u64 * SEEDS;
    GRID.iter().map(|weight_decay| Part { id: id(weight_decay), work }).collect()
}

fn compute(context: &Context, part: &Part, done: Progress) -> Result<Value, ExperimentError> {
    let weight_decay = GRID[position(&GRID, &part.id, id)?];
    let iris = load(context)?;
    let split = Split::shuffled(iris.labels.len(), crate::REGISTERED_SEED);
    let row = row(context.isa, &TrainingPart::of(&iris, &split), weight_decay, done)?;
    Ok(serde_json::to_value(row)?)
}

/// Cross-validates one weight decay on the training part.
///
/// # Errors
/// When a run diverges.
fn row(
    isa: Isa,
    training: &TrainingPart,
    weight_decay: f64,
    done: Progress,
) -> Result<TuningRow, IrisRunError> {
    let settings = settings();
    let folds = training.folds(settings.features)?;
    let jobs: Vec<(&Prepared, Activation, u64)> = folds
        .iter()
        .flat_map(|fold| Activation::ALL.map(|activation| (fold, activation)))
        .flat_map(|(fold, activation)| (1..=SEEDS).map(move |seed| (fold, activation, seed)))
        .collect();
    let tests = jobs.par_iter().map(|&(fold, activation, seed)| {
        let settings = Settings { weight_decay, activation, ..settings.with_seed(seed) };
        let outcome = run(isa, fold, &settings, Keep::Last)?;
        done(1);
        Ok(outcome.last().test)
    });
    let tests: Vec<_> = tests.collect::<Result<_, IrisRunError>>()?;
    let errors = tests.iter().map(|test| test.total - test.correct).sum();
    Ok(TuningRow { weight_decay, errors, total: tests.iter().map(|test| test.total).sum() })
}

/// The weight decay with the fewest errors; of equals the largest.
///
/// # Errors
/// Without a row.
fn chosen(rows: &[TuningRow]) -> Result<f64, ExperimentError> {
    let better = |best: &TuningRow, row: &TuningRow| row.errors <= best.errors;
    let best = rows.iter().reduce(|best, row| if better(best, row) { row } else { best });
    Ok(best.ok_or_else(|| ExperimentError::Parts("there is no row to choose from".to_owned()))?.weight_decay)
}

fn files(header: Header, parts: &[Value]) -> Result<Vec<Vec<u8>>, ExperimentError> {
    let rows: Vec<TuningRow> = typed(parts)?;
    let chosen = chosen(&rows)?;
    let record = TuningRecord { header, settings: settings(), folds: FOLDS, seeds: SEEDS, rows, chosen };
    Ok(vec![json::to_bytes(&record)?])
}

fn parts_in(files: &[&[u8]]) -> Result<Vec<Value>, ExperimentError> {
    let rows = first_file::<TuningRecord>(files)?.rows;
    Ok(rows.iter().map(serde_json::to_value).collect::<Result<_, _>>()?)
}
