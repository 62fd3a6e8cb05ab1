//! Circles between files.

use super::planted::{debts_of, sources};
use crate::circles::circles_between_files;
use rstest::rstest;

const LIB: &str = "mod one; mod two;";

/// The crate `a` with the files `one.rs` and `two.rs`.
fn two_files(one: &str, two: &str) -> Vec<String> {
    circles(&[("crates/a/src/lib.rs", LIB), ("crates/a/src/one.rs", one), ("crates/a/src/two.rs", two)])
}

fn circles(files: &[(&str, &str)]) -> Vec<String> {
    debts_of(&circles_between_files(&sources(files))).into_iter().map(str::to_string).collect()
}

const CIRCLE: &str = "crates/a/src/one.rs, crates/a/src/two.rs";
const ONE: &str = "use crate::two::Two; pub struct One(Two); pub fn one() {} pub const ONE: u8 = 1;
    #[macro_export] macro_rules! call { () => {} }";

#[rstest]
#[case::by_a_use("pub struct Two; use crate::one::One;")]
#[case::by_a_group("pub struct Two; use crate::{one::{self, One as Other}};")]
#[case::by_super("pub struct Two; use super::one::One;")]
#[case::by_a_called_path("pub struct Two; fn f() { crate::one::one(); }")]
#[case::by_a_type("pub struct Two; fn f(_: Vec<super::one::One>) {}")]
#[case::by_a_pattern(
    "pub struct Two; fn f(x: u8) -> bool { match x { crate::one::ONE => true, _ => false } }"
)]
#[case::by_an_imported_module("pub struct Two; use crate::one; fn f() { one::one() }")]
#[case::by_a_module_imported_in_a_function("pub struct Two; fn f() { use crate::one; one::one() }")]
#[case::by_a_star("pub struct Two; use crate::one::*; fn f() { one() }")]
#[case::by_an_inline_module("pub struct Two; mod inner { use super::super::one::One; }")]
#[case::by_tokens("pub struct Two; fn f() { println!(\"{}\", crate::one::ONE); }")]
#[case::by_tokens_of_an_import("pub struct Two; use crate::one; fn f() { assert!(one::ONE == 1); }")]
#[case::by_a_macro("pub struct Two; fn f() { crate::call!(); }")]
#[case::by_a_macro_without_a_path("pub struct Two; fn f() { call!(); }")]
#[case::by_an_attribute("#[derive(D)] pub struct Two { #[serde(with = \"crate::one::one\")] x: u8 }")]
#[case::by_a_shown_name_that_is_used("pub struct Two; pub use crate::one::One; fn f(_: One) {}")]
fn a_circle_is_found(#[case] two: &str) {
    assert_eq!(two_files(ONE, two), [CIRCLE]);
}

#[rstest]
#[case::one_way("pub struct Two; use std::fmt::Debug;")]
#[case::in_test_module("pub struct Two; #[cfg(test)] mod tests { use crate::one::One; }")]
#[case::in_test_item("pub struct Two; #[cfg(all(test, unix))] use crate::one::One;")]
#[case::in_test_method("pub struct Two; impl Two { #[cfg(test)] fn f(_: crate::one::One) {} }")]
#[case::only_shown("pub struct Two; pub use crate::one::One;")]
#[case::only_the_module("pub struct Two; use crate::one;")]
#[case::another_crate("pub struct Two; use ::one::One; fn f() { std::one::One; }")]
#[case::a_variable(
    "pub struct Two; pub use crate::one::one; fn f(one: u8) { g(one); println!(\"{}\", one); }"
)]
#[case::a_field(
    "pub struct Two; pub use crate::one::one; fn f(x: X) { x.one(); println!(\"{}\", x.one()); }"
)]
#[case::a_text("#[doc(alias = \"crate::one::One\")] pub struct Two; const X: &str = \"crate::one::One\";")]
#[case::a_doc("/// [`crate::one::One`]\npub struct Two;")]
fn no_circle_is_no_complaint(#[case] two: &str) {
    assert_eq!(two_files(ONE, two), [""; 0]);
}

