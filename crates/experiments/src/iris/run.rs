//! A run on either implementation.

use super::check::check;
use super::observer::Observer;
use super::{Epoch, Implementation, IrisRunError, Keep, Outcome, Prepared, Settings, framework, scratch};
use cnn::kernels::Isa;

/// Trains and tests.
///
/// # Errors
/// [`IrisRunError`]: settings that do not go together or that the flowers were not prepared with, or a run that
/// diverged.
pub fn run(isa: Isa, prepared: &Prepared, settings: &Settings, keep: Keep) -> Result<Outcome, IrisRunError> {
    observed(isa, prepared, settings, Observer::new(settings.epochs, keep, None))
}

/// [`run`], calling `watch` after every epoch.
///
/// # Errors
/// Those of [`run`].
pub fn run_watched(
    isa: Isa,
    prepared: &Prepared,
    settings: &Settings,
    keep: Keep,
    mut watch: impl FnMut(&Epoch),
) -> Result<Outcome, IrisRunError> {
    observed(isa, prepared, settings, Observer::new(settings.epochs, keep, Some(&mut watch)))
}

fn observed(
    isa: Isa,
    prepared: &Prepared,
    settings: &Settings,
    mut observer: Observer,
) -> Result<Outcome, IrisRunError> {
    check(settings)?;
    prepared.check(settings)?;
    let weights_sha256 = match settings.implementation {
        Implementation::Framework => framework::train(isa, prepared, settings, &mut observer)?,
        Implementation::Scratch => scratch::train(prepared, settings, &mut observer)?,
    };
    Ok(observer.outcome(settings.clone(), weights_sha256))
}
