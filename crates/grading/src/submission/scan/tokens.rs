//! What a token is, and what stands beside it.

use proc_macro2::{Delimiter, Group, TokenTree};

/// A word without the mark of a raw identifier; nothing for what is no word.
pub(super) fn word(token: &TokenTree) -> String {
    match token {
        TokenTree::Ident(ident) => ident.to_string().trim_start_matches("r#").to_owned(),
        _ => String::new(),
    }
}

pub(super) fn is_mark(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(found)) if found.as_char() == mark)
}

/// Whether `::` stands at this place.
pub(super) fn is_path_mark(tokens: &[TokenTree], at: usize) -> bool {
    is_mark(tokens.get(at), ':') && is_mark(tokens.get(at + 1), ':')
}

/// Whether this place continues a path of a `use` declaration: `a::` stands before it. `use ::a` begins one.
pub(super) fn continues(tokens: &[TokenTree], at: usize) -> bool {
    let Some(first) = at.checked_sub(3) else { return false };
    let first_word = word(&tokens[first]);
    is_path_mark(tokens, first + 1) && !first_word.is_empty() && first_word != "use"
}

/// Whether an attribute is documentation that is a plain text.
pub(super) fn is_documentation(group: &Group) -> bool {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    matches!(&tokens[..], [doc, _, TokenTree::Literal(_)] if word(doc) == "doc")
}

/// Whether the group at this place is the body of `#[cfg(test)] mod NAME { .. }`, of which no program that is run has
/// anything.
pub(super) fn is_body_of_tests(tokens: &[TokenTree], at: usize) -> bool {
    let is_body = matches!(&tokens[at], TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let of_module = at.checked_sub(2).filter(|i| is_body && word(&tokens[*i]) == "mod");
    of_module.is_some_and(|of_module| is_of_tests(tokens, of_module))
}

/// Whether `#[cfg(test)]` stands before the word `mod` at this place; other attributes and a visibility may stand
/// between.
pub(super) fn is_of_tests(tokens: &[TokenTree], of_module: usize) -> bool {
    let is_before = |token: &&TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() != Delimiter::Brace,
        TokenTree::Ident(_) => word(token) == "pub",
        TokenTree::Punct(mark) => mark.as_char() == '#',
        TokenTree::Literal(_) => false,
    };
    let is_cfg_test = |token: &TokenTree| token.to_string() == "[cfg (test)]";
    tokens[..of_module].iter().rev().take_while(is_before).any(is_cfg_test)
}
