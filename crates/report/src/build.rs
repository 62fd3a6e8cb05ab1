//! Resolve, render with mdBook, and demand what was resolved of the pages that were rendered.

use crate::compute::ComputeError;
use crate::ledger::{Counts, Shown};
use crate::preprocess::{NAME, Report};
use crate::refusal::CheckError;
use crate::resolve::Resolved;
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use std::fs;
use std::path::{Path, PathBuf};

/// The file in the built book that says what was resolved.
pub const STAMP_FILE: &str = "resolved.json";

/// Why a book was not built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// It was refused before rendering.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The program of the widgets was not built.
    #[error(transparent)]
    Compute(#[from] ComputeError),
    /// mdBook failed.
    #[error("mdBook: {0}")]
    Render(String),
    /// book.toml does not declare the preprocessor, so `mdbook build` would show raw directives.
    #[error("{0}/book.toml declares no [preprocessor.{NAME}] for the renderer html: mdBook would skip it")]
    NotDeclared(String),
    /// A page of the source folder is not in the book.
    #[error("{page} is not in the book: name it in SUMMARY.md, or remove it", page = .0.display())]
    NotRendered(PathBuf),
    /// A page has no stamp or another one than it should have: the preprocessor was skipped.
    #[error("{page} does not hold the stamp of what was resolved: the preprocessor did not run", page = .0.display())]
    NoStamp(PathBuf),
    /// A listing is not in the rendered page as it is in the source.
    #[error("{page}:{line}: the listing is not in the rendered page as it stands in its source", page = page.display())]
    NotShown {
        page: PathBuf,
        /// The directive's line, from 1.
        line: usize,
    },
}

/// A rendered book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// The folder of the HTML files.
    pub folder: PathBuf,
    /// What was resolved.
    pub resolved: Resolved,
}

/// Resolves every page of the book in the folder `root`, and writes nothing.
///
/// # Errors
/// [`BuildError`].
pub fn check(root: &Path) -> Result<Resolved, BuildError> {
    let book = MDBook::load_with_config(root, config(root)?).map_err(render)?;
    let report = Report::default();
    report.resolve(root, &book.config, book.book.clone())?;
    let resolved = report.resolved().unwrap_or_else(|| unreachable!("it was resolved in the line before"));
    named_in_summary(&book.source_dir(), &resolved)?;
    Ok(resolved)
}

/// Builds the book in the folder `root` into `folder`, or without one where its book.toml says.
///
/// # Errors
/// [`BuildError`]. After [`BuildError::Check`] nothing was written.
pub fn build(root: &Path, folder: Option<&Path>) -> Result<Built, BuildError> {
    let resolved = check(root)?;
    let mut config = config(root)?;
    let renderers = config.get::<Vec<String>>(&format!("preprocessor.{NAME}.renderers")).ok().flatten();
    if !renderers.is_some_and(|renderers| renderers.iter().any(|name| name == "html")) {
        return Err(BuildError::NotDeclared(root.display().to_string()));
    }
    if let Some(folder) = folder {
        // mdBook joins it to the book's folder, which an absolute path replaces.
        config.build.build_dir =
            std::path::absolute(folder).map_err(|error| BuildError::Render(error.to_string()))?;
    }
    let mut book = MDBook::load_with_config(root, config).map_err(render)?;
    // It takes the place of the command that book.toml declares under the same name.
    book.with_preprocessor(Report::default());
    book.build().map_err(render)?;
    let folder = book.build_dir_for("html");
    verify(&folder, &resolved)?;
    let stamp = stamp(&resolved.total());
    fs::write(folder.join(STAMP_FILE), stamp).map_err(|error| BuildError::Render(error.to_string()))?;
    Ok(Built { folder, resolved })
}

fn render(error: impl std::fmt::Debug + std::fmt::Display) -> BuildError {
    BuildError::Render(format!("{error:#}"))
}