/// `use crate::folder::Shown` leads to the file that defines it, however the folder shows it.
#[rstest]
#[case::by_name("mod child; mod user; pub use child::Shown;")]
#[case::renamed("mod child; mod user; pub use self::child::Hidden as Shown;")]
#[case::by_a_star("mod child; mod user; pub use child::*;")]
#[case::privately("mod child; mod user; use child::Shown;")]
fn a_re_export_is_followed(#[case] shown: &str) {
    let folder = format!("{shown} pub fn all() {{ user::user() }}");
    let files = |shown: &str| {
        circles(&[
            ("crates/a/src/lib.rs", "mod folder;"),
            ("crates/a/src/folder/mod.rs", shown),
            ("crates/a/src/folder/child.rs", "pub struct Shown; pub struct Hidden;"),
            ("crates/a/src/folder/user.rs", "use crate::folder::Shown; pub fn user() {}"),
        ])
    };
    assert_eq!(files(&folder), [""; 0]);
    let defined = "mod child; mod user; pub struct Shown; pub fn all() { user::user() }";
    assert_eq!(files(defined), ["crates/a/src/folder/mod.rs, crates/a/src/folder/user.rs"]);
}

#[test]
fn a_re_export_through_two_folders_is_followed() {
    let files = |outer: &str| {
        circles(&[
            ("crates/a/src/lib.rs", "mod outer; mod user;"),
            ("crates/a/src/outer.rs", outer),
            ("crates/a/src/outer/inner/mod.rs", "mod last; pub use last::Item;"),
            ("crates/a/src/outer/inner/last.rs", "pub struct Item;"),
            ("crates/a/src/user.rs", "use crate::outer::Item; pub fn user() {}"),
        ])
    };
    assert_eq!(files("mod inner; pub use inner::Item; pub fn f() { crate::user::user() }"), [""; 0]);
    let defined = "mod inner; pub struct Item; pub fn f() { crate::user::user() }";
    assert_eq!(files(defined), ["crates/a/src/outer.rs, crates/a/src/user.rs"]);
}

/// A function may have the name of its module.
#[test]
fn a_function_and_its_module_share_a_name() {
    let files = [
        ("crates/a/src/lib.rs", "mod sum; mod user; pub use sum::sum; pub fn all() { user::user() }"),
        ("crates/a/src/sum.rs", "pub fn sum() { crate::user::user() }"),
        ("crates/a/src/user.rs", "use crate::sum; pub fn user() { sum() }"),
    ];
    assert_eq!(circles(&files), ["crates/a/src/sum.rs, crates/a/src/user.rs"]);
}

/// A function hides neither a crate nor a library of its name: only a type or a module can stand before `::`.
#[test]
fn a_function_does_not_hide_a_crate() {
    let one = "use crate::two::Two; pub fn serde() {}";
    assert_eq!(
        two_files(one, "pub struct Two; pub use crate::one::serde; fn f(_: serde::Value) {}"),
        [""; 0]
    );
    assert_eq!(two_files(one, "pub struct Two; pub use crate::one::serde; fn f() { serde() }"), [CIRCLE]);
}

/// A file that only tests reach is no part of a circle; the same file reached otherwise is.
#[rstest]
#[case::in_tests("#[cfg(test)] mod tests; pub fn f() {}", &[])]
#[case::else_("mod tests; pub fn f() { tests::g() }", &["crates/a/src/lib.rs, crates/a/src/tests.rs"])]
fn a_file_of_tests(#[case] lib: &str, #[case] expected: &[&str]) {
    let tests = "use super::f; pub fn g() { f() }";
    assert_eq!(circles(&[("crates/a/src/lib.rs", lib), ("crates/a/src/tests.rs", tests)]), expected);
}

/// A program knows its library by the crate's name, and its own modules besides.
#[test]
fn a_program_and_its_library() {
    let files = [
        ("crates/my-a/src/lib.rs", "pub fn f() {}"),
        ("crates/my-a/src/main.rs", "mod part; fn main() { my_a::f(); part::g() } pub fn h() {}"),
        ("crates/my-a/src/part.rs", "pub fn g() { crate::h(); my_a::f() }"),
    ];
    assert_eq!(circles(&files), ["crates/my-a/src/main.rs, crates/my-a/src/part.rs"]);
}

#[test]
fn a_complaint_names_every_arrow_once() {
    let one = "use crate::two::Two;\npub struct One(Two, Two);";
    let files = [("crates/a/src/lib.rs", LIB), ("crates/a/src/one.rs", one)];
    let two = ("crates/a/src/two.rs", "pub struct Two;\n\nfn f(_: crate::one::One, _: crate::one::One) {}");
    let complaints = circles_between_files(&sources(&[files[0], files[1], two]));
    let arrows: Vec<&str> = complaints[0].says.lines().skip(1).map(str::trim).collect();
    let forth = "crates/a/src/one.rs:1: Two of crates/a/src/two.rs";
    let back = "crates/a/src/two.rs:3: One of crates/a/src/one.rs";
    assert_eq!(arrows, [forth, back]);
}
