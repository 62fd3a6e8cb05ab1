//! The real book.

use report::build::{Built, build};
use report::page::named_tests;
use report::project::Project;
use report::resolve::is_defined;
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
fn it_is_built_with_its_listings_numbers_claims_and_figures(book: &Book) {
    let total = book.built.resolved.total();
    for (name, count) in total.named() {
        assert!(count > 2, "{count} {name}");
    }
}

#[rstest]
fn the_code_of_back_propagation_is_in_its_page(book: &Book) {
    let page = fs::read_to_string(book.built.folder.join("p2-1.html")).unwrap();
    assert!(page.contains("let dz1 = da * slope;"));
}

/// Without us: mdBook runs the command that book.toml declares, but for cargo: the program is there already, and for a
/// single package cargo compiles some libraries again, with fewer features. `tests/book/mdbook.sh` runs it as declared.
#[rstest]
fn mdbook_by_itself_builds_the_same_pages(book: &Book) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book");
    let folder = tempfile::tempdir().unwrap();
    let mut config = mdbook_driver::config::Config::from_disk(root.join("book.toml")).unwrap();
    config.build.build_dir = folder.path().to_owned();
    let declared: String = config.get("preprocessor.report.command").unwrap().unwrap();
    let (cargo, arguments) = declared.split_once(" -- ").unwrap();
    assert!(cargo.starts_with("cargo run ") && cargo.ends_with(" --package report"), "{cargo}");
    let command = format!("'{}' {arguments}", env!("CARGO_BIN_EXE_report"));
    config.set("preprocessor.report.command", command).unwrap();
    // Where the program of the widgets was built, ours has them as well; to build it takes minutes.
    config.set("preprocessor.report.widgets", root.join(report::compute::FILE).is_file()).unwrap();
    mdbook_driver::MDBook::load_with_config(&root, config).unwrap().build().unwrap();
    let pages = html_files(folder.path());
    assert_eq!(pages.len(), html_files(&book.built.folder).len());
    for path in pages {
        let ours = fs::read_to_string(book.built.folder.join(path.file_name().unwrap())).unwrap();
        assert!(fs::read_to_string(&path).unwrap() == ours, "{}", path.display());
    }
}

/// `mdbook serve` in the root of the repository reads another book.toml than in `book`: the same settings, with paths
/// from there.
#[test]
fn both_books_have_the_same_settings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |file: &str| fs::read_to_string(root.join(file)).unwrap().parse::<toml::Table>().unwrap();
    let (mut here, book) = (read("book.toml"), read("book/book.toml"));
    assert_eq!(from_the_root(&book), here.clone().into());
    here.remove("preprocessor");
    assert_ne!(from_the_root(&book), here.into(), "the control: a book without our preprocessor");
}

/// The settings of `book/book.toml` as they are in the root.
fn from_the_root(book: &toml::Table) -> toml::Value {
    let mut book = book.clone();
    let table = |of: &mut toml::Table, name: &str| of[name].as_table().unwrap().clone();
    let prefixed = |list: &toml::Value| -> toml::Value {
        let path = |path: &toml::Value| {
            let path = path.as_str().unwrap();
            path.strip_prefix("../").map_or_else(|| format!("book/{path}"), str::to_owned).into()
        };
        toml::Value::Array(list.as_array().unwrap().iter().map(path).collect())
    };
    let (mut head, mut built) = (table(&mut book, "book"), table(&mut book, "build"));
    head.insert("src".into(), "book/src".into());
    built.insert("build-dir".into(), "book/book".into());
    built["extra-watch-dirs"] = prefixed(&built["extra-watch-dirs"]);
    let mut output = table(&mut book, "output");
    let mut html = table(&mut output, "html");
    html.insert("theme".into(), "book/theme".into());
    for files in ["additional-css", "additional-js"] {
        html[files] = prefixed(&html[files]);
    }
    output.insert("html".into(), html.into());
    let mut preprocessors = table(&mut book, "preprocessor");
    let mut report = table(&mut preprocessors, "report");
    report["command"] = report["command"].as_str().unwrap().replace("../Cargo.toml", "Cargo.toml").into();
    preprocessors.insert("report".into(), report.into());
    for (name, value) in
        [("book", head), ("build", built), ("output", output), ("preprocessor", preprocessors)]
    {
        book.insert(name.into(), value.into());
    }
    book.into()
}

