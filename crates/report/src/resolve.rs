//! Every page resolved: directives, formulas, the tests it names, the numbers it must not type.

use crate::card::Cards;
use crate::directives::{Directives, is_block};
use crate::formula::{FormulaError, Formulas};
use crate::html;
use crate::ledger::{Counts, Shown};
use crate::lint::{is_typed_number, typed_in_formula, typed_numbers};
use crate::listing::{anchors, function};
use crate::page::{NamedTest, directives as foreign_directives, named_tests};
use crate::project::{Project, files};
use crate::refusal::{CheckError, Reason, Refusal};
use crate::scan::{Piece, PieceKind, pieces};
use crate::shared::{TOTALS, WIDGETS};
use crate::unbroken::unbroken;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A page of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its path from the book's source folder.
    pub path: PathBuf,
    pub text: String,
}

/// A book without a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The pages, resolved, in their order.
    pub pages: Vec<Page>,
    /// What each page resolved.
    pub counts: Vec<Counts>,
    pub listings: Vec<Shown>,
}

impl Resolved {
    /// What all pages resolved.
    pub fn total(&self) -> Counts {
        self.counts.iter().fold(Counts::default(), |sum, counts| sum.plus(counts))
    }
}

/// Resolves all pages of a book whose sources lie in `src`, a path from the root of the repository. Each line of code
/// of the files in `literate` must stand in exactly one listing.
///
/// # Errors
/// [`CheckError::Refused`] holds every fault of every page.
pub fn resolve(
    project: Project,
    src: &Path,
    literate: &[String],
    pages: &[Page],
) -> Result<Resolved, CheckError> {
    let project = Arc::new(project);
    let formulas = Formulas::new(project.glyphs.as_deref());
    let formulas = formulas
        .map_err(|error| CheckError::Malformed { path: src.to_owned(), reason: error.to_string() })?;
    let formulas = Arc::new(formulas);
    let directives = Directives::new(Arc::clone(&project), Arc::clone(&formulas));
    let mut book = Book { directives, formulas, project, refusals: Vec::new() };
    let mut resolved = Resolved { pages: Vec::new(), counts: Vec::new(), listings: Vec::new() };
    for page in pages {
        let (text, counts) = book.page(src, page);
        resolved.pages.push(Page { path: page.path.clone(), text });
        resolved.counts.push(counts);
    }
    book.unused_anchors()?;
    book.unused_claims();
    book.unused_widgets()?;
    book.literate(literate);
    resolved.listings = book.directives.ledger().listings.clone();
    let totals = html::totals(&resolved.total().named());
    for page in &mut resolved.pages {
        page.text = page.text.replace(TOTALS, &totals);
    }
    if book.refusals.is_empty() { Ok(resolved) } else { Err(CheckError::Refused(book.refusals)) }
}

struct Book {
    project: Arc<Project>,
    directives: Directives,
    formulas: Arc<Formulas>,
    refusals: Vec<Refusal>,
}

impl Book {
    /// A page resolved, with the stamp at its end.
    fn page(&mut self, src: &Path, page: &Page) -> (String, Counts) {
        {
            let mut ledger = self.directives.ledger();
            ledger.page.clone_from(&page.path);
            ledger.counts = Counts::default();
            ledger.cards = Cards::default();
        }
        let file = src.join(&page.path);
        let mut refused = self.check_names(&page.text);
        let mut resolved = Vec::new();
        for piece in pieces(&page.text) {
            self.directives.ledger().line = piece.line;
            match self.piece(&piece) {
                Ok(text) => resolved.push((piece.kind, text)),
                Err(faults) => refused.extend(faults),
            }
        }
        refused.sort_by_key(|(line, _)| *line);
        let refusal = |(line, reason)| Refusal { file: file.clone(), line, reason };
        self.refusals.extend(refused.into_iter().map(refusal));
        let (counts, cards) = {
            let ledger = self.directives.ledger();
            (ledger.counts, ledger.cards.script(&self.project))
        };
        (format!("{}\n\n{cards}{}\n", unbroken(resolved).trim_end(), counts.stamp()), counts)
    }

