//! What can be set of a run, as text.

use crate::html::choice;
use cnn::Decayed;
use experiments::iris::Settings;
use experiments::iris::{Activation, Division, Features, Implementation, Loss, Optimiser};
use maud::{Markup, html};

/// A setting that a reader can change.
#[derive(Debug)]
pub struct Field {
    /// Its name in [`Settings`], in the state and in the controls.
    pub name: &'static str,
    /// The command's option.
    pub option: &'static str,
    /// What it is called.
    pub label: &'static str,
    kind: Kind,
}

/// How a setting is read and written. **Functions, not `serde`**: a page has to load what it uses of a library.
#[derive(Debug)]
enum Kind {
    Whole(fn(&Settings) -> u64, fn(&mut Settings, u64)),
    Real(fn(&Settings) -> f64, fn(&mut Settings, f64)),
    OneOf(&'static [Choice]),
}

/// One of several values of a setting.
#[derive(Debug)]
struct Choice {
    /// As command line and records write it.
    name: &'static str,
    label: &'static str,
    is_set: fn(&Settings) -> bool,
    set: fn(&mut Settings),
}

macro_rules! number {
    ($kind:ident $name:ident, $option:literal, $label:literal) => {
        Field {
            name: stringify!($name),
            option: $option,
            label: $label,
            kind: Kind::$kind(|it| it.$name as _, |it, number| it.$name = number as _),
        }
    };
}

macro_rules! one_of {
    ($field:ident, $option:literal, $label:literal, $($name:literal $value:path: $choice:literal),+) => {
        Field {
            name: stringify!($field),
            option: $option,
            label: $label,
            kind: Kind::OneOf(&[$(Choice {
                name: $name,
                label: $choice,
                is_set: |it| it.$field == $value,
                set: |it| it.$field = $value,
            }),+]),
        }
    };
}

/// Every field, in the order of the page.
pub const FIELDS: [Field; 13] = [
    one_of!(
        implementation, "network", "Network",
        "framework" Implementation::Framework: "layers of cnn (P1.1)",
        "scratch" Implementation::Scratch: "by hand (P2.1)"
    ),
    one_of!(
        activation, "activation", "Activation",
        "relu" Activation::Relu: "ReLU",
        "sigmoid" Activation::Sigmoid: "sigmoid",
        "tanh" Activation::Tanh: "tanh",
        "prelu" Activation::Prelu: "PReLU",
        "identity" Activation::Identity: "none"
    ),
    number!(Whole hidden, "hidden", "Hidden units"),
    one_of!(
        optimiser, "optimiser", "Optimiser",
        "sgd" Optimiser::Sgd: "SGD",
        "momentum" Optimiser::Momentum: "momentum 0.9",
        "adam" Optimiser::Adam: "Adam"
    ),
    number!(Real learning_rate, "learning-rate", "Learning rate"),
    number!(Real weight_decay, "weight-decay", "Weight decay"),
    one_of!(
        decayed, "decayed", "Decay of",
        "weights" Decayed::Weights: "weights",
        "all" Decayed::All: "all parameters"
    ),
    number!(Whole batch_size, "batch-size", "Batch"),
    number!(Whole epochs, "epochs", "Epochs"),
    number!(Whole seed, "seed", "Seed"),
    one_of!(
        features, "features", "Features",
        "standardised" Features::Standardised: "standardised",
        "raw" Features::Raw: "centimetres",
        "whitened" Features::Whitened: "whitened"
    ),
    one_of!(
        division, "split", "Split",
        "shuffled" Division::Shuffled: "shuffled",
        "sorted" Division::Sorted: "as the file is sorted"
    ),
    one_of!(
        loss, "loss", "Loss",
        "cross-entropy" Loss::CrossEntropy: "cross-entropy",
        "half-squared-error-sum" Loss::HalfSquaredErrorSum: "half the squared error, summed"
    ),
];

/// The field of that name.
pub fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// A value for each field, **as typed**.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldValues([String; FIELDS.len()]);

impl FieldValues {
    /// The values of some settings.
    pub fn of(settings: &Settings) -> Self {
        Self(FIELDS.each_ref().map(|field| field.text_of(settings)))
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> &str {
        let place = FIELDS.iter().position(|field| field.name == name);
        place.map_or("", |place| self.0[place].as_str())
    }

    /// The same with another value for a field.
    pub fn set(&mut self, name: &str, value: &str) {
        if let Some(place) = FIELDS.iter().position(|field| field.name == name) {
            value.clone_into(&mut self.0[place]);
        }
    }

    /// The settings that the values stand for; what no field holds is as in `base`.
    ///
    /// # Errors
    /// A sentence that names the field.
    pub fn settings(&self, base: &Settings) -> Result<Settings, String> {
        let mut settings = base.clone();
        for (field, text) in FIELDS.iter().zip(&self.0) {
            field.set(&mut settings, text.trim())?;
        }
        Ok(settings)
    }

    /// The options of the command that makes the same run.
    pub fn options(&self) -> String {
        let options =
            FIELDS.iter().zip(&self.0).map(|(field, text)| format!(" --{} {}", field.option, text.trim()));
        options.collect()
    }
}

impl Field {
    /// The value in some settings, as text.
    fn text_of(&self, settings: &Settings) -> String {
        match self.kind {
            Kind::Whole(get, _) => get(settings).to_string(),
            Kind::Real(get, _) => format!("{:?}", get(settings)),
            Kind::OneOf(choices) => {
                let chosen = choices.iter().find(|choice| (choice.is_set)(settings));
                chosen.map_or_else(String::new, |choice| choice.name.to_owned())
            }
        }
    }

