//! P1.2: draw a digit, and see what the trained network makes of it.

mod answer;
mod given;
mod guess;
mod layers;
mod nearest;
mod pad;
mod samples;
mod seen;
mod steps;
mod strokes;

use crate::html::{button, choice, refusal, switch};
use crate::recorded::{self, Recorded};
use crate::widget::{Entry, State, Widget};
use answer::{bars, logits_receipt, percent, sentence};
use data::drawing::DrawingError;
use data::excerpt::{ExcerptImage, parse};
use data::images::SIDE;
use given::GivenImage;
use guess::{GUESSES, in_words};
use layers::layers;
use maud::{Markup, html};
use nearest::NearestDigits;
use pad::PenPad;
use reader::DigitReader;
use samples::{compared, samples};
use seen::{Input, Oracle};
use std::cell::RefCell;
use strokes::Strokes;

/// How it is declared.
pub const ENTRY: Entry = Entry {
    name: "digit",
    title: "Draw a digit",
    page: "p1-2.html",
    asks: true,
    files: &["mnist", "digits"],
    open: |state| Box::new(DigitWidget::open(state)),
};

/// A pen that moves is followed at once, and answered after so many of its moves.
const MOVES_BETWEEN: usize = 6;

/// What the reader gave, and the network.
struct DigitWidget {
    pad: PenPad,
    /// An image from a file or the clipboard, or why there is none. It takes the strokes' place.
    given: Option<Result<GivenImage, String>>,
    /// The place of a test digit, which takes the place of both.
    sample: Option<usize>,
    is_prepared: bool,
    shows_layers: bool,
    guess: String,
    digits: Vec<ExcerptImage>,
    oracle: RefCell<Oracle>,
    nearest: NearestDigits,
    recorded: Recorded,
    /// What was seen last, and after how many moves of the pen.
    last: RefCell<Option<(usize, Result<Input, String>)>>,
}

impl DigitWidget {
    /// At first an empty pad, with preparation.
    fn open(state: &State) -> Self {
        let mut nearest = NearestDigits::default();
        nearest.is_asked = state.get("nearest") == Some("true");
        Self {
            pad: PenPad::with(Strokes::read(state.all("stroke"))),
            given: GivenImage::kept(state).map(Ok),
            sample: state.read("sample"),
            is_prepared: state.get("prepared") != Some("false"),
            shows_layers: state.get("layers") == Some("true"),
            guess: state.get("guess").unwrap_or_default().to_owned(),
            digits: Vec::new(),
            oracle: RefCell::default(),
            nearest,
            recorded: Recorded::default(),
            last: RefCell::default(),
        }
    }

    fn clear(&mut self) {
        (self.given, self.sample) = (None, None);
        self.pad.clear();
    }

    /// The test digit that is shown; none while it is not loaded.
    fn digit(&self) -> Option<&ExcerptImage> {
        self.digits.iter().find(|digit| Some(digit.index) == self.sample)
    }

    /// What the network is to see, or why it sees nothing.
    fn input(&self, is_prepared: bool) -> Result<Input, String> {
        let input = match (self.digit(), &self.given) {
            (Some(digit), _) => Ok(Input::of_mnist(&digit.pixels)),
            (None, Some(given)) => given.as_ref().map_err(Clone::clone)?.input(is_prepared),
            (None, None) => self.pad.strokes.ink().and_then(|ink| Input::of_drawing(ink, is_prepared)),
        };
        input.map_err(|error: DrawingError| error.to_string())
    }

    /// The same for what is shown now: while a pointer moves, only every few moves.
    fn now(&self) -> Result<Input, String> {
        let mut last = self.last.borrow_mut();
        let moves = self.pad.moves;
        match &*last {
            Some((then, input)) if self.pad.is_drawing() && moves - then < MOVES_BETWEEN => input.clone(),
            _ => last.insert((moves, self.input(self.is_prepared))).1.clone(),
        }
    }

    fn place(&mut self, text: &str) {
        let Ok(place) = text.parse() else { return };
        if self.digits.iter().any(|digit| digit.index == place) {
            self.clear();
            self.sample = Some(place);
        }
    }

    fn question(&self) -> Markup {
        html! {
            (choice("Predict first: a small digit in a corner of the pad is read", "guess", &GUESSES, &self.guess))
            @if !self.guess.is_empty() {
                p.hint {
                    "Now draw one, and switch the preparation off and on. "
                    @if self.sample.is_none() && !self.pad.is_down { (self.both()) }
                }
            }
        }
    }

    /// What the network says of the drawing with preparation and without.
    fn both(&self) -> Markup {
        let said = |is_prepared| {
            let (input, mut oracle) = (self.input(is_prepared).ok()?, self.oracle.borrow_mut());
            oracle
                .answer(&input)
                .ok()
                .map(|answer| html! { (answer.digit) " (" (percent(answer.probability())) ")" })
        };
        html! {
            @if let (Some(with), Some(without)) = (said(true), said(false)) {
                "Of this drawing the network says " (with) " with the preparation, and " (without) " without."
            }
        }
    }

    fn below(&self) -> Markup {
        let side = strokes::PAD;
        let image = |pixels: &[u8]| {
            let address = crate::png::address(SIDE, SIDE, pixels);
            html! { image.pixels width=(side) height=(side) href=(address) {} }
        };
        match (self.digit(), &self.given) {
            (Some(digit), _) => image(&digit.pixels),
            (None, Some(Ok(given))) => image(given.shrunk()),
            _ => Markup::default(),
        }
    }

