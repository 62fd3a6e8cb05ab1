//! A submission's answers on inputs that were drawn for this grading, held to the assignment's.
//!
//! The process that holds a student's code wrote numbers down; **this is the grader's own program, and no line of a
//! student's is in it.**

use crate::criteria::Verdict;
use crate::rubric::Criterion;
use cnn::kernels::Isa;
use experiments::answers::{AnswersOutcome, Topic, answers_file, compare, topic};
use records::store;
use std::path::Path;

/// What drew the inputs, and how the grader computes its own answers.
#[derive(Clone, Copy, Debug)]
pub struct DrawnInputs {
    /// The number from which the inputs follow.
    pub seed: u64,
    /// The instruction set of the kernels.
    pub isa: Isa,
}

impl DrawnInputs {
    /// The verdict, not met if an answer in `folder` to a topic of the criterion is another than the assignment's.
    pub(crate) fn hold(&self, criterion: &Criterion, verdict: Verdict, folder: &Path) -> Verdict {
        let wrong = self.wrong_answers(criterion, folder);
        let Verdict { met, mut evidence } = verdict;
        for why in &wrong {
            evidence.text += &format!("; on inputs drawn for this grading {why}");
        }
        Verdict { met: met && wrong.is_empty(), evidence }
    }

    /// What costs the criterion: what is wrong with the answers in `folder` to its topics.
    pub(crate) fn wrong_answers(&self, criterion: &Criterion, folder: &Path) -> Vec<String> {
        let wrong_of = |topics: &[String]| -> Vec<String> {
            let topics = topics.iter().filter_map(|id| topic(id));
            topics.filter_map(|topic| self.wrong(topic, folder)).collect()
        };
        let mut wrong = wrong_of(&criterion.answers);
        let of_others = wrong_of(&criterion.answers_but_one);
        if of_others.len() > 1 {
            wrong.extend(of_others);
        }
        wrong
    }

    /// What is wrong with the answers to a topic.
    fn wrong(&self, topic: &Topic, folder: &Path) -> Option<String> {
        let theirs = match store::read_json::<AnswersOutcome>(answers_file(folder, topic.id)) {
            Ok(Ok(theirs)) => theirs,
            Ok(Err(why)) => return Some(format!("nothing was answered to `{}`: {why}", topic.id)),
            Err(error) => return Some(format!("no readable answer was given to `{}`: {error}", topic.id)),
        };
        let ours = match topic.answers(self.isa, self.seed) {
            Ok(ours) => ours,
            Err(error) => {
                return Some(format!("the assignment itself has no answer to `{}`: {error}", topic.id));
            }
        };
        let other = compare(&theirs, &ours, topic.tolerance).other?;
        Some(format!("the answer to `{}` is wrong: {other}", topic.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::Evidence;
    use crate::rubric::Rubric;

    const INPUTS: DrawnInputs = DrawnInputs { seed: 5, isa: Isa::Scalar };

    /// Whether the criterion is met by answers that are the assignment's, but for none to these topics.
    fn met_without(criterion: &Criterion, left_out: &[&str]) -> bool {
        let folder = tempfile::tempdir().unwrap();
        for id in criterion.topics().filter(|id| !left_out.contains(&id.as_str())) {
            let answers = topic(id).unwrap().answers(INPUTS.isa, INPUTS.seed).unwrap();
            store::write_json(answers_file(folder.path(), id), &AnswersOutcome::Ok(answers)).unwrap();
        }
        let verdict = Verdict { met: true, evidence: Evidence::without_number("") };
        INPUTS.hold(criterion, verdict, folder.path()).met
    }

    /// The comparison of at least three activations goes without one of the four.
    #[test]
    fn of_the_topics_of_which_one_may_be_left_out_two_are_too_many() {
        let rubric = Rubric::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rubric.toml")).unwrap();
        let of = |id: &str| rubric.criteria.iter().find(|criterion| criterion.id == id).unwrap();
        let analysis = of("P1.1-analysis");
        assert!(met_without(analysis, &[]));
        assert!(met_without(analysis, &["prelu"]));
        assert!(!met_without(analysis, &["prelu", "tanh"]));
        assert!(!met_without(analysis, &["adam"]), "one that may not be left out");
        assert!(!met_without(of("P1.1-prelu"), &["prelu"]));
    }
}
