//! All checks, looked up by their names.

use super::check::Check;
use super::{networks, pages, reproduced, theory};
use serde::de::{Deserialize, Deserializer, Error};

/// All checks.
pub fn all() -> impl Iterator<Item = &'static Check> {
    [theory::CHECKS, networks::CHECKS, reproduced::CHECKS, pages::CHECKS].into_iter().flatten()
}

/// The check that a rubric names.
pub(crate) fn named<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static Check, D::Error> {
    let name = String::deserialize(deserializer)?;
    all().find(|check| check.name == name).ok_or_else(|| {
        let known: Vec<&str> = all().map(|check| check.name).collect();
        D::Error::custom(format!("there is no check `{name}`; the checks are {}", known.join(", ")))
    })
}
