//! What the sources of two submissions have in common, beyond what both were given.
//!
//! Winnowing: the hash of every run of tokens, and of each window of them the smallest. All names count as one name,
//! and all numbers as one number, so that renaming hides nothing. Source: S. Schleimer, D. Wilkerson, A. Aiken,
//! "Winnowing: local algorithms for document fingerprinting", 2003.

use crate::starter::cut;
use crate::submission::{sources, tokens_of};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Tokens of a run.
const RUN: usize = 20;

/// Runs of a window, of which one is kept.
const WINDOW: usize = 8;

/// Pairs with a smaller share are not listed.
const LEAST_SHARE: f64 = 0.5;

/// Sources with fewer places say nothing.
const LEAST_PLACES: usize = 10;

/// Two submissions that have much in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    pub one: String,
    pub other: String,
    /// Of the places of the one that has fewer, the share that the other has as well.
    pub share: f64,
    /// How many places that are.
    pub places: usize,
}

/// The pairs of submissions that have much in common beyond the starter of the assignment at `assignment`, the most
/// alike first.
pub fn overlaps(submissions: &BTreeMap<String, PathBuf>, assignment: &Path) -> Vec<Overlap> {
    let given = places_of(assignment, true);
    let own: Vec<(&String, BTreeSet<u64>)> = submissions
        .iter()
        .map(|(name, folder)| (name, &places_of(folder, false) - &given))
        .filter(|(_, places)| places.len() >= LEAST_PLACES)
        .collect();
    let mut found = Vec::new();
    for (i, (one, of_one)) in own.iter().enumerate() {
        for (other, of_other) in &own[i + 1..] {
            let places = of_one.intersection(of_other).count();
            let share = places as f64 / of_one.len().min(of_other.len()) as f64;
            if share >= LEAST_SHARE {
                let (one, other) = ((*one).clone(), (*other).clone());
                found.push(Overlap { one, other, share, places });
            }
        }
    }
    found.sort_by(|a, b| b.share.total_cmp(&a.share));
    found
}

/// The places of all sources of a student's crates in a folder; without the answers where it `is_assignment`.
fn places_of(folder: &Path, is_assignment: bool) -> BTreeSet<u64> {
    let mut places = BTreeSet::new();
    for text in sources(folder).into_values() {
        let cut = if is_assignment { cut::cut(&text).ok() } else { None };
        places.extend(places_in(cut.as_ref().map_or(&text, |(text, _)| text)));
    }
    places
}

/// The places of a source: the hashes that winnowing keeps.
fn places_in(text: &str) -> BTreeSet<u64> {
    let mut kinds = Vec::new();
    if let Ok(tokens) = tokens_of(text) {
        flatten(tokens, &mut kinds);
    }
    let hashes: Vec<u64> = kinds.windows(RUN).map(hash).collect();
    hashes.windows(WINDOW).filter_map(|window| window.iter().min().copied()).collect()
}

/// The kinds of the tokens, one after the other; comments are none.
fn flatten(tokens: TokenStream, kinds: &mut Vec<u8>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark)
                if mark.as_char() == '#' && tokens.peek().is_some_and(is_documentation) =>
            {
                tokens.next();
            }
            TokenTree::Punct(mark) => kinds.push(mark.as_char() as u8),
            TokenTree::Literal(_) => kinds.push(b'0'),
            TokenTree::Ident(ident) => kinds.push(kind_of(&ident.to_string())),
            TokenTree::Group(group) => {
                let mark = b"({[ "[group.delimiter() as usize % 4];
                kinds.push(mark);
                flatten(group.stream(), kinds);
                kinds.push(mark | 0x80);
            }
        }
    }
}

fn is_documentation(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    group.stream().into_iter().next().is_some_and(|first| first.to_string() == "doc")
}

/// Words of the language are told apart, and names are not.
fn kind_of(word: &str) -> u8 {
    const WORDS: [&str; 22] = [
        "as", "break", "const", "continue", "else", "enum", "fn", "for", "if", "impl", "in", "let", "loop",
        "match", "mod", "move", "mut", "pub", "return", "struct", "use", "while",
    ];
    WORDS.iter().position(|it| *it == word).map_or(b'a', |place| b'A' + place as u8)
}

/// FNV-1a.
fn hash(run: &[u8]) -> u64 {
    run.iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, kind| (hash ^ u64::from(*kind)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "\
/// Given.
pub fn given(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for x in x {
        sum += x * x;
    }
    sum / x.len() as f64
}
";

    /// An answer of some length, whose operations follow from a number.
    fn answer(number: usize) -> String {
        let step = |i: usize| match (i * number + i * i) % 5 {
            0 => format!("    total += x[{i}] * weight;\n"),
            1 => format!("    if x[{i}] > total {{ total = x[{i}]; }}\n"),
            2 => format!("    total = (total - x[{i}]).abs() / 2.0;\n"),
            3 => format!("    for y in &x[..{i}] {{ total -= y; }}\n"),
            _ => format!("    let weight = match x.get({i}) {{ Some(y) => *y, None => weight }};\n"),
        };
        let steps: String = (0..40).map(step).collect();
        format!(
            "pub fn answer(x: &[f64], weight: f64) -> f64 {{\n    let mut total = 0.0;\n{steps}    total\n}}\n"
        )
    }

    fn write(folder: &Path, text: &str) {
        let path = folder.join("crates/theory/src/lib.rs");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    #[test]
    fn a_copy_with_other_names_is_found_and_work_of_ones_own_is_not() {
        let root = tempfile::tempdir().unwrap();
        let assignment = root.path().join("assignment");
        let marks = "// SOLUTION: T1a it\n    x\n    // SOLUTION_END: T1a\n";
        write(&assignment, &format!("{GIVEN}fn blank(x: f64) -> f64 {{\n    {marks}}}\n"));
        let renamed = answer(1).replace("total", "sum").replace("weight", "w").replace("    ", "\t");
        let handed_in = [
            ("ada", answer(1)),
            ("bob", format!("/// Mine.\n{renamed}")),
            ("eve", answer(3)),
            ("starter", String::new()),
        ];
        let mut submissions = BTreeMap::new();
        for (name, text) in handed_in {
            let folder = root.path().join(name);
            // As an archive is often unpacked.
            write(
                &if name == "bob" { folder.join("work-main") } else { folder.clone() },
                &format!("{GIVEN}{text}"),
            );
            submissions.insert(name.to_owned(), folder);
        }
        let found = overlaps(&submissions, &assignment);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((&found[0].one[..], &found[0].other[..]), ("ada", "bob"));
        assert!(found[0].share > 0.95, "{found:?}");
    }
}
