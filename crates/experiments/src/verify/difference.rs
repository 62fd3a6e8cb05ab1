//! A place at which a submitted file is not what it should be.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A place at which a submitted file is not what it should be.
///
/// **As text it keeps the recomputed value to itself**, which somebody who edits a record could paste in;
/// [`with_values`](Self::with_values) tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub experiment: String,
    pub file: String,
    /// Where in it, such as `variants[0].sorted.correct`; empty for a whole file.
    pub key: String,
    /// The part of a study to which that belongs, by its id.
    pub part: Option<String>,
    /// The epoch to which that belongs, counted from 1: what the innermost `epoch` around it says, or the place in a
    /// list with an entry for each epoch, whose name ends in `chain`, `epochs` or `by_epoch`.
    pub epoch: Option<u64>,
    /// What was submitted.
    pub submitted: String,
    /// What it was held to.
    pub reference: Reference,
}

/// What a submitted value was held to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reference {
    /// What was recomputed.
    Recomputed(String),
    /// What follows from the submitted parts.
    Followed(String),
    /// The rest of the record, the data, or the form of a file, which it contradicts: how.
    Contradiction(String),
}

impl Difference {
    /// Experiment, file, key, part and epoch.
    fn place(&self) -> String {
        let Self { experiment, file, key, .. } = self;
        let at = if key.is_empty() { "" } else { ": " };
        let part = self.part.as_ref().map_or(String::new(), |part| format!(" (part {part})"));
        let epoch = self.epoch.map_or(String::new(), |epoch| format!(" (epoch {epoch})"));
        format!("{experiment}: {file}{at}{key}{part}{epoch}")
    }

    /// The difference with the value that was recomputed, or that follows from the submitted parts.
    pub fn with_values(&self) -> String {
        let said = match &self.reference {
            Reference::Recomputed(value) => format!("recomputed {value}"),
            Reference::Followed(value) => format!("from the submitted parts follows {value}"),
            Reference::Contradiction(_) => return self.to_string(),
        };
        visible(&format!("{}: submitted {}, {said}", self.place(), self.submitted))
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, submitted) = (self.place(), &self.submitted);
        let said = match &self.reference {
            Reference::Recomputed(_) => ", which is not what was recomputed".to_owned(),
            Reference::Followed(_) => ", which does not follow from the submitted parts".to_owned(),
            Reference::Contradiction(why) => format!(": {why}"),
        };
        f.write_str(&visible(&format!("{place}: submitted {submitted}{said}")))
    }
}

/// The text in one line, with what a terminal would obey or hide written out. **Keys and ids are the submitter's
/// words**: they must not be able to say something in ours.
fn visible(text: &str) -> String {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let written = |c: char| if is_hidden(c) { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::a_line("x\n1 of 1 file computed in full", "x\\u{a}1 of 1 file")]
    #[case::what_a_terminal_obeys("x\u{1b}[2K", "x\\u{1b}[2K")]
    #[case::the_other_direction("x\u{202e}y", "x\\u{202e}y")]
    fn a_key_cannot_say_something_in_our_words(#[case] key: &str, #[case] written: &str) {
        let reference = Reference::Recomputed("1".to_owned());
        let difference = Difference {
            experiment: "theory".to_owned(),
            file: "theory.json".to_owned(),
            key: key.to_owned(),
            part: Some(key.to_owned()),
            epoch: None,
            submitted: key.to_owned(),
            reference,
        };
        for said in [difference.to_string(), difference.with_values()] {
            assert!(said.matches(written).count() == 3 && said.lines().count() == 1, "{said}");
        }
    }
}
