//! The parts of a study, and how they are computed.

use super::ExperimentError;
use super::side_by_side::side_by_side;
use crate::context::Context;
use records::{Header, Record, json};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

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
    pub parts: fn() -> Vec<Part>,
    /// Computes one part.
    pub compute: fn(&Context, &Part, Progress) -> Result<Value, ExperimentError>,
    /// How the experiment's files follow from the values of all parts, and the other way.
    pub layout: FileLayout,
    /// Where submitted parts contradict themselves or the data, whether they are computed again or not.
    pub contradictions: Contradictions,
    /// About how many seconds a part takes on two cores, where a verification computes drawn parts unless it is asked
    /// for all; none where all of it is computed. **The same number on every machine**, so that the same draw is.
    pub seconds: Option<fn(&Part) -> f64>,
    /// What is computed again where a course grades many submissions.
    pub of_a_submission: OfASubmission,
}

/// Finds where parts contradict themselves or the data.
pub type Contradictions = fn(&Context, &[Value]) -> Result<Vec<Contradiction>, ExperimentError>;

/// The parts of a study that are computed again of a submission, unless the grader asks for more.
#[derive(Clone, Copy, Debug)]
pub struct OfASubmission {
    /// Whether a part always is.
    pub always: fn(&Part) -> bool,
    /// How many of the others are drawn.
    pub drawn: usize,
}

impl OfASubmission {
    /// Every part: the study takes seconds.
    pub const ALL: Self = Self { always: |_| true, drawn: 0 };
    /// No part: what follows from the submitted parts is compared, and where they contradict themselves is looked for.
    pub const NONE: Self = Self { always: |_| false, drawn: 0 };
}

/// The contents of an experiment's files, from its header and the values of its parts.
pub type FilesOfParts = fn(Header, &[Value]) -> Result<Vec<Vec<u8>>, ExperimentError>;

/// The values of an experiment's parts, from the contents of its files.
pub type PartsOfFiles = fn(&[&[u8]]) -> Result<Vec<Value>, ExperimentError>;

/// How the files of a study follow from the values of its parts, and the other way.
#[derive(Clone, Copy, Debug)]
pub enum FileLayout {
    /// One file, a [`records::Record`]: the header, the parts, and what this function concludes from them.
    Parts(fn(&[Value]) -> Result<Value, ExperimentError>),
    /// Files of a layout of their own.
    Own {
        /// Their contents, in the experiment's order.
        files: FilesOfParts,
        /// The values of the parts, from those contents.
        parts: PartsOfFiles,
    },
}

/// A place at which a part contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The part, counted from 0.
    pub part: usize,
    /// Where in it.
    pub key: String,
    /// What is wrong with it.
    pub why: String,
}

/// Parts that were finished before: by an earlier run, or by another process.
pub trait Kept: Sync {
    /// What a part gave, if it was finished.
    ///
    /// # Errors
    /// When it is not there and may not be computed here.
    fn value(&self, part: &Part) -> Result<Option<Value>, ExperimentError>;

    /// Keeps what a part gave.
    ///
    /// # Errors
    /// When it cannot be written.
    fn keep(&self, part: &Part, value: &Value) -> Result<(), ExperimentError>;
}

impl Study {
    /// A study that a verification computes in full, and of which a submission's parts are not computed again.
    pub const fn in_full(
        parts: fn() -> Vec<Part>,
        compute: fn(&Context, &Part, Progress) -> Result<Value, ExperimentError>,
        layout: FileLayout,
    ) -> Self {
        let of_a_submission = OfASubmission::NONE;
        Self { parts, compute, layout, contradictions: |_, _| Ok(Vec::new()), seconds: None, of_a_submission }
    }

    /// Computes the given parts, one on each thread, but for those that were kept.
    ///
    /// # Errors
    /// [`ExperimentError`] of the first part that fails.
    pub fn compute_all(
        &self,
        context: &Context,
        label: &str,
        parts: &[Part],
        kept: Option<&dyn Kept>,
    ) -> Result<Vec<Value>, ExperimentError> {
        let bar = context.bar(label, parts.iter().map(|part| part.work).sum());
        let values = side_by_side(parts, |part| {
            bar.set_message(format!("{label} {}", part.id));
            if let Some(value) = kept.map_or(Ok(None), |kept| kept.value(part))? {
                bar.inc(part.work);
                return Ok(value);
            }
            let value = (self.compute)(context, part, &|work| bar.inc(work))?;
            kept.map_or(Ok(()), |kept| kept.keep(part, &value))?;
            Ok(value)
        });
        bar.finish_and_clear();
        values
    }

    /// The contents of the experiment's files, in its order, from the values of all parts.
    ///
    /// # Errors
    /// [`ExperimentError`] when the parts are not those of the study.
    pub fn files(&self, header: Header, parts: Vec<Value>) -> Result<Vec<Vec<u8>>, ExperimentError> {
        match self.layout {
            FileLayout::Parts(conclude) => {
                let conclusions = conclude(&parts)?;
                Ok(vec![json::to_bytes(&Record { header, parts, conclusions })?])
            }
            FileLayout::Own { files, .. } => files(header, &parts),
        }
    }

    /// The values of all parts, from the contents of the experiment's files: [`files`](Self::files) the other way.
    ///
    /// # Errors
    /// [`ExperimentError`] when the files are not those of the study.
    pub fn parts_in(&self, files: &[&[u8]]) -> Result<Vec<Value>, ExperimentError> {
        match self.layout {
            FileLayout::Parts(_) => Ok(first_file::<Record>(files)?.parts),
            FileLayout::Own { parts, .. } => parts(files),
        }
    }
}

/// What the first file of a study holds, in JSON.
///
/// # Errors
/// [`ExperimentError`] when that is something else.
pub(crate) fn first_file<T: DeserializeOwned>(files: &[&[u8]]) -> Result<T, ExperimentError> {
    Ok(serde_json::from_slice(files.first().copied().unwrap_or_default())?)
}

/// The parts as what they are.
///
/// # Errors
/// [`ExperimentError::Parts`] names the first that is something else.
pub fn typed<T: for<'a> Deserialize<'a>>(values: &[Value]) -> Result<Vec<T>, ExperimentError> {
    let part = |(place, value)| {
        let other =
            |error| ExperimentError::Parts(format!("parts[{place}] is no part of the study: {error}"));
        T::deserialize(value).map_err(other)
    };
    values.iter().enumerate().map(part).collect()
}
