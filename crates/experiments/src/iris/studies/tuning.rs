//! How the settings of P1.1 were chosen: by cross-validation inside the training part of the registered seed.
//!
//! The 120 training flowers are cut into 5 folds in their (shuffled) order; every weight decay of the grid is
//! trained on four folds and tested on the fifth, with all four activations and several seeds of the weights. **The
//! 30 test flowers are not looked at.** One weight decay is chosen for all activations, the one with the fewest
//! errors in all; of equals the largest, which is the simplest network.
//!
//! **The choice is made on a [`TrainingPart`], which does not hold the test part.**

use crate::iris::cross_validation::{FOLDS, TrainingPart};
use crate::iris::{Activation, Keep, Prepared, RunError, Settings, run};
use cnn::kernels::Isa;
use rayon::prelude::*;
use records::Header;
use serde::{Deserialize, Serialize};

/// The weight decays that are tried.
pub const GRID: [f64; 5] = [0.0, 1e-3, 3e-3, 1e-2, 3e-2];

/// Seeds of the initial weights that each fold is trained with.
pub const SEEDS: u64 = 4;

/// Errors of one weight decay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The weight decay.
    pub weight_decay: f64,
    /// Wrong answers on held-out flowers, over folds, seeds and activations.
    pub errors: usize,
    /// Held-out flowers asked.
    pub total: usize,
}

/// The record `iris-tuning.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// What it is.
    #[serde(flatten)]
    pub header: Header,
    /// Everything but weight decay and activation.
    pub settings: Settings,
    /// Folds of the training part.
    pub folds: usize,
    /// Seeds of the weights.
    pub seeds: u64,
    /// The grid with its errors.
    pub rows: Vec<Row>,
    /// The chosen weight decay.
    pub chosen: f64,
}

/// Runs the cross-validation on the training part of the registered seed.
///
/// # Errors
/// When a run diverges.
pub fn tune(
    isa: Isa,
    training: &TrainingPart,
    header: Header,
    done: impl Fn() + Sync,
) -> Result<Record, RunError> {
    let settings = Settings::framework(Activation::Relu);
    let folds = training.folds(settings.features)?;
    let errors_of = |weight_decay: f64| -> Result<Row, RunError> {
        let jobs: Vec<(&Prepared, Activation, u64)> = folds
            .iter()
            .flat_map(|fold| Activation::ALL.map(|activation| (fold, activation)))
            .flat_map(|(fold, activation)| (1..=SEEDS).map(move |seed| (fold, activation, seed)))
            .collect();
        let tests = jobs.par_iter().map(|&(fold, activation, seed)| {
            let settings = Settings { weight_decay, activation, ..settings.with_seed(seed) };
            let outcome = run(isa, fold, &settings, Keep::Last)?;
            done();
            Ok(outcome.last().test)
        });
        let tests: Vec<_> = tests.collect::<Result<_, RunError>>()?;
        let errors = tests.iter().map(|test| test.total - test.correct).sum();
        Ok(Row { weight_decay, errors, total: tests.iter().map(|test| test.total).sum() })
    };
    let rows: Vec<Row> = GRID.into_iter().map(errors_of).collect::<Result<_, _>>()?;
    let chosen = rows
        .iter()
        .fold(&rows[0], |best, row| if row.errors <= best.errors { row } else { best })
        .weight_decay;
    Ok(Record { header, settings, folds: FOLDS, seeds: SEEDS, rows, chosen })
}

/// How many runs [`tune`] makes.
pub fn runs() -> u64 {
    (GRID.len() * FOLDS * Activation::ALL.len()) as u64 * SEEDS
}
