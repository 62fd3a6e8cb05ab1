//! What else a study asks of a trained network.

use super::reliability;
use super::seed_run::SeedRun;
use super::tempered::Tempered;
use crate::mnist::evaluation::ask_logits;
use crate::mnist::temperature::{best_temperature, prediction_at};
use crate::mnist::views::{ViewsScore, evaluate_views};
use cnn::kernels::Isa;
use cnn::network::Network;
use data::images::Images;
use numerics::elementary::ln;
use records::{Count, sum_of_counts};

/// What else a study asks of a trained network.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AskedBeside {
    /// The held-out images in fixed views.
    pub views: bool,
    /// Its answers at another temperature.
    pub temperature: Option<Temperature>,
}

/// At which temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Temperature {
    /// At the best one for the held-out images, which then choose it and do not test it.
    Best,
    /// At one that was chosen elsewhere.
    Chosen(f64),
}

impl AskedBeside {
    pub(super) fn views(self, isa: Isa, network: &Network, held_out: &Images) -> Option<ViewsScore> {
        self.views.then(|| evaluate_views(isa, network, held_out))
    }

    pub(super) fn tempered(self, isa: Isa, network: &Network, held_out: &Images) -> Option<Tempered> {
        let logits = self.temperature.map(|_| ask_logits(isa, network, held_out))?;
        let temperature = match self.temperature? {
            Temperature::Best => best_temperature(&logits, &held_out.labels),
            Temperature::Chosen(temperature) => temperature,
        };
        let answers: Vec<_> = logits.iter().map(|logits| prediction_at(logits, temperature)).collect();
        let loss_of = |(logits, (answer, &label)): (&Vec<f32>, (&crate::mnist::Prediction, &u8))| {
            let apart = f64::from(logits[answer.digit]) - f64::from(logits[usize::from(label)]);
            apart / temperature - ln(answer.confidence)
        };
        let losses = logits.iter().zip(answers.iter().zip(&held_out.labels)).map(loss_of);
        Some(Tempered {
            temperature,
            held_out_loss: losses.fold(0.0, |sum, loss| sum + loss) / logits.len().max(1) as f64,
            reliability: reliability::bins(&answers, &held_out.labels),
        })
    }
}

/// What the answers beside the usual ones say that cannot be, each as a key and a reason.
pub(super) fn contradictions(
    beside: AskedBeside,
    run: &SeedRun,
    held_out: &Images,
    hold: &mut impl FnMut(bool, &str, String),
) {
    let otherwise = || "the study asks otherwise".to_owned();
    hold(run.views.is_some() == beside.views, "views", otherwise());
    if let Some(views) = &run.views {
        in_views(views, held_out, hold);
    }
    hold(run.tempered.is_some() == beside.temperature.is_some(), "tempered", otherwise());
    if let Some(tempered) = &run.tempered {
        at_a_temperature(beside.temperature, tempered, (run, held_out.len()), hold);
    }
}

fn in_views(views: &ViewsScore, held_out: &Images, hold: &mut impl FnMut(bool, &str, String)) {
    let ViewsScore { held_out: Count { correct, total }, held_out_loss, mistakes } = views;
    let listed = *total == held_out.len() && correct.checked_add(mistakes.len()) == Some(*total);
    let why = format!("{} misclassified images are listed, of {}", mistakes.len(), held_out.len());
    hold(listed, "views.held_out", why);
    let positive = held_out_loss.is_finite() && *held_out_loss > 0.0;
    hold(positive, "views.held_out_loss", "it is above 0".to_owned());
    for (i, &(place, label, answer)) in mistakes.iter().enumerate() {
        let labelled = held_out.labels.get(place).map(|&label| usize::from(label)) == Some(label);
        let in_order = i == 0 || mistakes[i - 1].0 < place;
        let possible = labelled && in_order && answer != label && answer < 10;
        let why = "the data say otherwise, or it is no mistake".to_owned();
        hold(possible, &format!("views.mistakes[{i}]"), why);
    }
}

fn at_a_temperature(
    asked: Option<Temperature>,
    tempered: &Tempered,
    (run, images): (&SeedRun, usize),
    hold: &mut impl FnMut(bool, &str, String),
) {
    let Tempered { temperature, held_out_loss, reliability } = tempered;
    let chosen = match asked {
        Some(Temperature::Chosen(chosen)) => *temperature == chosen,
        _ => (1.0 / 16.0..=16.0).contains(temperature),
    };
    hold(chosen, "tempered.temperature", "it is not the one of the study".to_owned());
    let correct = sum_of_counts(reliability.iter().map(|bin| &bin.correct));
    let count = sum_of_counts(reliability.iter().map(|bin| &bin.count));
    let same = (correct, count) == (run.held_out.correct, images);
    hold(same, "tempered.reliability", "a temperature changes no answer".to_owned());
    let best = asked != Some(Temperature::Best) || *held_out_loss <= run.held_out_loss + 1e-9;
    let why = "the best temperature has no larger loss than 1".to_owned();
    hold(held_out_loss.is_finite() && best, "tempered.held_out_loss", why);
}
