//! The batch as the reader types it: outputs and labels.

use crate::html::button;
use crate::widget::{State, place};
use maud::{Markup, html};
use numerics::reduce::sum;
use theory::cross_entropy::Reading;
use theory::render::number::short;
use theory::render::worked::{LABELS, OUTPUTS};

/// More do not fit a page.
const MOST_SAMPLES: usize = 6;
const FEWEST_CLASSES: usize = 2;
const MOST_CLASSES: usize = 6;

/// The outputs `(B, C)` and the labels `(B)`, counted from 1, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    outputs: Vec<Vec<String>>,
    labels: Vec<String>,
}

impl Grid {
    /// The batch of the state; the question's where the state holds none of the right shape.
    pub fn open(state: &State) -> Self {
        let labels: Vec<String> = state.all("label").map(str::to_owned).collect();
        let outputs: Vec<String> = state.all("y").map(str::to_owned).collect();
        let samples = labels.len();
        let classes = outputs.len().checked_div(samples).unwrap_or(0);
        let fits = (1..=MOST_SAMPLES).contains(&samples)
            && (FEWEST_CLASSES..=MOST_CLASSES).contains(&classes)
            && samples * classes == outputs.len();
        if fits {
            return Self { outputs: outputs.chunks(classes).map(<[String]>::to_vec).collect(), labels };
        }
        Self {
            outputs: OUTPUTS.iter().map(|row| row.iter().map(f64::to_string).collect()).collect(),
            labels: LABELS.iter().map(|label| (label + 1).to_string()).collect(),
        }
    }

    /// The state with the batch.
    pub fn keep(&self, state: State) -> State {
        let state = self.outputs.iter().flatten().fold(state, |state, text| state.with("y", text));
        self.labels.iter().fold(state, |state, text| state.with("label", text))
    }

    pub fn samples(&self) -> usize {
        self.labels.len()
    }

    fn classes(&self) -> usize {
        self.outputs.first().map_or(FEWEST_CLASSES, Vec::len)
    }

    /// Takes a number, a label, or one of the four buttons.
    pub fn receive(&mut self, name: &str, value: &str) {
        let (samples, classes) = (self.samples(), self.classes());
        match (name, value) {
            ("samples", "add") if samples < MOST_SAMPLES => {
                self.outputs.push(vec!["0.5".to_owned(); classes]);
                self.labels.push("1".to_owned());
            }
            ("samples", "remove") if samples > 1 => {
                self.outputs.pop();
                self.labels.pop();
            }
            ("classes", "add") if classes < MOST_CLASSES => {
                self.outputs.iter_mut().for_each(|row| row.push("0.5".to_owned()));
            }
            ("classes", "remove") if classes > FEWEST_CLASSES => {
                self.outputs.iter_mut().for_each(|row| drop(row.pop()));
            }
            _ => {
                if let Some(text) = self.place(name) {
                    value.clone_into(text);
                }
            }
        }
    }

    /// What a control holds: `label2`, or `y2-3` for sample 2 and class 3.
    fn place(&mut self, name: &str) -> Option<&mut String> {
        if let Some(sample) = place(name, "label") {
            return self.labels.get_mut(sample);
        }
        let (sample, class) = name.split_once('-')?;
        self.outputs.get_mut(place(sample, "y")?)?.get_mut(place(class, "")?)
    }

    /// The outputs `(B, C)`, and the labels `(B)` counted from 0.
    pub fn numbers(&self) -> Result<(Vec<Vec<f64>>, Vec<usize>), String> {
        let number = |b: usize, k: usize, text: &String| {
            let says = || format!("sample {}, class {} is {text:?}, which is no number", b + 1, k + 1);
            text.trim().parse::<f64>().map_err(|_| says())
        };
        let row = |(b, row): (usize, &Vec<String>)| -> Result<Vec<f64>, String> {
            row.iter().enumerate().map(|(k, text)| number(b, k, text)).collect()
        };
        let label = |(b, text): (usize, &String)| {
            let class: Option<usize> = text.trim().parse().ok();
            let says = || format!("the label of sample {} is {text:?}, which is no class", b + 1);
            class.and_then(|class| class.checked_sub(1)).ok_or_else(says)
        };
        let outputs = self.outputs.iter().enumerate().map(row).collect::<Result<_, _>>()?;
        Ok((outputs, self.labels.iter().enumerate().map(label).collect::<Result<_, _>>()?))
    }

    /// The batch as the command takes it: `--outputs` and `--labels`.
    pub fn arguments(&self) -> (String, String) {
        let listed = |texts: &[String]| texts.iter().map(|text| text.trim()).collect::<Vec<_>>().join(",");
        let rows: Vec<String> = self.outputs.iter().map(|row| listed(row)).collect();
        (rows.join(";"), listed(&self.labels))
    }

    /// The fields. Where the outputs are to be probabilities, a row that does not sum to 1 is marked.
    pub fn view(&self, reading: Reading) -> Markup {
        let (samples, classes) = (self.samples(), self.classes());
        html! {
            fieldset.batch {
                legend { "Batch: the outputs of the network, and the label of each sample" }
                div.table-wrapper tabindex="0" role="group" aria-label="Outputs and labels" {
                    table {
                        thead {
                            tr {
                                th scope="col" { "sample" }
                                @for k in 1..=classes { th scope="col" { "class " (k) } }
                                th scope="col" { "label" }
                                th scope="col" { "row sum" }
                            }
                        }
                        tbody { @for b in 0..samples { (self.row(b, reading)) } }
                    }
                }
                div.steps {
                    (button("samples", "add", "Add a sample", samples < MOST_SAMPLES))
                    (button("samples", "remove", "Remove the last sample", samples > 1))
                    (button("classes", "add", "Add a class", classes < MOST_CLASSES))
                    (button("classes", "remove", "Remove the last class", classes > FEWEST_CLASSES))
                }
            }
        }
    }

    fn row(&self, b: usize, reading: Reading) -> Markup {
        let (outputs, label, sample) = (&self.outputs[b], &self.labels[b], b + 1);
        let total = outputs.iter().map(|text| text.trim().parse::<f64>()).collect::<Result<Vec<_>, _>>();
        let total = total.map(|row| short(sum(row)));
        let amiss = |total: &str| reading == Reading::Probabilities && total != "1";
        html! {
            tr {
                th scope="row" { (sample) }
                @for (k, text) in outputs.iter().enumerate() {
                    td class=[(label.trim() == (k + 1).to_string()).then_some("labelled")] {
                        input type="text" inputmode="decimal" size="5" name={ "y" (sample) "-" (k + 1) } value=(text)
                            aria-label={ "Sample " (sample) ", class " (k + 1) }
                            aria-invalid=[text.trim().parse::<f64>().is_err().then_some("true")];
                    }
                }
                td { (self.label(sample, label)) }
                @match total {
                    Ok(total) if amiss(&total) => td.amiss { (total) " ≠ 1" },
                    Ok(total) => td { (total) },
                    Err(_) => td { "no number" },
                }
            }
        }
    }

    /// The choice of a class. **A label that names none stays**, and the crate refuses it.
    fn label(&self, sample: usize, label: &str) -> Markup {
        let classes: Vec<String> = (1..=self.classes()).map(|class| class.to_string()).collect();
        html! {
            select name={ "label" (sample) } aria-label={ "Label of sample " (sample) } {
                @for class in &classes { option value=(class) selected[class == label] { (class) } }
                @if !classes.iter().any(|class| class == label) {
                    option value=(label) selected { (label) " (no class)" }
                }
            }
        }
    }
}
