//! What the page shows of the runs.

use super::chart::{Curve, chart};
use super::fields::{FIELDS, GUESSES, field, question, right_guess};
use super::presets::PRESETS;
use super::regions::regions;
use super::state::IrisWidget;
use super::watched::{Seen, WatchedRun};
use crate::html::{button, hash_receipt, refusal};
use data::iris::HEADER;
use maud::{Markup, html};
use records::Count;

const NAMES: [&str; 2] = ["Run A", "Run B"];
const NAMES_OF_CURVES: [[&str; 2]; 2] = [["A, training", "A, test"], ["B, training", "B, test"]];

pub fn view(widget: &IrisWidget) -> Markup {
    html! {
        div.steps role="group" aria-label="Settings worth a look" {
            @for preset in &PRESETS { (button("preset", preset.name, preset.label, true)) }
        }
        @if let Some(preset) = PRESETS.iter().find(|preset| preset.values() == widget.values) { p { (preset.says) } }
        fieldset.settings {
            legend { "Run A" }
            @for field in &FIELDS { (field.control(field.name, widget.values.get(field.name))) }
        }
        (second(widget))
        (own(widget))
        (question(&widget.guess))
        (player(widget))
        p.said aria-live="polite" { (said(widget)) }
        @for (name, run) in NAMES.iter().zip(&widget.runs) {
            @match run {
                Err(error) => (refusal(&format!("{name}: {error}"))),
                Ok(run) => @if let Some(error) = &run.ended { (refusal(&format!("{name} ended: {error}"))) },
            }
        }
        (numbers(widget))
        (curves(widget))
        div.maps { @for (name, run) in runs(widget) { (map(widget, name, run)) } }
        (receipts(widget))
    }
}

/// The runs that could begin, with their names.
fn runs(widget: &IrisWidget) -> impl Iterator<Item = (&'static str, &WatchedRun)> {
    NAMES.into_iter().zip(&widget.runs).filter_map(|(name, run)| Some((name, run.as_ref().ok()?)))
}

/// What a second run has otherwise.
fn second(widget: &IrisWidget) -> Markup {
    let changed = widget.changed.as_ref();
    let name = changed.map_or("", |(name, _)| name);
    html! {
        fieldset {
            legend { "Run B: the same, but" }
            label {
                "change " select name="change" {
                    option value="" selected[changed.is_none()] { "nothing (no second run)" }
                    @for field in &FIELDS { option value=(field.name) selected[field.name == name] { (field.label) } }
                }
            }
            @if let Some((name, value)) = changed { @if let Some(field) = field(name) { (field.control("to", value)) } }
        }
    }
}

