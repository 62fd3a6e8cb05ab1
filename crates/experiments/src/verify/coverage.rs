//! What of the submitted files was computed again. **No sentence here says more than that.**

use serde::{Deserialize, Serialize};

/// What was computed again of one experiment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub experiment: String,
    /// How many files it leaves.
    pub files: usize,
    /// How much of them was computed again.
    pub extent: Extent,
}

/// How much was computed again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// All of it.
    Full,
    /// All of it, out of the other experiments' files as they are.
    Derived,
    /// Some parts, each in full, and what follows from the submitted parts.
    Sampled {
        /// The parts that were computed.
        computed: Vec<String>,
        /// All parts, in the order of the record.
        parts: Vec<String>,
        /// How many of them are always computed. **Nobody hides an edit there**, so they do not count among those that
        /// were drawn from.
        #[serde(default)]
        always: usize,
    },
}

/// Edited parts for which the probability of being found is told.
const EDITED: [usize; 3] = [1, 2, 10];

impl Extent {
    /// The probability that an edit is found which stands in `edited` parts, **beyond what the record's own
    /// contradictions show**: 1 - C(n - m, k) / C(n, k).
    pub fn found(&self, edited: usize) -> f64 {
        let Self::Sampled { computed, parts, always } = self else { return 1.0 };
        let (n, k) = (parts.len() - always, computed.len() - always);
        let unedited = n - edited.min(n);
        let missed = (0..k).map(|i| unedited.saturating_sub(i) as f64 / (n - i) as f64);
        1.0 - missed.product::<f64>()
    }
}

impl Coverage {
    /// How many parts were computed, where only some were.
    fn parts_computed(&self) -> usize {
        match &self.extent {
            Extent::Sampled { computed, .. } => computed.len(),
            Extent::Full | Extent::Derived => 0,
        }
    }

    /// What was computed again, in a line.
    pub fn line(&self) -> String {
        let Self { experiment, files, extent } = self;
        let files = counted(*files, "file");
        match extent {
            Extent::Full => format!("{experiment}: {files} computed in full"),
            Extent::Derived => {
                format!("{experiment}: {files} derived again from the other records as they are")
            }
            Extent::Sampled { computed, parts, always } if *always > 0 => {
                let (drawn, from) = (computed.len() - always, parts.len() - always);
                format!(
                    "{experiment}: {} of {} parts computed in full, {drawn} of them drawn from {from}; no number \
                     computed of the other {}; of these {from}, {}",
                    computed.len(),
                    parts.len(),
                    from - drawn,
                    self.odds()
                )
            }
            Extent::Sampled { computed, parts, .. } => {
                let rest: Vec<&str> =
                    parts.iter().filter(|id| !computed.contains(id)).map(String::as_str).collect();
                let of = format!("{} of {} parts computed in full", computed.len(), parts.len());
                let which =
                    if computed.is_empty() { String::new() } else { format!(" ({})", computed.join(", ")) };
                if rest.is_empty() {
                    return format!("{experiment}: {of}");
                }
                format!(
                    "{experiment}: {of}{which}; no number computed of {}; {}",
                    ranges(parts, &rest),
                    self.odds()
                )
            }
        }
    }

    /// The probability that an edit is found, for some numbers of edited parts.
    fn odds(&self) -> String {
        let [one, two, ten] = EDITED.map(|edited| rounded_down(self.extent.found(edited)));
        format!(
            "an edit in 1, 2 or 10 parts that contradicts nothing is found with probability {one}, {two}, {ten}"
        )
    }
}

