//! What stands in `results/`: the types, the canonical JSON, and files that are whole or not there. **Nothing here
//! computes.**
//!
//! | module | holds |
//! |---|---|
//! | [`Header`] | what every record begins with |
//! | [`Record`] | the record of a study: header, parts, conclusions |
//! | [`findings`] | `report.json`: what may be said of the other records. Writer and reader use the same types |
//! | [`judged()`] | what the verdicts of `rubric.toml` follow from |
//! | [`Count`] | a count out of a total |
//! | [`at_most()`] | a bound, rounded up |
//! | [`Artifact`] | a file of `results/` before it is written |
//! | [`Records`] | files of `results/`, computed or read |
//! | [`recorded`] | hashes that records hold, for the receipts of the pages |
//! | [`json`] | the canonical JSON |
//! | [`store`] | files that are whole or not there |
//!
//! A record holds the question, the configuration, the seeds, every value in full, the counts behind every rate, and
//! the SHA-256 of data and weights. **It holds no time and nothing of the machine**: whoever computes it again must
//! get the same bytes.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod artifact;
mod at_most;
mod count;
pub mod findings;
mod header;
pub mod json;
mod judged;
pub mod recorded;
mod records;
pub mod store;
mod study;

pub use artifact::Artifact;
pub use at_most::at_most;
pub use count::{Count, sum_of_counts};
pub use header::{Header, Registration};
pub use judged::judged;
pub use numerics::sha256_hex;
pub use records::Records;
pub use study::Record;
