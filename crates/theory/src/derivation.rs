//! Derivations that are programs.
//!
//! A derivation is a chain of equal expressions. Each [step](Derivation::step) holds its expression as TeX and
//! as code, and the reason why it equals the one before. [`Derivation::verify`] evaluates all of them on random
//! inputs, and only what it returns, a [`Verified`], can be read or printed: **a wrong step cannot reach a page**.
//! What the check cannot see is a TeX formula that says something else than its code; they stand side by side in
//! the source for that reason.
//!
//! Where an expression still holds a derivative, its code takes it with [`crate::graph`], which is checked against
//! central differences.

pub mod cross_entropy;
mod error;
pub mod softmax;
pub mod std_dev;

pub use error::DerivationError;

use crate::render::plain::plain;
use numerics::{
    random::{Purpose, Stream},
    reduce::sum,
};
use serde::Serialize;

/// The largest difference allowed between two steps, relative to the typical size of the expression.
///
/// A chain of a few dozen operations on numbers of unit size errs by about 1e-15; dividing by a small deviation
/// can cost four digits more.
pub const TOLERANCE: f64 = 1e-11;

/// An expression as code: its value on an input.
pub type Code<I> = fn(&I) -> f64;

/// A chain of expressions in inputs `I`, not yet checked; nothing of it can be read.
pub struct Derivation<I> {
    id: &'static str,
    title: &'static str,
    lhs: &'static str,
    sample: fn(&mut Stream) -> I,
    steps: Vec<(Step, Code<I>)>,
}

/// One expression of a verified derivation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    tex: &'static str,
    why: &'static str,
}

impl Step {
    /// The expression in TeX, without the relation before it.
    pub fn tex(&self) -> &'static str {
        self.tex
    }

    /// Why it equals the expression before it.
    pub fn why(&self) -> &'static str {
        self.why
    }
}

/// A derivation whose every step has been evaluated and found equal to the one before.
///
/// Only [`Derivation::verify`] makes one. It can be written as JSON but not read back, since a file proves
/// nothing.
///
/// ```compile_fail,E0451
/// use theory::derivation::Verified;
/// let forged = Verified { id: "T3", title: "", lhs: "1", steps: vec![], trials: 1, worst_difference: 0.0 };
/// ```
///
/// ```compile_fail,E0599
/// // A derivation that was not verified has no text.
/// let text = theory::derivation::std_dev::gradient().text();
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verified {
    id: &'static str,
    title: &'static str,
    lhs: &'static str,
    steps: Vec<Step>,
    trials: usize,
    worst_difference: f64,
}

impl<I> Derivation<I> {
    /// Begins a derivation of `lhs` (TeX), whose inputs are drawn by `sample`.
    pub fn new(
        id: &'static str,
        title: &'static str,
        lhs: &'static str,
        sample: fn(&mut Stream) -> I,
    ) -> Self {
        Self { id, title, lhs, sample, steps: Vec::new() }
    }

    /// Adds an expression: its TeX, why it equals the one before it, and its code.
    #[must_use]
    pub fn step(mut self, tex: &'static str, why: &'static str, code: Code<I>) -> Self {
        self.steps.push((Step { tex, why }, code));
        self
    }

    /// Puts another expression in the place of step `step`, **counted from 1**, to see it refused; where there is no
    /// such step, nothing changes.
    #[must_use]
    pub fn with_step(mut self, step: usize, tex: &'static str, why: &'static str, code: Code<I>) -> Self {
        if let Some(place) = step.checked_sub(1).and_then(|i| self.steps.get_mut(i)) {
            *place = (Step { tex, why }, code);
        }
        self
    }

    /// Evaluates every step on `trials` random inputs of the stream `seed` and compares each with the one before.
    ///
    /// Two values are equal when they differ by at most [`TOLERANCE`] times the larger of their size and the mean
    /// size of the first expression over all inputs.
    ///
    /// # Errors
    /// [`DerivationError`], naming the first wrong step.
    ///
    /// ```
    /// use theory::derivation::Derivation;
    /// let squares = || Derivation::new("square", "A square", "(a+1)^2", |r| r.normal())
    ///     .step("(a + 1)(a + 1)", "by definition", |a| (a + 1.0) * (a + 1.0));
    /// let right = squares().step("a^2 + 2a + 1", "expanded", |a| a * a + 2.0 * a + 1.0);
    /// assert!(right.verify(1, 100).is_ok());
    /// let wrong = squares().step("a^2 + 1", "expanded", |a| a * a + 1.0);
    /// assert!(wrong.verify(1, 100).unwrap_err().to_string().starts_with("square: step 2 is wrong"));
    /// ```
    pub fn verify(self, seed: u64, trials: usize) -> Result<Verified, DerivationError> {
        self.verify_to_run(seed, trials).map(|runnable| runnable.verified)
    }