/// A raw directive or formula in a page would mean that it was not resolved.
#[rstest]
fn no_page_shows_a_raw_directive_or_formula(book: &Book) {
    for path in html_files(&book.built.folder) {
        let page = fs::read_to_string(&path).unwrap();
        let prose =
            page.split("<code").map(|part| part.split_once("</code>").map_or(part, |(_, after)| after));
        for part in prose {
            assert!(!part.contains("&lt;&lt;") && !part.contains("$$"), "{}", path.display());
        }
    }
}

/// The list says which characters a formula may use, so it must be the list of this very font.
#[test]
fn the_fonts_list_is_that_of_the_font() {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book");
    let list = fs::read_to_string(book.join("font/glyphs.txt")).unwrap();
    let font = fs::read(book.join("src/fonts/latin-modern-math.woff2")).unwrap();
    assert_eq!(list.lines().next().unwrap(), format!("sha256 {}", records::sha256_hex(&font)));
    assert!(report::formula::characters(&list).len() > 500);
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

/// Every link within the book leads to a file, and to an element of it.
#[rstest]
fn no_link_is_broken(book: &Book) {
    for path in html_files(&book.built.folder) {
        let page = fs::read_to_string(&path).unwrap();
        for link in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            if link.contains(':') {
                continue;
            }
            let target = if file.is_empty() { path.clone() } else { book.built.folder.join(file) };
            assert!(target.exists(), "{}: {link}", path.display());
            if !anchor.is_empty() && target.extension().is_some_and(|extension| extension == "html") {
                let ids = fs::read_to_string(&target).unwrap();
                assert!(ids.contains(&format!("id=\"{anchor}\"")), "{}: {link}", path.display());
            }
        }
    }
}

/// The cards of a page, which its quotes open to, and of how many links.
fn cards(page: &str) -> Option<(serde_json::Value, Vec<usize>)> {
    let (_, rest) = page.split_once("class=\"cards\">")?;
    let cards = serde_json::from_str(rest.split_once("</script>")?.0).unwrap();
    let numbers = page.split("data-card=\"").skip(1);
    Some((cards, numbers.map(|rest| rest.split_once('"').unwrap().0.parse().unwrap()).collect()))
}

/// Every quote has its card, and the card says how much of its record `make grade` computes.
#[rstest]
fn every_quote_opens_to_a_card_that_says_how_much_is_recomputed(book: &Book) {
    let mut seen = 0;
    for path in html_files(&book.built.folder) {
        let page = fs::read_to_string(&path).unwrap();
        let links = page.matches("class=\"quoted\"").count() + page.matches("class=\"claim\"").count();
        let Some((cards, numbers)) = cards(&page) else {
            assert_eq!(links, 0, "{}", path.display());
            continue;
        };
        assert_eq!(numbers.len(), links, "{}", path.display());
        if path.ends_with("print.html") {
            continue; // the pages one after another, each with its cards; paper opens none
        }
        for number in numbers {
            let record = cards["cards"][number]["record"].as_str().unwrap();
            let of = &cards["records"][record];
            assert!(!of["share"].as_str().unwrap().is_empty(), "{}: {record}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 300, "{seen} cards");
}

/// The numbers of the original that a text does not quote.
fn unquoted<'a>(project: &'a Project, text: &str) -> Vec<&'a str> {
    let numbers =
        project.given.original.iter().filter(|(_, it)| it.text.contains(|c: char| c.is_ascii_digit()));
    numbers.map(|(id, _)| &id[..]).filter(|id| !text.contains(&format!("original(\"{id}\")"))).collect()
}

#[test]
fn every_number_of_the_original_stands_beside_ours() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let project = Project::load(&root).unwrap();
    let page = fs::read_to_string(root.join("book/src/original.md")).unwrap();
    let (_, beside) = page.split_once("## Its numbers beside ours").unwrap();
    assert_eq!(unquoted(&project, beside), Vec::<&str>::new());
    // The control: a line that is left out is missed.
    let spoilt = beside.replace("original(\"mnist-test-loss\")", "original(\"mnist-train-loss\")");
    assert_eq!(unquoted(&project, &spoilt), ["mnist-test-loss"]);
}
