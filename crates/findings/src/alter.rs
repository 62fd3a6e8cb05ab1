//! Alterations of typed records, for the controls of claims.
//!
//! What is not there is not altered. The test of the controls refuses one that alters nothing, by the claim's id.

use crate::Sources;
use experiments::iris::Epoch;
use experiments::iris::studies::seeds;
use experiments::iris::studies::seeds::{Comparison, Variant};
use experiments::mnist::studies::registered;
use experiments::worked;
use serde::{Deserialize, Serialize};
use stats::SignTest;

/// Alters the record of T1 and T2.
pub(crate) fn theory(of: &mut Sources, alter: impl FnOnce(&mut worked::TheoryRecord)) {
    alter(&mut of.theory);
}

/// Alters the record of P1.1 and P2.
pub(crate) fn iris(of: &mut Sources, alter: impl FnOnce(&mut seeds::IrisRecord)) {
    alter(&mut of.iris);
}

/// Alters the record of P1.2.
pub(crate) fn mnist(of: &mut Sources, alter: impl FnOnce(&mut registered::RecordedRun)) {
    alter(&mut of.mnist);
}

/// Alters a configuration of iris.
pub(crate) fn variant(of: &mut Sources, id: &str, alter: impl FnOnce(&mut Variant)) {
    iris(of, |record| {
        if let Some(variant) = record.variants.iter_mut().find(|variant| variant.id == id) {
            alter(variant);
        }
    });
}

/// Alters the last epoch of a configuration's run on the registered seed.
pub(crate) fn last_epoch(of: &mut Sources, id: &str, alter: impl FnOnce(&mut Epoch)) {
    variant(of, id, |variant| {
        if let Some(epoch) = variant.registered.history.last_mut() {
            alter(epoch);
        }
    });
}

/// Alters the comparison of two configurations of iris.
pub(crate) fn comparison(of: &mut Sources, [first, second]: [&str; 2], alter: impl FnOnce(&mut Comparison)) {
    iris(of, |record| {
        let mut pairs = record.comparisons.iter_mut();
        if let Some(pair) = pairs.find(|pair| pair.first == first && pair.second == second) {
            alter(pair);
        }
    });
}

/// Alters the conclusions of a study, of their own type.
pub(crate) fn conclusions<C>(of: &mut Sources, id: &str, alter: impl FnOnce(&mut C))
where
    C: Serialize + for<'a> Deserialize<'a>,
{
    let Some(record) = of.studies.get_mut(id) else { return };
    let Ok(mut conclusions) = C::deserialize(&record.conclusions) else { return };
    alter(&mut conclusions);
    if let Ok(altered) = serde_json::to_value(&conclusions) {
        record.conclusions = altered;
    }
}

/// Alters the parts of a study, of their own type.
pub(crate) fn parts<P>(of: &mut Sources, id: &str, alter: impl FnOnce(&mut Vec<P>))
where
    P: Serialize + for<'a> Deserialize<'a>,
{
    let Some(record) = of.studies.get_mut(id) else { return };
    let Ok(mut parts) = record.parts.iter().map(P::deserialize).collect::<Result<Vec<P>, _>>() else {
        return;
    };
    alter(&mut parts);
    if let Ok(altered) = parts.iter().map(serde_json::to_value).collect() {
        record.parts = altered;
    }
}

/// Turns the signs the other way round.
pub(crate) fn turn(signs: &mut SignTest) {
    std::mem::swap(&mut signs.positive, &mut signs.negative);
}
