//! P2.1: eight lines of back-propagation, one of them wrong, and the gradient check that finds it.

mod findings;
mod on_iris;

use crate::html::{button, printed_sha256, receipt, refusal};
use crate::recorded::Recorded;
use crate::widget::{Entry, State, Widget, place};
use faults::lines::LINES;
use faults::puzzle::{Chosen, Puzzle};
use faults::record::CheckRecord;
use faults::trial::{NAMES, SmallBatch};
use findings::{check_table, listed, refused, training, training_said};
use maud::{Markup, html};
use mlp_scratch::Error;
use on_iris::{HYPERPARAMETERS, TrainedTwice};

/// How it is declared.
pub const ENTRY: Entry = Entry {
    name: "wrong_gradient",
    title: "Find the wrong line of back-propagation",
    page: "p2-1.html",
    asks: true,
    files: &[],
    open: |state| Box::new(WrongGradient::open(state)),
};

/// What the reader chose.
struct WrongGradient {
    seed: u64,
    puzzle: Puzzle,
    lines: Chosen,
    /// Which of [`NAMES`] the reader expects to be refused.
    predicted: [bool; NAMES.len()],
    checks: Option<Checks>,
    /// The lines that were trained with, and what came of them: it takes too long for every view.
    trained: Option<(Chosen, Result<TrainedTwice, String>)>,
}

/// What was checked so far.
#[derive(Clone, Copy)]
struct Checks {
    /// What the prediction is about.
    first: Chosen,
    last: Chosen,
    attempts: u32,
}

impl WrongGradient {
    fn open(state: &State) -> Self {
        let seed = state.read("seed").unwrap_or(0);
        let mut widget = Self::planted(seed);
        let read = |name| widget.puzzle.read(state.get(name)?);
        let lines = read("lines").unwrap_or(widget.lines);
        let checks = read("first").zip(read("checked")).zip(state.read("attempts"));
        let checks = checks.map(|((first, last), attempts)| Checks { first, last, attempts });
        let trained = read("trained").map(|lines| (lines, TrainedTwice::with(lines)));
        widget.predicted = NAMES.map(|name| state.all("predicted").any(|of| of == name));
        Self { lines, checks, trained, ..widget }
    }

    /// As a reader comes to it first.
    fn planted(seed: u64) -> Self {
        let puzzle = Puzzle::of_seed(seed);
        let lines = puzzle.planted();
        Self { seed, puzzle, lines, predicted: [false; NAMES.len()], checks: None, trained: None }
    }

    /// The last check, if it is one of the lines as they stand.
    fn current(&self) -> Option<Checks> {
        self.checks.filter(|checks| checks.last == self.lines)
    }

    fn check(&mut self) {
        if self.current().is_none() {
            let (first, attempts) =
                self.checks.map_or((self.lines, 0), |checks| (checks.first, checks.attempts));
            self.checks = Some(Checks { first, last: self.lines, attempts: attempts.saturating_add(1) });
        }
    }

    fn choose(&mut self, line: usize, value: &str) {
        let formula = value.parse().ok().and_then(|place: usize| self.puzzle.order(line).get(place).copied());
        if let Some(formula) = formula {
            self.lines = self.lines.with(line, formula);
        }
    }

    fn code(&self) -> Markup {
        html! {
            fieldset.lines {
                legend { "The backward pass, line by line" }
                @for (i, line) in LINES.iter().enumerate() {
                    label {
                        code { (line.left) }
                        select name={ "line" (i + 1) } {
                            @for (place, &formula) in self.puzzle.order(i).iter().enumerate() {
                                option value=(place) selected[self.puzzle.position(self.lines, i) == Some(place)] {
                                    (line.formulas[formula].code)
                                }
                            }
                        }
                        code.shape { (line.shape) }
                    }
                }
            }
        }
    }

    fn prediction(&self) -> Markup {
        html! {
            fieldset {
                legend { "Predict: what will the check refuse?" }
                @for (name, predicted) in NAMES.iter().zip(self.predicted) {
                    label {
                        input type="checkbox" name=(name) checked[predicted] disabled[self.checks.is_some()];
                        " " code { (name) }
                    }
                }
            }
        }
    }

    fn steps(&self) -> Markup {
        html! {
            div.steps {
                (button("check", "", "Check the gradients", self.current().is_none()))
                (button("another", "", "Another fault", true))
            }
        }
    }

