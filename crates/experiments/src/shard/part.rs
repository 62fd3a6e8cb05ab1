//! Which shard, and its file.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The folder of the shards inside the folder of the records.
pub const FOLDER: &str = "shards";

/// Shard `index` of `count`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    pub(super) index: usize,
    pub(super) count: usize,
}

/// A text that names no shard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no shard: write I/N with 1 <= I <= N, such as 2/8")]
pub struct NoShard(String);

impl Shard {
    /// Shard `index` of `count`.
    ///
    /// # Errors
    /// [`NoShard`] unless `1 <= index <= count`.
    pub fn new(index: usize, count: usize) -> Result<Self, NoShard> {
        if (1..=count).contains(&index) {
            Ok(Self { index, count })
        } else {
            Err(NoShard(format!("{index}/{count}")))
        }
    }

    /// What of the items falls to this shard, in their order.
    pub fn of<T: Clone>(self, items: &[T]) -> Vec<T> {
        items.iter().skip(self.index - 1).step_by(self.count).cloned().collect()
    }

    /// What a run of this shard of an experiment is called, such as `iris 2/8`.
    pub fn label(self, experiment: &str) -> String {
        format!("{experiment} {self}")
    }

    /// The file of this shard of an experiment, such as `shards/iris.2-of-8.json`.
    pub fn file(self, experiment: &str) -> String {
        format!("{FOLDER}/{experiment}.{}-of-{}.json", self.index, self.count)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Self, NoShard> {
        let none = || NoShard(text.to_owned());
        let (index, count) = text.split_once('/').ok_or_else(none)?;
        let number = |digits: &str| digits.parse().map_err(|_| none());
        Self::new(number(index)?, number(count)?).map_err(|_| none())
    }
}

impl TryFrom<String> for Shard {
    type Error = NoShard;

    fn try_from(text: String) -> Result<Self, NoShard> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}
