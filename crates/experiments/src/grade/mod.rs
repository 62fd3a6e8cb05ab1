//! Grading: recompute, compare with the submitted records, score, and say why.
//!
//! | module | holds |
//! |---|---|
//! | [`rubric`] | what is graded for how many points: `rubric.toml` |
//! | [`criteria`] | the checks: records in, number and verdict out |
//! | [`proofs`] | the tests that a criterion names |
//! | [`limits`] | a program with limits of time and memory |
//! | [`cargo`] | cargo with those limits |
//! | [`isolated`] | every experiment, check and test as a process of its own |
//! | [`submission`] | somebody else's crates and records in the assignment's tree |
//! | [`recompute()`] | experiments run again, in full or by a draw of their parts, and compared |
//! | [`pieces`] | what can be recomputed of an experiment that fails as a whole |
//! | [`sheet`] | the score sheet as a terminal table and as Markdown |
//! | [`export`], [`manifest`] | Gradescope, GitHub Classroom, JUnit, CSV; what was graded |
//!
//! One broken part does not sink another: an experiment that fails, panics, hangs or asks for too much memory costs the
//! criteria that rest on it.

pub mod cargo;
pub mod criteria;
pub mod export;
pub mod isolated;
pub mod limits;
pub mod manifest;
pub mod pieces;
pub mod proofs;
mod recompute;
pub mod rubric;
pub mod sheet;
pub mod submission;

use crate::registry::{Artifact, Records};
use crate::verify::{Coverage, Difference};
use criteria::{Evidence, Verdict};
use pieces::Pieces;
use proofs::Proof;
pub use recompute::recompute;
use rubric::{Criterion, Partial, Rubric};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Everything that was recomputed.
#[derive(Clone, Debug, Default)]
pub struct Recomputed {
    /// The records that could be computed.
    pub records: Records,
    /// What could be computed of the others.
    pub pieces: Pieces,
    /// Why an experiment gave no record, or no piece, by its id.
    pub failures: BTreeMap<String, String>,
    /// Where the submitted records are not what was recomputed.
    pub differences: Vec<Difference>,
    /// How many files were compared.
    pub compared: usize,
    /// How many there are.
    pub files: usize,
    /// Those files, as they were recomputed.
    pub artifacts: Vec<Artifact>,
    /// What of each experiment was computed again.
    pub coverage: Vec<Coverage>,
    /// The options that repeat the draw of the parts that were computed, if there was one.
    pub draw: Option<String>,
}

/// A criterion with what it earned.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The criterion.
    pub criterion: Criterion,
    /// What its check found.
    pub verdict: Verdict,
    /// What its tests showed.
    pub proofs: Vec<Proof>,
    /// How long its check and tests took.
    pub seconds: f64,
}

impl Scored {
    /// Whether its check and all its tests hold.
    pub fn met(&self) -> bool {
        self.verdict.met && self.proofs.iter().all(|proof| proof.failure.is_none())
    }

    /// The points earned: all if it is met, otherwise what the rubric gives for the parts that hold.
    pub fn points(&self) -> f64 {
        let parts = 1 + self.proofs.len();
        let held = usize::from(self.verdict.met)
            + self.proofs.iter().filter(|proof| proof.failure.is_none()).count();
        match self.criterion.partial {
            _ if self.met() => self.criterion.points,
            Partial::AllOrNothing => 0.0,
            Partial::PerPart => self.criterion.points * held as f64 / parts as f64,
        }
    }

    /// What the points rest on: the check's evidence, then the tests, with the reason of each that failed.
    pub fn evidence(&self) -> String {
        let failed: Vec<&Proof> = self.proofs.iter().filter(|proof| proof.failure.is_some()).collect();
        let reasons = failed
            .iter()
            .map(|proof| format!("; {} fails: {}", proof.test, proof.failure.as_deref().unwrap_or_default()));
        let count = self.proofs.len();
        let tests = match count {
            0 => String::new(),
            1 => format!("; {} of 1 test passed", count - failed.len()),
            _ => format!("; {} of {count} tests passed", count - failed.len()),
        };
        format!("{}{tests}{}", self.verdict.evidence.text, reasons.collect::<String>())
    }

    /// The commands that show it again: the rubric's, then those of the tests that failed, or of all if none did.
    pub fn reproduce(&self) -> Vec<String> {
        let mut commands = vec![self.criterion.reproduce.clone()];
        let none_failed = self.proofs.iter().all(|proof| proof.failure.is_none());
        for proof in &self.proofs {
            let command = proof.test.reproduce();
            if (none_failed || proof.failure.is_some()) && !commands.contains(&command) {
                commands.push(command);
            }
        }
        commands
    }
}

/// An experiment that was recomputed.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// Its id.
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
    /// The points earned.
    pub fn points(&self) -> f64 {
        self.rows.iter().map(Scored::points).sum()
    }

    /// The points that can be earned.
    pub fn possible(&self) -> f64 {
        self.rows.iter().map(|row| row.criterion.points).sum()
    }

    /// Whether every criterion is met.
    pub fn all_met(&self) -> bool {
        self.rows.iter().all(Scored::met)
    }

    /// Whether the points reach what the rubric asks; strictly, whether every criterion is met.
    pub fn passes(&self, strict: bool) -> bool {
        if strict { self.all_met() } else { self.points() >= self.pass }
    }
}

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

/// What the check of one criterion finds.
pub fn judge(criterion: &Criterion, recomputed: &Recomputed) -> Verdict {
    let check = || (criterion.check.function())(recomputed, criterion.bar);
    match catch_unwind(AssertUnwindSafe(check)) {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(why)) => Verdict::not_met(Evidence::without_number(why)),
        Err(_) => Verdict::not_met(Evidence::without_number("the check panicked; this is a bug of ours")),
    }
}

#[cfg(test)]
mod scored_tests;
#[cfg(test)]
mod tests;
