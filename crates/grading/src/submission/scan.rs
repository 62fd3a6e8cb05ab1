//! What a student's sources may not name, found before anything of them is built.
//!
//! Answers are pure functions: they need no file, process, environment, network or thread, and no `unsafe`. So of the
//! standard library what computes is allowed, by a list, and everything else is refused with file and line. A line that
//! is printed decides nothing, so that one that was forgotten may stand.
//! **Words are looked at, not what they mean**: a source is cut into tokens, and each is judged with its neighbours.
//! A macro of a student's own could make any word of harmless pieces, so none is allowed. What words cannot tell, the
//! walls around the process have to hold.

mod modules;
mod tokens;
mod words;

pub(super) use modules::{is_in, modules_of_tests};
pub(crate) use tokens::tokens_of;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::collections::BTreeSet;
use tokens::{
    NoTokens, continues, is_body_of_tests, is_documentation, is_mark, is_path_mark, without_mark, word,
};
use words::{ALLOWED, ATTRIBUTES, ENVIRONMENT, FILES, LIBRARIES, MACROS, REFUSED};

/// What a source names and may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// The line, from 1.
    pub line: usize,
    /// The words, as they stand there.
    pub words: String,
    /// What they give access to.
    pub to: &'static str,
}

/// The first thing in a source that may not stand there. **A text that cannot be cut into tokens is refused**: what the
/// compiler made of it would not have been looked at.
pub fn forbidden(text: &str) -> Option<Forbidden> {
    let text = without_mark(text);
    // To the compiler this line is a comment, and to what cuts tokens it is none.
    if text.strip_prefix("#!").is_some_and(|rest| !rest.trim_start().starts_with('[')) {
        let words = "#!".to_owned();
        return Some(Forbidden { line: 1, words, to: "a line for a shell" });
    }
    match tokens_of(text) {
        Ok(tokens) => Scan { at_top: true, ..Scan::default() }.find(tokens),
        Err(NoTokens { line, why }) => {
            Some(Forbidden { line, words: why.to_owned(), to: "what cannot be looked at" })
        }
    }
}

/// Where a token stands.
#[derive(Clone, Copy, Default)]
struct Scan {
    /// In a `use` declaration.
    in_use: bool,
    /// In a group of a `use` declaration that goes on with a path, as in `use a::{b, c}`.
    goes_on: bool,
    /// In an attribute.
    in_attribute: bool,
    /// In no group at all.
    at_top: bool,
}

