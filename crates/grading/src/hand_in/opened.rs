//! A hand-in beside what its states give here, and what is amiss with it: the widget, and what to do.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use widgets::hand_in::{FILE, FORMAT, HandIn, HandedWidget, VERSION};
use widgets::widget::Entry;
use widgets::widgets::WIDGETS;

/// So many characters of what a file says are repeated.
const REPEATED: usize = 40;

/// A hand-in, and what comes of it here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedHandIn {
    /// What the file says.
    pub submitted: HandIn,
    /// What its states give here, in the same order; nothing of a widget that there is not.
    pub recomputed: Vec<Option<HandedWidget>>,
}

impl OpenedHandIn {
    /// What is amiss, a sentence each: none when the format is right, each question has its guess, and each receipt is
    /// what its state gives here.
    pub fn faults(&self) -> Vec<String> {
        let HandIn { format, version, widgets } = &self.submitted;
        if (&format[..], *version) != (FORMAT, VERSION) {
            let (format, known) = (repeated(format), format!("{FORMAT:?}, version {VERSION}"));
            return vec![format!(
                "{FILE}: the format is {format}, version {version}, and not {known}; save it anew from this book"
            )];
        }
        let mut seen = BTreeSet::new();
        let twice = widgets.iter().filter(|handed| !seen.insert(&handed.widget));
        let twice = twice.map(|handed| format!("{} stands in it twice", repeated(&handed.widget)));
        let differs = widgets.iter().zip(&self.recomputed).filter_map(|(handed, here)| {
            let Some(here) = here else {
                return Some(format!("there is no widget {}", repeated(&handed.widget)));
            };
            difference(handed, here).map(|what| format!("{}: {what}", handed.widget))
        });
        let amiss =
            twice.chain(differs).map(|what| format!("{FILE}: {what}; save it anew from a page of the book"));
        amiss.chain(WIDGETS.iter().filter_map(|entry| self.unanswered(entry))).collect()
    }

    /// How many guesses and receipts it holds.
    pub fn counts(&self) -> [usize; 2] {
        let widgets = &self.submitted.widgets;
        let guesses = widgets.iter().filter(|handed| handed.guess.is_some()).count();
        [guesses, widgets.iter().map(|handed| handed.receipts.len()).sum()]
    }

    fn unanswered(&self, entry: &Entry) -> Option<String> {
        let handed = self.submitted.widget(entry.name);
        let is_missing = entry.asks && handed.is_none_or(|handed| handed.guess.is_none());
        is_missing.then(|| {
            format!(
                "{FILE}: {}: no guess; answer its question on {}, and save it anew",
                entry.name, entry.page
            )
        })
    }
}

/// The first in which what a file says of a widget is not what its state gives.
fn difference(said: &HandedWidget, here: &HandedWidget) -> Option<String> {
    if said.page != here.page {
        return Some(format!("its page is {} and not {}", here.page, repeated(&said.page)));
    }
    if said.guess != here.guess {
        let [said, kept] = [said, here].map(|it| it.guess.as_deref().map_or("none".to_owned(), repeated));
        return Some(format!("the guess is {said}, and in its state it is {kept}"));
    }
    let wrong = said.receipts.iter().find(|receipt| !here.receipts.contains(receipt))?;
    Some(format!("the receipt {} is not what its state gives", repeated(wrong)))
}

/// Words of a file, quoted and not too long.
fn repeated(text: &str) -> String {
    let short: String = text.chars().take(REPEATED).collect();
    let more = if short.len() < text.len() { " .." } else { "" };
    format!("{short:?}{more}")
}