    /// The names of what the reader expects to be refused.
    fn predicted(&self) -> Vec<&'static str> {
        NAMES.iter().zip(self.predicted).filter_map(|(name, predicted)| predicted.then_some(*name)).collect()
    }

    /// Whether the prediction came true.
    fn prediction_said(&self, refused: &[&str]) -> String {
        let predicted = self.predicted();
        match (predicted.as_slice(), predicted == refused) {
            ([], _) => "You made no prediction.".to_owned(),
            (_, true) => format!("Your prediction, {}, was right.", listed(&predicted)),
            (_, false) => {
                format!(
                    "Your prediction was {}; the first check refused {}.",
                    listed(&predicted),
                    listed(refused)
                )
            }
        }
    }

    /// What all parameters passing means.
    fn mended_said(&self, batch: &SmallBatch) -> Result<Markup, Error> {
        let bits = |entries: Vec<f64>| entries.into_iter().map(f64::to_bits).collect::<Vec<u64>>();
        let same = bits(batch.claimed(self.lines)?.to_vec()) == bits(batch.of_the_crate()?.to_vec());
        let fault = self.puzzle.fault;
        let (line, planted) = (LINES[fault.line].left, &LINES[fault.line].formulas[fault.formula]);
        Ok(html! {
            @if same {
                "Every bit equals that of the crate's own backward pass. The fault was "
                code { (line) " " (planted.code) } ". " (planted.fault)
            } @else {
                "But not every line is as the crate has it: what is wrong in one is made up for in another."
            }
        })
    }

    /// What the checks said so far, and the table of the last one, if it is of the lines as they stand.
    fn judged(&self) -> Result<(Markup, Markup), Error> {
        let Some(checks) = self.checks else {
            return Ok((html! { "Nothing was checked yet. Predict first." }, html! {}));
        };
        let batch = SmallBatch::fixed()?;
        let prediction = self.prediction_said(&refused(&batch.check(checks.first)?));
        let checked = self.current().map(|checks| batch.check(checks.last)).transpose()?;
        let attempt = checks.attempts;
        let said = match checked.as_ref().map(|checked| refused(checked)).as_deref() {
            None => html! { "A line changed since attempt " (attempt) ". Check again." },
            Some([]) => html! {
                strong { "Mended at attempt " (attempt) ": all four pass." } " " (self.mended_said(&batch)?)
            },
            Some(wrong) => html! {
                strong {
                    "Attempt " (attempt) ": " (listed(wrong))
                    @if wrong.len() == 1 { " is refused." } @else { " are refused." }
                }
                " Choose another formula, and check again."
            },
        };
        let table = checked.map(|checked| {
            let record = CheckRecord::new(checks.last, &checked);
            html! { (check_table(&checked)) (receipt(&self.command(checks.last), &record, &Recorded::default(), "")) }
        });
        let table = table.unwrap_or_default();
        Ok((html! { (said) br; (prediction) }, table))
    }

    /// The command that computes the same. **It has the lines by the places at which they are shown here**, so that it
    /// does not tell which are right.
    fn command(&self, lines: Chosen) -> String {
        format!("cargo coursework backward --seed {} --lines {} --json", self.seed, self.puzzle.write(lines))
    }

    fn trained(&self) -> Markup {
        let trained =
            self.trained.as_ref().filter(|(lines, _)| *lines == self.lines).map(|(_, trained)| trained);
        let label = format!("Train {} epochs on iris with these lines", HYPERPARAMETERS.epochs);
        html! {
            div.steps { (button("train", "", &label, trained.is_none())) }
            @match trained {
                Some(Ok(trained)) => { p aria-live="polite" { (training_said(trained)) } (training(trained)) }
                Some(Err(error)) => (refusal(error)),
                None => p aria-live="polite" {},
            }
        }
    }

    fn page(&self) -> Result<Markup, Error> {
        let (said, table) = self.judged()?;
        Ok(html! {
            p {
                "One of these eight lines is wrong. " code { "⊙" } " multiplies entry by entry, and two arrays side by \
                side are a matrix product. The batch has N\u{a0}=\u{a0}3 examples, D\u{a0}=\u{a0}4 inputs, \
                H\u{a0}=\u{a0}3 hidden units and C\u{a0}=\u{a0}3 classes, so that many a wrong product fits."
            }
            div.controls.beside {
                (self.code())
                div { (self.prediction()) (self.steps()) p.said aria-live="polite" { (said) } }
            }
            (table)
            (self.trained())
        })
    }
}

impl Widget for WrongGradient {
    fn state(&self) -> State {
        let write = |lines| self.puzzle.write(lines);
        let mut state = State::default().with("seed", self.seed).with("lines", write(self.lines));
        for name in self.predicted() {
            state = state.with("predicted", name);
        }
        if let Some(Checks { first, last, attempts }) = self.checks {
            state = state.with("first", write(first)).with("checked", write(last)).with("attempts", attempts);
        }
        match &self.trained {
            Some((lines, _)) => state.with("trained", write(*lines)),
            None => state,
        }
    }

    fn receive(&mut self, name: &str, value: &str) {
        match name {
            "check" => self.check(),
            "train" => self.trained = Some((self.lines, TrainedTwice::with(self.lines))),
            "another" => *self = Self::planted(self.seed.wrapping_add(1)),
            _ => {
                if let Some(line) = place(name, "line").filter(|&line| line < LINES.len()) {
                    self.choose(line, value);
                }
                if let (Some(i), None) = (NAMES.iter().position(|of| *of == name), self.checks) {
                    self.predicted[i] = value == "true";
                }
            }
        }
    }

    fn guess(&self) -> Option<String> {
        let predicted = self.predicted();
        (!predicted.is_empty()).then(|| listed(&predicted))
    }

    fn receipts(&self) -> Vec<String> {
        let record = self.current().and_then(|checks| CheckRecord::of(checks.last).ok());
        record.iter().map(printed_sha256).collect()
    }

    fn view(&self) -> Markup {
        self.page().unwrap_or_else(|error| refusal(&error))
    }
}

#[cfg(test)]
mod tests;
