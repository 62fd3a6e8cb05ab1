//! A run, and what is recorded of it.

use super::{Follow, IrisRunError, Keep, Outcome, Prepared, Settings, follow};
use cnn::kernels::Isa;

/// Trains and tests.
///
/// # Errors
/// Those of [`follow`].
pub fn run(isa: Isa, prepared: &Prepared, settings: &Settings, keep: Keep) -> Result<Outcome, IrisRunError> {
    Ok(follow(isa, prepared, settings, Follow::keeping(keep))?.outcome)
}
