//! P1.2: smaller networks.

use crate::cells::{grouped, percent};
use crate::chart::{Axes, Words, points};
use crate::mnist_runs::{ORIGINAL_ACCURACY, mean_text};
use crate::{ClaimRow, Drawing, FigureRow, ReportError, Section, Sources, alter};
use experiments::mnist::studies::ArmSummary;
use experiments::mnist::studies::small::SmallConclusions;
use records::findings::{Cells, Decision};
use stats::Interval;

pub(super) const SECTION: Section = Section { claims: CLAIMS, figures: FIGURES, ..Section::EMPTY };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "mnist-small-grows",
        says: "The mean accuracy grows with every size",
        within: None,
        record: "mnist-small",
        decide: |of| {
            let means: Vec<f64> = five_sizes(of)?.iter().map(|summary| summary.accuracy.estimate).collect();
            Ok(Decision::new(means.is_sorted_by(|a, b| a < b), format!("{means:?}")))
        },
        controls: &[|of| set_sizes(of, |it| it[4].accuracy.estimate = it[3].accuracy.estimate)],
    },
    ClaimRow {
        id: "mnist-small-last-intervals-overlap",
        says: "From the third size on, the intervals of neighbouring means overlap",
        within: Some("from the third size on, the intervals of neighbouring means overlap"),
        record: "mnist-small",
        decide: |of| {
            let intervals: Vec<Interval> =
                five_sizes(of)?[2..].iter().map(|summary| summary.accuracy).collect();
            let overlap = |pair: &[Interval]| pair[1].low <= pair[0].high;
            let evidence = intervals.iter().map(|it| format!("{} to {}", it.low, it.high));
            Ok(Decision::new(intervals.windows(2).all(overlap), evidence.collect::<Vec<_>>().join("; ")))
        },
        controls: &[
            |of| set_sizes(of, |it| it[2].accuracy.high = it[3].accuracy.low.next_down()),
            |of| set_sizes(of, |it| it[4].accuracy.low = it[3].accuracy.high.next_up()),
        ],
    },
    ClaimRow {
        id: "mnist-small-beats-the-original",
        says: "With a twelfth of the parameters the mean is still above what the original reports of its best epoch",
        within: None,
        record: "mnist-small",
        decide: |of| {
            let [_, _, third, _, last] = five_sizes(of)?;
            let small = 12 * third.parameters <= last.parameters;
            let evidence =
                format!("{} of {} parameters, {}", third.parameters, last.parameters, mean_text(&third));
            Ok(Decision::new(small && third.accuracy.estimate > ORIGINAL_ACCURACY, evidence))
        },
        controls: &[
            |of| set_sizes(of, |it| it[2].accuracy.estimate = ORIGINAL_ACCURACY),
            |of| set_sizes(of, |it| it[2].parameters = it[4].parameters / 12 + 1),
        ],
    },
];

const FIGURES: &[FigureRow] =
    &[FigureRow { id: "mnist-small", record: "mnist-small", draw: |id, from| errors(id, from.records) }];

fn sizes(of: &Sources) -> Result<Vec<ArmSummary>, ReportError> {
    Ok(of.conclusions::<SmallConclusions>("mnist-small")?.sizes)
}

fn five_sizes(of: &Sources) -> Result<[ArmSummary; 5], ReportError> {
    sizes(of)?.try_into().map_err(|_| ReportError::missing("mnist-small.json: five sizes"))
}

fn set_sizes(of: &mut Sources, alter: impl FnOnce(&mut [ArmSummary])) {
    alter::conclusions(of, "mnist-small", |it: &mut SmallConclusions| alter(&mut it.sizes));
}

fn by_size(of: &Sources) -> Result<Cells, ReportError> {
    let row = |summary: &ArmSummary| {
        let counts: Vec<String> = summary.correct.iter().map(|correct| grouped(*correct)).collect();
        let interval = summary.accuracy;
        vec![
            grouped(summary.parameters),
            counts.join("; "),
            percent(interval.estimate, 3),
            format!("{} to {}", percent(interval.low, 3), percent(interval.high, 3)),
        ]
    };
    let heads = ["#parameters", "#right, by seed", "#mean", "#95 % interval"];
    Ok(Cells::new(&heads, sizes(of)?.iter().map(row).collect()))
}

fn errors(id: &str, of: &Sources) -> Result<Drawing, ReportError> {
    let summaries = sizes(of)?;
    let title = "Share of wrong test digits by the number of parameters";
    let seeds = summaries.first().map_or(0, |summary| summary.correct.len());
    let wrong = |accuracy: f64| 100.0 * (1.0 - accuracy);
    let shown: Vec<(f64, [f64; 3])> = summaries
        .iter()
        .map(|summary| {
            let accuracy = summary.accuracy;
            let ends = [wrong(accuracy.high), wrong(accuracy.estimate), wrong(accuracy.low)];
            (summary.parameters as f64, ends)
        })
        .collect();
    let runs: Vec<(f64, f64)> = summaries.iter().flat_map(runs).collect();
    let words = Words {
        id,
        title,
        description: "A point for each size, with the interval of its mean, joined by a line, and a small dot beside \
                      it for every run; both axes by powers of ten.",
    };
    let axes = Axes { x: "parameters", y: "wrong, %", log: true, whole_x: false };
    Ok(Drawing {
        caption: format!(
            "{title}: the mean of {seeds} seeds, with its 95 % interval. Every small dot beside it is a run. Runs with \
             equally many errors have an interval without a width; that is chance, not certainty."
        ),
        svg: points(&words, axes, &shown, &runs),
        data: by_size(of)?,
    })
}

/// The wrong digits of each run of a size, in percent, a little to the right of the mean.
fn runs(of: &ArmSummary) -> Vec<(f64, f64)> {
    let wrong = |correct: &usize| 100.0 * (of.total - correct) as f64 / of.total as f64;
    of.correct.iter().map(|correct| (1.2 * of.parameters as f64, wrong(correct))).collect()
}
