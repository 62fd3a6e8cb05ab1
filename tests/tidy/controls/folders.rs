//! What a folder's files take from the file that opens it.

use super::planted::{debts_of, sources};
use crate::folders::mod_rs_defines_nothing_its_children_use;
use rstest::rstest;

/// A folder that is opened by the file `parent`, with a file in it and one in a folder within.
fn complaints(parent: (&str, &str), child: &str, grandchild: &str) -> Vec<String> {
    let files = sources(&[
        ("crates/a/src/lib.rs", "mod folder;"),
        parent,
        ("crates/a/src/folder/child.rs", child),
        ("crates/a/src/folder/child/grandchild.rs", grandchild),
    ]);
    let complaints = mod_rs_defines_nothing_its_children_use(&files);
    debts_of(&complaints).into_iter().map(str::to_string).collect()
}

#[rstest]
#[case::by_super("crates/a/src/folder/mod.rs", "mod grandchild; use super::Item;")]
#[case::by_crate("crates/a/src/folder/mod.rs", "mod grandchild; fn f(_: crate::folder::Item) {}")]
#[case::beside("crates/a/src/folder.rs", "mod grandchild; use super::Item;")]
fn a_child_that_leans_on_its_parent_is_found(#[case] path: &str, #[case] child: &str) {
    let found = complaints((path, "mod child; pub struct Item;"), child, "");
    assert_eq!(found, [format!("{path}: Item in crates/a/src/folder/child.rs")]);
}

#[test]
fn a_grandchild_that_leans_on_its_grandparent_is_found() {
    let parent = ("crates/a/src/folder.rs", "mod child; pub struct Item;");
    let found = complaints(parent, "mod grandchild;", "use super::super::Item;");
    assert_eq!(found, ["crates/a/src/folder.rs: Item in crates/a/src/folder/child/grandchild.rs"]);
}

#[rstest]
#[case::only_shown("mod child; pub use other::Item; mod other;", "mod grandchild; use super::Item;")]
#[case::in_tests(
    "mod child; pub struct Item;",
    "mod grandchild; #[cfg(test)] mod tests { use super::super::Item; }"
)]
#[case::the_other_way(
    "mod child; pub use child::Other; fn f(_: child::Other) {}",
    "mod grandchild; pub struct Other;"
)]
fn a_child_that_does_not_is_no_complaint(#[case] parent: &str, #[case] child: &str) {
    assert_eq!(complaints(("crates/a/src/folder/mod.rs", parent), child, ""), [""; 0]);
}
