//! P1.2: the choice of the recipe.
//!
//! The recipe of the ten runs was chosen when the selection was first computed, before Winograd's tiles were of 4 x 4
//! outputs. With the roundings of today another candidate has the fewest errors, which the book says.

use crate::cells::{grouped, number};
use crate::mnist_runs::{named, wrong};
use crate::{Caption, ClaimRow, ReportError, Section, Sources, TableRow, alter};
use experiments::mnist::studies::ArmSummary;
use experiments::mnist::studies::selection::{CHOSEN, Candidate, SelectionConclusions};
use records::findings::{Cells, Decision};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, ..Section::EMPTY };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "mnist-another-candidate-errs-least",
        says: "With today's roundings another candidate has the fewest errors on the held-out training images",
        within: None,
        record: "mnist-selection",
        decide: |of| {
            let candidates = candidates(of)?;
            let fewest = candidates.iter().min_by_key(|candidate| wrong(candidate));
            let fewest = fewest.ok_or_else(|| ReportError::missing("mnist-selection.json: candidates"))?;
            let recipe = named(&candidates, CHOSEN.id())?;
            let evidence = format!(
                "{} has {} wrong answers, the recipe's {} has {}",
                fewest.arm,
                wrong(fewest),
                recipe.arm,
                wrong(recipe)
            );
            Ok(Decision::new(wrong(fewest) < wrong(recipe), evidence))
        },
        controls: &[|of| set_fewest(of, CHOSEN.id())],
    },
    ClaimRow {
        id: "mnist-distortions-help",
        says: "With distorted training images there are fewer errors on the held-out ones than without",
        within: None,
        record: "mnist-selection",
        decide: |of| {
            let (with, without) = with_and_without(of, "without-distortions")?;
            Ok(Decision::new(with < without, format!("{with} wrong answers with them, {without} without")))
        },
        controls: &[|of| set_candidate(of, "without-distortions", 0)],
    },
    ClaimRow {
        id: "mnist-four-parts-spare-errors",
        says: "Without distortions, averaged weights, smoothed labels or the cycle of the rate there are more errors \
               than with all four",
        within: None,
        record: "mnist-selection",
        decide: |of| {
            let without: Vec<(usize, usize)> =
                PARTS.iter().map(|part| with_and_without(of, part)).collect::<Result<_, _>>()?;
            let wrong = PARTS.iter().zip(&without).map(|(part, (_, wrong))| format!("{wrong} {part}"));
            let evidence = format!("{} with all; {}", without[0].0, wrong.collect::<Vec<_>>().join(", "));
            Ok(Decision::new(without.iter().all(|(with, without)| with < without), evidence))
        },
        controls: &[
            |of| set_candidate(of, "without-distortions", 0),
            |of| set_candidate(of, "without-averaging", 0),
            |of| set_candidate(of, "without-smoothed-labels", 0),
            |of| set_candidate(of, "with-a-constant-rate", 0),
        ],
    },
];

/// The candidates that lack one part of which the hypothesis says that it spares errors.
const PARTS: [&str; 4] =
    ["without-distortions", "without-averaging", "without-smoothed-labels", "with-a-constant-rate"];

const TABLES: &[TableRow] = &[TableRow {
    id: "mnist-selection",
    record: "mnist-selection",
    caption: Caption::Of(caption),
    cells: |of| Ok(errors_by_seed(&candidates(of)?)),
}];

fn candidates(of: &Sources) -> Result<Vec<ArmSummary>, ReportError> {
    Ok(of.conclusions::<SelectionConclusions>("mnist-selection")?.candidates)
}

/// Wrong answers of the whole recipe, and of the candidate without a part of it, over the same seeds.
fn with_and_without(of: &Sources, without: &str) -> Result<(usize, usize), ReportError> {
    let candidates = candidates(of)?;
    Ok((wrong(named(&candidates, Candidate::Whole.id())?), wrong(named(&candidates, without)?)))
}

/// Gives a candidate so many more wrong answers than the whole recipe has.
fn set_candidate(of: &mut Sources, arm: &str, more: usize) {
    alter::conclusions(of, "mnist-selection", |it: &mut SelectionConclusions| {
        let mut correct = it.candidates[0].correct.clone();
        correct[0] -= more;
        it.candidates.iter_mut().filter(|it| it.arm == arm).for_each(|it| it.correct.clone_from(&correct));
    });
}

/// Gives a candidate no wrong answer.
fn set_fewest(of: &mut Sources, arm: &str) {
    alter::conclusions(of, "mnist-selection", |it: &mut SelectionConclusions| {
        for candidate in it.candidates.iter_mut().filter(|it| it.arm == arm) {
            candidate.correct.fill(candidate.total);
        }
    });
}

fn caption(of: &Sources) -> Result<String, ReportError> {
    let (held_out, epochs) = candidates(of)?.first().map_or((0, 0), |it| (it.total, it.recipe.epochs));
    Ok(format!(
        "The candidates on {} training images that they did not learn from, after {epochs} epochs.",
        grouped(held_out)
    ))
}

/// Wrong answers of each seed, and their mean.
fn errors_by_seed(summaries: &[ArmSummary]) -> Cells {
    let row = |summary: &ArmSummary| {
        let errors = summary.correct.iter().map(|correct| (summary.total - correct).to_string());
        let errors: Vec<String> = errors.collect();
        let mean = wrong(summary) as f64 / summary.correct.len() as f64;
        vec![summary.arm.replace('-', " "), errors.join(", "), number(mean, 1)]
    };
    Cells::new(&["candidate", "#wrong, by seed", "#mean"], summaries.iter().map(row).collect())
}
