//! The numbers that answer what was asked.

use serde::{Deserialize, Serialize};

/// The numbers that answer one thing that was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// What was asked, in words.
    pub what: String,
    /// The numbers; one that is not finite is none.
    pub values: Vec<Option<f64>>,
    /// What a difference is measured by; by the largest of the numbers if there is nothing else.
    #[serde(default)]
    pub size: Option<f64>,
}

/// The answers to a topic, as far as it was asked.
#[derive(Debug, Default)]
pub struct AnswerList {
    pub(super) answers: Vec<Answer>,
}

impl AnswerList {
    pub(super) fn add(&mut self, what: impl Into<String>, values: impl IntoIterator<Item = f64>) {
        let values = values.into_iter().map(|value| value.is_finite().then_some(value)).collect();
        self.answers.push(Answer { what: what.into(), values, size: None });
    }

    /// Measures the last `count` answers by the largest number of all of them.
    pub(super) fn measure_together(&mut self, count: usize) {
        let from = self.answers.len() - count;
        let values = self.answers[from..].iter().flat_map(|answer| &answer.values).flatten();
        let size = values.fold(0.0_f64, |largest, value| largest.max(value.abs()));
        self.answers[from..].iter_mut().for_each(|answer| answer.size = Some(size));
    }

    pub(super) fn add_single(&mut self, what: impl Into<String>, values: &[f32]) {
        self.add(what, values.iter().map(|&value| f64::from(value)));
    }
}
