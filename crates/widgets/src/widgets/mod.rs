//! The widgets: a file each, and a line in [`WIDGETS`].

mod digit;
mod std_dev;

use crate::widget::{State, Widget};

/// A widget as it is declared, in its own file.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The name that a page gives it; its file has the same.
    pub name: &'static str,
    /// What a screen reader calls it.
    pub title: &'static str,
    /// The files that it works on, which the page loads when the widget comes into view.
    pub files: &'static [&'static str],
    /// Opens it in a kept state; what the state lacks is as when a reader comes first.
    pub open: fn(&State) -> Box<dyn Widget>,
}

/// Every widget.
pub const WIDGETS: &[Entry] = &[std_dev::ENTRY, digit::ENTRY];

/// The widget of that name.
pub fn find(name: &str) -> Option<&'static Entry> {
    WIDGETS.iter().find(|entry| entry.name == name)
}
