//! P1.1: a 4-40-3 network on whitened features against Fisher's discriminant.
//!
//! The first claim is the registered hypothesis, the others were written after the record.

use crate::cells::{grouped, interval, percent, points};
use crate::predicates::errors_point;
use crate::{Caption, ClaimRow, Section, Sources, TableRow, alter};
use experiments::iris::studies::whitened::WhitenedConclusions;
use experiments::iris::studies::{Direction, HypothesisVerdict};
use records::findings::{Cells, Decision};
use stats::Interval;

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, ..Section::EMPTY };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "whitened-errs-no-more-than-the-discriminant",
        says: "On average over two thousand splits of these flowers the network on whitened features errs at most a \
               tenth of a point more often than Fisher's discriminant",
        within: None,
        record: "iris-whitened",
        decide: |of| {
            let found = conclusions(of)?;
            let below = found.difference.high < found.margin;
            let holds = below && found.no_more_errors == HypothesisVerdict::Held;
            Ok(Decision::new(holds, points(found.difference)))
        },
        controls: &[
            |of| set(of, |it| it.difference.high = it.margin),
            |of| set(of, |it| it.no_more_errors = HypothesisVerdict::Undecided),
        ],
    },
    ClaimRow {
        id: "decay-of-biases-costs-errors",
        says: "With decay of all parameters, biases included, the same network errs more often on the same splits",
        within: None,
        record: "iris-whitened",
        decide: |of| Ok(errors_point(conclusions(of)?.compared.decaying_all.cost, Direction::More)),
        controls: &[|of| set(of, |it| it.compared.decaying_all.cost.low = 0.0)],
    },
    ClaimRow {
        id: "a-choice-costs-errors",
        says: "Choosing the decay by cross-validation in each training part errs more often than the one setting",
        within: None,
        record: "iris-whitened",
        decide: |of| Ok(errors_point(conclusions(of)?.compared.chosen.cost, Direction::More)),
        controls: &[|of| set(of, |it| it.compared.chosen.cost.low = 0.0)],
    },
    ClaimRow {
        id: "whitened-answers-as-the-discriminant",
        says: "The network and the discriminant give different answers at most once in a thousand",
        within: Some("the network and the discriminant give different answers at most once in a thousand"),
        record: "iris-whitened",
        decide: |of| {
            let same = conclusions(of)?.compared.same_answers;
            let holds = 1000 * same.correct >= 999 * same.total && same.total > 0;
            Ok(Decision::new(holds, same.to_string()))
        },
        controls: &[|of| {
            set(of, |it| it.compared.same_answers.correct = it.compared.same_answers.total * 99 / 100)
        }],
    },
];

const TABLES: &[TableRow] = &[
    TableRow {
        id: "iris-whitened",
        record: "iris-whitened",
        caption: Caption::Fixed(
            "Mean test error over fresh splits; Student's intervals are of the mean over splits of these flowers.",
        ),
        cells: |of| Ok(methods(&conclusions(of)?)),
    },
    TableRow {
        id: "iris-whitened-choice",
        record: "iris-whitened",
        caption: Caption::Fixed(
            "The decays, and on how many of the first two hundred fresh splits each was chosen.",
        ),
        cells: |of| Ok(choice(&conclusions(of)?)),
    },
];

fn conclusions(of: &Sources) -> Result<WhitenedConclusions, crate::ReportError> {
    of.conclusions("iris-whitened")
}

fn set(of: &mut Sources, alter: impl FnOnce(&mut WhitenedConclusions)) {
    alter::conclusions(of, "iris-whitened", alter);
}

fn methods(of: &WhitenedConclusions) -> Cells {
    let row = |name: &str, splits: usize, error: Interval| {
        vec![name.to_owned(), grouped(splits), percent(error.estimate, 2), interval(error)]
    };
    let number = |[first, last]: [u64; 2]| (last - first + 1) as usize;
    let (all, some, compared) = (number(of.seeds), number(of.compared.seeds), &of.compared);
    let rows = vec![
        row("Fisher's discriminant", all, of.lda),
        row("4-40-3, whitened features, decay of weights", all, of.network),
        row("the same network", some, compared.network),
        row("with decay of all parameters", some, compared.decaying_all.mean_test_error),
        row("on standardised features", some, compared.standardised.mean_test_error),
        row("with a decay chosen by cross-validation", some, compared.chosen.mean_test_error),
    ];
    Cells::new(&["method", "#splits", "#mean test error", "#95 % interval"], rows)
}

fn choice(of: &WhitenedConclusions) -> Cells {
    let row = |&(decay, chosen): &(f64, usize)| vec![decay.to_string(), chosen.to_string()];
    Cells::new(&["#weight decay", "#chosen"], of.compared.choices.iter().map(row).collect())
}
