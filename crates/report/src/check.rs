//! Every reference of every page: files, anchors and tests that are there, or a refusal that names the page and line.

use crate::listing::{ListingError, listing};
use crate::page::{Directive, NamedTest, directives, named_tests};
use mdbook_driver::config::Config;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A listing that a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The page, from the book's source folder.
    pub page: PathBuf,
    /// The line of its directive, from 1.
    pub line: usize,
    /// The listing.
    pub text: String,
}

/// What a book without a refusal holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The pages, from the book's source folder, without the table of contents.
    pub pages: Vec<PathBuf>,
    /// The listings, in the order of the pages.
    pub listings: Vec<Shown>,
    /// How many tests the pages name.
    pub tests: usize,
}

/// One thing that is wrong with a page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{page}:{line}: {reason}", page = page.display())]
pub struct Refusal {
    /// The page.
    pub page: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// Why a line of a page is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A directive other than `include` and `title`.
    #[error("`{{{{#{0}}}}}` is no directive of this book; use {{{{#include FILE:ANCHOR}}}}")]
    UnknownDirective(String),
    /// An include without an anchor, or by line numbers, which go wrong when the source is edited.
    #[error("`{{{{#{0}}}}}` names no anchor; write {{{{#include FILE:ANCHOR}}}}")]
    NoAnchor(String),
    /// The included file cannot be read; mdBook would print the directive itself.
    #[error("the included file {0} cannot be read")]
    MissingFile(String),
    /// The listing cannot be shown.
    #[error("the included file {file}: {error}")]
    Listing {
        /// The file, as the page writes it.
        file: String,
        /// Why.
        error: ListingError,
    },
    /// A test is named that is not in the file: it was renamed or removed.
    #[error("there is no function `{name}` in {file}, which the page names as proof")]
    MissingTest {
        /// The function.
        name: String,
        /// The file, from the root of the repository.
        file: String,
    },
}

/// Why a book was not checked to its end, or is refused.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// There is no readable `book.toml`.
    #[error("{root} is no book: {reason}; name the folder that holds book.toml", root = root.display())]
    NoBook {
        /// The folder.
        root: PathBuf,
        /// What mdBook said.
        reason: String,
    },
    /// A page or folder of the book cannot be read.
    #[error("cannot read {path}: {source}", path = path.display())]
    Unreadable {
        /// The page or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Pages have faults: all of them.
    #[error("{}", .0.iter().map(Refusal::to_string).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<Refusal>),
}

/// Checks every page of the book in the folder `root`. Tests are looked up from the folder that holds `root`.
///
/// # Errors
/// [`CheckError`]; [`CheckError::Refused`] holds every fault of every page.
pub fn check(root: &Path) -> Result<Checked, CheckError> {
    let src = root.join(&config(root)?.book.src);
    let repository = root.join("..");
    let (mut checked, mut refusals) = (Checked::default(), Vec::new());
    for path in markdown_files(&src)? {
        let text = read(&path)?;
        let mut refuse = |line, reason| refusals.push(Refusal { page: path.clone(), line, reason });
        let page = path.strip_prefix(&src).unwrap_or(&path).to_owned();
        for directive in directives(&text) {
            match resolve(&path, directive) {
                Ok(None) => {}
                Ok(Some(text)) => {
                    checked.listings.push(Shown { page: page.clone(), line: directive.line, text })
                }
                Err(reason) => refuse(directive.line, reason),
            }
        }
        for test in named_tests(&text) {
            checked.tests += 1;
            if !is_defined(&repository, test) {
                let reason = Reason::MissingTest { name: test.name.to_owned(), file: test.file.to_owned() };
                refuse(test.line, reason);
            }
        }
        if page != Path::new("SUMMARY.md") {
            checked.pages.push(page);
        }
    }
    if refusals.is_empty() { Ok(checked) } else { Err(CheckError::Refused(refusals)) }
}

/// The configuration of the book in the folder `root`.
pub(crate) fn config(root: &Path) -> Result<Config, CheckError> {
    let no_book = |reason: String| CheckError::NoBook { root: root.to_owned(), reason };
    Config::from_disk(root.join("book.toml")).map_err(|error| no_book(format!("{error:#}")))
}

/// The listing that a directive of the page at `path` asks for, if it asks for one.
fn resolve(path: &Path, directive: Directive) -> Result<Option<String>, Reason> {
    let (kind, argument) = directive.text.split_once(char::is_whitespace).unwrap_or((directive.text, ""));
    match kind {
        "title" => return Ok(None),
        "include" => {}
        _ => return Err(Reason::UnknownDirective(directive.text.to_owned())),
    }
    let is_anchor =
        |anchor: &str| !anchor.contains(':') && anchor.parse::<usize>().is_err() && !anchor.is_empty();
    let (file, anchor) = match argument.trim().split_once(':') {
        Some((file, anchor)) if is_anchor(anchor) => (file, anchor),
        _ => return Err(Reason::NoAnchor(directive.text.to_owned())),
    };
    let source = fs::read_to_string(path.parent().unwrap_or(path).join(file));
    let source = source.map_err(|_| Reason::MissingFile(file.to_owned()))?;
    listing(&source, anchor).map(Some).map_err(|error| Reason::Listing { file: file.to_owned(), error })
}

/// Whether the file of a named test, looked up in the folder `repository`, defines a function of its name.
pub fn is_defined(repository: &Path, test: NamedTest) -> bool {
    let defines = |source: String| {
        let places = source.match_indices("fn ").map(|(place, mark)| &source[place + mark.len()..]);
        places.filter_map(|after| after.strip_prefix(test.name)).any(|after| after.starts_with(['(', '<']))
    };
    fs::read_to_string(repository.join(test.file)).is_ok_and(defines)
}

/// Every Markdown file in a folder and the folders in it, in the order of their names.
fn markdown_files(folder: &Path) -> Result<Vec<PathBuf>, CheckError> {
    let unreadable = |source| CheckError::Unreadable { path: folder.to_owned(), source };
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(unreadable)?;
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(markdown_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<String, CheckError> {
    fs::read_to_string(path).map_err(|source| CheckError::Unreadable { path: path.to_owned(), source })
}
