//! The preprocessor that mdBook calls, in its own process or in ours.

use crate::ledger::Counts;
use crate::project::Project;
use crate::refusal::CheckError;
use crate::resolve::{Page, Resolved, resolve};
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::config::Config;
use mdbook_preprocessor::errors::Result;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The name under which `book.toml` declares it.
pub const NAME: &str = "report";

/// The preprocessor. What it resolved can be asked afterwards.
#[derive(Clone, Default)]
pub struct Report {
    resolved: Arc<Mutex<Option<Resolved>>>,
}

impl Report {
    /// What the last run resolved.
    pub fn resolved(&self) -> Option<Resolved> {
        self.resolved.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The book with every page resolved.
    ///
    /// # Errors
    /// [`CheckError`].
    pub fn resolve(
        &self,
        root: &Path,
        config: &Config,
        mut book: Book,
    ) -> std::result::Result<Book, CheckError> {
        let root =
            root.canonicalize().map_err(|source| CheckError::Unreadable { path: root.to_owned(), source })?;
        let folder = book_folder(&root, config);
        let repository = folder.parent().unwrap_or(&root);
        let src = root.join(&config.book.src);
        let src = src.strip_prefix(repository).unwrap_or(&src).to_owned();
        let literate: Option<Vec<String>> = setting(&root, config, "literate")?;
        let mut project = Project::load(repository)?;
        project.source_url = setting(&root, config, "source-url")?;
        let mut pages = Vec::new();
        each_page(&mut book.items, &mut |page, chapter| {
            pages.push(Page { path: page.to_owned(), text: chapter.content.clone() })
        });
        let resolved = resolve(project, &src, &literate.unwrap_or_default(), &pages)?;
        let mut texts = resolved.pages.iter();
        each_page(&mut book.items, &mut |_, chapter| {
            if let Some(page) = texts.next() {
                chapter.content.clone_from(&page.text);
            }
        });
        *self.resolved.lock().unwrap_or_else(PoisonError::into_inner) = Some(resolved);
        Ok(book)
    }

    /// What the last run resolved, in all.
    pub fn total(&self) -> Option<Counts> {
        self.resolved().map(|resolved| resolved.total())
    }
}

/// A setting of this preprocessor in book.toml, if it is there.
fn setting<'a, T: serde::Deserialize<'a>>(
    root: &Path,
    config: &Config,
    name: &str,
) -> std::result::Result<Option<T>, CheckError> {
    let key = format!("preprocessor.{NAME}.{name}");
    config.get(&key).map_err(|error| CheckError::Malformed {
        path: root.join("book.toml"),
        reason: format!("{key}: {error:#}"),
    })
}

/// The folder `book` of the repository, which holds the pages' folder: mdBook may be called there, or in the
/// repository's root, whose book.toml names `book/src`.
pub fn book_folder(root: &Path, config: &Config) -> PathBuf {
    root.join(&config.book.src).parent().map_or_else(|| root.to_owned(), Path::to_owned)
}

/// Calls `visit` with every chapter that has a file, in the order of the table of contents.
fn each_page(items: &mut [BookItem], visit: &mut impl FnMut(&Path, &mut Chapter)) {
    for item in items {
        if let BookItem::Chapter(chapter) = item {
            if let Some(path) = chapter.source_path.clone() {
                visit(&path, chapter);
            }
            each_page(&mut chapter.sub_items, visit);
        }
    }
}

impl Preprocessor for Report {
    fn name(&self) -> &str {
        NAME
    }

    fn run(&self, context: &PreprocessorContext, book: Book) -> Result<Book> {
        Ok(self.resolve(&context.root, &context.config, book)?)
    }

    fn supports_renderer(&self, renderer: &str) -> Result<bool> {
        Ok(renderer == "html")
    }
}
