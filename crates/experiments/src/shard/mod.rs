//! Shards: the parts of a study computed on many machines, and joined into the file of a single run.
//!
//! ```text
//! shard I of N    the parts whose index is I - 1 modulo N, counted from 0     1 <= I <= N
//! merge           parts[k] from shard k mod N + 1, then what a single run does with all parts
//! ```
//!
//! A shard's file names what it was computed from and holds a SHA-256 of what it computed, so that a merge can refuse
//! what does not belong together. **The merged file is that of a single run, byte for byte**, because parts do not
//! depend on each other and every value passes through the same JSON.

mod error;
mod merge;
mod part;
mod partial;

pub use error::ShardError;
pub use merge::{compute, find, merge, study};
pub use part::{FOLDER, NoShard, Shard};
pub use partial::{ShardFile, ShardPart};

#[cfg(test)]
mod tests;