    /// Changes the setting to what the text says.
    fn set(&self, settings: &mut Settings, text: &str) -> Result<(), String> {
        let refused = |what: &str| format!("{}: {text:?} is no {what}", self.label);
        match self.kind {
            Kind::Whole(_, set) => set(settings, text.parse().map_err(|_| refused("whole number"))?),
            Kind::Real(_, set) => {
                let number = text.parse().ok().filter(|number: &f64| number.is_finite());
                set(settings, number.ok_or_else(|| refused("finite number"))?);
            }
            Kind::OneOf(choices) => {
                let chosen = choices.iter().find(|choice| choice.name == text);
                (chosen.ok_or_else(|| refused("choice"))?.set)(settings);
            }
        }
        Ok(())
    }

    /// The control of the field.
    pub fn control(&self, name: &str, value: &str) -> Markup {
        html! {
            @if let Kind::OneOf(choices) = self.kind {
                label {
                    (self.label) " "
                    select name=(name) {
                        @for choice in choices {
                            option value=(choice.name) selected[choice.name == value] { (choice.label) }
                        }
                    }
                }
            } @else {
                label { (self.label) " " input type="text" inputmode="decimal" size="6" name=(name) value=(value); }
            }
        }
    }
}

/// What the reader expects before the run.
pub const GUESSES: [(&str, &str); 4] =
    [("10", "at most 10"), ("50", "11 to 50"), ("more", "more than 50"), ("never", "never in this run")];

/// The guess that a first epoch at 95 % makes right.
pub fn right_guess(first: Option<usize>) -> &'static str {
    match first {
        Some(..=10) => "10",
        Some(11..=50) => "50",
        Some(_) => "more",
        None => "never",
    }
}

/// The question before the run.
pub fn question(guess: &str) -> Markup {
    choice(
        "Before you start: after how many epochs will 95 % of the training flowers be right?",
        "guess",
        &GUESSES,
        guess,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names are those of the records, which `serde` writes.
    #[test]
    fn every_field_and_choice_is_called_as_in_the_records() {
        let mut settings = Settings::scratch();
        for field in &FIELDS {
            let Kind::OneOf(choices) = field.kind else {
                let recorded = serde_json::to_value(&settings).unwrap()[field.name].to_string();
                assert_eq!(field.text_of(&settings), recorded, "{}", field.name);
                continue;
            };
            for choice in choices {
                field.set(&mut settings, choice.name).unwrap();
                let json = serde_json::to_value(&settings).unwrap();
                assert_eq!(json[field.name], choice.name, "{}", field.name);
            }
        }
    }
}
