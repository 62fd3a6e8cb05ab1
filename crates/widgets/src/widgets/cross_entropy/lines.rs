//! The lines of the derivation, each with its value on the reader's batch.

use super::formula::formula;
use crate::html::refusal;
use experiments::worked::{SEED, TRIALS};
use maud::{Markup, html};
use numerics::reduce::sum;
use records::at_most;
use theory::cross_entropy::{CrossEntropyError, Reading, class_probabilities, cross_entropy};
use theory::derivation::cross_entropy::{Batch, any_batch};
use theory::derivation::{DerivationError, Runnable, TOLERANCE};
use theory::render::number::short;
use theory::render::plain::plain;

/// The line that can be spoilt, from 1.
const SPOILT: usize = 3;
const SPOILT_TEX: &str =
    r"-\frac{1}{B} \sum_{b=1}^{B} \left( \ln y_{b c_b} + \sum_{k \ne c_b} \ln y_{bk} \right)";
const SPOILT_WHY: &str = "spoilt: the factors p_bk are left out";

/// The value of the spoilt line: every class costs as if it were the label.
fn spoilt_value(batch: &Batch) -> f64 {
    let as_labelled = |class| {
        let labels = vec![class; batch.c.len()]; // (B)
        cross_entropy(&batch.y, &labels, Reading::Probabilities).map_or(f64::NAN, |loss| loss.mean)
    };
    sum((0..batch.y.first().map_or(0, Vec::len)).map(as_labelled))
}

/// The derivation for any batch, or why it does not hold.
pub struct Lines(Result<Runnable<Batch>, DerivationError>);

/// One line on a batch.
struct Line {
    tex: &'static str,
    why: &'static str,
    value: f64,
    /// Whether it differs from the first.
    differs: bool,
}

impl Lines {
    /// Verifies the derivation.
    pub fn verified() -> Self {
        Self(any_batch().verify_to_run(SEED, TRIALS))
    }

    /// The lines on the class probabilities that `reading` makes of the outputs `(B, C)`; labels `(B)`, from 0.
    pub fn view(&self, outputs: &[Vec<f64>], labels: &[usize], reading: Reading, spoilt: bool) -> Markup {
        html! {
            h3 { "Each line of the derivation, on your batch" }
            @match (&self.0, batch(outputs, labels, reading)) {
                (Err(error), _) => (refusal(error)),
                (_, Err(error)) => {
                    p.refused { "The lines need class probabilities. Read as " (reading.name()) ": " (error) }
                },
                (Ok(runnable), Ok(batch)) => (on_batch(runnable, &batch, reading, spoilt)),
            }
        }
    }
}

/// The class probabilities and labels; refused where their cross-entropy is.
fn batch(outputs: &[Vec<f64>], labels: &[usize], reading: Reading) -> Result<Batch, CrossEntropyError> {
    let y = class_probabilities(outputs, reading)?; // (B, C)
    cross_entropy(&y, labels, Reading::Probabilities)?;
    Ok(Batch { y, c: labels.to_vec() })
}

fn on_batch(runnable: &Runnable<Batch>, batch: &Batch, reading: Reading, spoilt: bool) -> Markup {
    let lines = lines(runnable, batch, spoilt);
    let verified = runnable.verified();
    let (trials, worst) = (verified.trials(), verified.worst_difference());
    html! {
        p {
            "Here y" sub { "bk" } " is the probability of class k for sample b, with the " (reading.explanation()) "."
        }
        div.controls {
            label { input type="checkbox" name="spoil" value="true" checked[spoilt]; " Spoil line " (SPOILT) }
        }
        (table(&lines, &plain(verified.lhs())))
        p aria-live="polite" { (said(runnable, &lines, spoilt)) }
        @if spoilt { (refused()) } @else {
            p {
                "They were also compared on " (trials) " random batches: two neighbours differ by at most "
                (format!("{:.1e}", at_most(worst, 2)))
                " of the earlier one's size, or of the first line's mean size where that is larger."
            }
        }
    }
}

fn lines(runnable: &Runnable<Batch>, batch: &Batch, spoilt: bool) -> Vec<Line> {
    let values = runnable.values(batch);
    let first = values.first().copied().unwrap_or(f64::NAN);
    let line = |(i, (step, value)): (usize, (&theory::derivation::Step, f64))| {
        let (tex, why, value) = if spoilt && i + 1 == SPOILT {
            (SPOILT_TEX, SPOILT_WHY, spoilt_value(batch))
        } else {
            (step.tex(), step.why(), value)
        };
        // What is not a number differs from everything.
        let equal = runnable.difference(first, value) <= TOLERANCE;
        Line { tex, why, value, differs: !equal }
    };
    runnable.verified().steps().iter().zip(values).enumerate().map(line).collect()
}

fn table(lines: &[Line], lhs: &str) -> Markup {
    html! {
        div.table-wrapper tabindex="0" role="group" aria-label="The lines and their values" {
            table.lines {
                thead {
                    tr {
                        th scope="col" { "line" }
                        th scope="col" { (lhs) " =" }
                        th scope="col" { "value in nats" }
                    }
                }
                tbody {
                    @for (i, line) in lines.iter().enumerate() {
                        tr class=[line.differs.then_some("differs")] {
                            th scope="row" { (i + 1) }
                            td { span.expression { (formula(&plain(line.tex))) } span.why { (formula(line.why)) } }
                            td.value { (short(line.value)) @if line.differs { span.why { "≠ line 1" } } }
                        }
                    }
                }
            }
        }
    }
}

/// Whether the lines are equal on this batch.
fn said(runnable: &Runnable<Batch>, lines: &[Line], spoilt: bool) -> String {
    let Some(first) = lines.first() else { return String::new() };
    let mut words = Vec::new();
    for (i, line) in lines.iter().enumerate().filter(|(_, line)| line.differs) {
        let value = short(line.value);
        words.push(if spoilt && i + 1 == SPOILT {
            format!("Line {} gives {value} where line 1 gives {}.", i + 1, short(first.value))
        } else {
            format!(
                "Line {} gives {value}: a double cannot hold a product so small. On paper it equals the others; a \
                 program adds logarithms for this reason.",
                i + 1
            )
        });
    }
    if words.is_empty() {
        let pairs = lines.windows(2).map(|pair| runnable.difference(pair[0].value, pair[1].value));
        let largest = pairs.fold(0.0, f64::max);
        let apart = if largest == 0.0 {
            "to the last bit".to_owned()
        } else {
            format!("up to rounding ({largest:.0e})")
        };
        words.push(format!("All {} lines give {}, {apart}.", lines.len(), short(first.value)));
        if spoilt {
            words.push(
                "On this batch the spoilt line is right by chance; on random batches it is not.".to_owned(),
            );
        }
    }
    words.join(" ")
}

/// What the check says of the derivation with the spoilt line.
fn refused() -> Markup {
    let spoilt = any_batch().with_step(SPOILT, SPOILT_TEX, SPOILT_WHY, spoilt_value);
    html! {
        @if let Err(error) = spoilt.verify(SEED, TRIALS) {
            p { "On random batches the check finds it, and there is nothing to print. Its error:" }
            (refusal(&error))
        }
    }
}
