//! The rule about licences: each package is under one of the list in deny.toml.

use crate::metadata::{LINUX, Metadata, PAGES};
use crate::root;
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};
use std::fs;

#[derive(Deserialize)]
struct Deny {
    licenses: Allowed,
}

#[derive(Deserialize)]
struct Allowed {
    allow: Vec<String>,
}

/// The list.
fn allowed() -> Vec<Licensee> {
    let text = fs::read_to_string(root().join("deny.toml")).expect("deny.toml is there");
    let deny: Deny = toml::from_str(&text).expect("deny.toml is TOML with a list of licences");
    let licensee = |name: &String| Licensee::parse(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    deny.licenses.allow.iter().map(licensee).collect()
}

/// Whether a package under this licence may be used: of alternatives one is enough, of what is joined all are needed.
pub fn may_be_used(licence: &str, allowed: &[Licensee]) -> bool {
    // Older packages write `MIT/Apache-2.0`.
    let expression = Expression::parse_mode(licence, ParseMode::LAX);
    expression.is_ok_and(|it| it.evaluate(|asked| allowed.iter().any(|licensee| licensee.satisfies(asked))))
}

#[test]
fn every_package_is_under_a_licence_of_the_list() {
    let allowed = allowed();
    for platform in [LINUX, PAGES] {
        for package in Metadata::of(&root(), platform).packages {
            let licence = package.license.unwrap_or_default();
            let (name, version) = (&package.name, &package.version);
            assert!(may_be_used(&licence, &allowed), "{name} {version} is under `{licence}`, see deny.toml");
        }
    }
}

/// The control.
#[test]
fn a_licence_beyond_the_list_is_refused_unless_another_may_be_chosen() {
    let allowed = allowed();
    for refused in
        ["GPL-3.0-only", "", "no licence", "MIT AND GPL-3.0-only", "Apache-2.0 WITH Classpath-exception-2.0"]
    {
        assert!(!may_be_used(refused, &allowed), "{refused}");
    }
    for fine in ["MIT", "GPL-3.0-only OR MIT", "MIT/Apache-2.0", "(MIT OR GPL-3.0-only) AND Unicode-3.0"] {
        assert!(may_be_used(fine, &allowed), "{fine}");
    }
}
