//! Names in the tokens of macros.

use crate::tokens::names;
use rstest::rstest;

#[rstest]
#[case::path("a + crate::b::C", "crate::b::C")]
#[case::from_the_crate_of_a_macro("$crate::b::c(x)", "crate::b::c")]
#[case::behind_a_range("0..crate::B", "crate::B")]
#[case::in_groups("[(x, {super::y})]", "super::y")]
#[case::constant("x == LIMIT", "LIMIT")]
#[case::call("f(x)", "f")]
#[case::macro_call("m![x]", "m!")]
#[case::with_types("Vec::<Inner>::new", "Vec Inner")]
#[case::variables_fields_and_methods("x.len().f(y) as z", "")]
#[case::literals("\"crate::a\" 'A' 1", "")]
fn names_are_found(#[case] tokens: &str, #[case] expected: &str) {
    let found = names(tokens.parse().expect("the case is Rust"));
    let found = found.iter().map(|named| named.path.join("::") + if named.is_macro { "!" } else { "" });
    assert_eq!(Vec::from_iter(found).join(" "), expected);
}
