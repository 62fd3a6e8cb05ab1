//! The reader's answer, before the losses are shown.

use super::losses::Losses;
use crate::html::button;
use crate::widget::State;
use maud::{Markup, html};

/// Which sample costs most, as the reader has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// The reader has not answered yet.
    None,
    /// A sample, from 0.
    Sample(usize),
    /// The reader wants to see it without.
    Shown,
}

impl Guess {
    /// What a control or the state says, among so many samples.
    pub fn named(name: &str, samples: usize) -> Self {
        match name.parse::<usize>() {
            Ok(sample @ 1..) => Self::Sample(sample - 1).among(samples),
            _ if name == "shown" => Self::Shown,
            _ => Self::None,
        }
    }

    /// The same answer, unless there is no such sample among so many.
    pub fn among(self, samples: usize) -> Self {
        match self {
            Self::Sample(sample) if sample >= samples => Self::None,
            other => other,
        }
    }

    /// The state with the answer, if there is one.
    pub fn keep(self, state: State) -> State {
        match self {
            Self::None => state,
            Self::Sample(sample) => state.with("guess", sample + 1),
            Self::Shown => state.with("guess", "shown"),
        }
    }

    /// What was guessed; none where the reader has not answered, or wanted to see it without.
    pub fn in_words(self) -> Option<String> {
        match self {
            Self::Sample(sample) => Some(format!("sample {}", sample + 1)),
            Self::None | Self::Shown => None,
        }
    }

    /// The question, among so many samples.
    pub fn choice(self, samples: usize) -> Markup {
        html! {
            fieldset {
                legend { "First a guess: which sample costs most?" }
                @for sample in 0..samples {
                    label {
                        input type="radio" name="guess" value=(sample + 1) checked[self == Self::Sample(sample)];
                        " sample " (sample + 1)
                    }
                }
                (button("answer", "shown", "Show without a guess", self == Self::None))
            }
        }
    }

    /// How the answer was.
    pub fn verdict(self, losses: &Losses) -> Markup {
        html! { p.said aria-live="polite" { (self.said(losses)) } }
    }

    fn said(self, losses: &Losses) -> String {
        if losses.samples() == 1 {
            return "There is one sample, so nothing is to be guessed.".to_owned();
        }
        let Some((most, words)) = losses.costliest() else {
            return "The chosen reading refuses this batch, so no sample has a loss in it.".to_owned();
        };
        match self {
            Self::None => "The losses of the samples are hidden until you choose one.".to_owned(),
            Self::Shown => words,
            Self::Sample(sample) if most.contains(&sample) => format!("Right. {words}"),
            Self::Sample(sample) => format!("Not sample {}. {words}", sample + 1),
        }
    }
}
