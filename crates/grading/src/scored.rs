//! A criterion with what it earned.

use crate::criteria::{Evidence, Verdict};
use crate::foreign::{LONGEST, inert};
use crate::proofs::Proof;
use crate::rubric::{Criterion, PartialCredit};

/// A criterion with what it earned.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    pub criterion: Criterion,
    /// What its check found.
    pub verdict: Verdict,
    /// What its tests showed.
    pub proofs: Vec<Proof>,
    /// How long its check and tests took.
    pub seconds: f64,
}

impl Scored {
    /// A criterion that was not judged, for this reason.
    pub(crate) fn not_judged(criterion: &Criterion, why: impl Into<String>) -> Self {
        let verdict = Verdict::not_met(Evidence::without_number(why));
        Self { criterion: criterion.clone(), verdict, proofs: Vec::new(), seconds: 0.0 }
    }

    /// Whether its check and all its tests hold.
    pub fn met(&self) -> bool {
        self.verdict.met && self.proofs.iter().all(|proof| proof.failure.is_none())
    }

    /// Whether it is not met and worth something. **A criterion of 0 points informs and decides nothing.**
    pub fn costs(&self) -> bool {
        !self.met() && self.criterion.points > 0.0
    }

    /// The points earned: all if it is met, otherwise what the rubric gives for the parts that hold. **Where the crates
    /// are asked on drawn inputs, tests earn nothing without the check**: what a test says comes from a process that
    /// holds the student's code.
    pub fn points(&self) -> f64 {
        let parts = 1 + self.proofs.len();
        let held = usize::from(self.verdict.met)
            + self.proofs.iter().filter(|proof| proof.failure.is_none()).count();
        match self.criterion.partial {
            _ if self.met() => self.criterion.points,
            PartialCredit::AllOrNothing => 0.0,
            PartialCredit::PerPart if !self.verdict.met && !self.criterion.answers.is_empty() => 0.0,
            PartialCredit::PerPart => self.criterion.points * held as f64 / parts as f64,
        }
    }

    /// What the points rest on: the check's evidence, then the tests, with the reason of each that failed; cut and made
    /// [`inert`].
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
        let text = format!("{}{tests}{}", self.verdict.evidence.text, reasons.collect::<String>());
        inert(&text, LONGEST)
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
