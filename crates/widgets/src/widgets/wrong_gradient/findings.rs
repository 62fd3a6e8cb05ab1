//! How the widget shows what was found: a table of the check, and one of the training.

use super::on_iris::TrainedTwice;
use faults::trial::CheckedParameter;
use maud::{Markup, html};
use mlp_scratch::Epoch;

const CHECK_HEADS: [&str; 6] =
    ["gradient", "verdict", "worst at", "claimed", "central difference", "relative error"];
const TRAINING_HEADS: [&str; 3] = ["after epoch", "these lines", "the right lines"];
/// The epochs that the table shows.
const SHOWN: [usize; 5] = [1, 5, 10, 25, 50];

/// `dW1, db1 and dW2`.
pub fn listed(names: &[&str]) -> String {
    match names {
        [] => "none".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The names of what the check refuses.
pub fn refused(checked: &[CheckedParameter]) -> Vec<&'static str> {
    checked.iter().filter(|parameter| parameter.verdict.is_err()).map(|parameter| parameter.name).collect()
}

fn decimal(x: f64) -> String {
    format!("{x:.6}").replace('-', "−")
}

/// Two digits and a power of ten.
fn power(x: f64) -> Markup {
    let text = format!("{x:.1e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    html! { (digits) " · 10" sup { (exponent.replace('-', "−")) } }
}

/// The four verdicts.
pub fn check_table(checked: &[CheckedParameter]) -> Markup {
    html! {
        div.table-wrapper tabindex="0" role="group" aria-label="The gradient check" {
            table {
                thead { tr {
                    @for (i, head) in CHECK_HEADS.iter().enumerate() {
                        th scope="col" class=[(i > 2).then_some("numeric")] { (head) }
                    }
                } }
                tbody {
                    @for parameter in checked {
                        tr {
                            th scope="row" { code { (parameter.name) } }
                            @if parameter.verdict.is_ok() { td.verdict.passes { "✓ passes" } }
                            @else { td.verdict.fails { "✗ refused" } }
                            td { code { (parameter.place) } }
                            td.numeric { (decimal(parameter.claims[parameter.worst])) }
                            td.numeric { (decimal(parameter.differences[parameter.worst])) }
                            td.numeric {
                                @if let Some(error) = parameter.worst_relative_error() { (power(error)) } @else { "?" }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How many flowers were classified as labelled.
fn accuracy(epoch: Option<&Epoch>) -> Markup {
    match epoch {
        Some(epoch) => html! { (epoch.accuracy) },
        None => html! { "no numbers any more" },
    }
}

/// What both trainings reached, in words and as a table.
pub fn training(trained: &TrainedTwice) -> Markup {
    let [ours, right] = [&trained.as_they_stand, &trained.right];
    html! {
        div.table-wrapper tabindex="0" role="group" aria-label="Training on iris" {
            table {
                caption { "Flowers classified as labelled" }
                thead { tr { @for head in TRAINING_HEADS { th.numeric scope="col" { (head) } } } }
                tbody {
                    @for number in SHOWN {
                        tr {
                            th.numeric scope="row" { (number) }
                            td.numeric { (accuracy(ours.get(number - 1))) }
                            td.numeric { (accuracy(right.get(number - 1))) }
                        }
                    }
                }
            }
        }
    }
}

/// The end of both trainings in a sentence.
pub fn training_said(trained: &TrainedTwice) -> String {
    let [ours, right] = [&trained.as_they_stand, &trained.right].map(|history| history.last());
    let (Some(right), epochs) = (right, trained.right.len()) else { return String::new() };
    let right_reached = format!("{} with the right ones", right.accuracy);
    match ours.filter(|_| trained.as_they_stand.len() == epochs) {
        Some(ours) => {
            let no_sign = ours.accuracy.correct >= right.accuracy.correct;
            format!(
                "After {epochs} epochs the network classifies {} flowers of its training part as labelled with these \
                 lines, and {right_reached}.{}",
                ours.accuracy,
                if no_sign { " By this count alone, nothing is wrong." } else { "" }
            )
        }
        None => format!(
            "With these lines the loss leaves the numbers in epoch {}. After {epochs} epochs the network classifies \
             {right_reached}.",
            trained.as_they_stand.len() + 1
        ),
    }
}
