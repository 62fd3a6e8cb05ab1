//! What was resolved so far, and where.

use crate::card::Cards;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A listing that a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The page, from the book's source folder.
    pub page: PathBuf,
    /// The line of its directive, from 1.
    pub line: usize,
    pub text: String,
}

/// How many things were resolved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Listings.
    pub listings: usize,
    /// Numbers and texts quoted from records.
    pub numbers: usize,
    /// Claims that hold.
    pub claims: usize,
    /// Formulas.
    pub formulas: usize,
    /// Figures.
    pub figures: usize,
    /// Tables, the scoreboard and the table of records among them.
    pub tables: usize,
    /// Tests named as proof.
    pub tests: usize,
    /// Widgets.
    pub widgets: usize,
}

impl Counts {
    /// Names and counts.
    pub fn named(&self) -> [(&'static str, usize); 8] {
        [
            ("listings", self.listings),
            ("numbers", self.numbers),
            ("claims", self.claims),
            ("formulas", self.formulas),
            ("figures", self.figures),
            ("tables", self.tables),
            ("tests", self.tests),
            ("widgets", self.widgets),
        ]
    }

    /// The stamp: an element that readers do not see, with the counts as its attributes.
    pub fn stamp(&self) -> String {
        let attributes: String =
            self.named().iter().map(|(name, count)| format!(" data-{name}=\"{count}\"")).collect();
        format!("<div class=\"resolved\" hidden{attributes}></div>")
    }

    /// The counts of the stamp in a page of HTML: `None` when there is not exactly one.
    pub fn of_page(html: &str) -> Option<Self> {
        let mut stamps = html.split("class=\"resolved\"").skip(1);
        let stamp = stamps.next()?.split('>').next()?;
        let count = |name: &str| {
            let (_, after) = stamp.split_once(&format!("data-{name}=\""))?;
            after.split('"').next()?.parse().ok()
        };
        let counts = Self {
            listings: count("listings")?,
            numbers: count("numbers")?,
            claims: count("claims")?,
            formulas: count("formulas")?,
            figures: count("figures")?,
            tables: count("tables")?,
            tests: count("tests")?,
            widgets: count("widgets")?,
        };
        stamps.next().is_none().then_some(counts)
    }

    /// Both together.
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            listings: self.listings + other.listings,
            numbers: self.numbers + other.numbers,
            claims: self.claims + other.claims,
            formulas: self.formulas + other.formulas,
            figures: self.figures + other.figures,
            tables: self.tables + other.tables,
            tests: self.tests + other.tests,
            widgets: self.widgets + other.widgets,
        }
    }
}

/// The ledger of a book.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The page that is being resolved, from the book's source folder.
    pub page: PathBuf,
    /// The line of the directive that is being resolved.
    pub line: usize,
    /// Whether it stands in a formula, where there are no links.
    pub in_formula: bool,
    /// What the page resolved.
    pub counts: Counts,
    /// The cards of the page's quotes.
    pub cards: Cards,
    /// The listings of all pages.
    pub listings: Vec<Shown>,
    /// Where each listing stands in the book, by file and anchor.
    pub anchors: BTreeMap<(String, String), String>,
    /// The claims that some page makes, by id.
    pub claims: BTreeSet<String>,
    /// Where each widget stands in the book, by name.
    pub widgets: BTreeMap<String, String>,
    /// Which lines of a file are shown: from, to.
    pub lines: BTreeMap<String, Vec<(usize, usize)>>,
}

impl Ledger {
    /// The page and line that is being resolved.
    pub fn here(&self) -> String {
        format!("{}:{}", self.page.display(), self.line)
    }

    /// The way from the page to the book's root, such as `../`.
    pub fn root(&self) -> String {
        "../".repeat(self.page.components().count().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stamp_is_read_as_it_was_written() {
        let counts = Counts {
            listings: 1,
            numbers: 2,
            claims: 3,
            formulas: 4,
            figures: 5,
            tables: 6,
            tests: 7,
            widgets: 8,
        };
        let page = format!("<main>{}</main>", counts.stamp());
        assert_eq!(Counts::of_page(&page), Some(counts));
        assert_eq!(Counts::of_page(&page.repeat(2)), None);
        assert_eq!(Counts::of_page("<main></main>"), None);
    }
}
