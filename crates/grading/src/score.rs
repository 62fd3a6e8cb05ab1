//! What the checks find.

use crate::criteria::{Evidence, HAND_IN, REPRODUCED, Verdict};
use crate::rubric::{Criterion, Rubric};
use crate::score_sheet::ScoreSheet;
use crate::scored::Scored;
use experiments::registry::EXPERIMENTS;
use experiments::verify::Recomputed;
use records::Records;
use records::findings::Headline;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Scores what was recomputed, by the checks alone.
pub fn score(rubric: &Rubric, recomputed: &Recomputed) -> ScoreSheet {
    let row = |criterion: &Criterion| Scored {
        criterion: criterion.clone(),
        verdict: judge(criterion, recomputed),
        proofs: Vec::new(),
        seconds: 0.0,
    };
    let rows = rubric.criteria.iter().map(row).collect();
    ScoreSheet { rows, pass: rubric.pass, ran: Vec::new(), build_seconds: 0.0, notes: Vec::new() }
}

/// The records that a check of the rubric looks into, as if they had been computed. What cannot be read counts as not
/// computed.
pub(crate) fn read_again(rubric: &Rubric, records: &Records) -> Recomputed {
    let mut recomputed = Recomputed::default();
    // Whether the records are what the code computes cannot be seen in them.
    let looked_into: Vec<_> = rubric.criteria.iter().filter(|it| it.check.name != REPRODUCED).collect();
    for experiment in EXPERIMENTS.iter().filter(|it| looked_into.iter().any(|of| of.rests_on(it))) {
        match experiment.parts_in(records) {
            Ok(parts) => {
                let named = |(part, value)| ((experiment.id.to_owned(), part), value);
                recomputed.parts.extend(parts.into_iter().map(named));
            }
            Err(error) => {
                recomputed.failures.insert(experiment.id.to_owned(), error.to_string());
            }
        }
    }
    recomputed
}

/// What each criterion finds in these records, in the first two clauses of the score sheet's evidence.
pub fn headlines(rubric: &Rubric, records: &Records) -> Vec<Headline> {
    let sheet = score(rubric, &read_again(rubric, records));
    let headline = |row: Scored| {
        let (id, check) = (row.criterion.id, row.criterion.check);
        if [REPRODUCED, HAND_IN].contains(&check.name) {
            return Headline { id, met: None, text: "decided on your machine by make grade".to_owned() };
        }
        let clauses: Vec<&str> = row.verdict.evidence.text.split("; ").take(2).collect();
        Headline { id, met: Some(row.verdict.met), text: clauses.join("; ").replace('`', "") }
    };
    sheet.rows.into_iter().map(headline).collect()
}

/// What the check of one criterion finds.
pub fn judge(criterion: &Criterion, recomputed: &Recomputed) -> Verdict {
    let check = || (criterion.check.judge)(recomputed, criterion.bar);
    match catch_unwind(AssertUnwindSafe(check)) {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(why)) => Verdict::not_met(Evidence::without_number(why.to_string())),
        Err(_) => Verdict::not_met(Evidence::without_number(
            "the check itself panicked: please report this bug of the grader",
        )),
    }
}
