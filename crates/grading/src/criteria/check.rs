//! A check: a row of a table, beside the function that it names.

use super::unjudged::Unjudged;
use super::verdict::Verdict;
use experiments::verify::Recomputed;
use std::fmt;

/// A check that a criterion can name.
pub struct Check {
    /// Its name in `rubric.toml`.
    pub name: &'static str,
    /// The check itself: what was recomputed and the rubric's bar, to a verdict.
    pub judge: fn(&Recomputed, f64) -> Result<Verdict, Unjudged>,
    /// Alterations of what was recomputed after each of which the check is not met: at least one for each condition.
    /// They take the rubric's bar, to go just beyond it.
    pub controls: &'static [fn(&mut Recomputed, f64)],
}

impl PartialEq for Check {
    /// Names are unique.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Check").field(&self.name).finish()
    }
}
