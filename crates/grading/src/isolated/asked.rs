//! What the crates answer on drawn inputs, and which criteria are lost by that.

use super::grader::Grader;
use crate::criteria::REPRODUCED;
use crate::drawn::DrawnInputs;
use crate::rubric::{Criterion, Rubric};
use experiments::answers::{AnswersOutcome, AnswersRequest, answers_file};
use experiments::registry::Experiment;
use experiments::request::Work;
use records::store;
use std::collections::BTreeSet;

impl Grader {
    /// Has the crates asked about every topic of the criteria, on drawn inputs.
    pub(super) fn ask_all(&self, rubric: &Rubric, say: &dyn Fn(&str)) {
        let topics: BTreeSet<&String> = rubric.criteria.iter().flat_map(Criterion::topics).collect();
        for topic in topics {
            say(&format!("asking about {topic} on drawn inputs"));
            let (into, isa) = (self.folder.clone(), self.isa.name().to_owned());
            let work = Work::Answers(AnswersRequest { topic: topic.clone(), seed: self.inputs, into, isa });
            if let Err(why) = self.call(&self.program, &work, self.limits(rubric, rubric.answers_limit_s)) {
                // If that fails, the check finds no answer.
                let _ = store::write_json(answers_file(&self.folder, topic), &AnswersOutcome::Err(why));
            }
        }
    }

    /// Whether a criterion is lost, whatever the records say: what the crates answered is wrong, or not there. **Each
    /// topic asks one crate**, so it is lost with and without the other crates.
    pub(super) fn is_lost(&self, criterion: &Criterion) -> bool {
        let inputs = DrawnInputs { seed: self.inputs, isa: self.isa };
        !inputs.wrong_answers(criterion, &self.folder).is_empty()
    }

    /// Whether any criterion that judges this experiment can still be met.
    pub(super) fn can_be_met(&self, rubric: &Rubric, experiment: &Experiment) -> bool {
        let judge = |it: &&Criterion| it.rests_on(experiment) && it.check.name != REPRODUCED;
        rubric.criteria.iter().filter(judge).any(|criterion| !self.is_lost(criterion))
    }
}
