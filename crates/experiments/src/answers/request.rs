//! A topic asked of another process, and the file of its answers.

use super::answer::Answer;
use super::topics::topic;
use crate::study::ExperimentError;
use cnn::kernels::Isa;
use records::store;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What a process is asked for: the answers to a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswersRequest {
    /// The topic's name.
    pub topic: String,
    /// Draws the inputs.
    pub seed: u64,
    /// The folder for the file of the answers.
    pub into: PathBuf,
    /// The instruction set of the kernels, by its name.
    pub isa: String,
}

/// What became of a question: the answers, or why there are none.
pub type AnswersOutcome = Result<Vec<Answer>, String>;

/// The file of the [`AnswersOutcome`] of a topic.
pub fn answers_file(folder: &Path, topic: &str) -> PathBuf {
    folder.join(format!("{topic}.answers.json"))
}

impl AnswersRequest {
    /// Writes the answers down.
    ///
    /// # Errors
    /// When there is no such topic, a crate refuses an input, or the folder cannot be written.
    pub fn run(&self) -> Result<(), ExperimentError> {
        let isa: Isa = self.isa.parse().map_err(ExperimentError::failed)?;
        let unknown = || ExperimentError::Parts(format!("there is no topic `{}`", self.topic));
        let answers = topic(&self.topic).ok_or_else(unknown)?.answers(isa, self.seed)?;
        Ok(store::write_json(answers_file(&self.into, &self.topic), &AnswersOutcome::Ok(answers))?)
    }
}
