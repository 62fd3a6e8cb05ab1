//! The losses of one batch in the three readings, side by side.

use maud::{Markup, html};
use theory::cross_entropy::{CrossEntropy, CrossEntropyError, Reading, cross_entropy};
use theory::render::number::short;

type Loss = Result<CrossEntropy, CrossEntropyError>;

/// A loss for each reading, or why there is none.
pub struct Losses {
    all: [(Reading, Loss); 3],
    chosen: Reading,
    samples: usize,
}

impl Losses {
    pub fn of(outputs: &[Vec<f64>], labels: &[usize], chosen: Reading) -> Self {
        let all = Reading::ALL.map(|reading| (reading, cross_entropy(outputs, labels, reading)));
        Self { all, chosen, samples: labels.len() }
    }

    pub fn samples(&self) -> usize {
        self.samples
    }

    /// The loss in the chosen reading.
    pub fn chosen(&self) -> Result<&CrossEntropy, &CrossEntropyError> {
        self.all[self.chosen as usize].1.as_ref()
    }

    /// The samples that cost most in the chosen reading, from 0, and that in words, with the readings that differ.
    pub fn costliest(&self) -> Option<(Vec<usize>, String)> {
        let most = most(self.chosen().ok()?);
        let mut others: Vec<(Vec<&str>, Vec<usize>)> = Vec::new();
        for (reading, loss) in &self.all {
            let other = loss.as_ref().map(self::most).unwrap_or_default();
            match others.iter_mut().find(|(_, same)| *same == other) {
                Some((names, _)) => names.push(reading.name()),
                None if !other.is_empty() && other != most => others.push((vec![reading.name()], other)),
                None => {}
            }
        }
        let mut words = said(self.chosen.name(), &most);
        for (names, other) in others {
            words += &format!(" {}", said(&names.join(" or as "), &other));
        }
        Some((most, words))
    }

    /// The readings as columns. The losses of the samples are hidden where they are not to be known yet.
    pub fn table(&self, known: bool) -> Markup {
        html! {
            h3 { "The loss in the three readings, in nats" }
            div.table-wrapper tabindex="0" role="group" aria-label="The loss in three readings" {
                table.readings {
                    thead {
                        tr {
                            th scope="col" { "sample" }
                            @for (reading, _) in &self.all {
                                th scope="col" class=[self.mark(*reading)] {
                                    (reading.name()) @if *reading == self.chosen { " (chosen)" }
                                    span.why { (reading.explanation()) }
                                }
                            }
                        }
                    }
                    tbody {
                        @for b in 0..self.samples {
                            (self.row(&(b + 1).to_string(), b, |loss| known.then_some(loss.per_sample[b])))
                        }
                        (self.row("sum", self.samples, |loss| Some(loss.sum)))
                        (self.row("mean", self.samples + 1, |loss| Some(loss.mean)))
                    }
                }
            }
        }
    }

    fn mark(&self, reading: Reading) -> Option<&'static str> {
        (reading == self.chosen).then_some("chosen")
    }

    /// One row; a reading that refuses the batch has one cell, in the first.
    fn row(&self, name: &str, place: usize, value: impl Fn(&CrossEntropy) -> Option<f64>) -> Markup {
        html! {
            tr class=[(place == self.samples).then_some("total")] {
                th scope="row" { (name) }
                @for (reading, loss) in &self.all {
                    @match loss {
                        Ok(loss) => td class=[self.mark(*reading)] {
                            @match value(loss) {
                                Some(value) => { (short(value)) (self.bar(place, value)) }
                                None => span.hidden-loss { "hidden" },
                            }
                        },
                        Err(error) if place == 0 => td class=[self.mark(*reading)] rowspan=(self.samples + 2) {
                            p.refused { "Refused: " (error) }
                        },
                        Err(_) => {}
                    }
                }
            }
        }
    }

    /// The loss of a sample as a length; the longest is the largest loss of the table.
    fn bar(&self, place: usize, value: f64) -> Markup {
        let all = self.all.iter().filter_map(|(_, loss)| loss.as_ref().ok());
        let largest = all.flat_map(|loss| &loss.per_sample).copied().fold(0.0, f64::max);
        html! {
            @if place < self.samples && largest > 0.0 {
                span.bar aria-hidden="true" style={ "width:" (format!("{:.1}", 100.0 * value / largest)) "%" } {}
            }
        }
    }
}

/// The samples of the largest loss.
fn most(loss: &CrossEntropy) -> Vec<usize> {
    let largest = loss.per_sample.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (0..loss.per_sample.len()).filter(|&b| loss.per_sample[b] == largest).collect()
}

fn said(reading: &str, most: &[usize]) -> String {
    let names: Vec<String> = most.iter().map(|b| (b + 1).to_string()).collect();
    match &names[..] {
        [others @ .., last] if !others.is_empty() => {
            format!("Read as {reading}, samples {} and {last} cost most, the same.", others.join(", "))
        }
        _ => format!("Read as {reading}, sample {} costs most.", names.concat()),
    }
}
