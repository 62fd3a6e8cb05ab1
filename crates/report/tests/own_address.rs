//! A fork that names its own address in book.toml.

mod support;

use report::build::{BuildError, build, check};
use report::refusal::CheckError;
use support::{Repository, SOUND, page};

fn with_address(setting: &str) -> Repository {
    let repository = Repository::new(SOUND);
    repository.edit("book/book.toml", "renderers", &format!("source-url = {setting}\nrenderers"));
    repository
}

#[test]
fn listings_link_to_their_lines_below_it() {
    let html = |repository: &Repository| page(&build(&repository.book(), None).unwrap().folder);
    let with = html(&with_address("\"https://example.org/fork/blob/main/\""));
    assert!(with.contains("<a href=\"https://example.org/fork/blob/main/crates/a/src/lib.rs#L2-L4\">"));
    // The control: without the setting no page names an address.
    let without = html(&Repository::new(SOUND));
    assert!(without.contains("data-file=\"crates/a/src/lib.rs\"") && !without.contains("example.org"));
}

#[test]
fn an_address_that_is_no_text_is_refused_with_its_file() {
    match check(&with_address("true").book()) {
        Err(BuildError::Check(CheckError::Malformed { path, reason })) => {
            assert!(path.ends_with("book.toml") && reason.contains("source-url"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}
