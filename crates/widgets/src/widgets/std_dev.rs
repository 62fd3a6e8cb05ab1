//! T2: the graph of the standard deviation, one edge at a time, forward and back.

mod guess;
mod walk;

use crate::html::{button, choice, printed_sha256, receipt, refusal};
use crate::recorded::{self, Recorded};
use crate::widget::{Entry, State, Widget, place};
use guess::SumGuess;
use maud::{Markup, html};
use theory::render::json::StdDevRecord;
use theory::std_dev::Ddof;
use walk::{BelowWires, Walk};

/// How it is declared.
pub const ENTRY: Entry = Entry {
    name: "std_dev",
    title: "Walk through the graph of the standard deviation",
    page: "t2.html",
    asks: true,
    files: &[],
    open: |state| Box::new(StdDevWidget::open(state)),
};

/// More do not fit a page.
const MOST_INPUTS: usize = 6;

/// What the reader chose.
struct StdDevWidget {
    /// The inputs as typed.
    inputs: Vec<String>,
    ddof: Ddof,
    /// What stands below the wires.
    below: BelowWires,
    guess: SumGuess,
    recorded: Recorded,
    /// The edges that were walked: `0..=E` forward, `E..=2E` back, of `E` edges.
    position: usize,
}

impl StdDevWidget {
    /// At first the chapter's inputs, -1 and 3, and nothing walked.
    fn open(state: &State) -> Self {
        let mut inputs: Vec<String> = state.all("x").take(MOST_INPUTS).map(str::to_owned).collect();
        if inputs.is_empty() {
            inputs = vec!["-1".to_owned(), "3".to_owned()];
        }
        let ddof = if state.get("ddof") == Some("1") { Ddof::Sample } else { Ddof::Population };
        let below = BelowWires::named(state.get("below").unwrap_or_default());
        let guess = SumGuess::named(state.get("guess").unwrap_or_default());
        let mut widget = Self { inputs, ddof, below, guess, recorded: Recorded::default(), position: 0 };
        widget.go_to(state.read("position").unwrap_or(0));
        widget
    }

    fn edges(&self) -> usize {
        5 * self.inputs.len() + 3
    }

    fn go_to(&mut self, position: usize) {
        self.position = position.min(2 * self.edges());
    }

    /// Whether no gradient was computed yet.
    fn is_open(&self) -> bool {
        self.position <= self.edges()
    }

    /// What the reader typed, as numbers.
    fn numbers(&self) -> Result<Vec<f64>, String> {
        let number = |(i, text): (usize, &String)| {
            text.trim().parse().map_err(|_| format!("x{} is {text:?}, which is no number", i + 1))
        };
        self.inputs.iter().enumerate().map(number).collect()
    }

    fn walk(&self) -> Result<Walk, String> {
        let forward = self.position.min(self.edges());
        let walk = Walk::new(&self.numbers()?, self.ddof, forward, self.position - forward);
        walk.map_err(|error| error.to_string())
    }

    fn choices(&self) -> Markup {
        let n = self.inputs.len();
        let ddof = self.ddof.get().to_string();
        html! {
            div.controls {
                fieldset {
                    legend { "Inputs" }
                    @for (i, text) in self.inputs.iter().enumerate() {
                        label {
                            "x" sub { (i + 1) } " "
                            input type="text" inputmode="decimal" size="6" name={ "x" (i + 1) } value=(text);
                        }
                    }
                    (button("inputs", "add", "Add an input", n < MOST_INPUTS))
                    (button("inputs", "remove", "Remove the last", n > 1))
                }
                (choice("Divisor", "ddof", &[("0", "n (population)"), ("1", "n − 1 (sample)")], &ddof))
                (choice("Below each value", "below", &BelowWires::CHOICES, self.below.name()))
            }
        }
    }

    fn steps(&self) -> Markup {
        let (at, middle, last) = (self.position, self.edges(), 2 * self.edges());
        let go = |to: usize, label: &str, moves: bool| button("go", &to.to_string(), label, moves);
        html! {
            div.steps role="group" aria-label="Walk through the graph" {
                (go(0, "Start", at > 0))
                (go(at.saturating_sub(1), "Step back", at > 0))
                (go((at + 1).min(last), "Step forward", at < last))
                (go(middle, "All values", at != middle))
                (go(last, "All gradients", at < last))
                label {
                    "Step "
                    input type="range" name="position" min="0" max=(last) value=(at);
                    " " output { (at) " of " (last) }
                }
            }
        }
    }

    /// How the guess was, at the end of the walk.
    fn judged(&self, walk: &Walk) -> Markup {
        let whole = walk.whole.as_ref().ok().filter(|_| self.position == 2 * self.edges());
        html! {
            p.guessed aria-live="polite" { @if let Some(whole) = whole { (self.guess.verdict(whole)) } }
        }
    }

    /// The command that computes the same.
    fn command(&self) -> String {
        let inputs: Vec<&str> = self.inputs.iter().map(|text| text.trim()).collect();
        let (inputs, ddof) = (inputs.join(","), self.ddof.get());
        format!("cargo coursework theory std-dev --inputs={inputs} --ddof {ddof} --json")
    }

    fn receipt(&self, record: &StdDevRecord) -> Markup {
        let inputs = serde_json::to_string(&record.inputs).unwrap_or_default();
        receipt(&self.command(), record, &self.recorded, &format!("std-dev {inputs} {}", record.ddof))
    }
}

impl Widget for StdDevWidget {
    fn state(&self) -> State {
        let inputs = self.inputs.iter().fold(State::default(), |state, text| state.with("x", text));
        let chosen = inputs.with("ddof", self.ddof.get()).with("below", self.below.name());
        let guessed = self.guess.name().into_iter().fold(chosen, |state, name| state.with("guess", name));
        guessed.with("position", self.position)
    }

    fn receive(&mut self, name: &str, value: &str) {
        match (name, value) {
            ("inputs", "add") if self.inputs.len() < MOST_INPUTS => self.inputs.push("0".to_owned()),
            ("inputs", "remove") if self.inputs.len() > 1 => drop(self.inputs.pop()),
            ("ddof", _) => self.ddof = if value == "1" { Ddof::Sample } else { Ddof::Population },
            ("below", _) => self.below = BelowWires::named(value),
            // What is seen is no guess any more.
            ("guess", _) if self.is_open() => self.guess = SumGuess::named(value),
            ("go" | "position", _) => self.go_to(value.parse().unwrap_or(self.position)),
            _ => {
                if let Some(input) = place(name, "x").and_then(|place| self.inputs.get_mut(place)) {
                    value.clone_into(input);
                }
            }
        }
        self.go_to(self.position);
    }

    fn file(&mut self, name: &str, bytes: &[u8]) {
        self.recorded.take(name, bytes);
    }

    fn wants(&self) -> &'static [&'static str] {
        &[recorded::FILE]
    }

    fn guess(&self) -> Option<String> {
        self.guess.in_words()
    }

    fn receipts(&self) -> Vec<String> {
        let Ok(walk) = self.walk() else { return Vec::new() };
        walk.whole.iter().map(|whole| printed_sha256(&StdDevRecord::from(whole))).collect()
    }

    fn view(&self) -> Markup {
        html! {
            (self.choices())
            (self.guess.question(self.is_open()))
            (self.steps())
            @match self.walk() {
                Ok(walk) => {
                    (walk.view(self.below))
                    (self.judged(&walk))
                    @if let Ok(whole) = &walk.whole { (self.receipt(&StdDevRecord::from(whole))) }
                }
                Err(error) => (refusal(&error)),
            }
        }
    }
}

#[cfg(test)]
mod tests;