/// The configuration of the book in the folder `root`.
pub(crate) fn config(root: &Path) -> Result<Config, CheckError> {
    let no_book = |reason: String| CheckError::NoBook { root: root.to_owned(), reason };
    Config::from_disk(root.join("book.toml")).map_err(|error| no_book(format!("{error:#}")))
}

fn stamp(total: &Counts) -> String {
    let fields: Vec<String> =
        total.named().iter().map(|(name, count)| format!("\"{name}\": {count}")).collect();
    format!("{{{}}}\n", fields.join(", "))
}

/// Every Markdown file of the source folder is a page of the book.
fn named_in_summary(src: &Path, resolved: &Resolved) -> Result<(), BuildError> {
    for path in crate::project::files(src)? {
        let page = path.strip_prefix(src).unwrap_or(&path);
        let is_page =
            page.extension().is_some_and(|extension| extension == "md") && page != Path::new("SUMMARY.md");
        if is_page && !resolved.pages.iter().any(|resolved| resolved.path == page) {
            return Err(BuildError::NotRendered(page.to_owned()));
        }
    }
    Ok(())
}

/// Whether a built book is what was resolved: every page with its stamp, every listing in its page.
///
/// # Errors
/// [`BuildError::NotRendered`], [`BuildError::NoStamp`], [`BuildError::NotShown`].
pub fn verify(folder: &Path, resolved: &Resolved) -> Result<(), BuildError> {
    for (page, counts) in resolved.pages.iter().zip(&resolved.counts) {
        let html = fs::read_to_string(folder.join(&page.path).with_extension("html"));
        let html = html.map_err(|_| BuildError::NotRendered(page.path.clone()))?;
        if Counts::of_page(&html) != Some(*counts) {
            return Err(BuildError::NoStamp(page.path.clone()));
        }
        let text = visible(&html);
        let hidden = |shown: &&Shown| shown.page == page.path && !text.contains(&shown.text);
        if let Some(Shown { page, line, .. }) = resolved.listings.iter().find(hidden) {
            return Err(BuildError::NotShown { page: page.clone(), line: *line });
        }
    }
    Ok(())
}

/// The text of an HTML page without its tags, as a reader sees it.
fn visible(html: &str) -> String {
    let mut parts = html.split('<');
    let first = parts.next().unwrap_or_default().to_owned();
    let text = parts.fold(first, |text, part| text + part.split_once('>').map_or("", |(_, after)| after));
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")];
    entities.iter().fold(text, |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::Page;

    #[test]
    fn tags_go_and_entities_come_back() {
        let html = r#"<p class="a">x &lt; <span>y</span> &amp;&amp; &quot;z&quot; &amp;lt;</p>"#;
        assert_eq!(visible(html), r#"x < y && "z" &lt;"#);
    }

    #[test]
    fn a_page_without_its_listing_or_its_stamp_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let counts = Counts { listings: 1, ..Counts::default() };
        let resolved = |text: &str| Resolved {
            pages: vec![Page { path: "a.md".into(), text: String::new() }],
            counts: vec![counts],
            listings: vec![Shown { page: "a.md".into(), line: 3, text: text.to_owned() }],
        };
        let write = |stamp: &str| {
            fs::write(folder.path().join("a.html"), format!("<code>let x = 1;</code>{stamp}")).unwrap();
        };
        write(&counts.stamp());
        assert!(verify(folder.path(), &resolved("let x = 1;")).is_ok());
        let error = verify(folder.path(), &resolved("let x = 2;")).unwrap_err();
        assert!(matches!(error, BuildError::NotShown { line: 3, .. }), "{error}");
        write(&Counts::default().stamp());
        assert!(matches!(verify(folder.path(), &resolved("let x = 1;")), Err(BuildError::NoStamp(_))));
        write("");
        assert!(matches!(verify(folder.path(), &resolved("let x = 1;")), Err(BuildError::NoStamp(_))));
    }
}
