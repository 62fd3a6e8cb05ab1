//! A check as a process of its own, and its verdict.

use crate::criteria::{Evidence, Verdict};
use crate::limits::{Call, Limits, run};
use std::path::Path;

/// What the check of a criterion says, called with these options by the command `coursework` at `checker`; not met
/// where it says nothing.
pub(crate) fn verdict(
    checker: &Path,
    criterion: &str,
    options: &[(&str, String)],
    limits: Limits,
) -> Verdict {
    let options = options.iter().flat_map(|(name, value)| [*name, value]);
    let words: Vec<&str> = ["check", criterion].into_iter().chain(options).collect();
    let ended = run(&Call::new(checker, &words), limits);
    let verdict = if ended.well() {
        serde_json::from_str(&ended.stdout).map_err(|error| error.to_string())
    } else {
        Err(ended.why(limits))
    };
    verdict.unwrap_or_else(|why| {
        Verdict::not_met(Evidence::without_number(format!("its check gave no verdict: {why}")))
    })
}