/// What was computed again of all experiments, in a sentence, where nothing differs. `again` is the option that repeats
/// a draw.
pub fn summary(all: &[Coverage], again: Option<&str>) -> String {
    let files = |wanted: fn(&Extent) -> bool| -> usize {
        all.iter().filter(|of| wanted(&of.extent)).map(|of| of.files).sum()
    };
    let full = files(|extent| matches!(extent, Extent::Full));
    let derived = files(|extent| matches!(extent, Extent::Derived));
    let sampled: Vec<&Coverage> =
        all.iter().filter(|of| matches!(of.extent, Extent::Sampled { .. })).collect();
    let total: usize = all.iter().map(|of| of.files).sum();
    let of_all = format!("of {}", counted(total, "file"));
    let mut said = Vec::new();
    if full > 0 {
        said.push(format!(
            "{full} {of_all} computed in full, each equal to the submitted one to the last bit"
        ));
    }
    if derived > 0 {
        said.push(format!("{derived} {of_all} derived again from the other records as they are, each equal"));
    }
    let (some, none): (Vec<&Coverage>, Vec<&Coverage>) =
        sampled.iter().partition(|of| of.parts_computed() > 0);
    let count = |of: &[&Coverage]| counted(of.iter().map(|of| of.files).sum(), "file");
    if !some.is_empty() {
        said.push(format!("of {} some parts were computed, each equal", count(&some)));
    }
    if !none.is_empty() {
        said.push(format!("of {} no part was computed", count(&none)));
    }
    if !sampled.is_empty() {
        let drawn = again.map_or(String::new(), |again| format!(" (the parts were drawn by {again})"));
        said.push(format!(
            "no contradiction that is looked for was found in these, and their conclusions follow from the \
             submitted parts{drawn}"
        ));
    }
    said.join("; ")
}

/// What was not computed, study by study, those last of which nothing was; empty where all was.
pub fn gaps(all: &[Coverage]) -> Vec<String> {
    let partial = |of: &&Coverage| match &of.extent {
        Extent::Sampled { computed, parts, .. } => computed.len() < parts.len(),
        Extent::Full | Extent::Derived => false,
    };
    let (some, none): (Vec<&Coverage>, Vec<&Coverage>) =
        all.iter().filter(partial).partition(|of| of.parts_computed() > 0);
    let names: Vec<&str> = none.iter().map(|of| of.experiment.as_str()).collect();
    let of_none = format!(
        "no number was computed of {}; an edit there that contradicts nothing is not found",
        names.join(", ")
    );
    some.into_iter().map(Coverage::line).chain((!names.is_empty()).then_some(of_none)).collect()
}

/// A probability with two digits, **never more than it is**.
fn rounded_down(probability: f64) -> String {
    format!("{:.2}", (100.0 * probability + 1e-9).floor() / 100.0)
}