    fn drawing_side(&self) -> Markup {
        let is_empty = self.pad.strokes.is_empty();
        html! {
            div.drawing {
                (self.pad.view(&self.below()))
                div.steps role="group" aria-label="The drawing" {
                    (button("clear", "", "Clear", !is_empty || self.given.is_some() || self.sample.is_some()))
                    (button("undo", "", "Take a stroke back", !is_empty))
                }
                label {
                    "or an image, also pasted: "
                    input type="file" accept="image/*" data-image name="image";
                }
                @if let Some(Err(error)) = &self.given { (refusal(error)) }
            }
        }
    }

    fn answer_side(&self, input: &Result<Input, String>) -> Markup {
        let mut oracle = self.oracle.borrow_mut();
        html! {
            div.outcome {
                @match input.as_ref().map(|input| oracle.answer(input)) {
                    Ok(Ok(answer)) => {
                        p.said aria-live="polite" {
                            (sentence(&answer)) " "
                            @if let Some(digit) = self.digit() { (compared(digit, answer.verdict())) }
                        }
                        (bars(&answer))
                    }
                    Ok(Err(says)) => p.said aria-live="polite" { (says) },
                    Err(none) => p.said aria-live="polite" { strong { (none) } "." },
                }
            }
        }
    }

    fn below_both(&self, input: &Input) -> Markup {
        let mut oracle = self.oracle.borrow_mut();
        html! {
            (input.steps())
            (switch("nearest", "Show the nearest training digits (loads a further file)", self.nearest.is_asked))
            @if self.nearest.is_asked { (self.nearest.view(&input.pixels)) }
            (switch("layers", "What each layer sees", self.shows_layers))
            @if let Ok(answer) = oracle.answer(input) {
                @if self.shows_layers { @if let Some(reader) = oracle.after(input) { (layers(reader)) } }
                (logits_receipt(&input.pixels, &answer, oracle.weights(), &self.recorded))
            }
        }
    }
}

impl Widget for DigitWidget {
    fn state(&self) -> State {
        let kept = [("guess", &self.guess[..], ""), ("prepared", bool_text(self.is_prepared), "true")];
        let shown = [("layers", self.shows_layers), ("nearest", self.nearest.is_asked)];
        let shown = shown.map(|(name, is_on)| (name, bool_text(is_on), "false"));
        let kept = kept.into_iter().chain(shown);
        let kept = kept.filter(|(_, value, first)| value != first);
        let state = kept.fold(State::default(), |state, (name, value, _)| state.with(name, value));
        match (self.sample, &self.given) {
            (Some(sample), _) => state.with("sample", sample),
            (None, Some(Ok(given))) => given.keep(state),
            (None, _) => self.pad.strokes.texts().fold(state, |state, text| state.with("stroke", text)),
        }
    }

    fn receive(&mut self, name: &str, value: &str) {
        match name {
            "pen" => {
                let takes_the_place = self.given.is_some() || self.sample.is_some();
                if takes_the_place && (value.starts_with("down") || value == "key Space") {
                    self.clear();
                }
                self.pad.receive(value);
            }
            "clear" => self.clear(),
            "undo" => self.pad.strokes.undo(),
            "prepared" => self.is_prepared = value == "true",
            "layers" => self.shows_layers = value == "true",
            "nearest" => self.nearest.is_asked = value == "true",
            "guess" if GUESSES.iter().any(|(guess, _)| *guess == value) => value.clone_into(&mut self.guess),
            "sample" | "place" => self.place(value),
            _ => {}
        }
    }

    fn file(&mut self, name: &str, bytes: &[u8]) {
        match name {
            "mnist" => self.oracle.get_mut().load(DigitReader::of_numbers(bytes)),
            // What is refused shows no digits to choose from.
            "digits" => self.digits = parse(name, bytes).unwrap_or_default(),
            nearest::FILE => self.nearest.take(bytes),
            _ => self.recorded.take(name, bytes),
        }
    }

    fn wants(&self) -> &'static [&'static str] {
        if self.nearest.is_asked { &[recorded::FILE, nearest::FILE] } else { &[recorded::FILE] }
    }

    fn image(&mut self, _name: &str, width: usize, height: usize, rgba: &[u8]) {
        self.clear();
        self.given = Some(GivenImage::read(width, height, rgba));
    }

    fn guess(&self) -> Option<String> {
        in_words(&self.guess)
    }

    fn receipts(&self) -> Vec<String> {
        let Ok(input) = self.now() else { return Vec::new() };
        let answer = self.oracle.borrow_mut().answer(&input);
        answer.map(|answer| answer.logits_sha256()).into_iter().collect()
    }

    fn view(&self) -> Markup {
        let input = self.now();
        html! {
            (self.question())
            div.sides { (self.drawing_side()) (self.answer_side(&input)) }
            (switch("prepared", "MNIST’s preparation", self.is_prepared))
            @if let Ok(input) = &input { (self.below_both(input)) }
            (samples(&self.digits, self.sample))
        }
    }
}

fn bool_text(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

#[cfg(test)]
mod tests;
