//! Formulas: TeX to MathML when the book is built, so that a page needs no script.

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why a formula cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormulaError {
    /// It is no TeX that can be converted.
    #[error("the formula `{tex}` is malformed: {why} (character {at})")]
    Malformed {
        tex: String,
        /// What the converter says.
        why: String,
        /// Where in the formula, from 1.
        at: usize,
    },
    /// The book's font would show a box in place of a character.
    #[error(
        "the formula holds `{0}`, which the book's font does not: add it to book/font/subset.py and run that"
    )]
    MissingGlyph(char),
    /// The converter itself does not start.
    #[error("formulas cannot be converted: {0}")]
    Converter(String),
}

/// Converts formulas.
pub struct Formulas {
    converter: LatexToMathML,
    glyphs: Option<BTreeSet<char>>,
}

impl Formulas {
    /// A converter; `glyphs` is the content of the font's list of characters, where the book has one.
    ///
    /// # Errors
    /// [`FormulaError::Converter`].
    pub fn new(glyphs: Option<&str>) -> Result<Self, FormulaError> {
        let converter = LatexToMathML::new(MathCoreConfig::default());
        let converter = converter.map_err(|error| FormulaError::Converter(format!("{error:?}")))?;
        Ok(Self { converter, glyphs: glyphs.map(characters) })
    }

    /// The formula as MathML on one line that Markdown leaves as it is.
    ///
    /// # Errors
    /// [`FormulaError`].
    pub fn mathml(&self, tex: &str, displayed: bool) -> Result<String, FormulaError> {
        let display = if displayed { MathDisplay::Block } else { MathDisplay::Inline };
        // The converter panics at some formulas, such as `\textstyle` before a `&`; that is no reason to end without a
        // place.
        let convert = || self.converter.convert_with_local_state(tex.trim(), display);
        let converted = catch_unwind(AssertUnwindSafe(convert)).map_err(|_| FormulaError::Malformed {
            tex: tex.trim().to_owned(),
            why: "the converter cannot read it".to_owned(),
            at: 1,
        })?;
        let converted = converted.map_err(|error| FormulaError::Malformed {
            tex: tex.trim().to_owned(),
            why: error.to_string(),
            at: error.0.start + 1,
        })?;
        let mathml = converted.mathml.replace('\n', " ");
        let foreign = |c: &char| self.glyphs.as_ref().is_some_and(|glyphs| !glyphs.contains(&shown(*c)));
        if let Some(c) = text_of(&mathml).find(|c| foreign(c)) {
            return Err(FormulaError::MissingGlyph(c));
        }
        Ok(escaped(&mathml))
    }
}

/// The characters of a list of the font: after its first line, one code point in hexadecimal a line.
pub fn characters(list: &str) -> BTreeSet<char> {
    let parse = |line: &str| u32::from_str_radix(line.trim(), 16).ok().and_then(char::from_u32);
    list.lines().filter_map(parse).collect()
}

/// Browsers draw a white space in a formula as nothing, whatever the font.
fn shown(c: char) -> char {
    if c.is_whitespace() || "\u{2061}\u{2062}\u{2063}\u{2064}".contains(c) { ' ' } else { c }
}

/// The text nodes of MathML, entities resolved.
fn text_of(mathml: &str) -> impl Iterator<Item = char> {
    let mut text = String::new();
    for part in mathml.split('<') {
        text += part.split_once('>').map_or("", |(_, after)| after);
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    text.chars().collect::<Vec<_>>().into_iter()
}

/// MathML with the ASCII punctuation of its text nodes as entities, which Markdown would read as its own.
fn escaped(mathml: &str) -> String {
    let (mut out, mut in_tag, mut in_entity) = (String::with_capacity(mathml.len()), false, false);
    for c in mathml.chars() {
        match c {
            '<' => in_tag = true,
            '&' if !in_tag => in_entity = true,
            _ => {}
        }
        if !in_tag && !in_entity && c.is_ascii_punctuation() {
            out += &format!("&#{};", u32::from(c));
        } else {
            out.push(c);
        }
        match c {
            '>' => in_tag = false,
            ';' => in_entity = false,
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn punctuation_in_text_is_escaped_and_tags_are_not() {
        let mathml = Formulas::new(None).unwrap().mathml("a * b | c", false).unwrap();
        let text: String =
            mathml.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
        assert!(!text.contains(['*', '|', '_']) && mathml.contains("<mi>a</mi>"), "{mathml}");
        assert_eq!(escaped("<mo>&lt;</mo>"), "<mo>&lt;</mo>");
    }

    #[rstest]
    #[case::an_open_brace(r"\frac{1")]
    #[case::an_unknown_command(r"\unknown c")]
    #[case::unbalanced(r"\left( x")]
    #[case::one_at_which_the_converter_panics(r"\begin{aligned} a &= \textstyle b & c &= d \end{aligned}")]
    fn a_malformed_formula_is_refused(#[case] tex: &str) {
        let error = Formulas::new(None).unwrap().mathml(tex, true).unwrap_err();
        assert!(matches!(&error, FormulaError::Malformed { tex: named, .. } if named == tex), "{error}");
    }

    #[test]
    fn a_character_that_the_font_lacks_is_refused() {
        let formulas = Formulas::new(Some("sha256 x\n0061\n0020\n")).unwrap();
        assert!(formulas.mathml("a", false).is_ok());
        assert_eq!(formulas.mathml("b", false), Err(FormulaError::MissingGlyph('b')));
    }
}
