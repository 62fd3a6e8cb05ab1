//! Circles between crates, and the picture of them.

use super::planted::debts_of;
use crate::crates::{MARKER, circles_between_crates, crate_arrows, picture};
use crate::manifests::{Manifest, parse};
use rstest::rstest;

const ROOT: &str = "
[workspace.dependencies]
a = { path = \"crates/a\" }
b = { path = \"crates/b\" }
serde = \"1\"
";

/// The crates `a` and `b` with these tables in their `Cargo.toml`.
fn two(a: &str, b: &str) -> Vec<Manifest> {
    let member = |name: &str, tables: &str| {
        (format!("crates/{name}"), format!("[package]\nname = \"{name}\"\n{tables}\n"))
    };
    parse(ROOT, &[member("a", a), member("b", b)])
}

#[rstest]
#[case::by_the_workspace("[dependencies]\nb.workspace = true", "[dependencies]\na.workspace = true")]
#[case::by_a_path("[dependencies]\nb = { path = \"../b\" }", "[dependencies]\na.workspace = true")]
#[case::on_one_system(
    "[dependencies]\nb.workspace = true",
    "[target.'cfg(unix)'.dependencies]\na.workspace = true"
)]
fn a_circle_is_found(#[case] a: &str, #[case] b: &str) {
    let complaints = circles_between_crates(&two(a, b));
    assert_eq!(debts_of(&complaints), ["a, b"]);
    assert!(complaints[0].says.contains("crates/a/Cargo.toml:4: b"), "{}", complaints[0].says);
    assert!(complaints[0].says.contains("crates/b/Cargo.toml:4: a"), "{}", complaints[0].says);
}

#[rstest]
#[case::one_way("[dependencies]\nb.workspace = true", "[dependencies]\nserde.workspace = true")]
#[case::back_in_tests("[dependencies]\nb.workspace = true", "[dev-dependencies]\na.workspace = true")]
fn no_circle_is_no_complaint(#[case] a: &str, #[case] b: &str) {
    assert_eq!(circles_between_crates(&two(a, b)), []);
}

#[test]
fn the_picture_has_a_crate_below_all_it_depends_on() {
    let manifests = two("[dependencies]\nb.workspace = true", "");
    assert_eq!(crate_arrows(&manifests), "b\na -> b\n");
}

#[rstest]
#[case::none("# Crates\n", "no line")]
#[case::old("<!-- crates -->\n```text\na\nb\n```\n", "ARCHITECTURE.md:1")]
#[case::longer("<!-- crates -->\n```text\nb\na -> b\nc\n```\n", "ARCHITECTURE.md:1")]
#[case::other_block("<!-- crates -->\n```rust\nb\na -> b\n```\n", "ARCHITECTURE.md:1")]
fn a_false_picture_is_found(#[case] architecture: &str, #[case] says: &str) {
    let complaints = picture(architecture, "b\na -> b\n");
    assert_eq!(complaints.len(), 1);
    assert!(complaints[0].says.contains(says), "{}", complaints[0].says);
    assert!(complaints[0].says.contains("```text\nb\na -> b\n```\n"), "{}", complaints[0].says);
}

#[test]
fn the_true_picture_passes() {
    let architecture = format!("# Crates\n\n{MARKER}\n\n```text\nb\na -> b\n```\n\nMore.\n");
    assert_eq!(picture(&architecture, "b\na -> b\n"), []);
}
