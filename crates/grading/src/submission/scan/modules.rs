//! Which modules of a student's sources are of tests alone.

use super::tokens::{is_mark, is_of_tests, tokens_of, word};
use crate::submission::crate_of;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};

/// The modules of each crate that are **only ever declared** at the top of a file, as `#[cfg(test)] mod NAME`. One
/// that is declared in any other way as well, wherever that stands, is not among them.
pub(in crate::submission) fn modules_of_tests(
    sources: &BTreeMap<String, String>,
) -> BTreeSet<(&'static str, String)> {
    let (mut of_tests, mut others) = (BTreeSet::new(), BTreeSet::new());
    for (file, text) in sources {
        let Some(of) = crate_of(file) else { continue };
        // What is no Rust is refused as a whole.
        let Ok(tokens) = tokens_of(text) else { continue };
        let (tests, rest) = declared(tokens, true);
        of_tests.extend(tests.into_iter().map(|name| (of, name)));
        others.extend(rest.into_iter().map(|name| (of, name)));
    }
    &of_tests - &others
}

/// Whether a file holds one of these modules, or a module in it: by its name, or that of a folder. A program of the
/// crate is no module.
pub(in crate::submission) fn is_in(file: &str, modules: &BTreeSet<(&'static str, String)>) -> bool {
    let Some(of) = crate_of(file) else { return false };
    let names: Vec<&str> = file.split('/').skip(3).map(|name| name.trim_end_matches(".rs")).collect();
    names.first() != Some(&"bin") && names.iter().any(|name| modules.contains(&(of, (*name).to_owned())))
}

/// The modules that are declared among these tokens: those of tests, and the others.
fn declared(tokens: TokenStream, at_top: bool) -> (Vec<String>, Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut of_tests, mut others) = (Vec::new(), Vec::new());
    for (i, token) in tokens.iter().enumerate() {
        if word(token) == "mod" {
            let name = tokens.get(i + 1).map(word).unwrap_or_default();
            let ends =
                is_mark(tokens.get(i + 2), ';') || matches!(tokens.get(i + 2), Some(TokenTree::Group(_)));
            let is_of_tests = at_top && ends && is_of_tests(&tokens, i);
            if is_of_tests { &mut of_tests } else { &mut others }.push(name);
        } else if let TokenTree::Group(group) = token {
            let (tests, rest) = declared(group.stream(), false);
            others.extend(tests.into_iter().chain(rest));
        }
    }
    (of_tests, others)
}
