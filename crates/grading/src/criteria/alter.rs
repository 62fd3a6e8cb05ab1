//! What the controls of checks are made of: alterations of recomputed parts, each of its own type.
//!
//! What is not there is not altered. The test of the controls refuses one that alters nothing, by the check's name.

use experiments::iris::studies::seeds::{RegisteredRuns, SeedResult, block_ids};
use experiments::mnist::studies::registered::{REGISTERED, RecordedRun};
use experiments::verify::Recomputed;
use serde::{Deserialize, Serialize};

/// Alters a part of an experiment.
pub(super) fn part<T>(of: &mut Recomputed, experiment: &str, part: &str, alter: impl FnOnce(&mut T))
where
    T: Serialize + for<'a> Deserialize<'a>,
{
    let Ok(mut value) = of.part::<T>(experiment, part) else { return };
    alter(&mut value);
    if let Ok(altered) = serde_json::to_value(value) {
        of.parts.insert((experiment.to_owned(), part.to_owned()), altered);
    }
}

/// Alters the parts of T1 and T2 that are lists.
pub(super) fn theory<T>(of: &mut Recomputed, id: &str, alter: impl FnOnce(&mut [T]))
where
    T: Serialize + for<'a> Deserialize<'a>,
{
    part(of, "theory", id, |list: &mut Vec<T>| alter(list));
}

/// Takes one of a configuration's other seeds on iris away.
pub(super) fn one_seed_less(of: &mut Recomputed, id: &str) {
    if let Some(block) = block_ids(id).last() {
        part(of, "iris", block, |seeds: &mut Vec<SeedResult>| seeds.truncate(seeds.len() - 1));
    }
}

/// Makes the registered run of a configuration on iris err as often as the bar does not allow.
pub(super) fn too_many_wrong(of: &mut Recomputed, id: &str, bar: f64) {
    part(of, "iris", id, |runs: &mut RegisteredRuns| {
        if let Some(epoch) = runs.registered.history.last_mut() {
            let wrong = (bar * epoch.test.total as f64).ceil() as usize;
            epoch.test.correct = epoch.test.total - wrong;
        }
    });
}

/// Alters the registered run on MNIST.
pub(super) fn mnist(of: &mut Recomputed, alter: impl FnOnce(&mut RecordedRun)) {
    part(of, "mnist", REGISTERED, alter);
}
