//! What a shard computed.

use super::part::Shard;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What one shard computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShardFile {
    pub experiment: String,
    /// Which shard.
    pub shard: Shard,
    /// The SHA-256 of the record's header and the ids of all parts.
    pub fingerprint: String,
    /// The SHA-256 of `parts`.
    pub sha256: String,
    /// The parts, in the order of the record.
    pub parts: Vec<ShardPart>,
}

/// A part with its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShardPart {
    pub id: String,
    /// What it gave.
    pub value: Value,
}
