//! T1: the cross-entropy of a batch that the reader edits, in three readings, line by line, and its gradient.

mod formula;
mod grid;
mod guess;
mod lines;
mod losses;
mod slopes;

use crate::html::{choice, printed_sha256, receipt, refusal};
use crate::recorded::{self, Recorded};
use crate::widget::{State, Widget};
use crate::widgets::Entry;
use grid::Grid;
use guess::Guess;
use lines::Lines;
use losses::Losses;
use maud::{Markup, html};
use slopes::Slopes;
use theory::cross_entropy::Reading;
use theory::render::worked::{LABELS, OUTPUTS};

/// How it is declared.
pub const ENTRY: Entry = Entry {
    name: "cross_entropy",
    title: "The cross-entropy of a batch of your own",
    page: "t1.html",
    asks: true,
    files: &[],
    open: |state| Box::new(CrossEntropyWidget::open(state)),
};

/// What the reader chose.
struct CrossEntropyWidget {
    grid: Grid,
    reading: Reading,
    guess: Guess,
    /// Whether the third line of the derivation is spoilt.
    spoilt: bool,
    slopes: Slopes,
    lines: Lines,
    recorded: Recorded,
}

/// The reading of that name; where there is none, the question's.
fn reading_named(name: &str) -> Reading {
    Reading::ALL.into_iter().find(|reading| reading.name() == name).unwrap_or(Reading::Probabilities)
}

impl CrossEntropyWidget {
    /// At first the question's batch, read as the question reads it, and no guess.
    fn open(state: &State) -> Self {
        let grid = Grid::open(state);
        Self {
            reading: reading_named(state.get("reading").unwrap_or_default()),
            guess: Guess::named(state.get("guess").unwrap_or_default(), grid.samples()),
            spoilt: state.get("spoil") == Some("true"),
            slopes: Slopes::named(state.get("step").unwrap_or_default()),
            lines: Lines::verified(),
            recorded: Recorded::default(),
            grid,
        }
    }

    fn choices(&self) -> Markup {
        let readings = Reading::ALL.map(|reading| (reading.name(), reading.name()));
        html! {
            div.controls { (self.grid.view(self.reading)) }
            div.controls {
                (choice("What the outputs are", "reading", &readings, self.reading.name()))
                @if self.grid.samples() > 1 { (self.guess.choice(self.grid.samples())) }
            }
        }
    }

    /// What follows from a batch that can be read.
    fn computed(&self, outputs: &[Vec<f64>], labels: &[usize]) -> Markup {
        let losses = Losses::of(outputs, labels, self.reading);
        let known = self.guess != Guess::None || labels.len() == 1;
        html! {
            (self.guess.verdict(&losses))
            (losses.table(known))
            (self.lines.view(outputs, labels, self.reading, self.spoilt))
            @if known {
                (self.slopes.view(outputs, labels, self.reading))
            } @else {
                p { "The gradient is shown after your guess: it would give the answer away." }
            }
            @if let Ok(loss) = losses.chosen() {
                (receipt(&self.command(), loss, &self.recorded, &self.recorded_as(outputs, labels)))
            }
        }
    }

    /// The name of the loss among the records, which hold the question's batch only.
    fn recorded_as(&self, outputs: &[Vec<f64>], labels: &[usize]) -> String {
        let is_the_questions = outputs == OUTPUTS.map(|row| row.to_vec()) && labels == LABELS;
        if is_the_questions { format!("cross-entropy {}", self.reading.name()) } else { String::new() }
    }

    /// The command that computes the same.
    fn command(&self) -> String {
        let (outputs, labels) = self.grid.arguments();
        let reading = self.reading.name();
        format!(
            "cargo coursework theory cross-entropy --outputs \"{outputs}\" --labels {labels} --reading {reading} --json"
        )
    }
}

impl Widget for CrossEntropyWidget {
    fn state(&self) -> State {
        let state = self.grid.keep(State::default()).with("reading", self.reading.name());
        let state = self.guess.keep(state).with("spoil", self.spoilt);
        state.with("step", self.slopes.name())
    }

    fn receive(&mut self, name: &str, value: &str) {
        match name {
            "reading" => self.reading = reading_named(value),
            "guess" | "answer" => self.guess = Guess::named(value, self.grid.samples()),
            "spoil" => self.spoilt = value == "true",
            "step" => self.slopes = Slopes::named(value),
            _ => self.grid.receive(name, value),
        }
        // A sample that was taken away cannot be the answer.
        self.guess = self.guess.among(self.grid.samples());
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
        let Ok((outputs, labels)) = self.grid.numbers() else { return Vec::new() };
        let losses = Losses::of(&outputs, &labels, self.reading);
        losses.chosen().map(printed_sha256).into_iter().collect()
    }

    fn view(&self) -> Markup {
        html! {
            (self.choices())
            @match self.grid.numbers() {
                Ok((outputs, labels)) => (self.computed(&outputs, &labels)),
                Err(error) => (refusal(&error)),
            }
        }
    }
}

#[cfg(test)]
mod tests;
