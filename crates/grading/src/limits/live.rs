//! The programs that run, and how long what they left is waited for.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long output is waited for after the end of the group.
pub(super) const REST: Duration = Duration::from_secs(2);

/// The heads of the groups that run.
static LIVE: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

pub(super) fn live() -> MutexGuard<'static, BTreeSet<u32>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}
