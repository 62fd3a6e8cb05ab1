//! A formula that [`plain`](theory::render::plain::plain) wrote, with raised and lowered scripts.

use maud::{Markup, PreEscaped, html};
use std::iter::Peekable;
use std::str::Chars;

/// `text` with what follows `_` or `^` as a script: a word, or a group in braces. Of two scripts of one sign, one
/// stands above the other.
pub fn formula(text: &str) -> Markup {
    sequence(&mut text.chars().peekable())
}

/// Reads to the end of the text or of the group.
fn sequence(rest: &mut Peekable<Chars>) -> Markup {
    let mut out = String::new();
    let mut before = ' ';
    while let Some(c) = rest.next() {
        out += &match c {
            '}' => break,
            // What belongs to a sum or product stays on its line.
            'Σ' | 'Π' if rest.next_if_eq(&'_').is_some() => html! { span.operator { (c) (lowered(rest)) } },
            '_' => lowered(rest),
            '^' => html! { sup { (script(rest)) } },
            // Between letters it is a hyphen.
            '-' if !before.is_alphabetic() => html! { "−" },
            other => html! { (other) },
        }
        .into_string();
        before = c;
    }
    PreEscaped(out)
}

fn lowered(rest: &mut Peekable<Chars>) -> Markup {
    let below = script(rest);
    if rest.next_if_eq(&'^').is_none() {
        return html! { sub { (below) } };
    }
    html! { span.limits { sub { (below) } sup { (script(rest)) } } }
}

fn script(rest: &mut Peekable<Chars>) -> Markup {
    if rest.next_if_eq(&'{').is_some() {
        return sequence(rest);
    }
    let mut word = String::new();
    while let Some(c) = rest.next_if(|c| c.is_alphanumeric()) {
        word.push(c);
    }
    html! { (word) }
}
