//! The draw: which parts of the long studies a verification computes again, each in full.
//!
//! ```text
//! k parts of n, without replacement        P(an edit in m of the n parts is found) = 1 - C(n - m, k) / C(n, k)
//! ```
//!
//! How many parts of a study are drawn follows from the budget alone, which of them from the draw's number. So every
//! part of a study is as likely as any other, and the same number and budget draw the same parts on every machine.

use super::{Part, Study};
use numerics::random::{Purpose, Stream};
use numerics::sha256_hex;
use std::collections::{BTreeMap, BTreeSet};

/// The minutes that a draw may take if nothing else is said.
pub const MINUTES: f64 = 0.5;

/// A draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draw {
    /// The number from which the parts follow.
    pub number: u64,
    /// About how many minutes the parts may take in all, on two cores; see [`Study::seconds`].
    pub minutes: f64,
}

/// What is computed again of each experiment: **all of it, unless parts were drawn.**
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    drawn: BTreeMap<String, Vec<String>>,
}

impl Plan {
    /// All of every experiment.
    pub fn full() -> Self {
        Self::default()
    }

    /// These parts of this experiment, and all of every other.
    pub fn of_parts(experiment: &str, parts: Vec<String>) -> Self {
        Self { drawn: [(experiment.to_owned(), parts)].into() }
    }

    /// What is computed of a submission's studies, each with its experiment's id: see
    /// [`OfASubmission`](super::OfASubmission). The number draws.
    pub fn of_a_submission<'a>(number: u64, studies: impl IntoIterator<Item = (&'a str, &'a Study)>) -> Self {
        let of_study = |(id, study): (&'a str, &'a Study)| {
            let (all, share) = ((study.parts)(), study.of_a_submission);
            let others: Vec<&Part> = all.iter().filter(|part| !(share.always)(part)).collect();
            if others.len() <= share.drawn {
                return None;
            }
            let drawn = drawn(number, id, &others, share.drawn);
            let computed = all.iter().filter(|part| (share.always)(part) || drawn.contains(&part.id));
            Some((id.to_owned(), computed.map(id_of).collect()))
        };
        Self { drawn: studies.into_iter().filter_map(of_study).collect() }
    }

    /// The ids of the parts that were drawn of this experiment; none where all of it is computed.
    pub fn parts(&self, experiment: &str) -> Option<&[String]> {
        self.drawn.get(experiment).map(Vec::as_slice)
    }
}

impl Draw {
    /// Draws parts of these studies, each with its experiment's id. Those without [seconds](Study::seconds) are
    /// computed in full.
    pub fn plan<'a>(&self, studies: impl IntoIterator<Item = (&'a str, &'a Study)>) -> Plan {
        let sampled = |(id, study): (&'a str, &'a Study)| {
            let (seconds, parts) = (study.seconds?, (study.parts)());
            Some((id, parts.iter().map(seconds).sum::<f64>() / parts.len().max(1) as f64, parts))
        };
        let studies: Vec<(&str, f64, Vec<Part>)> = studies.into_iter().filter_map(sampled).collect();
        let parts: Vec<usize> = studies.iter().map(|(.., parts)| parts.len()).collect();
        let means: Vec<f64> = studies.iter().map(|(_, mean, _)| *mean).collect();
        let counts = counts(60.0 * self.minutes, &parts, &means);
        let drawn = studies.iter().zip(counts).map(|((id, _, parts), count)| {
            let drawn = drawn(self.number, id, &parts.iter().collect::<Vec<_>>(), count);
            ((*id).to_owned(), parts.iter().filter(|part| drawn.contains(&part.id)).map(id_of).collect())
        });
        Plan { drawn: drawn.collect() }
    }
}

fn id_of(part: &Part) -> String {
    part.id.clone()
}

/// The ids of so many of these parts of an experiment, drawn by a number: the same whatever else is drawn.
fn drawn(number: u64, experiment: &str, parts: &[&Part], count: usize) -> BTreeSet<String> {
    let name = u64::from_str_radix(&sha256_hex(experiment.as_bytes())[..16], 16);
    let name = name.expect("sixteen hexadecimal digits are a number of 64 bits");
    let places = Stream::new(number.wrapping_add(name), Purpose::SpotCheck).permutation(parts.len());
    places.into_iter().take(count).map(|place| id_of(parts[place])).collect()
}

