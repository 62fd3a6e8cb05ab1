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
mod claim;
mod iris_studies;
mod mnist_studies;
mod p1_1;
mod p1_2;
mod p2;
mod theory;

pub use claim::{Claim, Control};
/// The level of every test that a claim rests on.
pub use stats::LEVEL;

use super::{ReportError, Sources};
use records::findings::DecidedClaim;

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
