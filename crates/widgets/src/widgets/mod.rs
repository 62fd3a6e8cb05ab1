//! The widgets: a file each, and a line in [`WIDGETS`].

mod cross_entropy;
mod digit;
mod iris;
mod std_dev;
mod wrong_gradient;

use crate::widget::Entry;

/// Every widget.
pub const WIDGETS: &[Entry] =
    &[cross_entropy::ENTRY, std_dev::ENTRY, iris::ENTRY, digit::ENTRY, wrong_gradient::ENTRY];

/// The widget of that name.
pub fn find(name: &str) -> Option<&'static Entry> {
    WIDGETS.iter().find(|entry| entry.name == name)
}
