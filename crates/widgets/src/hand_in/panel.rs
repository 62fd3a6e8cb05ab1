//! What the page shows of a hand-in before it is saved.

use super::file::{FILE, HandIn};
use crate::widget::Entry;
use crate::widgets::WIDGETS;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

const HEADS: [&str; 3] = ["widget", "your guess", "receipt"];

/// Every widget with its guess and its receipts, the whole text of the file, and the link that saves it. `root` is the
/// way from the page to the book's folder.
pub fn panel(hand_in: &HandIn, root: &str) -> Markup {
    let text = hand_in.text();
    let address = format!("data:application/json;base64,{}", STANDARD.encode(&text));
    html! {
        div.table-wrapper tabindex="0" role="group" aria-label="What you did" {
            table {
                thead { tr { @for head in HEADS { th scope="col" { (head) } } } }
                tbody { @for entry in WIDGETS { (row(hand_in, entry, root)) } }
            }
        }
        @if hand_in.widgets.is_empty() {
            p { "You have changed nothing yet, so there is nothing to hand in." }
        } @else {
            details {
                summary { "The text of the file: this is all that you hand in" }
                pre tabindex="0" { code { (text) } }
            }
            p { a.save.handed download=(FILE) href=(address) { "Hand in: save " (FILE) } }
            p.hint {
                "The link saves the file on your computer, and sends it nowhere. Put it at the top of what you submit."
            }
        }
    }
}

fn row(hand_in: &HandIn, entry: &Entry, root: &str) -> Markup {
    let handed = hand_in.widget(entry.name);
    let guess = handed.and_then(|handed| handed.guess.as_deref());
    let receipts = handed.map(|handed| handed.receipts.as_slice()).unwrap_or_default();
    html! {
        tr data-handed=(entry.name) {
            th scope="row" { a href={ (root) (entry.page) } { (entry.title) } }
            td { (guess.unwrap_or(if entry.asks { "not made yet" } else { "not asked" })) }
            td {
                @if receipts.is_empty() { "none yet" }
                @for receipt in receipts { code.handed-hash { (receipt) } " " }
            }
        }
    }
}