    /// mdBook's own directives, and the tests that are named in prose.
    fn check_names(&self, text: &str) -> Vec<(usize, Reason)> {
        let mut refused = Vec::new();
        for directive in foreign_directives(text) {
            if directive.text.split_whitespace().next() != Some("title") {
                refused.push((directive.line, Reason::ForeignDirective(directive.text.to_owned())));
            }
        }
        let tests = named_tests(text);
        for test in &tests {
            if !is_defined(&self.project.repository, *test) {
                let (name, file) = (test.name.to_owned(), test.file.to_owned());
                refused.push((test.line, Reason::MissingTest { name, file }));
            }
        }
        self.directives.ledger().counts.tests += tests.len();
        refused
    }

    /// What stands in the page for a piece of it, or its faults, each with its line.
    fn piece(&self, piece: &Piece) -> Result<String, Vec<(usize, Reason)>> {
        let here = |reason| vec![(piece.line, reason)];
        match piece.kind {
            PieceKind::Verbatim => Ok(piece.source.to_owned()),
            PieceKind::Text => prose(piece),
            PieceKind::Code if is_typed_number(piece.inner) => {
                Err(here(Reason::TypedNumber(piece.inner.to_owned())))
            }
            PieceKind::Code => Ok(piece.source.to_owned()),
            PieceKind::OpenDirective => Err(here(Reason::OpenDirective)),
            PieceKind::OpenFormula => Err(here(Reason::OpenFormula)),
            PieceKind::Directive => self.directive(piece).map_err(here),
            PieceKind::Inline => self.formula(piece.inner, false).map_err(here),
            PieceKind::Display => self.formula(piece.inner, true).map_err(here),
        }
    }

    fn directive(&self, piece: &Piece) -> Result<String, Reason> {
        let block = is_block(piece.inner);
        let Some(indent) = piece.indent.filter(|_| block) else {
            return if block {
                Err(Reason::NotAlone(piece.source.to_owned()))
            } else {
                self.directives.evaluate(piece.inner.trim())
            };
        };
        let text = self.directives.evaluate(piece.inner.trim())?;
        let lines = text
            .split('\n')
            .map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") });
        // The first line stands behind the indentation of the directive.
        Ok(lines.collect::<Vec<_>>().join("\n").trim_start_matches(indent).to_owned())
    }

    /// A formula as MathML. Directives in it are numbers.
    fn formula(&self, tex: &str, displayed: bool) -> Result<String, Reason> {
        let mut resolved = String::new();
        let mut rest = tex;
        while let Some((before, after)) = rest.split_once("<<") {
            let (expression, behind) = after.split_once(">>").ok_or(Reason::OpenDirective)?;
            typed(before)?;
            self.directives.ledger().in_formula = true;
            let value = self.directives.evaluate(expression.trim());
            self.directives.ledger().in_formula = false;
            resolved = resolved + before + &value?;
            rest = behind;
        }
        typed(rest)?;
        resolved += rest;
        let mathml = self
            .formulas
            .mathml(&resolved, displayed)
            .map_err(|error: FormulaError| Reason::Formula(error))?;
        self.directives.ledger().counts.formulas += 1;
        // A span, because a block would end the paragraph.
        let class = if displayed { "formula displayed" } else { "formula" };
        Ok(format!("<span class=\"{class}\">{mathml}</span>"))
    }

    /// Every line of code of these files stands in exactly one listing.
    fn literate(&mut self, literate: &[String]) {
        for file in literate {
            let Ok(source) = self.project.source(file) else {
                let reason = Reason::MissingFile(file.clone());
                self.refusals.push(Refusal { file: "book/book.toml".into(), line: 1, reason });
                continue;
            };
            let shown = self.directives.ledger().lines.get(file).cloned().unwrap_or_default();
            for line in code_lines(&source) {
                let times = shown.iter().filter(|(first, last)| (*first..=*last).contains(&line)).count();
                if times != 1 {
                    let reason = Reason::NotOnce { times };
                    self.refusals.push(Refusal { file: file.into(), line, reason });
                }
            }
        }
    }

