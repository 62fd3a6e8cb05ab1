//! What the functions of directives share, and what each stands for.

use crate::card::Card;
use crate::exercise::{self, EXERCISES};
use crate::formula::Formulas;
use crate::html;
use crate::ledger::{Ledger, Shown};
use crate::lint::typed_numbers;
use crate::listing::{function, listing};
use crate::number::lookup;
use crate::project::{Project, REFUSED_CALLS};
use crate::refusal::Reason;
use minijinja::{Error, ErrorKind};
use records::findings::FigureEntry;
use records::sha256_hex;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The folder of the widgets, a file each, from the root of the repository.
pub(crate) const WIDGETS: &str = "crates/widgets/src/widgets";

/// Stands in a page until all pages are resolved and their totals known.
pub const TOTALS: &str = "\u{e000}totals\u{e000}";

/// What the functions share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) project: Arc<Project>,
    pub(crate) formulas: Arc<Formulas>,
    pub(crate) ledger: Arc<Mutex<Ledger>>,
}

pub(crate) fn refuse(reason: Reason) -> Error {
    Error::new(ErrorKind::InvalidOperation, "refused").with_source(reason)
}

impl Shared {
    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An entry of `results/report.json`, which must be of the records as they are.
    pub(crate) fn derived<'a, T>(
        &self,
        kind: &'static str,
        all: &'a [T],
        id: &str,
        id_of: fn(&T) -> &str,
    ) -> Result<&'a T, Reason> {
        self.project.fresh()?;
        all.iter().find(|entry| id_of(entry) == id).ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(id_of).collect();
            Reason::Missing { kind, id: id.to_owned(), known: known.join(", ") }
        })
    }

    /// A listing in its fence, what it is, and the tests that prove it.
    pub(crate) fn listing(&self, file: &str, anchor: &str, proofs: &[String]) -> Result<String, Reason> {
        let source = self.project.source(file)?;
        let found =
            listing(&source, anchor).map_err(|error| Reason::Listing { file: file.to_owned(), error })?;
        {
            let mut ledger = self.ledger();
            let here = ledger.here();
            let key = (file.to_owned(), anchor.to_owned());
            if let Some(first) = ledger.anchors.insert(key, here) {
                return Err(Reason::ShownTwice { file: file.to_owned(), anchor: anchor.to_owned(), first });
            }
            let shown = Shown { page: ledger.page.clone(), line: ledger.line, text: found.text.clone() };
            ledger.listings.push(shown);
            ledger.lines.entry(file.to_owned()).or_default().push((found.first, found.last));
            ledger.counts.listings += 1;
        }
        let place = html::source(file, (found.first, found.last), self.project.source_url.as_deref());
        let mut out = format!("{}\n\n{place}\n", fenced(&found.text));
        for proof in proofs {
            let (file, name) = proof.rsplit_once("::").ok_or_else(|| {
                Reason::Directive(format!("a proof is written \"FILE::TEST\", this is `{proof}`"))
            })?;
            out += "\n";
            out += &self.proof(file, name)?;
        }
        Ok(out)
    }

    /// An exercise with the head of its function, and a hint and the solution folded away.
    pub(crate) fn exercise(&self, chapter: &str, number: usize, hint: &str) -> Result<String, Reason> {
        let (file, tests) =
            (format!("{EXERCISES}/src/{chapter}.rs"), format!("{EXERCISES}/tests/suite/{chapter}.rs"));
        let words = exercise::words(&self.project.source(&file)?, number);
        let words = words.ok_or_else(|| Reason::MissingExercise { number, file: file.clone() })?;
        let name = format!("exercise_{chapter}_{number}_");
        if !self.project.source(&tests)?.contains(&format!("fn {name}")) {
            return Err(Reason::MissingTest { name, file: tests });
        }
        let solution = self.listing(&file, &format!("exercise_{number}"), &[])?;
        let head =
            self.ledger().listings.last().map_or_else(String::new, |shown| exercise::head(&shown.text));
        Ok(format!(
            "**Exercise {number}: {}.** {}\n\n{}\n\n<details class=\"exercise\"><summary>Hint</summary>\n\n{hint}\n\n\
             </details>\n\n<details class=\"exercise\"><summary>A solution</summary>\n\n{solution}\n</details>\n",
            words.title,
            words.text,
            fenced(&head)
        ))
    }

    /// A test, folded away below its name.
    pub(crate) fn proof(&self, file: &str, name: &str) -> Result<String, Reason> {
        let missing = || Reason::MissingTest { name: name.to_owned(), file: file.to_owned() };
        let source = self.project.source(file).map_err(|_| missing())?;
        let test = function(&source, name).filter(|test| is_test(&test.text)).ok_or_else(missing)?;
        self.ledger().counts.tests += 1;
        Ok(format!(
            "<details class=\"proof\"><summary>Tested by <code>{}</code> in <code>{}</code></summary>\n\n{}\n\n</details>\n",
            html::escape(name),
            html::escape(file),
            fenced(&test.text)
        ))
    }

    /// A value of a record.
    pub(crate) fn quote(
        &self,
        record: &str,
        key: &str,
        write: impl Fn(&serde_json::Value) -> Result<String, String>,
    ) -> Result<String, Reason> {
        let root =
            self.project.records.get(record).ok_or_else(|| Reason::MissingRecord(record.to_owned()))?;
        let (named, at) = (record.to_owned(), key.to_owned());
        let value = lookup(root, key).map_err(|why| Reason::MissingKey {
            record: named.clone(),
            key: at.clone(),
            why,
        })?;
        let text = write(value).map_err(|why| Reason::Format { record: named, key: at, why })?;
        let in_formula = {
            let mut ledger = self.ledger();
            ledger.counts.numbers += 1;
            ledger.in_formula
        };
        if in_formula {
            let tex = text.replace('\u{a0}', r"\,").replace('%', r"\%").replace(',', "{,}");
            return Ok(tex.replace('−', "-"));
        }
        Ok(self.quoted(&text, Card::of_value(record, key, root)))
    }

    /// A link that opens to a card.
    pub(crate) fn quoted(&self, text: &str, card: Card) -> String {
        let mut ledger = self.ledger();
        let number = ledger.cards.number(card.clone());
        html::quoted(text, &card, number, &ledger.root())
    }

    /// The link from a table or a figure to its record.
    fn from(&self, record: &str) -> String {
        self.quoted(&format!("{record}.json"), Card::of_text(record, "all of it", None))
    }

    /// A claim that holds, in one of its registered wordings: as a sentence, or within one.
    pub(crate) fn claim(&self, id: &str, within: bool) -> Result<String, Reason> {
        self.ledger().claims.insert(id.to_owned());
        let claim = self.derived("claim", &self.project.derived.claims, id, |claim| &claim.id)?;
        if !claim.decision.holds {
            let (id, says, evidence) =
                (claim.id.clone(), claim.says.clone(), claim.decision.evidence.clone());
            return Err(Reason::FalseClaim { id, says, evidence });
        }
        let wording = if within { claim.within.as_ref() } else { Some(&claim.says) };
        let words = wording.ok_or_else(|| Reason::NoWordingWithin(id.to_owned()))?;
        if let Some((_, number)) = typed_numbers(words).into_iter().next() {
            return Err(Reason::TypedNumber(number));
        }
        self.ledger().counts.claims += 1;
        let (key, evidence) = (format!("claim {id}"), &claim.decision.evidence[..]);
        let card = Card::of_text(&claim.record, &key, Some(("decided on", evidence)));
        let mark = self.quoted("✓", card).replace("class=\"quoted\"", "class=\"claim\"");
        Ok(format!("{words}\u{a0}{mark}"))
    }

    /// A figure; on a narrow page with the drawing of the figure `narrow` in place of its own.
    pub(crate) fn figure(&self, id: &str, narrow: Option<&str>) -> Result<String, Reason> {
        let (figure, svg) = self.drawing(id)?;
        let narrow = narrow.map(|id| self.drawing(id)).transpose()?;
        if let Some((other, _)) = narrow.as_ref().filter(|(other, _)| other.cells != figure.cells) {
            let (id, other) = (id.to_owned(), other.id.clone());
            return Err(Reason::OtherNumbers { id, other });
        }
        self.ledger().counts.figures += 1;
        let narrow = narrow.as_ref().map(|(_, svg)| &svg[..]);
        Ok(html::figure(figure, &svg, narrow, &self.from(&figure.record)))
    }

    /// A figure with its drawing, as it was recorded.
    fn drawing(&self, id: &str) -> Result<(&FigureEntry, String), Reason> {
        let figure = self.derived("figure", &self.project.derived.figures, id, |figure| &figure.id)?;
        let svg = self.project.source(&format!("results/{}", figure.file))?;
        if sha256_hex(svg.as_bytes()) != figure.sha256 {
            return Err(Reason::Stale(figure.file.clone()));
        }
        Ok((figure, svg))
    }

    pub(crate) fn table(&self, id: &str) -> Result<String, Reason> {
        let table = self.derived("table", &self.project.derived.tables, id, |table| &table.id)?;
        self.ledger().counts.tables += 1;
        Ok(html::table(table, &self.from(&table.record)))
    }

    /// A widget, and what stands in its place until it computes: a figure, a table.
    pub(crate) fn widget(&self, name: &str, still: &str) -> Result<String, Reason> {
        self.project.source(&format!("{WIDGETS}/{name}.rs"))?;
        let mut ledger = self.ledger();
        let here = ledger.here();
        if let Some(first) = ledger.widgets.insert(name.to_owned(), here) {
            return Err(Reason::WidgetTwice { name: name.to_owned(), first });
        }
        ledger.counts.widgets += 1;
        Ok(html::widget(name, still, self.project.computes))
    }

    pub(crate) fn scoreboard(&self) -> Result<String, Reason> {
        let (asked, given) = (&self.project.rubric.criterion, &self.project.given);
        for id in asked.iter().map(|asked| &asked.id).chain(given.scoreboard.keys()) {
            self.derived("criterion", &self.project.derived.criteria, id, |criterion| &criterion.id)?;
        }
        if let Some(id) = asked
            .iter()
            .filter_map(|asked| given.original_of(asked))
            .find(|id| !given.original.contains_key(*id))
        {
            return Err(Reason::MissingGiven { kind: "original", id: id.clone() });
        }
        let mut ledger = self.ledger();
        ledger.counts.tables += 1;
        Ok(html::scoreboard(&self.project, &ledger.root()))
    }

    /// The table of what the command refuses; one that is not there is refused.
    pub(crate) fn refused_calls(&self) -> Result<String, Reason> {
        if self.project.refused_calls.call.is_empty() {
            return Err(Reason::MissingFile(REFUSED_CALLS.to_owned()));
        }
        self.ledger().counts.tables += 1;
        Ok(html::refused_calls(&self.project))
    }

    pub(crate) fn records(&self) -> String {
        self.ledger().counts.tables += 1;
        html::records(&self.project)
    }

    /// Questions as they were asked.
    pub(crate) fn question(&self, ids: &[String]) -> Result<String, Reason> {
        let one = |id: &String| {
            let found = self.project.given.question.iter().find(|question| question.id == *id);
            let missing = || Reason::MissingGiven { kind: "question", id: id.clone() };
            found
                .map(|question| format!("> **{}.** {}", question.id, question.text.trim()))
                .ok_or_else(missing)
        };
        Ok(ids.iter().map(one).collect::<Result<Vec<_>, _>>()?.join("\n>\n"))
    }

    pub(crate) fn stated(&self, kind: &'static str, id: &str) -> Result<String, Reason> {
        let given = &self.project.given;
        let all = if kind == "given" { &given.given } else { &given.original };
        let found = all.get(id).ok_or_else(|| Reason::MissingGiven { kind, id: id.to_owned() })?;
        Ok(html::stated(&found.text, &found.meaning))
    }
}

fn fenced(code: &str) -> String {
    // mdBook would take `{{#` in the code for a directive of its own.
    format!("```rust,ignore\n{}\n```", code.replace("{{#", "\\{{#"))
}

/// Whether a function is marked as a test.
fn is_test(text: &str) -> bool {
    ["#[test]", "#[rstest]"].iter().any(|mark| text.contains(mark))
}
