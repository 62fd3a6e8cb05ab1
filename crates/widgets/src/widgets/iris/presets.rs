//! Settings worth a look, with a sentence each.

use super::fields::FieldValues;
use experiments::iris::{Activation, Settings};

/// Settings with a name.
#[derive(Debug)]
pub struct Preset {
    /// Its name in the controls.
    pub name: &'static str,
    /// What the button says.
    pub label: &'static str,
    /// What is to be seen.
    pub says: &'static str,
    base: fn() -> Settings,
    changes: &'static [(&'static str, &'static str)],
}

/// Every preset; the first is what a reader finds.
pub const PRESETS: [Preset; 6] = [
    Preset {
        name: "registered",
        label: "P1.1 as registered",
        says: "ReLU, Adam and 300 epochs: the run that the chapter records.",
        base: framework,
        changes: &[],
    },
    Preset {
        name: "original",
        label: "The original's P2.1",
        says: "By hand, half the squared error, rate 0.001, 800 epochs: look at how long it stays on its plateau.",
        base: Settings::scratch_as_in_the_original,
        changes: &[],
    },
    Preset {
        name: "dead",
        label: "Dead ReLUs",
        says: "A first step that is too long leaves hidden units at 0 for every flower: no gradient brings them back.",
        base: framework,
        changes: &[
            ("optimiser", "sgd"),
            ("learning_rate", "2"),
            ("features", "raw"),
            ("weight_decay", "0"),
            ("hidden", "8"),
        ],
    },
    Preset {
        name: "fast",
        label: "A rate too large",
        says: "Adam at a hundred times the rate: the loss jumps, and what is right changes from epoch to epoch.",
        base: framework,
        changes: &[("learning_rate", "1")],
    },
    Preset {
        name: "linear",
        label: "No activation",
        says: "Two layers without a nonlinearity are one: the borders between the species are straight.",
        base: framework,
        changes: &[("activation", "identity")],
    },
    Preset {
        name: "sorted",
        label: "The file's own order",
        says: "The last fifth of the file holds one species only: its flowers are all that is tested.",
        base: framework,
        changes: &[("division", "sorted")],
    },
];

fn framework() -> Settings {
    Settings::framework(Activation::Relu)
}

impl Preset {
    /// Its settings.
    pub fn values(&self) -> FieldValues {
        let mut values = FieldValues::of(&(self.base)());
        self.changes.iter().for_each(|(name, value)| values.set(name, value));
        values
    }
}
