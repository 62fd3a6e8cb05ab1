//! The tokens of a source, what one is, and what stands beside it.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The longest source, in bytes. The tokens of one take about eighty times its room.
const LONGEST: usize = 1 << 20;

/// The deepest group: who looks at groups within groups needs a stack.
const DEEPEST: usize = 256;

/// Why a text is not cut into tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoTokens {
    /// The line, from 1.
    pub(crate) line: usize,
    pub(crate) why: &'static str,
}

/// The tokens of a source, which is neither longer nor deeper than sources are: **whatever looks at a student's tokens
/// comes through here.**
pub(crate) fn tokens_of(text: &str) -> Result<TokenStream, NoTokens> {
    if text.len() > LONGEST {
        return Err(NoTokens { line: 1, why: "a source of more than 1 MiB" });
    }
    let tokens: TokenStream = without_mark(text).parse().map_err(|error: proc_macro2::LexError| {
        NoTokens { line: error.span().start().line, why: "a text that is no Rust" }
    })?;
    match too_deep(&tokens, DEEPEST) {
        Some(line) => Err(NoTokens { line, why: "groups within more than 256 groups" }),
        None => Ok(tokens),
    }
}

/// Without the byte order mark of some editors, which is no token.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The line of a group within more than so many groups.
fn too_deep(tokens: &TokenStream, most: usize) -> Option<usize> {
    tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Group(group) if most == 0 => Some(group.span_open().start().line),
        TokenTree::Group(group) => too_deep(&group.stream(), most - 1),
        _ => None,
    })
}

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
