//! What the reader chose, and the runs that follow from it.

use super::fields::{FIELDS, FieldValues, field};
use super::presets::PRESETS;
use super::watched::WatchedRun;
use crate::flowers::flowers;
use crate::recorded::Recorded;
use crate::widget::State;
use data::iris::Iris;
use experiments::iris::{Activation, IrisRunError, Settings};

/// More would take long, and fill the memory of a page.
const MOST_EPOCHS: usize = 5_000;
const MOST_HIDDEN: usize = 200;

/// What the reader chose, and the runs that follow from it.
pub struct IrisWidget {
    pub values: FieldValues,
    /// What the second run has otherwise: a field and its value.
    pub changed: Option<(&'static str, String)>,
    /// Flowers of the reader's own, as CSV.
    pub own: Option<String>,
    pub guess: String,
    /// The epoch to look at.
    pub target: usize,
    pub playing: bool,
    pub flowers: Result<Iris, String>,
    pub runs: Vec<Result<WatchedRun, String>>,
    pub recorded: Recorded,
}

impl IrisWidget {
    /// At first the registered run of P1.1, before its first epoch.
    pub fn open(state: &State) -> Self {
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
            recorded: Recorded::default(),
        };
        widget.begin();
        widget.look_at(state.read("epoch").unwrap_or(0));
        widget
    }

    /// The values of each run: one, or two.
    pub fn values_of_runs(&self) -> Vec<FieldValues> {
        let second = self.changed.as_ref().map(|(name, value)| {
            let mut values = self.values.clone();
            values.set(name, value);
            values
        });
        [self.values.clone()].into_iter().chain(second).collect()
    }

    /// Both runs from their beginning.
    pub fn begin(&mut self) {
        let flowers = match &self.own {
            Some(own) => Iris::parse("your flowers", own.as_bytes()),
            None => flowers(),
        };
        self.flowers = flowers.map_err(|error| error.to_string());
        self.runs = self.values_of_runs().iter().map(|values| self.run(values)).collect();
        self.target = 0;
        self.playing = false;
    }

    fn run(&self, values: &FieldValues) -> Result<WatchedRun, String> {
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
    pub fn begun(&self) -> impl Iterator<Item = &WatchedRun> {
        self.runs.iter().filter_map(|run| run.as_ref().ok())
    }

    /// The epochs of the longest run.
    pub fn longest(&self) -> usize {
        self.begun().map(|run| run.settings.epochs).max().unwrap_or(0)
    }

    pub fn look_at(&mut self, epoch: usize) {
        self.target = epoch.min(self.longest());
    }
}

impl IrisWidget {
    /// What makes other runs.
    pub fn change(&mut self, name: &str, value: &str) {
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
