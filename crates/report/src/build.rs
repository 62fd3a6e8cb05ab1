//! Check, render with mdBook, and look for every listing in what was rendered.

use crate::check::{CheckError, Checked, Shown, check, config};
use mdbook_driver::MDBook;
use std::fs;
use std::path::{Path, PathBuf};

/// Why a book was not built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// It was refused before rendering.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// mdBook failed.
    #[error("mdBook: {0}")]
    Render(String),
    /// A page was not rendered, because the table of contents does not name it.
    #[error("{page} was not rendered: name it in SUMMARY.md, or remove it", page = .0.display())]
    NotRendered(PathBuf),
    /// A listing is not in the rendered page as it is in the source: its directive stands outside of a code fence.
    #[error(
        "{page}:{line}: the listing is not in the rendered page as it stands in its source; \
         put the directive on a line of its own in a ```rust,ignore fence",
        page = page.display()
    )]
    NotShown {
        /// The page.
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
    /// What was found in the book.
    pub checked: Checked,
}

/// Builds the book in the folder `root` into `folder`, or without one where its book.toml says.
///
/// # Errors
/// [`BuildError`]. After [`BuildError::Check`] nothing was written.
pub fn build(root: &Path, folder: Option<&Path>) -> Result<Built, BuildError> {
    let checked = check(root)?;
    let render = |error| BuildError::Render(format!("{error:#}"));
    let mut config = config(root)?;
    if let Some(folder) = folder {
        // mdBook joins it to the book's folder, which an absolute path replaces.
        config.build.build_dir =
            std::path::absolute(folder).map_err(|error| BuildError::Render(error.to_string()))?;
    }
    let book = MDBook::load_with_config(root, config).map_err(render)?;
    book.build().map_err(render)?;
    let folder = book.build_dir_for("html");
    verify(&folder, &checked)?;
    Ok(Built { folder, checked })
}

/// Whether every page was rendered, and every listing stands in its page.
fn verify(folder: &Path, checked: &Checked) -> Result<(), BuildError> {
    for page in &checked.pages {
        let html = fs::read_to_string(folder.join(page).with_extension("html"));
        let text = visible(&html.map_err(|_| BuildError::NotRendered(page.clone()))?);
        let hidden = |shown: &&Shown| shown.page == *page && !text.contains(&shown.text);
        if let Some(Shown { page, line, .. }) = checked.listings.iter().find(hidden) {
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

    #[test]
    fn tags_go_and_entities_come_back() {
        let html = r#"<p class="a">x &lt; <span>y</span> &amp;&amp; &quot;z&quot; &amp;lt;</p>"#;
        assert_eq!(visible(html), r#"x < y && "z" &lt;"#);
    }

    #[test]
    fn a_listing_that_is_not_in_the_page_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.html"), "<code>let x = 1;</code>").unwrap();
        let with = |text: &str| Checked {
            pages: vec!["a.md".into()],
            listings: vec![Shown { page: "a.md".into(), line: 3, text: text.to_owned() }],
            tests: 0,
        };
        assert!(verify(folder.path(), &with("let x = 1;")).is_ok());
        let error = verify(folder.path(), &with("let x = 2;")).unwrap_err();
        assert!(matches!(error, BuildError::NotShown { line: 3, .. }), "{error}");
    }
}