/// Flowers of the reader's own.
fn own(widget: &IrisWidget) -> Markup {
    let text = widget.own.as_deref().unwrap_or_default();
    html! {
        details {
            summary { "Flowers of your own" }
            p { "A table as CSV, with the header " code { (HEADER.join(",")) } "
                 and the species setosa, versicolor or virginica. Without one, Fisher's 150 flowers are used." }
            label { "Your table " textarea name="own" rows="5" cols="44" spellcheck="false" { (text) } }
        }
    }
}

fn player(widget: &IrisWidget) -> Markup {
    let (at, last) = (widget.target, widget.longest());
    let go = |to: usize, label: &str, moves: bool| button("epoch", &to.to_string(), label, moves);
    html! {
        div.steps role="group" aria-label="Training" {
            (button("play", "", if widget.playing { "Pause" } else { "Play" }, last > 0))
            (go(0, "Rewind", at > 0))
            (go(at.saturating_sub(1), "Epoch back", at > 0))
            (go((at + 1).min(last), "Epoch forward", at < last))
            (go(last, "To the end", at < last))
            label {
                "Epoch " input type="range" name="epoch" min="0" max=(last) value=(at);
                " " output { (at) " of " (last) }
            }
        }
    }
}

/// Where the runs are, and what became of the guess.
fn said(widget: &IrisWidget) -> String {
    let reached = |(name, run): (&str, &WatchedRun)| match (run.first_at_95_percent(), run.is_complete()) {
        (Some(epoch), _) => format!("{name} had 95 % of its training flowers right after epoch {epoch}. "),
        (None, true) => format!("{name} never had 95 % of its training flowers right. "),
        (None, false) => format!("{name} has not had 95 % of its training flowers right so far. "),
    };
    let reached: String = runs(widget).map(reached).collect();
    let Some((_, run)) = runs(widget).next() else { return reached };
    let decided = run.is_complete() || run.first_at_95_percent().is_some();
    let guessed = GUESSES.iter().find(|(name, _)| *name == widget.guess).filter(|_| decided);
    match guessed {
        Some((name, label)) if *name == right_guess(run.first_at_95_percent()) => {
            format!("{reached}Your guess for run A, {label}, was right.")
        }
        Some((_, label)) => format!("{reached}Your guess for run A, {label}, was not right."),
        None => reached,
    }
}

fn numbers(widget: &IrisWidget) -> Markup {
    const HEADS: [&str; 7] = [
        "run",
        "epoch",
        "training loss",
        "training right",
        "test loss",
        "test right",
        "gradient: layer 1, layer 2",
    ];
    html! {
        div.table-wrapper tabindex="0" {
            table {
                thead { tr { @for head in HEADS { th scope="col" { (head) } } } }
                tbody {
                    @for (name, run) in runs(widget) {
                        @let Seen { epoch, gradient } = run.here();
                        tr {
                            th scope="row" { (name) }
                            td { (run.at()) }
                            td { (format!("{:.6}", epoch.train_loss)) }
                            td { (epoch.train.correct) " of " (epoch.train.total) }
                            td { (format!("{:.6}", epoch.test_loss)) }
                            td { (epoch.test.correct) " of " (epoch.test.total) }
                            td { (format!("{:.4}, {:.4}", gradient.first, gradient.second)) }
                        }
                    }
                    @if let [Ok(a), Ok(b)] = widget.runs.as_slice() { (difference(a.here(), b.here())) }
                }
            }
        }
    }
}

/// The second run's numbers less the first one's.
fn difference(a: &Seen, b: &Seen) -> Markup {
    let loss = |of: fn(&Seen) -> f64| format!("{:+.6}", of(b) - of(a));
    let count = |of: fn(&Seen) -> Count| format!("{:+}", of(b).correct as i64 - of(a).correct as i64);
    let gradient = |of: fn(&Seen) -> f64| format!("{:+.4}", of(b) - of(a));
    html! {
        tr.difference {
            th scope="row" { "B − A" }
            td { (b.epoch.epoch as i64 - a.epoch.epoch as i64) }
            td { (loss(|seen| seen.epoch.train_loss)) }
            td { (count(|seen| seen.epoch.train)) }
            td { (loss(|seen| seen.epoch.test_loss)) }
            td { (count(|seen| seen.epoch.test)) }
            td { (gradient(|seen| seen.gradient.first)) ", " (gradient(|seen| seen.gradient.second)) }
        }
    }
}

/// A curve for each run and each of some values.
fn of_runs(widget: &IrisWidget, labels: [[&'static str; 2]; 2], value: [fn(&Seen) -> f64; 2]) -> Vec<Curve> {
    const CLASSES: [[&str; 2]; 2] = [["run-a", "run-a dashed"], ["run-b", "run-b dashed"]];
    let numbered = widget.runs.iter().enumerate().filter_map(|(i, run)| Some((i, run.as_ref().ok()?)));
    let curves = numbered.flat_map(|(i, run)| {
        (0..2).map(move |part| Curve {
            label: labels[i][part],
            class: CLASSES[i][part],
            values: run.seen.iter().map(value[part]).collect(),
        })
    });
    curves.collect()
}

fn curves(widget: &IrisWidget) -> Markup {
    let loss = of_runs(widget, NAMES_OF_CURVES, [|seen| seen.epoch.train_loss, |seen| seen.epoch.test_loss]);
    let rates: [fn(&Seen) -> f64; 2] =
        [|seen| 100.0 * seen.epoch.train.error_rate(), |seen| 100.0 * seen.epoch.test.error_rate()];
    let layers = [["A, layer 1", "A, layer 2"], ["B, layer 1", "B, layer 2"]];
    let logarithms: [fn(&Seen) -> f64; 2] =
        [|seen| seen.gradient.first.log10(), |seen| seen.gradient.second.log10()];
    let (epochs, at) = (widget.longest(), widget.target);
    html! {
        div.charts {
            (chart("Loss", &loss, epochs, at))
            (chart("Wrong flowers in %", &of_runs(widget, NAMES_OF_CURVES, rates), epochs, at))
            (chart("Size of the gradient (power of ten)", &of_runs(widget, layers, logarithms), epochs, at))
        }
    }
}

fn map(widget: &IrisWidget, name: &str, run: &WatchedRun) -> Markup {
    let Ok(iris) = &widget.flowers else { return html! {} };
    let split = run.settings.division.split(iris.labels.len(), run.settings.seed);
    let title = format!("{name}: what it answers, its test flowers, a ring around each that it gets wrong");
    match regions(run, iris, &split.test, &title) {
        Ok(map) => map,
        Err(error) => refusal(&error),
    }
}

/// What is said of the weights of each run that is at its end, their hash as the command prints it, and the command. A
/// run on flowers of the reader's own has none.
pub fn weights(widget: &IrisWidget) -> Vec<(Markup, String, String)> {
    let finished = |run: &WatchedRun| run.at() == run.settings.epochs && widget.own.is_none();
    let values = widget.values_of_runs();
    let ended = widget.runs.iter().zip(&values).zip(NAMES).filter_map(|((run, values), name)| {
        let run = run.as_ref().ok().filter(|run| finished(run))?;
        let sha256 = run.fork().weights_sha256();
        // A record has the settings as they are written as JSON.
        let settings = serde_json::to_string(&run.settings).unwrap_or_default();
        let compared = widget.recorded.compared(&format!("iris {settings}"), &sha256);
        let what = html! { (name) ", the weights after its last epoch " (compared) };
        Some((what, sha256, format!("cargo coursework iris{}", values.options())))
    });
    ended.collect()
}

fn receipts(widget: &IrisWidget) -> Markup {
    html! {
        @for (what, sha256, command) in weights(widget) { (hash_receipt(&what, &sha256, &command, &html! {})) }
    }
}
