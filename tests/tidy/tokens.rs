//! Names in the tokens of macros and attributes, where there is no syntax tree: as well as can be seen.

use crate::items::plain;
use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::{Attribute, Meta};

/// What looks like a path.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    /// Its segments.
    pub path: Vec<String>,
    /// Where it stands, from 1.
    pub line: usize,
    /// Whether a macro is called by it.
    pub is_macro: bool,
}

/// Paths of more than one segment, and single names that begin with a capital or are called.
pub fn names(tokens: TokenStream) -> Vec<Named> {
    let mut found = Vec::new();
    add_names(tokens, &mut found);
    found
}

fn add_names(tokens: TokenStream, found: &mut Vec<Named>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Group(group) => add_names(group.stream(), found),
            TokenTree::Ident(first) => {
                let (path, end) = path(&tokens, at);
                let is_macro = is_macro_call(&tokens[end..]);
                let is_word =
                    first.to_string().starts_with(char::is_uppercase) || is_call(tokens.get(end)) || is_macro;
                if !is_member(&tokens[..at]) && (path.len() > 1 || is_word) {
                    found.push(Named { path, line: first.span().start().line, is_macro });
                }
                at = end;
                continue;
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        at += 1;
    }
}

/// The path that begins at `start`, and the place behind it.
fn path(tokens: &[TokenTree], start: usize) -> (Vec<String>, usize) {
    let (mut path, mut at) = (Vec::new(), start);
    while let Some(TokenTree::Ident(segment)) = tokens.get(at) {
        path.push(plain(segment));
        at += 1;
        let goes_on = is_colons(&tokens[at..]) && matches!(tokens.get(at + 2), Some(TokenTree::Ident(_)));
        if !goes_on {
            break;
        }
        at += 2;
    }
    (path, at)
}

fn is_colons(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Punct(first), TokenTree::Punct(second), ..]
        if first.as_char() == ':' && first.spacing() == Spacing::Joint && second.as_char() == ':')
}

fn is_punct(token: Option<&TokenTree>, c: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == c)
}

fn is_macro_call(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Punct(punct), TokenTree::Group(_), ..] if punct.as_char() == '!')
}

fn is_call(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis)
}

/// Whether what stands before a name makes it a field, a method, a lifetime or the rest of a path: `.`, `'`, `::`.
fn is_member(before: &[TokenTree]) -> bool {
    let last = before.last();
    let is_range = before.len() > 1 && is_punct(before.get(before.len() - 2), '.');
    let is_path = before.len() > 1 && is_colons(&before[before.len() - 2..]);
    (is_punct(last, '.') && !is_range) || is_punct(last, '\'') || is_path
}

/// The names in `#[attribute(..)]`, and in the strings of serde: `#[serde(with = "crate::hex")]`.
pub fn attribute_names(attribute: &Attribute) -> Vec<Named> {
    let Meta::List(list) = &attribute.meta else { return Vec::new() };
    let mut found = names(list.tokens.clone());
    if !list.path.is_ident("serde") {
        return found;
    }
    for token in list.tokens.clone() {
        let TokenTree::Literal(literal) = token else { continue };
        let text = literal.to_string();
        let text = text.trim_matches('"');
        if let Some(path) = syn::parse_str::<syn::Path>(text).ok().filter(|path| path.segments.len() > 1) {
            let path = path.segments.iter().map(|segment| plain(&segment.ident)).collect();
            found.push(Named { path, line: literal.span().start().line, is_macro: false });
        }
    }
    found
}
