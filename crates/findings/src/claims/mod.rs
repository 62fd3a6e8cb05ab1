//! Named claims: sentences that the report makes, each with the predicate over the records that decides it, and with
//! the controls that show that the predicate can decide otherwise.
//!
//! A claim that turns out false is recorded as false; a page that makes it is then refused. To say the opposite,
//! register the opposite: **a predicate is never bent to the records.**
//!
//! | module | holds the claims on |
//! |---|---|
//! | `theory` | T1 and T2 |
//! | `p1_1`, `p1_2`, `p2` | P1.1, P1.2 and P2 |
//! | `iris_studies`, `mnist_studies` | the studies of many seeds |
//! | `alter` | what controls are made of |

mod alter;
mod iris_studies;
mod mnist_studies;
mod p1_1;
mod p1_2;
mod p2;
mod theory;

use super::{ReportError, Sources};
use experiments::registry::Records;
use records::findings::{DecidedClaim, Decision};

/// The level of every test that a claim rests on.
pub use stats::LEVEL;

/// Test accuracy of P1.2 that the original reported, of its best of 20 epochs on the test part.
const ORIGINAL_MNIST_ACCURACY: f64 = 0.99399;

/// An alteration of the records, **the smallest that turns the claim's verdict**: a number just beyond the bar. Only
/// tests call it.
pub type Control = fn(&mut Records);

/// A claim.
#[derive(Clone, Copy)]
pub struct Claim {
    /// Its id.
    pub id: &'static str,
    /// The sentence, without a full stop. **It says no more than the predicate decides.**
    pub says: &'static str,
    /// The same within a sentence, where a page needs that.
    pub within: Option<&'static str>,
    /// The record it speaks of.
    pub record: &'static str,
    /// The predicate.
    pub(super) decide: fn(&Sources) -> Result<Decision, ReportError>,
    /// Alterations after each of which the predicate decides otherwise: at least one for each condition.
    pub controls: &'static [Control],
}

impl Claim {
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

/// Every claim, in the order of the report.
pub fn all() -> impl Iterator<Item = &'static Claim> {
    let by_chapter =
        [theory::CLAIMS, p1_1::CLAIMS, p1_2::CLAIMS, p2::CLAIMS, iris_studies::CLAIMS, mnist_studies::CLAIMS];
    by_chapter.into_iter().flatten()
}

/// Decides every claim.
///
/// # Errors
/// As [`Claim::decided`].
pub fn decide(of: &Sources) -> Result<Vec<DecidedClaim>, ReportError> {
    all().map(|claim| claim.decided(of)).collect()
}

#[cfg(test)]
mod tests;
