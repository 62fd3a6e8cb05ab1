//! What a reader did on all pages, as a file to hand in.
//!
//! The page writes the file, and `coursework grade` reads it: both open each kept state by [`reopened`] or as a page
//! does, so that the same state gives the same guess and the same receipts. **It holds what the pages show, and no
//! more**: no name, no time, nothing of the machine.

mod file;
mod panel;

pub use file::{FILE, FORMAT, HandIn, HandedWidget, VERSION};
pub use panel::panel;

use crate::widget::{Entry, State, Tick};

/// What a kept state gives when it is opened, its files are there and it has come to rest. What only its view shows is
/// not loaded.
///
/// # Errors
/// Those of `file`, which is asked for each file that the receipts follow from.
pub fn reopened<E>(
    entry: &Entry,
    state: &State,
    file: &dyn Fn(&str) -> Result<Vec<u8>, E>,
) -> Result<HandedWidget, E> {
    let mut widget = (entry.open)(state);
    for name in entry.files {
        widget.file(name, &file(name)?);
    }
    while widget.tick() != Tick::Idle {}
    Ok(HandedWidget::of(entry, widget.as_ref()))
}

#[cfg(test)]
mod tests;