    /// [`Self::verify`], for a derivation that is also to be evaluated on inputs of the caller's.
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub fn verify_to_run(self, seed: u64, trials: usize) -> Result<Runnable<I>, DerivationError> {
        let values = self.evaluate(seed, trials)?; //                     (trials, steps)
        let first: Vec<f64> = values.iter().filter_map(|row| row.first().copied()).collect(); // (trials)
        let constant = first.iter().all(|&value| value == first[0]);
        if self.steps.len() < 2 || trials < 2 || constant {
            return Err(DerivationError::ProvesNothing { id: self.id, steps: self.steps.len(), trials });
        }
        let typical = sum(first.iter().map(|value| value.abs())) / trials as f64;
        let mut worst_difference = 0.0_f64;
        for (step, trial) in
            (1..self.steps.len()).flat_map(|step| (0..trials).map(move |trial| (step, trial)))
        {
            let (previous, found) = (values[trial][step - 1], values[trial][step]);
            let difference = difference(previous, found, typical);
            if difference > TOLERANCE {
                let plain = plain(self.steps[step].0.tex);
                let (step, trial) = (step + 1, trial + 1);
                return Err(DerivationError::WrongStep { id: self.id, step, plain, previous, found, trial });
            }
            worst_difference = worst_difference.max(difference);
        }
        let (steps, code) = self.steps.into_iter().unzip();
        let verified =
            Verified { id: self.id, title: self.title, lhs: self.lhs, steps, trials, worst_difference };
        Ok(Runnable { verified, code, typical })
    }

    /// The value of every step on every input: `(trials, steps)`, all finite.
    fn evaluate(&self, seed: u64, trials: usize) -> Result<Vec<Vec<f64>>, DerivationError> {
        let mut stream = Stream::new(seed, Purpose::Check);
        let mut values = Vec::with_capacity(trials);
        for trial in 1..=trials {
            let input = (self.sample)(&mut stream);
            let row: Vec<f64> = self.steps.iter().map(|(_, code)| code(&input)).collect(); // (steps)
            if let Some(step) = row.iter().position(|value| !value.is_finite()) {
                return Err(DerivationError::NotFinite {
                    id: self.id,
                    step: step + 1,
                    found: row[step],
                    trial,
                });
            }
            values.push(row);
        }
        Ok(values)
    }
}

/// By how much two values differ, relative to the larger of the first one's size and the typical size.
fn difference(previous: f64, found: f64, typical: f64) -> f64 {
    (found - previous).abs() / typical.max(previous.abs())
}

/// A verified derivation with the code of its steps. As with [`Verified`], only [`Derivation`] makes one.
pub struct Runnable<I> {
    verified: Verified,
    code: Vec<Code<I>>,
    typical: f64,
}

impl<I> Runnable<I> {
    /// The derivation, to be read.
    pub fn verified(&self) -> &Verified {
        &self.verified
    }

    /// The value of every step on `input`, `(steps)`. It must be one that the derivation speaks of: a step has no
    /// error to give, and is infinite, NaN or panics on any other.
    pub fn values(&self, input: &I) -> Vec<f64> {
        self.code.iter().map(|code| code(input)).collect()
    }

    /// By how much two values differ, as [`Derivation::verify`] compares them with [`TOLERANCE`]. **NaN where both are
    /// infinite.**
    pub fn difference(&self, previous: f64, found: f64) -> f64 {
        difference(previous, found, self.typical)
    }
}

impl Verified {
    /// The name by which it is cited, such as `T1a.1`.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// What is derived, in words.
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// What is derived, in TeX.
    pub fn lhs(&self) -> &'static str {
        self.lhs
    }

    /// The expressions, first to last.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// On how many random inputs the steps were compared.
    pub fn trials(&self) -> usize {
        self.trials
    }

    /// The largest relative difference between two steps that was seen.
    pub fn worst_difference(&self) -> f64 {
        self.worst_difference
    }

    /// The derivation as plain text for a terminal, each step under the one before, with its reason.
    pub fn text(&self) -> String {
        let mut text = format!("{}  {}\n\n", self.id, self.title);
        let lhs = plain(self.lhs);
        for (i, step) in self.steps.iter().enumerate() {
            let lhs = if i == 0 { lhs.clone() } else { " ".repeat(lhs.chars().count()) };
            text += &format!("  {lhs} = {}\n", plain(step.tex));
            text += &format!("        {}\n", step.why);
        }
        text += &format!(
            "\n  Every step was evaluated on {} random inputs; the largest relative difference between two was \
             {:.0e}.\n",
            self.trials, self.worst_difference
        );
        text
    }
}
