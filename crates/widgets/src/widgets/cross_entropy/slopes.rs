//! The gradient of the mean, beside central differences.

use crate::html::refusal;
use gradcheck::{Settings, central_differences, check_with};
use maud::{Markup, html};
use theory::cross_entropy::{Reading, cross_entropy, gradient_of_mean};
use theory::render::number::short;

/// The steps of the difference to choose from, as typed; the second is what `gradcheck` takes by default.
const STEPS: [&str; 5] = ["1e-2", "1e-3", "1e-4", "1e-5", "1e-6"];
const HEADS: [&str; 4] = ["by", "gradient", "central difference", "apart by"];

/// The step of the difference: its place among the choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slopes(usize);

impl Slopes {
    /// The step of that name; where there is none, the default.
    pub fn named(name: &str) -> Self {
        Self(STEPS.iter().position(|step| *step == name).unwrap_or(1))
    }

    pub fn name(self) -> &'static str {
        STEPS[self.0]
    }

    /// Every entry by the outputs `(B, C)`; labels `(B)`, from 0. Nothing where the reading refuses the batch.
    pub fn view(self, outputs: &[Vec<f64>], labels: &[usize], reading: Reading) -> Markup {
        let Ok(gradient) = gradient_of_mean(outputs, labels, reading) else { return html! {} };
        let classes = outputs.first().map_or(1, Vec::len);
        let (flat, claimed) = (outputs.concat(), gradient.concat()); // (B C) each
        let mut mean = |y: &[f64]| {
            let rows: Vec<&[f64]> = y.chunks(classes).collect(); // (B, C)
            cross_entropy(&rows, labels, reading).map_or(f64::NAN, |loss| loss.mean)
        };
        let settings = Settings { step: self.name().parse().unwrap_or(1e-3), ..Settings::default() };
        let numeric = central_differences(settings.step, &mut mean, &flat);
        html! {
            details {
                summary { "The gradient of the mean, beside central differences" }
                div.controls { (self.choice()) }
                @match check_with(settings, reading.name(), mean, &flat, &claimed) {
                    Ok(report) => p aria-live="polite" {
                        "The " (report.coordinates) " entries agree. The largest error is "
                        (format!("{:.0e}", report.worst_relative_error)) " of the largest entry; up to "
                        (format!("{:e}", settings.tolerance)) " passes."
                    },
                    Err(error) => {
                        (refusal(&error))
                        p {
                            "Coordinates count from 0, row by row. An output ± 2h must stay where the reading is "
                            "defined, and h small beside it: another step may do."
                        }
                    }
                }
                (table(classes, &claimed, &numeric))
            }
        }
    }

    fn choice(self) -> Markup {
        html! {
            label {
                "Step h of the difference "
                select name="step" {
                    @for (i, step) in STEPS.iter().enumerate() { option value=(step) selected[i == self.0] { (step) } }
                }
            }
        }
    }
}

fn table(classes: usize, claimed: &[f64], numeric: &[f64]) -> Markup {
    let apart = |difference: f64| match difference {
        0.0 => "0".to_owned(),
        _ if difference.is_finite() => format!("{difference:.0e}"),
        _ => "none".to_owned(),
    };
    let number = |value: f64| if value.is_finite() { short(value) } else { "none".to_owned() };
    html! {
        div.table-wrapper tabindex="0" role="group" aria-label="Gradient and central difference" {
            table.slopes {
                thead { tr { @for head in HEADS { th scope="col" { (head) } } } }
                tbody {
                    @for (i, (claimed, numeric)) in claimed.iter().zip(numeric).enumerate() {
                        tr {
                            th scope="row" { "sample " (i / classes + 1) ", class " (i % classes + 1) }
                            td { (number(*claimed)) }
                            td { (number(*numeric)) }
                            td { (apart((claimed - numeric).abs())) }
                        }
                    }
                }
            }
        }
    }
}
