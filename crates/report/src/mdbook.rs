//! What mdBook's own command hands to the preprocessor, and which mdBook it has to be.

use mdbook_preprocessor::book::Book;
use mdbook_preprocessor::{MDBOOK_VERSION, PreprocessorContext, parse_input};
use semver::{Version, VersionReq};
use serde_json::Value;
use std::io::{self, Read};

/// Why mdBook's input is not taken.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// It comes from an mdBook of another kind than the library that this crate is built with.
    #[error(
        "mdBook {0} cannot build this book: install the one it is made for, `cargo install mdbook --version \
         {MDBOOK_VERSION} --locked`, or call `make book` or `make serve`, which need none"
    )]
    OtherVersion(String),
    /// It cannot be read.
    #[error("mdBook's input cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// It is not the protocol's.
    #[error("mdBook's input is not understood: {0}")]
    Malformed(String),
}

/// What mdBook says: its settings, and the book. Its version is looked at first, because another mdBook writes the rest
/// differently.
///
/// # Errors
/// [`InputError`].
pub fn input(mut from: impl Read) -> Result<(PreprocessorContext, Book), InputError> {
    let mut text = String::new();
    from.read_to_string(&mut text)?;
    let value: Value =
        serde_json::from_str(&text).map_err(|error| InputError::Malformed(error.to_string()))?;
    if let Some(version) = value[0]["mdbook_version"].as_str().filter(|version| !suits(version)) {
        return Err(InputError::OtherVersion(version.to_owned()));
    }
    parse_input(text.as_bytes()).map_err(|error| InputError::Malformed(format!("{error:#}")))
}

/// Whether this version of mdBook is the library's or one that has to work in its place.
fn suits(version: &str) -> bool {
    let wanted = VersionReq::parse(MDBOOK_VERSION);
    Version::parse(version).is_ok_and(|version| wanted.is_ok_and(|wanted| wanted.matches(&version)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// The input of mdBook 0.5: `items`. That of 0.4 has `sections`.
    fn input_of(version: &str, items: &str) -> String {
        let context =
            format!(r#""root": "/b", "config": {{}}, "renderer": "html", "mdbook_version": "{version}""#);
        format!(r#"[{{{context}}}, {{"{items}": []}}]"#)
    }

    #[rstest]
    #[case::the_librarys(MDBOOK_VERSION)]
    #[case::a_later_patch("0.5.99")]
    fn the_input_is_taken_of(#[case] version: &str) {
        let (context, book) = input(input_of(version, "items").as_bytes()).unwrap();
        assert_eq!((context.renderer.as_str(), book.items.len()), ("html", 0));
    }

    #[rstest]
    #[case::an_old_one("0.4.52", "sections")]
    #[case::one_before_the_librarys("0.5.0", "items")]
    #[case::a_later_protocol("0.6.0", "items")]
    #[case::no_version("new", "items")]
    fn in_one_line_that_says_what_to_install_is_refused(#[case] version: &str, #[case] items: &str) {
        let error = input(input_of(version, items).as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("mdBook {version} cannot build this book")), "{error}");
        assert!(
            error.contains(&format!("cargo install mdbook --version {MDBOOK_VERSION} --locked")),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
    }

    #[rstest]
    #[case::no_json("book")]
    #[case::other_json("[]")]
    fn what_is_not_the_protocol_is_not_understood(#[case] text: &str) {
        assert!(matches!(input(text.as_bytes()), Err(InputError::Malformed(_))));
    }
}
