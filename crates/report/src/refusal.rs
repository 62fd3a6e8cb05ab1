//! Why a page is refused: each reason with its page and line.

use crate::formula::FormulaError;
use crate::listing::ListingError;
use std::io;
use std::path::PathBuf;

/// One thing that is wrong with a page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}", file = file.display())]
pub struct Refusal {
    /// The file, from the root of the repository: a page, or what holds an anchor or a claim that no page shows.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// Why a line is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// One of mdBook's own directives, which are not checked.
    #[error(
        "`{{{{#{0}}}}}` is no directive of this book; code is shown by << listing(\"FILE\", \"ANCHOR\") >>"
    )]
    ForeignDirective(String),
    /// A directive that is not closed in its paragraph.
    #[error("`<<` is not closed by `>>` in its paragraph")]
    OpenDirective,
    /// A formula that is not closed in its paragraph.
    #[error("`$` is not closed in its paragraph; write \\$ for a dollar")]
    OpenFormula,
    /// A directive that cannot be evaluated: a misspelt name, a wrong argument.
    #[error("the directive cannot be evaluated: {0}")]
    Directive(String),
    /// A listing, figure or table in the middle of a line.
    #[error("`{0}` fills lines of its own: put nothing else on its line")]
    NotAlone(String),
    /// A source file cannot be read.
    #[error("the file {0}, named from the root of the repository, cannot be read")]
    MissingFile(String),
    /// The listing cannot be shown.
    #[error("{file}: {error}")]
    Listing {
        /// The file, from the root of the repository.
        file: String,
        error: ListingError,
    },
    /// A listing stands in the book already.
    #[error("`ANCHOR: {anchor}` of {file} is shown already, at {first}")]
    ShownTwice {
        file: String,
        anchor: String,
        /// The page and line of the other one.
        first: String,
    },
    /// A widget stands in the book already.
    #[error("the widget `{name}` stands in the book already, at {first}")]
    WidgetTwice {
        name: String,
        /// The page and line of the other one.
        first: String,
    },
    /// A widget that no page has.
    #[error(
        "the widget `{0}` is on no page: put it on one with << widget(\"{0}\", ..) >>, or remove its file"
    )]
    UnusedWidget(String),
    /// An anchor that no page shows.
    #[error("`ANCHOR: {0}` is shown by no page: show it, or remove its two lines")]
    UnusedAnchor(String),
    /// A line of a file that the book shows in full is shown by no page, or by two listings.
    #[error(
        "this line is shown by {times} listings of the book, which shows this file in full (`literate` in book.toml)"
    )]
    NotOnce {
        /// How many listings show it.
        times: usize,
    },
    /// There is no such exercise.
    #[error("{file} has no comment `/// Exercise {number}, TITLE: TEXT`")]
    MissingExercise {
        number: usize,
        /// The file, from the root of the repository.
        file: String,
    },
    /// A test is named that is not in the file: it was renamed or removed.
    #[error("there is no test `{name}` in {file}, which the page names as proof")]
    MissingTest {
        name: String,
        /// The file, from the root of the repository.
        file: String,
    },
    /// There is no such record.
    #[error("there is no record results/{0}.json; `cargo coursework run` writes the records")]
    MissingRecord(String),
    /// The record has no such key.
    #[error("results/{record}.json has no `{key}`: {why}")]
    MissingKey {
        record: String,
        key: String,
        /// Where it ends, and what there is.
        why: String,
    },
    /// What stands at the key cannot be shown as asked.
    #[error("`{key}` of results/{record}.json cannot be shown so: {why}")]
    Format { record: String, key: String, why: String },
    /// There is no such entry in `book/given.toml`.
    #[error("book/given.toml has no {kind} `{id}`")]
    MissingGiven {
        /// The kind of entry.
        kind: &'static str,
        id: String,
    },
    /// There is no such claim, figure, table or criterion in `results/report.json`.
    #[error("results/report.json has no {kind} `{id}`; there are {known}")]
    Missing {
        kind: &'static str,
        id: String,
        /// The ids there are.
        known: String,
    },
    /// The second drawing of a figure shows something else.
    #[error(
        "the figure `{other}` has other numbers than `{id}`, in whose place it would stand on a narrow page"
    )]
    OtherNumbers {
        id: String,
        /// The figure of the second drawing.
        other: String,
    },
    /// A claim does not hold.
    #[error("the claim `{id}` does not hold: {says} ({evidence})")]
    FalseClaim {
        id: String,
        says: String,
        /// The numbers it was decided on.
        evidence: String,
    },
    /// Words of the page's own in place of those that the predicate was registered with.
    #[error(
        "`{words}` would stand behind a tick, and nothing checks it: write << claim(\"{id}\") >>, or << claim(\"{id}\", \
         within=true) >> within a sentence"
    )]
    FreeWording { id: String, words: String },
    /// A claim has no wording for the middle of a sentence.
    #[error(
        "the claim `{0}` has no wording within a sentence: register one beside its predicate (`within`), or make the claim as a \
         sentence"
    )]
    NoWordingWithin(String),
    /// A claim that no page makes.
    #[error("the claim `{0}` is made by no page: make it with << claim(\"{0}\") >>, or remove it")]
    UnusedClaim(String),
    /// Claims, figures and tables were made of other records than those that stand in `results/`.
    #[error(
        "results/{0} is not the file that results/report.json was made of; run `cargo coursework run report`"
    )]
    Stale(String),
    /// A criterion was changed since the report was derived.
    #[error(
        "rubric.toml has other criteria, checks or bars than results/report.json was made of; run `cargo coursework run report`"
    )]
    StaleRubric,
    /// The formula cannot be shown.
    #[error(transparent)]
    Formula(#[from] FormulaError),
    /// A number that looks measured was typed.
    #[error(
        "`{0}` is typed: quote it with << number(\"RECORD\", \"KEY\") >>, or << given(\"ID\") >> if it is no result \
         (book/given.toml)"
    )]
    TypedNumber(String),
}

/// Why a book was not checked to its end, or is refused.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// There is no readable `book.toml`.
    #[error("{root} is no book: {reason}; name the folder that holds book.toml", root = root.display())]
    NoBook {
        root: PathBuf,
        /// What mdBook said.
        reason: String,
    },
    /// A file or folder cannot be read.
    #[error("cannot read {path}: {source}", path = path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file is not what its name says.
    #[error("{path}: {reason}", path = path.display())]
    Malformed {
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Pages have faults: all of them.
    #[error("{}", .0.iter().map(Refusal::to_string).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<Refusal>),
}
