//! Names of types.

use super::planted::{debts_of, sources};
use crate::types::one_name_one_type;
use rstest::rstest;

const A: &str = "crates/a/src/lib.rs";
const B: &str = "crates/b/src/lib.rs";

#[rstest]
#[case::in_two_crates("pub struct Name;", "pub enum Name {}")]
#[case::within_a_crate("pub(crate) trait Name {}", "pub type Name = u8;")]
#[case::in_an_inline_module("mod inner { pub struct Name; }", "pub struct Name;")]
fn a_name_of_two_types_is_found(#[case] a: &str, #[case] b: &str) {
    let complaints = one_name_one_type(&sources(&[(A, a), (B, b)]));
    assert_eq!(debts_of(&complaints), ["Name"]);
    for place in [A, B] {
        assert!(complaints[0].says.contains(&format!("{place}:1")), "{}", complaints[0].says);
    }
}

#[test]
fn two_files_of_a_crate_have_two_types_of_a_name() {
    let files = [(A, "mod part; pub struct Name;"), ("crates/a/src/part.rs", "pub(crate) struct Name;")];
    assert_eq!(debts_of(&one_name_one_type(&sources(&files))), ["Name"]);
}

#[rstest]
#[case::other_name("pub struct Other;")]
#[case::private("struct Name;")]
#[case::for_its_parent("mod inner { pub(super) struct Name; }")]
#[case::in_tests("#[cfg(test)] mod tests { pub struct Name; }")]
#[case::only_shown("pub use a::Name;")]
#[case::function("pub fn Name() {}")]
fn a_name_of_one_type_passes(#[case] b: &str) {
    assert_eq!(one_name_one_type(&sources(&[(A, "pub struct Name;"), (B, b)])), []);
}
