//! What several widgets write.

use crate::recorded::Recorded;
use maud::{Markup, html};
use numerics::sha256_hex;
use serde::Serialize;

/// A button: its name and value are what the widget receives. **One that does nothing now keeps the focus**, so it is
/// marked and not switched off.
pub fn button(name: &str, value: &str, label: &str, enabled: bool) -> Markup {
    html! {
        button type="button" name=(name) value=(value) aria-disabled=[(!enabled).then_some("true")] { (label) }
    }
}

/// Choices of which one holds.
pub fn choice(legend: &str, name: &str, options: &[(&str, &str)], chosen: &str) -> Markup {
    choice_while(true, legend, name, options, chosen)
}

/// The same, of which another can be taken only while they are `open`.
pub fn choice_while(open: bool, legend: &str, name: &str, options: &[(&str, &str)], chosen: &str) -> Markup {
    html! {
        fieldset disabled[!open] {
            legend { (legend) }
            @for (value, label) in options {
                label { input type="radio" name=(name) value=(value) checked[*value == chosen]; " " (label) }
            }
        }
    }
}

/// What is on or off.
pub fn switch(name: &str, says: &str, is_on: bool) -> Markup {
    html! { label.switch { input type="checkbox" name=(name) checked[is_on]; " " (says) } }
}

/// What is refused, in the words of the crate that refuses it.
pub fn refusal(error: &dyn std::fmt::Display) -> Markup {
    html! { p.refused role="alert" { (error.to_string()) } }
}

/// The SHA-256 of what the command prints with `--json`: `value` and the end of a line.
pub fn printed_sha256(value: &impl Serialize) -> String {
    let printed = serde_json::to_string(value).unwrap_or_default() + "\n";
    sha256_hex(printed.as_bytes())
}

/// The receipt of what the command prints with `--json`. It is held to the record of the result `of`, if there is one.
pub fn receipt(command: &str, value: &impl Serialize, recorded: &Recorded, of: &str) -> Markup {
    let sha256 = printed_sha256(value);
    let what = html! { "what was computed here, as the command prints it " (recorded.compared(of, &sha256)) };
    hash_receipt(&what, &sha256, &format!("{command} | sha256sum"), &html! {})
}

/// A SHA-256 of what was computed, and the command that computes the same natively; `needed` is what it needs.
pub fn hash_receipt(what: &Markup, sha256: &str, command: &str, needed: &Markup) -> Markup {
    html! {
        details.receipt {
            summary { "Receipt: " (what) }
            p { "Its SHA-256:" }
            p { code.hash { (sha256) } }
            (needed)
            p { "The same bits from the repository, compiled for your machine:" }
            pre tabindex="0" { code { (command) } }
        }
    }
}
