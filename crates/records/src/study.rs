//! The record of a study.

use crate::Header;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
