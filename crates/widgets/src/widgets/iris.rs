//! P1.1 and P2.1: a network trained on iris in front of the reader, and a second one with one thing changed.

mod chart;
mod fields;
mod presets;
mod regions;
mod state;
mod view;
mod watched;

#[cfg(test)]
mod tests;

use crate::recorded;
use crate::widget::{Entry, State, Tick, Widget};
use fields::{FIELDS, GUESSES};
use maud::Markup;
use state::IrisWidget;

/// How it is declared.
pub const ENTRY: Entry = Entry {
    name: "iris",
    title: "Train a network on iris",
    page: "p1-1.html",
    asks: true,
    files: &[],
    open: |state| Box::new(IrisWidget::open(state)),
};

impl Widget for IrisWidget {
    fn state(&self) -> State {
        let mut state = FIELDS
            .iter()
            .fold(State::default(), |state, field| state.with(field.name, self.values.get(field.name)));
        if let Some((name, value)) = &self.changed {
            state = state.with("change", name).with("to", value);
        }
        if let Some(own) = &self.own {
            state = state.with("own", own);
        }
        state.with("guess", &self.guess).with("epoch", self.target)
    }

    fn receive(&mut self, name: &str, value: &str) {
        match name {
            "guess" => value.clone_into(&mut self.guess),
            "play" => {
                self.playing = !self.playing;
                if self.playing && self.target == self.longest() {
                    self.target = 0;
                }
            }
            "epoch" => {
                self.playing = false;
                self.look_at(value.parse().unwrap_or(self.target));
            }
            _ => {
                self.change(name, value);
                self.begin();
            }
        }
    }

    fn file(&mut self, name: &str, bytes: &[u8]) {
        self.recorded.take(name, bytes);
    }

    fn wants(&self) -> &'static [&'static str] {
        &[recorded::FILE]
    }

    fn tick(&mut self) -> Tick {
        let target = self.target;
        // Each of them goes on, not only the first that can.
        let went =
            self.runs.iter_mut().flatten().filter_map(|run| run.approach(target).then_some(())).count();
        if went > 0 {
            return Tick::More;
        }
        if self.playing && target < self.longest() && self.begun().any(|run| run.ended.is_none()) {
            self.target += 1;
            return Tick::NextFrame;
        }
        self.playing = false;
        Tick::Idle
    }

    fn guess(&self) -> Option<String> {
        let made = GUESSES.iter().find(|(name, _)| *name == self.guess);
        made.map(|(_, label)| (*label).to_owned())
    }

    fn receipts(&self) -> Vec<String> {
        view::weights(self).into_iter().map(|(_, sha256, _)| sha256).collect()
    }

    fn view(&self) -> Markup {
        view::view(self)
    }
}
