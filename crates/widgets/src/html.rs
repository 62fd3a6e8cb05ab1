//! What several widgets write.

use maud::{Markup, html};
use numerics::sha256_hex;

/// A button: its name and value are what the widget receives. **One that does nothing now keeps the focus**, so it is
/// marked and not switched off.
pub fn button(name: &str, value: &str, label: &str, enabled: bool) -> Markup {
    html! {
        button type="button" name=(name) value=(value) aria-disabled=[(!enabled).then_some("true")] { (label) }
    }
}

/// Choices of which one holds.
pub fn choice(legend: &str, name: &str, options: &[(&str, &str)], chosen: &str) -> Markup {
    html! {
        fieldset {
            legend { (legend) }
            @for (value, label) in options {
                label { input type="radio" name=(name) value=(value) checked[*value == chosen]; " " (label) }
            }
        }
    }
}

/// What is refused, in the words of the crate that refuses it.
pub fn refusal(error: &dyn std::fmt::Display) -> Markup {
    html! { p.refused role="alert" { (error.to_string()) } }
}

/// The SHA-256 of what the command prints, and the command that prints it.
pub fn receipt(command: &str, printed: &str) -> Markup {
    let sha256 = sha256_hex(printed.as_bytes());
    hash_receipt(
        "what was computed here, as the command prints it",
        &sha256,
        &format!("{command} | sha256sum"),
    )
}

/// A SHA-256 of what was computed, and the command that computes the same natively and prints it.
pub fn hash_receipt(what: &str, sha256: &str, command: &str) -> Markup {
    html! {
        details.receipt {
            summary { "Receipt: " (what) }
            p { "Its SHA-256:" }
            p { code.hash { (sha256) } }
            p { "The same bits from the repository, compiled for your machine:" }
            pre tabindex="0" { code { (command) } }
        }
    }
}
