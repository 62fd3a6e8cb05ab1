//! The real book.

use report::build::{Built, build};
use report::check::is_defined;
use report::page::named_tests;
use rstest::{fixture, rstest};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct Book {
    built: Built,
    _folder: TempDir,
}

/// The repository's book, built into a folder of its own.
#[fixture]
#[once]
fn book() -> Book {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book");
    let built = build(&root, Some(folder.path())).unwrap_or_else(|error| panic!("{error}"));
    Book { built, _folder: folder }
}

fn html_files(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "html")).collect()
}

#[rstest]
fn it_is_built_with_its_listings_and_tests(book: &Book) {
    let checked = &book.built.checked;
    assert!(
        checked.listings.len() > 10 && checked.tests > 10,
        "{} {}",
        checked.listings.len(),
        checked.tests
    );
}

#[rstest]
fn the_code_of_back_propagation_is_in_its_page(book: &Book) {
    let page = fs::read_to_string(book.built.folder.join("p2-1.html")).unwrap();
    assert!(page.contains("let dz1 = da * slope;"));
}

#[rstest]
#[case::architecture("ARCHITECTURE.md")]
#[case::contributing("CONTRIBUTING.md")]
#[case::readme("README.md")]
#[case::data("data/README.md")]
fn every_test_that_a_document_names_is_there(#[case] document: &str) {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(repository.join(document)).unwrap();
    for test in named_tests(&text) {
        assert!(is_defined(&repository, test), "{document}:{}: `{}` in {}", test.line, test.name, test.file);
    }
}

/// mdBook's playground and MathJax would ask servers on the network when a page is opened.
#[rstest]
#[case::a_script("<script src=\"http")]
#[case::an_image("<img src=\"http")]
#[case::a_style_sheet("<link rel=\"stylesheet\" href=\"http")]
#[case::the_playground("class=\"playground\"")]
#[case::mathjax("MathJax")]
fn no_page_asks_the_network_for(book: &Book, #[case] request: &str) {
    for path in html_files(&book.built.folder) {
        let page = fs::read_to_string(&path).unwrap();
        assert!(!page.contains(request), "{}: {request}", path.display());
    }
}

/// Every link of a page to another page of the book leads to a file.
#[rstest]
fn no_link_is_broken(book: &Book) {
    for path in html_files(&book.built.folder) {
        let page = fs::read_to_string(&path).unwrap();
        for link in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let file = link.split('#').next().unwrap_or_default();
            let is_inside = !file.is_empty() && !file.contains(':');
            assert!(!is_inside || book.built.folder.join(file).exists(), "{}: {link}", path.display());
        }
    }
}
