//! A claim.

use crate::{ReportError, Sources};
use records::findings::{DecidedClaim, Decision};

/// An alteration of the records, **the smallest that turns the claim's verdict**: a number just beyond the bar. Only
/// tests call it.
pub type Control = fn(&mut Sources);

/// A sentence that the report makes, with the predicate that decides it and the controls that show that it can decide
/// otherwise.
///
/// A claim that turns out false is recorded as false; a page that makes it is then refused. To say the opposite,
/// register the opposite: **a predicate is never bent to the records.**
#[derive(Clone, Copy)]
pub struct ClaimRow {
    pub id: &'static str,
    /// The sentence, without a full stop. **It says no more than the predicate decides.**
    pub says: &'static str,
    /// The same within a sentence, where a page needs that.
    pub within: Option<&'static str>,
    /// The record it speaks of.
    pub record: &'static str,
    pub decide: fn(&Sources) -> Result<Decision, ReportError>,
    /// Alterations after each of which the predicate decides otherwise: at least one for each condition.
    pub controls: &'static [Control],
}

impl ClaimRow {
    /// Decides the claim.
    ///
    /// # Errors
    /// [`ReportError`] when the records lack what the claim speaks of: **what is missing is never a false claim.**
    pub fn decided(&self, of: &Sources) -> Result<DecidedClaim, ReportError> {
        let Self { id, says, within, record, decide, .. } = *self;
        Ok(DecidedClaim {
            id: id.to_owned(),
            says: says.to_owned(),
            within: within.map(str::to_owned),
            record: record.to_owned(),
            decision: decide(of)?,
        })
    }
}
