//! The reader's answer before the first step back: what the gradients by the inputs add up to.

use crate::html::choice_while;
use maud::Markup;
use theory::render::number::{short, short_or_zero};
use theory::std_dev_graph::StdDevGraph;

/// Names and labels; the first is right for any inputs. The slope of the mean would add up to 1, and each gradient
/// times its input adds up to σ.
const SUMS: [(&str, &str); 4] =
    [("0", "0"), ("1", "1"), ("sigma", "σ"), ("inputs", "it depends on the inputs")];
const WHY: &str = "Add the same number to every input: the deviations from the mean stay as they are, and so does σ. \
                   The sum of the gradients is the slope of σ in that direction, so it is 0 for any inputs.";

/// The place of an answer in [`SUMS`]; nothing before there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SumGuess(Option<usize>);

impl SumGuess {
    /// What a control or the state says.
    pub fn named(name: &str) -> Self {
        Self(SUMS.iter().position(|(of, _)| *of == name))
    }

    /// Its name, if there is an answer.
    pub fn name(self) -> Option<&'static str> {
        self.0.map(|place| SUMS[place].0)
    }

    /// What was guessed; none before there is an answer.
    pub fn in_words(self) -> Option<String> {
        self.0.map(|place| SUMS[place].1.to_owned())
    }

    /// The question. It can be answered while no gradient is `open` to see.
    pub fn question(self, open: bool) -> Markup {
        let legend = "Before the first step back, a guess: what do the gradients by the inputs add up to?";
        choice_while(open, legend, "guess", &SUMS, self.name().unwrap_or_default())
    }

    /// Whether the answer was right, and why, once all gradients are known.
    pub fn verdict(self, whole: &StdDevGraph) -> String {
        let sum = sum(whole);
        match self.0 {
            None => format!("The gradients by the inputs: {sum}. {WHY}"),
            Some(0) => format!("Your guess, 0, was right: {sum}. {WHY}"),
            Some(place) => format!("Your guess, {}, was not right: {sum}. {WHY}", SUMS[place].1),
        }
    }
}

/// The gradients by the inputs as a sum, `-0.5 + 0.5 = 0`.
fn sum(whole: &StdDevGraph) -> String {
    let gradients = whole.gradient(); // (n)
    let magnitudes = whole.parts.x.iter().map(|x| whole.backward.magnitudes[x.index()]);
    let total = short_or_zero(gradients.iter().sum(), magnitudes.sum());
    let terms: Vec<String> = gradients.iter().map(|&gradient| short(gradient)).collect();
    let rounded = if total == "0" { "" } else { ", which is 0 but for rounding" };
    format!("{} = {total}{rounded}", terms.join(" + ").replace("+ -", "- "))
}
