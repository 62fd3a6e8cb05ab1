//! What the network says, in words, as bars with their numbers, and as a hash.

use crate::html::hash_receipt;
use crate::png;
use crate::recorded::Recorded;
use data::images::SIDE;
use maud::{Markup, html};
use reader::{DigitAnswer, LEAST_PROBABILITY};

/// A share of one in per cent. **What is not 0 and not 1 is not shown as such.**
pub fn percent(share: f64) -> String {
    match format!("{:.2}", 100.0 * share).as_str() {
        "0.00" if share > 0.0 => "< 0.01\u{a0}%".to_owned(),
        "100.00" if share < 1.0 => "> 99.99\u{a0}%".to_owned(),
        rounded => format!("{rounded}\u{a0}%"),
    }
}

/// The answer in a sentence.
pub fn sentence(answer: &DigitAnswer) -> Markup {
    html! {
        @match answer.verdict() {
            Some(digit) => { "It says " strong.digit { (digit) } ": probability " (percent(answer.probability())) "." }
            None => {
                strong { "I see no digit" } ": the likeliest, " (answer.digit) ", has a probability of only "
                (percent(answer.probability())) "."
            }
        }
    }
}

/// The ten probabilities.
pub fn bars(answer: &DigitAnswer) -> Markup {
    html! {
        table.bars {
            caption { "Probability of each digit" }
            thead { tr { th scope="col" { "digit" } th scope="col" { "probability" } } }
            tbody {
                @for (digit, share) in answer.probabilities.iter().enumerate() {
                    tr.most[digit == answer.digit] {
                        th scope="row" { (digit) }
                        td {
                            span.bar style={ "width: " (format!("{:.2}", 60.0 * share)) "%" } {}
                            span.numeric { (percent(*share)) }
                        }
                    }
                }
            }
        }
        p.hint {
            "The rule: where the likeliest digit is below " (percent(LEAST_PROBABILITY))
            ", the answer is that there is none. "
            "It was fixed beforehand and is not tuned. It cannot catch everything: the network has never seen "
            "anything but digits, and may be sure of a scribble."
        }
    }
}

/// The hash of the logits, what the network saw as a file, and the command that makes the same of it. **No record holds
/// the logits of a digit**; one holds the hash of the network's weights.
pub fn logits_receipt(pixels: &[u8], answer: &DigitAnswer, weights: &str, recorded: &Recorded) -> Markup {
    let needed = html! {
        p {
            "The SHA-256 of the network's weights: " code.weights { (weights) } " "
            (recorded.compared("mnist", weights))
        }
        p {
            a.save download="digit.png" href=(png::address(SIDE, SIDE, pixels)) { "Save as PNG" }
            " what the network saw, 28 x 28 pixels. The command reads that file, and prints "
            code { "logits_sha256" } "."
        }
    };
    let command = "cargo coursework predict digit.png --prepared --json";
    let what = html! { "the ten logits, little-endian single precision" };
    hash_receipt(&what, &answer.logits_sha256(), command, &needed)
}