/// So many of something.
pub fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Some of the parts, neighbours as a range: `a-1 .. a-4, a-6`.
fn ranges(all: &[String], some: &[&str]) -> String {
    let place = |id: &str| all.iter().position(|other| other == id);
    let mut ranges: Vec<(&str, &str)> = Vec::new();
    for id in some {
        match ranges.last_mut() {
            Some((_, last)) if place(last).map(|it| it + 1) == place(id) => *last = id,
            _ => ranges.push((id, id)),
        }
    }
    let text = ranges.iter().map(|(first, last)| match first == last {
        true => (*first).to_owned(),
        false => format!("{first} .. {last}"),
    });
    text.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn sampled(computed: &[usize], parts: usize) -> Coverage {
        let id = |i: usize| format!("run-{i}");
        let (computed, parts) = (computed.iter().map(|&i| id(i)).collect(), (1..=parts).map(id).collect());
        Coverage {
            experiment: "study".to_owned(),
            files: 1,
            extent: Extent::Sampled { computed, parts, always: 0 },
        }
    }

    /// 1 - C(n - m, k) / C(n, k), by hand.
    #[rstest]
    #[case::nothing_drawn(&[], 10, 10, 0.0)]
    #[case::one_of_ten(&[3], 1, 10, 0.1)]
    #[case::two_of_ten_and_two_edited(&[3, 4], 2, 10, 1.0 - (8.0 * 7.0) / (10.0 * 9.0))]
    #[case::every_part_edited(&[3], 10, 10, 1.0)]
    #[case::more_edited_than_there_are(&[3], 10, 5, 1.0)]
    #[case::all_drawn(&[1, 2, 3], 1, 3, 1.0)]
    fn the_probability_is_that_of_drawing_an_edited_part(
        #[case] drawn: &[usize],
        #[case] edited: usize,
        #[case] parts: usize,
        #[case] expected: f64,
    ) {
        assert!((sampled(drawn, parts).extent.found(edited) - expected).abs() < 1e-15);
    }

    /// Over all draws of 3 of 7 parts, as many meet one of the two edited parts as the formula says.
    #[test]
    fn the_probability_is_the_share_of_all_draws() {
        let draws: Vec<[usize; 3]> = (1..=7)
            .flat_map(|a| (a + 1..=7).flat_map(move |b| (b + 1..=7).map(move |c| [a, b, c])))
            .collect();
        let found = draws.iter().filter(|draw| draw.contains(&2) || draw.contains(&6)).count();
        let share = found as f64 / draws.len() as f64;
        assert!((sampled(&[1, 4, 5], 7).extent.found(2) - share).abs() < 1e-15);
    }

    /// Whoever edits knows which parts are always computed.
    #[test]
    fn parts_that_are_always_computed_are_not_among_those_drawn_from() {
        let mut coverage = sampled(&[1, 2, 5], 12);
        let Extent::Sampled { always, .. } = &mut coverage.extent else { unreachable!() };
        *always = 2;
        assert!((coverage.extent.found(1) - 0.1).abs() < 1e-15);
        assert_eq!(
            coverage.line(),
            "study: 3 of 12 parts computed in full, 1 of them drawn from 10; no number computed of the other 9; of \
             these 10, an edit in 1, 2 or 10 parts that contradicts nothing is found with probability 0.10, 0.20, 1.00"
        );
    }

    #[test]
    fn a_line_names_what_was_not_computed() {
        assert_eq!(
            sampled(&[3], 6).line(),
            "study: 1 of 6 parts computed in full (run-3); no number computed of run-1 .. run-2, run-4 .. run-6; an \
             edit in 1, 2 or 10 parts that contradicts nothing is found with probability 0.16, 0.33, 1.00"
        );
        assert_eq!(sampled(&[1, 2], 2).line(), "study: 2 of 2 parts computed in full");
        assert!(
            sampled(&[], 2)
                .line()
                .contains("0 of 2 parts computed in full; no number computed of run-1 .. run-2;")
        );
    }

    #[test]
    fn only_files_that_were_wholly_computed_are_called_equal_to_the_last_bit() {
        let of =
            |experiment: &str, files, extent| Coverage { experiment: experiment.to_owned(), files, extent };
        let all = [of("a", 2, Extent::Full), sampled(&[1], 3), of("report", 5, Extent::Derived)];
        let text = summary(&all, Some("--spot-check 7 --minutes 1"));
        let begins = "2 of 8 files computed in full, each equal to the submitted one to the last bit; 5 of 8 files \
                      derived again";
        assert!(text.starts_with(begins), "{text}");
        assert!(
            text.contains(
                "of 1 file some parts were computed, each equal; no contradiction that is looked for was found"
            ),
            "{text}"
        );
        assert!(text.ends_with("(the parts were drawn by --spot-check 7 --minutes 1)"), "{text}");
        let none = summary(&[sampled(&[], 3)], None);
        let begins = "of 1 file no part was computed; no contradiction that is looked for was found in these";
        assert!(none.starts_with(begins), "{none}");
        assert_eq!((gaps(&all).len(), gaps(&all[..1]).len(), gaps(&[sampled(&[1, 2], 2)]).len()), (1, 0, 0));
        let gaps = gaps(&[sampled(&[], 3), sampled(&[1], 3), sampled(&[], 2)]);
        assert!(gaps.len() == 2 && gaps[0].starts_with("study: 1 of 3 parts"), "{gaps:?}");
        assert!(gaps[1].starts_with("no number was computed of study, study; an edit there"), "{gaps:?}");
    }
}
