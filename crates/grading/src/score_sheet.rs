//! The score sheet.

use crate::criteria::REPRODUCED;
use crate::foreign::{LONGEST, inert};
use crate::rubric::{Rubric, sum_of_points};
use crate::scored::Scored;

/// An experiment that was recomputed.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    pub experiment: String,
    /// How long it took.
    pub seconds: f64,
}

/// The score sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreSheet {
    /// Every criterion, in the rubric's order.
    pub rows: Vec<Scored>,
    /// The points needed.
    pub pass: f64,
    /// What was recomputed, in order.
    pub ran: Vec<Ran>,
    /// How long building the tests took.
    pub build_seconds: f64,
    /// What else is to be known: of a submission, what of it was graded and what was not.
    pub notes: Vec<String>,
}

impl ScoreSheet {
    /// The sheet on which no criterion is met, for one reason.
    pub fn without_points(rubric: &Rubric, why: &str) -> Self {
        let rows = rubric.criteria.iter().map(|criterion| Scored::not_judged(criterion, why)).collect();
        Self {
            rows,
            pass: rubric.pass,
            ran: Vec::new(),
            build_seconds: 0.0,
            notes: vec![inert(why, LONGEST)],
        }
    }

    /// The same with inert notes, and where that records are reproduced earns nothing if no other point was earned:
    /// **records of crates that answer nothing right show nothing, however often they come out the same.**
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.notes = self.notes.iter().map(|note| inert(note, LONGEST)).collect();
        let reproduces = |row: &Scored| row.criterion.check.name == REPRODUCED;
        if self.rows.iter().any(|row| !reproduces(row) && row.points() > 0.0) {
            return self;
        }
        for row in self.rows.iter_mut().filter(|row| reproduces(row) && row.verdict.met) {
            row.verdict.met = false;
            row.verdict.evidence.text +=
                "; but no other criterion is met, and records of nothing show nothing";
        }
        self
    }

    /// The points earned.
    pub fn points(&self) -> f64 {
        sum_of_points(self.rows.iter().map(Scored::points))
    }

    /// The points that can be earned.
    pub fn possible(&self) -> f64 {
        sum_of_points(self.rows.iter().map(|row| row.criterion.points))
    }

    /// Whether no point was lost: every criterion that is worth one is met.
    pub fn is_full(&self) -> bool {
        !self.rows.iter().any(Scored::costs)
    }

    /// Whether the points reach what the rubric asks; strictly, whether no point was lost.
    pub fn passes(&self, strict: bool) -> bool {
        if strict { self.is_full() } else { self.points() >= self.pass }
    }
}
