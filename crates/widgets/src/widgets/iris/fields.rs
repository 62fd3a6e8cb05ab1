//! What can be set of a run, as text.

use crate::html::choice;
use experiments::iris::Settings;
use maud::{Markup, html};
use serde_json::{Map, Number, Value};

/// A setting that a reader can change.
#[derive(Debug)]
pub struct Field {
    /// Its name in [`Settings`], in the state and in the controls.
    pub name: &'static str,
    /// The command's option.
    pub option: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Names and labels to choose from; a number without them.
    pub choices: &'static [(&'static str, &'static str)],
    /// Whether a number is whole.
    pub whole: bool,
}

const fn number(name: &'static str, option: &'static str, label: &'static str, whole: bool) -> Field {
    Field { name, option, label, choices: &[], whole }
}

const fn one_of(
    name: &'static str,
    option: &'static str,
    label: &'static str,
    choices: &'static [(&'static str, &'static str)],
) -> Field {
    Field { name, option, label, choices, whole: false }
}

/// Every field, in the order of the page.
pub const FIELDS: [Field; 12] = [
    one_of(
        "implementation",
        "network",
        "Network",
        &[("framework", "layers of cnn (P1.1)"), ("scratch", "by hand (P2.1)")],
    ),
    one_of(
        "activation",
        "activation",
        "Activation",
        &[
            ("relu", "ReLU"),
            ("sigmoid", "sigmoid"),
            ("tanh", "tanh"),
            ("prelu", "PReLU"),
            ("identity", "none"),
        ],
    ),
    number("hidden", "hidden", "Hidden units", true),
    one_of(
        "optimiser",
        "optimiser",
        "Optimiser",
        &[("sgd", "SGD"), ("momentum", "momentum 0.9"), ("adam", "Adam")],
    ),
    number("learning_rate", "learning-rate", "Learning rate", false),
    number("weight_decay", "weight-decay", "Weight decay", false),
    number("batch_size", "batch-size", "Batch", true),
    number("epochs", "epochs", "Epochs", true),
    number("seed", "seed", "Seed", true),
    one_of(
        "features",
        "features",
        "Features",
        &[("standardised", "standardised"), ("raw", "centimetres"), ("whitened", "whitened")],
    ),
    one_of("division", "split", "Split", &[("shuffled", "shuffled"), ("sorted", "as the file is sorted")]),
    one_of(
        "loss",
        "loss",
        "Loss",
        &[("cross-entropy", "cross-entropy"), ("half-squared-error-sum", "half the squared error, summed")],
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
        let json = serde_json::to_value(settings).unwrap_or_default();
        Self(FIELDS.each_ref().map(|field| match &json[field.name] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }))
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
        let mut json: Map<String, Value> = match serde_json::to_value(base) {
            Ok(Value::Object(json)) => json,
            _ => Map::new(),
        };
        for (field, text) in FIELDS.iter().zip(&self.0) {
            json.insert(field.name.to_owned(), field.parse(text)?);
        }
        serde_json::from_value(Value::Object(json)).map_err(|error| error.to_string())
    }

    /// The options of the command that makes the same run.
    pub fn options(&self) -> String {
        let options =
            FIELDS.iter().zip(&self.0).map(|(field, text)| format!(" --{} {}", field.option, text.trim()));
        options.collect()
    }
}

impl Field {
    fn parse(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        let refused = |what: &str| Err(format!("{}: {text:?} is no {what}", self.label));
        if !self.choices.is_empty() {
            let known = self.choices.iter().any(|(name, _)| *name == text);
            return if known { Ok(Value::from(text)) } else { refused("choice") };
        }
        if self.whole {
            return text.parse::<u64>().map(Value::from).or_else(|_| refused("whole number"));
        }
        let number = text.parse().ok().and_then(Number::from_f64);
        number.map_or_else(|| refused("finite number"), |number| Ok(Value::Number(number)))
    }

    /// The control of the field.
    pub fn control(&self, name: &str, value: &str) -> Markup {
        html! {
            @if self.choices.is_empty() {
                label { (self.label) " " input type="text" inputmode="decimal" size="6" name=(name) value=(value); }
            } @else {
                label {
                    (self.label) " "
                    select name=(name) {
                        @for (choice, label) in self.choices {
                            option value=(choice) selected[*choice == value] { (label) }
                        }
                    }
                }
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
