//! P1.1 and P2.1: a network trained on iris in front of the reader, and a second one with one thing changed.

mod chart;
mod fields;
mod presets;
mod regions;
mod view;
mod watched;

#[cfg(test)]
mod tests;

use crate::widget::{Entry, State, Tick, Widget};
use data::iris::Iris;
use experiments::iris::{Activation, IrisRunError, Settings};
use fields::{FIELDS, Values, field};
use maud::Markup;
use presets::PRESETS;
use watched::WatchedRun;

/// How it is declared.
pub const ENTRY: Entry = Entry {
    name: "iris",
    title: "Train a network on iris",
    files: &[],
    open: |state| Box::new(IrisWidget::open(state)),
};

/// The flowers of the repository; a test holds them to their SHA-256.
const FLOWERS: &[u8] = include_bytes!("../../../../data/iris.csv");

/// More would take long, and fill the memory of a page.
const MOST_EPOCHS: usize = 5_000;
const MOST_HIDDEN: usize = 200;

/// What the reader chose, and the runs that follow from it.
struct IrisWidget {
    values: Values,
    /// What the second run has otherwise: a field and its value.
    changed: Option<(&'static str, String)>,
    /// Flowers of the reader's own, as CSV.
    own: Option<String>,
    guess: String,
    /// The epoch to look at.
    target: usize,
    playing: bool,
    flowers: Result<Iris, String>,
    runs: Vec<Result<WatchedRun, String>>,
}

impl IrisWidget {
    /// At first the registered run of P1.1, before its first epoch.
    fn open(state: &State) -> Self {
        let mut values = PRESETS[0].values();
        for name in FIELDS.iter().map(|field| field.name) {
            if let Some(value) = state.get(name) {
                values.set(name, value);
            }
        }
        let changed = state.get("change").and_then(field).map(|field| field.name);
        let changed = changed.map(|name| (name, state.get("to").unwrap_or_default().to_owned()));
        let mut widget = Self {
            values,
            changed,
            own: state.get("own").map(str::to_owned),
            guess: state.get("guess").unwrap_or_default().to_owned(),
            target: 0,
            playing: false,
            flowers: Err(String::new()),
            runs: Vec::new(),
        };
        widget.begin();
        widget.look_at(state.read("epoch").unwrap_or(0));
        widget
    }

    /// The values of each run: one, or two.
    fn values_of_runs(&self) -> Vec<Values> {
        let second = self.changed.as_ref().map(|(name, value)| {
            let mut values = self.values.clone();
            values.set(name, value);
            values
        });
        [self.values.clone()].into_iter().chain(second).collect()
    }

    /// Both runs from their beginning.
    fn begin(&mut self) {
        let (name, csv) =
            self.own.as_ref().map_or(("iris.csv", FLOWERS), |own| ("your flowers", own.as_bytes()));
        self.flowers = Iris::parse(name, csv).map_err(|error| error.to_string());
        self.runs = self.values_of_runs().iter().map(|values| self.run(values)).collect();
        self.target = 0;
        self.playing = false;
    }

    fn run(&self, values: &Values) -> Result<WatchedRun, String> {
        let settings = values.settings(&Settings::framework(Activation::Relu))?;
        if settings.epochs > MOST_EPOCHS || settings.hidden > MOST_HIDDEN {
            return Err(format!(
                "a page makes runs of at most {MOST_EPOCHS} epochs with at most {MOST_HIDDEN} hidden units"
            ));
        }
        let iris = self.flowers.as_ref().map_err(Clone::clone)?;
        WatchedRun::new(iris, settings).map_err(|error: IrisRunError| error.to_string())
    }

    /// The runs that could begin.
    fn begun(&self) -> impl Iterator<Item = &WatchedRun> {
        self.runs.iter().filter_map(|run| run.as_ref().ok())
    }

    /// The epochs of the longest run.
    fn longest(&self) -> usize {
        self.begun().map(|run| run.settings.epochs).max().unwrap_or(0)
    }

    fn look_at(&mut self, epoch: usize) {
        self.target = epoch.min(self.longest());
    }
}

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

    fn tick(&mut self) -> Tick {
        let target = self.target;
        let more = self.runs.iter_mut().flatten().fold(false, |more, run| run.approach(target) || more);
        if more {
            return Tick::More;
        }
        if self.playing && target < self.longest() && self.begun().any(|run| run.ended.is_none()) {
            self.target += 1;
            return Tick::NextFrame;
        }
        self.playing = false;
        Tick::Idle
    }

    fn view(&self) -> Markup {
        view::view(self)
    }
}

impl IrisWidget {
    /// What makes other runs.
    fn change(&mut self, name: &str, value: &str) {
        match name {
            "preset" => {
                if let Some(preset) = PRESETS.iter().find(|preset| preset.name == value) {
                    self.values = preset.values();
                }
            }
            "change" => {
                let name = field(value).map(|field| field.name);
                self.changed = name.map(|name| (name, self.values.get(name).to_owned()));
            }
            "to" => {
                if let Some((_, changed)) = &mut self.changed {
                    value.clone_into(changed);
                }
            }
            "own" => self.own = (!value.trim().is_empty()).then(|| value.to_owned()),
            _ => self.values.set(name, value),
        }
    }
}