    /// Every claim is made by some page.
    fn unused_claims(&mut self) {
        let file = "results/report.json";
        let source = self.project.source(file).unwrap_or_default();
        let made = self.directives.ledger().claims.clone();
        for claim in self.project.derived.claims.iter().filter(|claim| !made.contains(&claim.id)) {
            let entry = format!("\"id\": \"{}\"", claim.id);
            let line = source.lines().position(|line| line.contains(&entry)).map_or(1, |before| before + 1);
            let reason = Reason::UnusedClaim(claim.id.clone());
            self.refusals.push(Refusal { file: file.into(), line, reason });
        }
    }

    /// Every widget stands on some page.
    fn unused_widgets(&mut self) -> Result<(), CheckError> {
        for path in files(&self.project.repository.join(WIDGETS))? {
            let file = path.strip_prefix(&self.project.repository).unwrap_or(&path).to_owned();
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let is_widget = file.parent() == Some(Path::new(WIDGETS)) && name != "mod";
            if is_widget && !self.directives.ledger().widgets.contains_key(&name) {
                self.refusals.push(Refusal { file, line: 1, reason: Reason::UnusedWidget(name) });
            }
        }
        Ok(())
    }

    /// Every anchor of the sources is shown by some page.
    fn unused_anchors(&mut self) -> Result<(), CheckError> {
        let repository = self.project.repository.clone();
        for path in files(&repository.join("crates"))? {
            let file = path.strip_prefix(&repository).unwrap_or(&path).to_owned();
            let is_book_code = file.starts_with("crates/report");
            if is_book_code || path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let source = fs::read_to_string(&path);
            let source = source.map_err(|source| CheckError::Unreadable { path: path.clone(), source })?;
            let name = file.to_string_lossy().replace('\\', "/");
            for (line, anchor) in anchors(&source) {
                let key = (name.clone(), anchor.to_owned());
                if !self.directives.ledger().anchors.contains_key(&key) {
                    let reason = Reason::UnusedAnchor(anchor.to_owned());
                    self.refusals.push(Refusal { file: file.clone(), line, reason });
                }
            }
        }
        Ok(())
    }
}

/// Every line of code of a file, from 1: not blank, not only a comment, an import, a closing bracket or the head of an
/// `impl`, and before the tests.
fn code_lines(source: &str) -> impl Iterator<Item = usize> + '_ {
    let is_code = |line: &str| {
        let line = line.trim();
        let heads = ["//", "use ", "pub use ", "mod ", "pub mod ", "impl"];
        line.contains(char::is_alphanumeric) && !heads.iter().any(|head| line.starts_with(head))
    };
    let before_tests = source.lines().enumerate().take_while(|(_, line)| line.trim() != "#[cfg(test)]");
    before_tests.filter(move |(_, line)| is_code(line)).map(|(i, _)| i + 1)
}

fn typed(tex: &str) -> Result<(), Reason> {
    typed_in_formula(tex).into_iter().next().map_or(Ok(()), |number| Err(Reason::TypedNumber(number)))
}

fn prose(piece: &Piece) -> Result<String, Vec<(usize, Reason)>> {
    let line = |place: usize| piece.line + piece.source[..place].matches('\n').count();
    let typed: Vec<(usize, Reason)> = typed_numbers(piece.source)
        .into_iter()
        .map(|(place, number)| (line(place), Reason::TypedNumber(number)))
        .collect();
    if typed.is_empty() { Ok(piece.source.to_owned()) } else { Err(typed) }
}

/// Whether the file of a named test, looked up in the folder `repository`, defines a function of its name.
pub fn is_defined(repository: &Path, test: NamedTest) -> bool {
    fs::read_to_string(repository.join(test.file)).is_ok_and(|source| function(&source, test.name).is_some())
}