/// How many parts of each study are drawn: one of each in turn, the study with the quickest parts first, as long as the
/// budget lasts.
fn counts(mut seconds: f64, parts: &[usize], mean_seconds: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|&a, &b| mean_seconds[a].total_cmp(&mean_seconds[b]));
    let mut counts = vec![0; parts.len()];
    loop {
        let before = counts.iter().sum::<usize>();
        for &study in &order {
            if counts[study] < parts[study] && mean_seconds[study] <= seconds {
                counts[study] += 1;
                seconds -= mean_seconds[study];
            }
        }
        if counts.iter().sum::<usize>() == before {
            return counts;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::{FileLayout, OfASubmission};
    use rstest::rstest;

    const STUDY: Study = Study {
        parts: || (0..10).map(|i| Part { id: format!("p-{i}"), work: 1 }).collect(),
        compute: |_, _, _| Ok(serde_json::Value::Null),
        layout: FileLayout::Parts(|_| Ok(serde_json::Value::Null)),
        contradictions: |_, _| Ok(Vec::new()),
        seconds: Some(|_| 30.0),
        of_a_submission: OfASubmission { always: |part| part.id == "p-3", drawn: 2 },
    };

    fn drawn(number: u64, minutes: f64) -> Vec<String> {
        let plan = Draw { number, minutes }.plan([("a", &STUDY)]);
        plan.parts("a").unwrap().to_vec()
    }

    #[rstest]
    #[case::nothing_fits(4.0, &[0, 0])]
    #[case::the_quick_one_first(6.0, &[0, 1])]
    #[case::one_of_each(15.0, &[1, 1])]
    #[case::what_is_left_goes_to_what_still_fits(24.0, &[1, 2])]
    #[case::all(1000.0, &[2, 3])]
    fn a_budget_is_shared_out(#[case] seconds: f64, #[case] expected: &[usize]) {
        assert_eq!(counts(seconds, &[2, 3], &[10.0, 5.0]), expected);
    }

    #[test]
    fn the_same_number_draws_the_same_parts_and_another_number_others() {
        assert_eq!((drawn(7, 2.0).len(), drawn(7, 2.0)), (4, drawn(7, 2.0)));
        let different: BTreeSet<Vec<String>> = (0..20).map(|number| drawn(number, 2.0)).collect();
        assert!(different.len() > 10, "{different:?}");
    }

    #[test]
    fn a_larger_budget_draws_the_parts_of_a_smaller_one_and_more() {
        let (few, many) = (drawn(3, 1.0), drawn(3, 3.0));
        assert!(few.len() == 2 && many.len() == 6 && few.iter().all(|part| many.contains(part)));
    }

    /// 1,000 draws of 2 of 10: each part is drawn 200 times, with a standard deviation of 12.6.
    #[test]
    fn every_part_is_as_likely_as_any_other() {
        let all: Vec<String> = (0..1000).flat_map(|number| drawn(number, 1.0)).collect();
        for part in (STUDY.parts)() {
            let times = all.iter().filter(|id| **id == part.id).count();
            assert!((140..=260).contains(&times), "{}: {times}", part.id);
        }
    }

    #[test]
    fn what_is_drawn_of_a_study_does_not_depend_on_the_others() {
        let draw = Draw { number: 5, minutes: 4.0 };
        let both = draw.plan([("b", &STUDY), ("a", &STUDY)]);
        let alone = Draw { minutes: 2.0, ..draw }.plan([("a", &STUDY)]);
        assert_eq!(both.parts("a"), alone.parts("a"));
        assert_ne!(both.parts("a"), both.parts("b"));
    }

    #[test]
    fn a_study_that_takes_seconds_is_computed_in_full() {
        let plan = Draw { number: 1, minutes: 0.0 }.plan([("a", &Study { seconds: None, ..STUDY })]);
        assert_eq!((plan.parts("a"), drawn(1, 0.0).len()), (None, 0));
    }

    /// Of a submission: what is always computed and as many others as the study says; nothing, and everything.
    #[test]
    fn of_a_submission_the_parts_that_the_study_says_are_computed() {
        let of = |number, of_a_submission| {
            let study = Study { of_a_submission, ..STUDY };
            Plan::of_a_submission(number, [("a", &study)]).parts("a").map(<[String]>::to_vec)
        };
        let draws: BTreeSet<Vec<String>> =
            (0..50).map(|number| of(number, STUDY.of_a_submission).unwrap()).collect();
        assert!(draws.iter().all(|parts| parts.len() == 3 && parts.contains(&"p-3".to_owned())));
        assert!(draws.len() > 10, "{draws:?}");
        assert_eq!(of(1, OfASubmission::NONE), Some(Vec::new()));
        assert_eq!(of(1, OfASubmission::ALL), None);
    }
}
