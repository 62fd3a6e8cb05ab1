//! Digits of the test part to choose from.

use crate::png;
use data::excerpt::ExcerptImage;
use data::images::SIDE;
use maud::{Markup, html};

/// So many of the first are shown; the number field has the others.
const SHOWN: usize = 10;
/// What the groups of the file are.
const GROUPS: [&str; 3] = [
    "The first of the test part",
    "Digits that this network reads otherwise than they are labelled",
    "Digits whose label people found wrong",
];

/// The buttons, and a field for the first digits by number. `chosen` is the place of the digit that is shown.
pub fn samples(digits: &[ExcerptImage], chosen: Option<usize>) -> Markup {
    let first = digits.iter().filter(|digit| digit.group == 0).count();
    let number = chosen.filter(|&index| index < first).map(|index| index.to_string()).unwrap_or_default();
    html! {
        details.samples open {
            summary { "Take a digit of the test part" }
            @for (group, says) in (0_u8..).zip(GROUPS) {
                p.hint { (says) ", each with its label:" }
                div.thumbs role="group" aria-label=(says) {
                    @for digit in digits.iter().filter(|digit| digit.group == group).take(most(group)) {
                        (thumb(digit, chosen == Some(digit.index)))
                    }
                }
                @if group == 0 && first > 0 {
                    label {
                        "or the one at place "
                        input type="number" name="place" min="0" max=(first - 1) value=(number);
                        " of the test part, from 0 to " (first - 1)
                    }
                }
            }
        }
    }
}

fn most(group: u8) -> usize {
    if group == 0 { SHOWN } else { usize::MAX }
}

fn thumb(digit: &ExcerptImage, is_chosen: bool) -> Markup {
    html! {
        button.thumb type="button" name="sample" value=(digit.index) aria-pressed=(is_chosen)
            aria-label={ "Test digit " (digit.index) ", labelled " (digit.label) } {
            img src=(png::address(SIDE, SIDE, &digit.pixels)) alt="" width="28" height="28";
            span { (digit.label) }
        }
    }
}

/// Whether the network's answer is the label, and what people said of the label.
pub fn compared(digit: &ExcerptImage, answer: Option<usize>) -> Markup {
    let right = answer == Some(usize::from(digit.label));
    html! {
        "Test digit " (digit.index) " is labelled " strong { (digit.label) } ": "
        @if right { "the answer is right." } @else { "the answer is counted as an error." }
        @if let Some(votes) = digit.error {
            " People found this label wrong: of five, " (votes.for_label) " chose " (votes.label) ", "
            (votes.for_guess) " chose " (votes.guess) ", " (votes.for_neither) " neither."
        }
    }
}