impl Scan {
    fn find(mut self, tokens: TokenStream) -> Option<Forbidden> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (i, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(_) => {
                    let word = word(token);
                    let found = self.ident(&word, &tokens, i);
                    if let Some((words, to)) = found {
                        return Some(Forbidden { line: token.span().start().line, words, to });
                    }
                    // `use<..>` in a type is no declaration.
                    if word == "use" && !is_mark(tokens.get(i + 1), '<') {
                        (self.in_use, self.goes_on) = (true, false);
                    }
                }
                TokenTree::Punct(mark) => self.in_use &= mark.as_char() != ';',
                TokenTree::Group(_) if self.at_top && is_body_of_tests(&tokens, i) => {}
                TokenTree::Group(group) => {
                    if let Some(found) = self.within(group, &tokens, i).find(group.stream()) {
                        return Some(found);
                    }
                }
                TokenTree::Literal(literal) if self.in_attribute => {
                    if let Some(found) = in_text(&literal.to_string()) {
                        return Some(Forbidden { line: token.span().start().line, ..found });
                    }
                }
                TokenTree::Literal(_) => {}
            }
        }
        None
    }

    /// Where the tokens of the group at this place stand.
    fn within(&self, group: &Group, tokens: &[TokenTree], i: usize) -> Self {
        let before = i.checked_sub(1).map(|i| &tokens[i]);
        let is_attribute = group.delimiter() == Delimiter::Bracket
            && (is_mark(before, '#')
                || (is_mark(before, '!') && i > 1 && is_mark(Some(&tokens[i - 2]), '#')));
        // What stands in a comment of documentation is a text.
        let is_code = is_attribute && !is_documentation(group);
        Self {
            in_attribute: self.in_attribute || is_code,
            at_top: false,
            goes_on: self.goes_on || continues(tokens, i),
            ..*self
        }
    }

    /// Why a word may not stand where it does.
    fn ident(&self, word: &str, tokens: &[TokenTree], i: usize) -> Option<(String, &'static str)> {
        if word.starts_with("__private") {
            return Some((word.to_owned(), "what a library keeps to itself"));
        }
        let of = |list: &[(&str, &'static str)]| {
            list.iter().find(|(refused, _)| *refused == word).map(|(_, to)| (word.to_owned(), *to))
        };
        if let Some(found) = of(REFUSED) {
            return Some(found);
        }
        // A `path` that is no setting is an argument of an attribute's text.
        let is_argument = word == "path" && !is_mark(tokens.get(i + 1), '=');
        if let Some(found) = of(ATTRIBUTES).filter(|_| self.in_attribute && !is_argument) {
            return Some(found);
        }
        let begins = !self.goes_on && !continues(tokens, i);
        let goes_on = is_path_mark(tokens, i + 1);
        let is_called = is_mark(tokens.get(i + 1), '!') && !is_mark(tokens.get(i + 2), '=');
        // Whatever stands before it: what a `use` ends with may be a macro by another road.
        if is_called || self.in_use && !goes_on {
            let found = of(MACROS);
            if found.is_some() {
                return found;
            }
        }
        if !LIBRARIES.contains(&word) {
            return None;
        }
        // Whatever stands before it: `crate::std` is the library itself after `use std;`.
        if goes_on {
            let names = names(tokens.get(i + 3));
            let other = names.into_iter().find(|name| !ALLOWED.contains(&name.as_str()))?;
            return Some((format!("{word}::{other}"), access(&other)));
        }
        (self.in_use && begins).then(|| (word.to_owned(), "any part of the standard library"))
    }
}

/// What a text in an attribute names as code: `#[serde(with = "std::fs")]` is a path.
fn in_text(literal: &str) -> Option<Forbidden> {
    // Letters may be written as their numbers.
    if literal.contains("\\x") || literal.contains("\\u") {
        let to = "letters by their numbers in a text of an attribute";
        return Some(Forbidden { line: 1, words: literal.to_owned(), to });
    }
    let code = literal.trim_start_matches(['r', 'b', 'c', '#']).trim_end_matches('#').trim_matches('"');
    let named = code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| LIBRARIES.contains(&word));
    if !named || !code.contains("::") {
        return None;
    }
    let refused = || Forbidden {
        line: 1,
        words: code.to_owned(),
        to: "any part of the standard library in a text of an attribute",
    };
    tokens_of(code).map_or_else(|_| Some(refused()), |tokens| Scan::default().find(tokens))
}

/// What a module of the standard library gives access to.
fn access(module: &str) -> &'static str {
    match module {
        "fs" | "path" | "ffi" | "os" => FILES,
        "process" => "processes",
        "env" => ENVIRONMENT,
        "net" => "the network",
        "thread" => "threads",
        "io" => "output by hand",
        "*" | "self" => "any part of the standard library",
        _ => "a part of the standard library that no answer needs (a module of your own needs another name)",
    }
}

/// The names that a path goes on with: one, those of a group, or all.
fn names(next: Option<&TokenTree>) -> BTreeSet<String> {
    match next {
        Some(TokenTree::Ident(_)) => next.map(word).into_iter().collect(),
        Some(TokenTree::Group(group)) => {
            let mut names = BTreeSet::new();
            let mut begins = true;
            for token in group.stream() {
                if begins {
                    names.extend(self::names(Some(&token)));
                }
                begins = is_mark(Some(&token), ',');
            }
            names
        }
        _ => ["*".to_owned()].into(),
    }
}

#[cfg(test)]
mod tests;
