//! P2.2: what makes the difference between P1.1 and the original's P2.1, one factor changed at a time.
//!
//! The claims were written after a look at the table.

use crate::cells::{epoch, first_is, p_value, percent};
use crate::{Caption, ClaimRow, ReportError, Section, Sources, TableRow, alter};
use experiments::iris::studies::factors::{FactorsConclusions, Level};
use experiments::iris::studies::{Direction, PairedTest};
use records::findings::{Cells, Decision};

use Direction::{Less, More, Undecided};

pub(super) const SECTION: Section = Section { claims: CLAIMS, tables: TABLES, ..Section::EMPTY };

const CLAIMS: &[ClaimRow] = &[
    ClaimRow {
        id: "four-factors-help-the-original",
        says: "On these flowers, from the original's settings, another optimiser, a tenfold rate, larger initial \
               weights and features in centimetres each make the network err less often and learn sooner",
        within: None,
        record: "iris-factors",
        decide: |of| {
            let levels = [
                "p2-1:optimiser=momentum",
                "p2-1:optimiser=adam",
                "p2-1:learning-rate=0.01",
                "p2-1:initial-scale=4",
                "p2-1:features=raw",
            ];
            each_level(of, &levels, |[error, speed]| [error, speed] == [Less, Less])
        },
        controls: &[
            |of| set_error(of, "p2-1:optimiser=momentum", Undecided),
            |of| set_speed(of, "p2-1:optimiser=momentum", Undecided),
            |of| set_error(of, "p2-1:optimiser=adam", Undecided),
            |of| set_speed(of, "p2-1:optimiser=adam", Undecided),
            |of| set_error(of, "p2-1:learning-rate=0.01", Undecided),
            |of| set_speed(of, "p2-1:learning-rate=0.01", Undecided),
            |of| set_error(of, "p2-1:initial-scale=4", Undecided),
            |of| set_speed(of, "p2-1:initial-scale=4", Undecided),
            |of| set_error(of, "p2-1:features=raw", Undecided),
            |of| set_speed(of, "p2-1:features=raw", Undecided),
        ],
    },
    ClaimRow {
        id: "loss-and-batch-do-not-help-the-original",
        says: "On these flowers, from the original's settings, neither cross-entropy nor a larger batch is found to \
               change the test error",
        within: None,
        record: "iris-factors",
        decide: |of| {
            let levels = ["p2-1:loss=cross-entropy", "p2-1:batch-size=16", "p2-1:batch-size=120"];
            each_level(of, &levels, |[error, _]| error == Undecided)
        },
        controls: &[
            |of| set_error(of, "p2-1:loss=cross-entropy", Less),
            |of| set_error(of, "p2-1:batch-size=16", Less),
            |of| set_error(of, "p2-1:batch-size=120", More),
        ],
    },
    ClaimRow {
        id: "the-error-of-p1-1-changes-too",
        says: "On these flowers, from P1.1's settings, plain descent at the same rate makes it err more, the squared \
               error and features in centimetres less",
        within: None,
        record: "iris-factors",
        decide: |of| {
            let more = ["p1-1:optimiser=sgd"];
            let less = ["p1-1:loss=squared-error-sum", "p1-1:features=raw"];
            let more = each_level(of, &more, |[error, _]| error == More)?;
            Ok(more.and(each_level(of, &less, |[error, _]| error == Less)?))
        },
        controls: &[
            |of| set_error(of, "p1-1:optimiser=sgd", Undecided),
            |of| set_error(of, "p1-1:loss=squared-error-sum", Undecided),
            |of| set_error(of, "p1-1:features=raw", Undecided),
        ],
    },
];

const TABLES: &[TableRow] = &[
    TableRow {
        id: "iris-factors-p1-1",
        record: "iris-factors",
        caption: Caption::Fixed(
            "On these flowers, from P1.1's settings (sigmoid), one factor changed. p by the sign test.",
        ),
        cells: |of| Ok(by_factor(&of.conclusions("iris-factors")?, "p1-1")),
    },
    TableRow {
        id: "iris-factors-p2-1",
        record: "iris-factors",
        caption: Caption::Fixed(
            "On these flowers, from the original's P2.1, one factor changed. p by the sign test.",
        ),
        cells: |of| Ok(by_factor(&of.conclusions("iris-factors")?, "p2-1")),
    },
];

/// Whether test error and speed of each of these levels, against their base, are as they should be.
fn each_level(
    of: &Sources,
    levels: &[&str],
    holds: impl Fn([Direction; 2]) -> bool,
) -> Result<Decision, ReportError> {
    let conclusions: FactorsConclusions = of.conclusions("iris-factors")?;
    let missing = |id: &str| ReportError::missing(format!("iris-factors.json: {id}"));
    let direction = |id: &str, test: &Option<PairedTest>| {
        test.as_ref().map(|test| test.direction).ok_or_else(|| missing(id))
    };
    let (mut all, mut evidence) = (true, Vec::new());
    for id in levels {
        let level = conclusions.levels.iter().find(|level| level.id == *id).ok_or_else(|| missing(id))?;
        let directions = [direction(id, &level.test_error)?, direction(id, &level.speed)?];
        all &= holds(directions);
        evidence.push(format!("{id} {directions:?}"));
    }
    Ok(Decision::new(all, evidence.join(", ")))
}

fn set_level(of: &mut Sources, id: &str, alter: impl Fn(&mut Level)) {
    alter::conclusions(of, "iris-factors", |it: &mut FactorsConclusions| {
        it.levels.iter_mut().filter(|level| level.id == id).for_each(alter);
    });
}

fn set_error(of: &mut Sources, level: &str, direction: Direction) {
    set_level(of, level, |it| it.test_error.iter_mut().for_each(|it| it.direction = direction));
}

fn set_speed(of: &mut Sources, level: &str, direction: Direction) {
    set_level(of, level, |it| it.speed.iter_mut().for_each(|it| it.direction = direction));
}

/// The median of first epochs, and on how many of the seeds a run never gets there.
fn epoch_at_95(level: &Level, seeds: usize) -> String {
    let never = level.never_at_95;
    // With half of the runs or more the median is no epoch.
    let median = epoch((2 * never < seeds).then_some(level.median_epoch_at_95));
    match never {
        0 => median,
        _ if 2 * never < seeds => format!("{median} ({never} of {seeds} never)"),
        _ => format!("{median} ({never} of {seeds})"),
    }
}

fn by_factor(of: &FactorsConclusions, base: &str) -> Cells {
    let seeds = (of.seeds[1] - of.seeds[0] + 1) as usize;
    let row = |level: &Level| {
        let against = |test: &Option<PairedTest>| {
            test.as_ref()
                .map_or(String::new(), |test| format!("{} ({})", first_is(test), p_value(test.adjusted_p)))
        };
        let diverged =
            if level.diverged > 0 { format!(", {} diverged", level.diverged) } else { String::new() };
        vec![
            format!("{}{}", level.factor.replace('-', " "), if level.factor == "base" { "" } else { ":" }),
            if level.factor == "base" { String::new() } else { level.level.clone() },
            format!("{}{diverged}", percent(level.mean_test_error.estimate, 2)),
            against(&level.test_error),
            epoch_at_95(level, seeds),
            against(&level.speed),
        ]
    };
    let heads = [
        "factor",
        "changed to",
        "#mean test error",
        "test error (adjusted p)",
        "#median epoch at 95 %",
        "speed (adjusted p)",
    ];
    let own = of.levels.iter().filter(|level| level.base == base);
    Cells::new(&heads, own.map(row).collect())
}
