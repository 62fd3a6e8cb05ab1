//! H: what was done in the pages, and handed in.

use super::alter;
use super::check::Check;
use super::unjudged::Unjudged;
use super::verdict::{Evidence, Verdict};
use crate::hand_in::{FILE, OpenedHandIn};
use experiments::verify::Recomputed;

/// The name of the check of a hand-in.
pub const HAND_IN: &str = "hand-in";

/// So many faults are told.
const TOLD: usize = 3;

pub(super) const CHECKS: &[Check] = &[Check {
    name: HAND_IN,
    judge: handed_in,
    controls: &[
        // Nothing was handed in.
        |of, _| drop(of.parts.remove(&place())),
        // A file that cannot be read.
        |of, _| drop(of.parts.insert(place(), serde_json::json!({ "Err": "it is no file" }))),
        |of, _| altered(of, |it| it.submitted.format.push('s')),
        |of, _| altered(of, |it| it.submitted.version += 1),
        // A widget that there is not.
        |of, _| altered(of, |it| it.recomputed[0] = None),
        // A widget twice.
        |of, _| {
            altered(of, |it| {
                it.submitted.widgets.push(it.submitted.widgets[0].clone());
                it.recomputed.push(it.recomputed[0].clone());
            })
        },
        |of, _| altered(of, |it| it.submitted.widgets[0].page.push('l')),
        // A guess that the state does not hold, and a question without one.
        |of, _| altered(of, |it| it.submitted.widgets[0].guess = Some("sample 9".to_owned())),
        |of, _| {
            altered(of, |it| {
                it.submitted.widgets[0].guess = None;
                it.recomputed[0].iter_mut().for_each(|here| here.guess = None);
            })
        },
        // A question whose widget is not in the file.
        |of, _| {
            altered(of, |it| {
                it.submitted.widgets.remove(0);
                it.recomputed.remove(0);
            })
        },
        // One digit of a receipt.
        |of, _| {
            altered(of, |it| {
                let receipt = &mut it.submitted.widgets[0].receipts[0];
                let other = if receipt.starts_with('0') { "1" } else { "0" };
                receipt.replace_range(..1, other);
            })
        },
    ],
}];

/// Where a hand-in stands among what was recomputed: a `Result` of what was opened.
fn place() -> (String, String) {
    (HAND_IN.to_owned(), FILE.to_owned())
}

/// Puts what became of a hand-in among what was recomputed.
pub(crate) fn put(of: &mut Recomputed, opened: Result<OpenedHandIn, String>) {
    if let Ok(value) = serde_json::to_value(opened) {
        of.parts.insert(place(), value);
    }
}

fn altered(of: &mut Recomputed, alter: impl FnOnce(&mut OpenedHandIn)) {
    let (group, file) = place();
    alter::part(of, &group, &file, |opened: &mut Result<OpenedHandIn, String>| {
        if let Ok(opened) = opened {
            alter(opened);
        }
    });
}

fn handed_in(recomputed: &Recomputed, bar: f64) -> Result<Verdict, Unjudged> {
    let (group, file) = place();
    if !recomputed.parts.contains_key(&place()) {
        return Ok(Verdict::not_met(Evidence::without_number(format!(
            "nothing was handed in: there is no {FILE}; a page of the book saves it, under a widget"
        ))));
    }
    let opened: Result<OpenedHandIn, String> = recomputed.part(&group, &file).map_err(Unjudged::NoPart)?;
    let opened = match opened {
        Ok(opened) => opened,
        Err(why) => return Ok(Verdict::not_met(Evidence::without_number(why))),
    };
    let faults = opened.faults();
    let text = if faults.is_empty() {
        let [guesses, receipts] = opened.counts();
        format!("{guesses} guesses, and {receipts} receipts that are what their states give here")
    } else {
        let more = faults.len().saturating_sub(TOLD);
        let and = if more > 0 { format!("; and {more} more") } else { String::new() };
        faults[..faults.len() - more].join("; ") + &and
    };
    Ok(Verdict::when(faults.len() as f64 <= bar, faults.len() as f64, text))
}
