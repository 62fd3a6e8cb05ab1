//! The first epoch in which a run differs from its record.

use super::path::OnPath;
use super::{BisectError, Mark, Stepwise};

/// What differs first between a run and its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordDifference {
    /// The epoch, from 1; those before it are equal.
    pub epoch: usize,
    /// What differs.
    pub what: &'static str,
    /// What the record says.
    pub recorded: String,
    /// What was recomputed.
    pub recomputed: String,
}

impl RecordDifference {
    /// Whether the mark is of the same place and thing, with another value than was recomputed.
    pub fn is_unlike(&self, mark: &Mark) -> bool {
        (mark.epoch, mark.what) == (self.epoch, self.what) && mark.value != self.recomputed
    }
}

/// What stands for a value that is not there.
const NOTHING: &str = "nothing";

/// A record that is compared mark by mark.
#[derive(Debug)]
pub(super) struct Comparison<'a> {
    /// What was not recomputed yet.
    left: Vec<&'a Mark>,
}

impl<'a> Comparison<'a> {
    /// Nothing was recomputed yet.
    pub(super) fn new(recorded: &'a [Mark]) -> Self {
        Self { left: recorded.iter().collect() }
    }

    /// The first of the recomputed marks that the record does not have, or has with another value.
    pub(super) fn first_unlike(
        &mut self,
        recomputed: impl IntoIterator<Item = Mark>,
    ) -> Option<RecordDifference> {
        recomputed.into_iter().find_map(|Mark { epoch, what, value: recomputed }| {
            let found = self.left.iter().position(|mark| (mark.epoch, mark.what) == (epoch, what));
            let recorded = found.map_or(NOTHING.to_owned(), |found| self.left.remove(found).value.clone());
            (recorded != recomputed).then_some(RecordDifference { epoch, what, recorded, recomputed })
        })
    }

    /// What the record has and nobody recomputed.
    pub(super) fn left_over(&self) -> Option<RecordDifference> {
        self.left.first().map(|mark| RecordDifference {
            epoch: mark.epoch,
            what: mark.what,
            recorded: mark.value.clone(),
            recomputed: NOTHING.to_owned(),
        })
    }
}

/// Makes the run until it differs from what was recorded, and calls `done` after each step. Returns the difference
/// and **the run as it was before that epoch**.
///
/// # Errors
/// When an epoch cannot be measured. A run that diverges where the record goes on is a difference and not an error.
pub fn first_epoch<R: Stepwise>(
    run: &mut OnPath<R>,
    recorded: &[Mark],
    done: &dyn Fn(),
) -> Result<Option<(RecordDifference, R)>, BisectError> {
    let mut before = run.run().clone();
    let mut comparison = Comparison::new(recorded);
    while let Some(place) = run.next_place() {
        if place.batch == 1 {
            before = run.run().clone();
        }
        if let Err(error) = run.step() {
            let (recorded, recomputed) = ("a run to the end".to_owned(), error.to_string());
            let difference = RecordDifference { epoch: place.epoch, what: "run", recorded, recomputed };
            return Ok(Some((difference, before)));
        }
        done();
        if let Some(difference) = comparison.first_unlike(run.marks()?) {
            return Ok(Some((difference, before)));
        }
    }
    Ok(comparison.left_over().map(|difference| (difference, before)))
}
