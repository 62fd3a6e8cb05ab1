//! Experiments of independent parts: a seed, or a block of seeds, of one configuration.
//!
//! ```text
//! parts:  id -> compute -> value          each by itself, on any machine, in any order
//! record: { header, parts: [value ..], conclusions: conclude(parts) }
//! ```
//!
//! What a part gives does not depend on the others, and the conclusions depend on nothing but the parts. So parts can be
//! computed on many machines and merged, a record can be verified part by part, and a short verification computes the beginning
//! of each part and every conclusion. Values pass through JSON in every case, so the bytes are the same on every road.

mod side_by_side;

use crate::context::Context;
use crate::records::Header;
use crate::registry::ExperimentError;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How much of a part is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// All of it.
    #[default]
    Full,
    /// **A beginning**: the same value with fewer keys, and with arrays that may be shorter. A part that is quick is
    /// computed in full all the same.
    Beginning,
}

/// One part of a study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its id, unique in the study.
    pub id: String,
    /// Its work, in units of the progress bar.
    pub work: u64,
}

/// What a progress bar is told: so many units of work are done.
pub type Progress<'a> = &'a (dyn Fn(u64) + Sync);

/// An experiment of independent parts.
#[derive(Clone, Copy, Debug)]
pub struct Study {
    /// The parts, in the order of the record.
    pub parts: fn(Depth) -> Vec<Part>,
    /// Computes one part.
    pub compute: fn(&Context, &Part, Depth, Progress) -> Result<Value, ExperimentError>,
    /// What follows from all parts.
    pub conclude: fn(&[Value]) -> Result<Value, ExperimentError>,
}

/// The record of a study whose parts and conclusions have these types.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record<P = Value, C = Value> {
    /// What it is.
    #[serde(flatten)]
    pub header: Header,
    /// What every part gave.
    pub parts: Vec<P>,
    /// What follows from them.
    pub conclusions: C,
}

impl Study {
    /// Computes the given parts, one on each thread.
    ///
    /// # Errors
    /// [`ExperimentError`] of the first part that fails.
    pub fn compute_all(
        &self,
        context: &Context,
        label: &str,
        parts: &[Part],
        depth: Depth,
    ) -> Result<Vec<Value>, ExperimentError> {
        let bar = context.bar(label, parts.iter().map(|part| part.work).sum());
        let values = side_by_side::side_by_side(parts, |part| {
            bar.set_message(format!("{label} {}", part.id));
            (self.compute)(context, part, depth, &|work| bar.inc(work))
        });
        bar.finish_and_clear();
        values
    }

    /// The record that follows from all parts.
    ///
    /// # Errors
    /// [`ExperimentError`] when the parts are not those of the study.
    pub fn record(&self, header: Header, parts: Vec<Value>) -> Result<Record, ExperimentError> {
        let conclusions = (self.conclude)(&parts)?;
        Ok(Record { header, parts, conclusions })
    }
}

/// The values as what they are.
///
/// # Errors
/// When they are something else.
pub fn typed<T: for<'a> Deserialize<'a>>(values: &[Value]) -> Result<Vec<T>, ExperimentError> {
    Ok(values.iter().map(T::deserialize).collect::<Result<_, _>>()?)
}
